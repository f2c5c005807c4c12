/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sections-only: memory comes and goes in small sections, and there is no balloon. Jeremy Fitzhardinge said in March 2008 that with
 * sections of 2 to 4 MiB and working page migration the balloon driver could go.
 *
 * Sections have 4 MiB here, the least in which the allocator's largest block has room. To grow, a section gets all of its frames, is
 * added and put online. To shrink, sections are put offline from the highest down, which moves what is in use there and can be
 * moved, and are removed, boot memory as well. A section that holds kernel memory stays. What the memory map has at
 * boot beyond the domain's memory is filled first, page by page.
 */
#include <linux/memory.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/notifier.h>
#include <linux/sched.h>
#include <xen/balloon.h>

#include "guest/abi/design.h"
#include "guest/linux/designs/design.h"

DESIGN("sections-only", "2008-03",
       "sections of 4 MiB, pages in use are moved elsewhere when one goes; no balloon");
WAIVER("last-target-wins",
       "memory comes and goes in sections, and one that holds kernel memory stays");

/* Sections below it have not been tried since the last pause; 0: all have. */
static unsigned long untried_pfn;
static struct task_struct *thread; /* the one that follows the target */

/* What goes on- and offline together: a section, unless memory blocks are larger. */
static unsigned long block_pages(void)
{
	return PHYS_PFN(memory_block_size_bytes());
}

/* A user may put a section offline, which gives its frames back, and online again. */
static bool is_users(void)
{
	return current != thread;
}

static int changes(struct notifier_block *notifier, unsigned long action, void *argument)
{
	const struct memory_notify *range = argument;
	const unsigned long pfn = range->start_pfn, pages = range->nr_pages;

	switch (action) {
	case MEM_GOING_ONLINE:
		if (!is_users())
			return NOTIFY_OK;
		return design_populate(pfn, pages) ? NOTIFY_OK : notifier_from_errno(-ENOMEM);
	case MEM_CANCEL_ONLINE:
		if (is_users())
			design_give_back(pfn, pages);
		return NOTIFY_OK;
	case MEM_ONLINE:
		if (is_users())
			balloon_stats.current_pages += pages;
		return NOTIFY_OK;
	case MEM_OFFLINE:
		design_empty(pfn, pages);
		balloon_stats.current_pages -= pages;
		return NOTIFY_OK;
	default:
		return NOTIFY_OK;
	}
}

void design_start(void)
{
	static struct notifier_block notifier = {.notifier_call = changes};

	BUG_ON(set_online_page_callback(design_online_backed) != 0);
	BUG_ON(register_memory_notifier(&notifier) != 0);
}

void design_use(struct page *page, xen_pfn_t frame)
{
	design_map_and_free(page, frame);
}

/* One after the other: addresses of sections that went before are used again. */
unsigned long design_grow(unsigned long pages)
{
	untried_pfn = 0;
	thread = current;
	return pages < block_pages() ? 0 : design_plug_backed(block_pages(), MHP_NONE);
}

static bool give_up(unsigned long pfn)
{
	const unsigned long pages = block_pages();

	if (!online_section_nr(pfn_to_section_nr(pfn)))
		return false;
	if (offline_and_remove_memory(PFN_PHYS(pfn), PFN_PHYS(pages)) != 0)
		return false;
	BUG_ON(balloon_stats.total_pages < pages);
	balloon_stats.total_pages -= pages;
	return true;
}

/* The next section that goes. There must be room for its pages elsewhere, or Linux would look for some for ever. */
long design_shrink(unsigned long pages)
{
	const unsigned long block = block_pages();

	if (untried_pfn == 0)
		untried_pfn = round_up(max_pfn, block);
	while (pages >= block && untried_pfn != 0 && si_mem_available() > (long)block) {
		untried_pfn -= block;
		if (give_up(untried_pfn))
			return block;
	}
	untried_pfn = 0;
	return 0;
}

bool design_done(void)
{
	const long credit = design_credit(), block = block_pages();

	return credit > -block &&
	       (credit <= 0 || (credit < block && balloon_stats.balloon_low == 0));
}
