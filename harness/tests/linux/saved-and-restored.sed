# SPDX-License-Identifier: BSD-2-Clause
s/balloon_stats.target_pages = target;/balloon_stats.target_pages = min(balloon_stats.target_pages, target);/
