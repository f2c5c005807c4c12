# SPDX-License-Identifier: BSD-2-Clause
s/^		balloon_append(p);/		if (__pfn_to_mfn(page_to_pfn(p)) != INVALID_P2M_ENTRY)\n			free_reserved_page(p);\n		else\n			balloon_append(p);/
