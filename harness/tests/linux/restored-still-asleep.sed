# SPDX-License-Identifier: BSD-2-Clause
s/timeout = 3600 \* HZ/timeout = balloon_stats.schedule_delay * HZ/
