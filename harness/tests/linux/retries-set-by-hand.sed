# SPDX-License-Identifier: BSD-2-Clause
s/balloon_stats.schedule_delay > balloon_stats.max_schedule_delay/0/
