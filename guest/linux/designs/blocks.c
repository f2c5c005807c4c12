/* SPDX-License-Identifier: BSD-2-Clause */
/* Sections that user space puts online and offline (blocks.h): a notifier of memory hot-plug brings and takes their frames. */
#include <linux/kernel.h>
#include <linux/memory.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/notifier.h>
#include <xen/balloon.h>

#include "guest/linux/designs/blocks.h"
#include "guest/linux/designs/design.h"

static unsigned long first_pfn; /* sections from there on are ours */
static unsigned long offline;	/* pages of them */
/* The first page of a section that goes online, and has its frames; 0: there is none. */
static unsigned long populated_pfn;

unsigned long blocks_offline_pages(void)
{
	return offline;
}

static int going_online(unsigned long pfn, unsigned long pages)
{
	if (blocks_come_with_frames)
		return NOTIFY_OK;
	if (!design_populate(pfn, pages))
		return notifier_from_errno(-ENOMEM);
	populated_pfn = pfn;
	return NOTIFY_OK;
}

static int changes(struct notifier_block *block, unsigned long action, void *argument)
{
	const struct memory_notify *range = argument;
	const unsigned long pages = range->nr_pages;

	if (range->start_pfn < first_pfn)
		return NOTIFY_OK;
	switch (action) {
	case MEM_GOING_ONLINE:
		return going_online(range->start_pfn, pages);
	case MEM_CANCEL_ONLINE:
		if (populated_pfn == range->start_pfn) /* somebody else called it off */
			design_give_back(range->start_pfn, pages);
		populated_pfn = 0;
		return NOTIFY_OK;
	case MEM_ONLINE:
		if (!blocks_come_with_frames)
			balloon_stats.current_pages += pages;
		populated_pfn = 0;
		offline -= pages;
		return NOTIFY_OK;
	case MEM_OFFLINE:
		design_empty(range->start_pfn, pages);
		balloon_stats.current_pages -= pages;
		offline += pages;
		return NOTIFY_OK;
	default:
		return NOTIFY_OK;
	}
}

void blocks_start(void)
{
	static struct notifier_block block = {.notifier_call = changes};

	first_pfn = SECTION_ALIGN_UP(max_pfn);
	BUG_ON(set_online_page_callback(design_online_backed) != 0);
	BUG_ON(register_memory_notifier(&block) != 0);
}

unsigned long blocks_add(unsigned long pages)
{
	struct resource *region =
		blocks_come_with_frames || pages == 0 ? NULL : design_region(pages);

	if (blocks_come_with_frames)
		pages = design_plug_backed(pages);
	else if (!region || !design_add(region))
		pages = 0;
	offline += pages;
	if (pages != 0)
		pr_info("%lu MiB are there, offline, until user space puts them online\n",
			pages >> (20 - PAGE_SHIFT));
	return pages;
}
