# SPDX-License-Identifier: BSD-2-Clause
# A new domain has the rights that an older one of its number was given.
# file: sim/xenstore/perms.c
s/ \&\& !perms->list\[i\].is_nobodys)/)/
