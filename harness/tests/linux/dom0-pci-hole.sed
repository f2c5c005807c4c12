# SPDX-License-Identifier: BSD-2-Clause
s/^\tballoon_add_regions();/\t(void)balloon_add_regions;/
