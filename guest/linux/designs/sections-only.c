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

#define REFUSED_MAX 32 /* sections, one after the other: then there is a pause */

/* Sections below it have not been tried since the last pause; 0: all have. */
static unsigned long untried_pfn;
static struct task_struct *thread; /* the one that follows the target */
static unsigned long users_pfn; /* of a section that a user puts online, and that has its frames */

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
		if (!design_populate(pfn, pages))
			return notifier_from_errno(-ENOMEM);
		users_pfn = pfn;
		return NOTIFY_OK;
	case MEM_CANCEL_ONLINE: /* also when it was refused here */
		if (users_pfn == pfn)
			design_give_back(pfn, pages);
		users_pfn = 0;
		return NOTIFY_OK;
	case MEM_ONLINE:
		if (users_pfn == pfn)
			balloon_stats.current_pages += pages;
		users_pfn = 0;
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
	const unsigned long block = block_pages();

	untried_pfn = 0;
	thread = current;
	return pages < block ? 0 : design_plug_online(block, MHP_NONE);
}

/* Of a section of the memory map that is not filled yet there is nothing to give. */
static bool is_filled(unsigned long pfn)
{
	return online_section_nr(pfn_to_section_nr(pfn)) && !PageOffline(pfn_to_page(pfn));
}

/* 0, or the error that Linux refuses it with. */
static int give_up(unsigned long pfn)
{
	const unsigned long pages = block_pages();
	const int error = offline_and_remove_memory(PFN_PHYS(pfn), PFN_PHYS(pages));

	if (error != 0)
		return error;
	BUG_ON(balloon_stats.total_pages < pages);
	balloon_stats.total_pages -= pages;
	return 0;
}

/* The next section that goes. There must be room for its pages elsewhere, or Linux would look for some for ever. */
long design_shrink(unsigned long pages)
{
	const unsigned long block = block_pages();
	int error = 0;

	if (untried_pfn == 0)
		untried_pfn = round_up(max_pfn, block);
	for (unsigned int refused = 0; refused < REFUSED_MAX && untried_pfn != 0;) {
		if (pages < block || si_mem_available() <= (long)block || error == -EINTR)
			break;
		untried_pfn -= block;
		if (!is_filled(untried_pfn))
			continue;
		error = give_up(untried_pfn);
		if (error == 0)
			return block;
		refused++;
	}
	return 0;
}

bool design_done(void)
{
	const long credit = design_credit(), block = block_pages();

	return credit > -block &&
	       (credit <= 0 || (credit < block && balloon_stats.balloon_low == 0));
}
