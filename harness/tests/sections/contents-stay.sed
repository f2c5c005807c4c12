# SPDX-License-Identifier: BSD-2-Clause
# file: guest/linux/kern/migrate.c
# scenario: small-sections-come-and-go
# A page that is moved leaves behind what was in it.
/bridge_copy_page/d
