# SPDX-License-Identifier: BSD-2-Clause
# file: guest/linux/designs/sections-only.c
# scenario: small-sections-and-the-kernel
# Only sections go that were added.
s/untried_pfn != 0;/untried_pfn > 0x4800;/
