/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * hotplug-2010: a balloon to give memory away, memory hot-plug to get more than there was at boot, as Daniel Kiper proposed it
 * for Linux and Xen in 2010.
 *
 * Finds a free range of a section's size, asks Xen for all of its frames, adds the range as memory and puts it online. Frames
 * come in whole sections of 128 MiB: a target that is nearer than a section is not reached, and when Xen has only a part of a
 * section's frames, all of them go back.
 */
#include <linux/memory_hotplug.h>
#include <linux/mm.h>

#include "guest/abi/design.h"
#include "guest/linux/designs/design.h"

DESIGN("hotplug-2010", "2010-01", "whole sections: populate all of one, add it, put it online");

void design_start(void)
{
	BUG_ON(set_online_page_callback(design_online_backed) != 0);
}

void design_use(struct page *page, xen_pfn_t frame)
{
	design_map_and_free(page, frame);
}

unsigned long design_grow(unsigned long pages)
{
	return design_plug_online(round_down(pages, PAGES_PER_SECTION), MHP_NONE);
}
