# SPDX-License-Identifier: BSD-2-Clause
/total_pages += balloon_hotplug;/d
