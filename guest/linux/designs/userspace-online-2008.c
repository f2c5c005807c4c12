/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * userspace-online-2008: the kernel says that there is memory, and user space puts it online, as Yasunori Goto and Dave Hansen
 * wanted it in March and April 2008: the same interface as for memory that somebody plugs into a machine.
 *
 * A target that is a section or more away adds sections with page structures and no frames. For each of them there is a directory in
 * sysfs and an event, and user space prepares itself and puts it online, now, later, or never. The frames come then, all of a
 * section's or none: what the host does not have, going online refuses with ENOMEM. Going offline gives them back. Below boot
 * memory it is a balloon.
 */
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <xen/balloon.h>

#include "guest/abi/design.h"
#include "guest/linux/designs/blocks.h"
#include "guest/linux/designs/design.h"

DESIGN("userspace-online-2008", "2008-04",
       "sections are announced; user space puts them online, and frames come then");

WAIVER("no-overshoot", "user space decides what goes offline, whatever the target is");

WAIVER("last-target-wins", "nobody tries again until user space does");

const bool blocks_come_with_frames = false;

void design_start(void)
{
	blocks_start();
}

void design_use(struct page *page, xen_pfn_t frame)
{
	design_map_and_free(page, frame);
}

static unsigned long missing_sections(unsigned long pages)
{
	return round_down(pages - min(pages, blocks_offline_pages()), PAGES_PER_SECTION);
}

unsigned long design_grow(unsigned long pages)
{
	return blocks_add(missing_sections(pages));
}

/* What is not there yet is user space's to do. */
bool design_done(void)
{
	const long credit = design_credit();

	return credit == 0 ||
	       (credit > 0 && balloon_stats.balloon_low == 0 && missing_sections(credit) == 0);
}
