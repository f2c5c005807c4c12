# SPDX-License-Identifier: BSD-2-Clause
s/balloon_hotplug = round_up(credit, PAGES_PER_SECTION);/balloon_hotplug = PAGES_PER_SECTION;/
