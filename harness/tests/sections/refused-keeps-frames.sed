# SPDX-License-Identifier: BSD-2-Clause
# file: guest/linux/designs/sections-only.c
# scenario: small-sections-refused
# A section that is kept from going online keeps its frames.
/^	if (online_section_nr/s/(.*)/(true)/
