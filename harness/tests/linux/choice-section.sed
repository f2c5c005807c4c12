# SPDX-License-Identifier: BSD-2-Clause
s/balloon_hotplug = round_up(credit, PAGES_PER_SECTION);/balloon_hotplug = 2 * round_up(credit, PAGES_PER_SECTION);/
