# SPDX-License-Identifier: BSD-2-Clause
s/balloon_stats.max_retry_count != RETRY_UNLIMITED/true/
