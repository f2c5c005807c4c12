# SPDX-License-Identifier: BSD-2-Clause
s/if (balloon_is_inflated())/if (balloon_stats.current_pages < 16384)/
