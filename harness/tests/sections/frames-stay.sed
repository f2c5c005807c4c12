# SPDX-License-Identifier: BSD-2-Clause
# file: guest/linux/designs/sections-only.c
# scenario: small-sections-come-and-go
# A section that went keeps its frames.
/^	case MEM_OFFLINE:/,/return/s/design_empty(pfn, pages);//
