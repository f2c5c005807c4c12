# SPDX-License-Identifier: BSD-2-Clause
/^	balloon_stats.target_pages = balloon_stats.current_pages +/,/;/d
