/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * two-phase-2008: onlining in two halves, as Jeremy Fitzhardinge proposed it for Linux and Xen in March 2008.
 *
 * The first half makes page structures and the zone for a section, whose pages join the list of ballooned pages, reserved and
 * without a frame (prepare_online_pages). The second half brings one page after another into use when its frame has come
 * (mark_pages_onlined): memory is added in parts, and just when it is used.
 *
 * As the patch was mailed, notifiers are told in nr_pages how many pages have gone into use, which are none in the first half, and not how
 * large the memory is. And a page is freed before update_va_mapping gives it its frame's mapping, and so it is here. Where
 * threads switch between the two, the allocator hands out a page that nobody can touch.
 */
#include <linux/ioport.h>
#include <linux/memory.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <asm/xen/page.h>
#include <xen/features.h>
#include <xen/mem-reservation.h>

#include "guest/abi/design.h"
#include "guest/linux/designs/design.h"

DESIGN("two-phase-2008", "2008-03",
       "structures for a section first, its pages ballooned; then page by page into use");

static void online_page(struct page *page, unsigned int order)
{
	for (unsigned long i = 0; i < 1ul << order; i++)
		design_append(page + i);
}

/* The link puts it in place of Linux's own. */
int __real_memory_notify(unsigned long action, void *argument);
int __wrap_memory_notify(unsigned long action, void *argument);
int __wrap_memory_notify(unsigned long action, void *argument)
{
	struct memory_notify told = *(const struct memory_notify *)argument;

	if (action == MEM_ONLINE)
		told.nr_pages = 0;
	return __real_memory_notify(action, &told);
}

void design_start(void)
{
	BUG_ON(set_online_page_callback(online_page) != 0);
}

void design_use(struct page *page, xen_pfn_t frame)
{
	if (!xen_feature(XENFEAT_auto_translated_physmap))
		set_phys_to_machine(page_to_pfn(page), frame);
	free_reserved_page(page);
	xenmem_reservation_va_mapping_update(1, &page, &frame);
}

unsigned long design_grow(unsigned long pages)
{
	return design_plug_unbacked(pages);
}
