# SPDX-License-Identifier: BSD-2-Clause
s/^		balloon_stats.total_pages += extra_pfn_end - start_pfn;/		balloon_stats.current_pages -= extra_pfn_end - start_pfn;\n		balloon_stats.target_pages -= extra_pfn_end - start_pfn;/
