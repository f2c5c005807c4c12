/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * overplug-2008: plug more than is wanted, then balloon back to where it should be, as Dave Hansen proposed it for Linux and
 * Xen in April 2008.
 *
 * Only whole sections (memory blocks, where these are larger) are added, with all of their frames; what the target does not want
 * goes into the balloon at once. It needs nothing that was not there already. The objection of the time (Jeremy Fitzhardinge):
 * for a moment the host must have all of a section, and the domain must be allowed to have it.
 */
#include <linux/memory.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>

#include "guest/abi/design.h"
#include "guest/linux/designs/design.h"

DESIGN("overplug-2008", "2008-04",
       "plug whole sections beyond the target, then balloon back to it");

WAIVER("no-overshoot", "it plugs whole sections beyond its target, and then gives back");

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
	return design_plug_online(round_up(pages, PHYS_PFN(memory_block_size_bytes())),
				  MHP_NONE); /* the thread then shrinks */
}
