/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * first-touch-2008: memory that the hypervisor backs when it is touched for the first time, of which Dave Hansen spoke in April 2008.
 *
 * Where Xen translates that is populate-on-demand: the guest has all of maxmem from its boot on, and no balloon; each page gets its
 * frame from a pool when it is touched, and the target is the pool's size, which the tools set. The pool may run dry, and nobody can
 * be told: the domain ends.
 *
 * Under direct paging it can't be (Jeremy Fitzhardinge): a page table names the machine's frame, so that it must be there before the
 * page can be mapped. This guest does it all the same: Xen refuses the mapping, and who gets such a page can't touch it.
 */
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <asm/xen/hypercall.h>
#include <asm/xen/page.h>
#include <xen/features.h>
#include <xen/xen.h>

#include "guest/abi/design.h"
#include "guest/linux/designs/absent.h"
#include "guest/linux/designs/design.h"
#include "guest/linux/kern/runtime.h"

DESIGN("first-touch-2008", "2008-04", "no balloon: the hypervisor backs a page when it is touched");
WAIVER("backed-before-use", "a page gets its frame when it is touched");
WAIVER("floor", "it has all of maxmem by its own count, and does not know what is backed");
WAIVER("last-target-wins", "memory comes when it is touched, and never goes");

static void free_without_frame(struct page *page)
{
	if (absent_knows(page_to_pfn(page)))
		absent_set(page);
	pages_note(true, page_to_pfn(page), 1);
	free_reserved_page(page);
}

static void online_page(struct page *page, unsigned int order)
{
	for (unsigned long i = 0; i < 1ul << order; i++)
		free_without_frame(page + i);
}

unsigned long linux_absent_pages(void)
{
	return absent_pages();
}

void design_start(void)
{
	BUG_ON(set_online_page_callback(online_page) != 0);
}

void design_use(struct page *page, xen_pfn_t frame)
{
	BUG(); /* nothing is populated here */
}

/* An entry for the page's address without a frame to name. */
static int map_nothing(unsigned long pfn)
{
	const pte_t entry = {.pte = (pteval_t)INVALID_P2M_ENTRY << PAGE_SHIFT | _PAGE_PRESENT |
				    _PAGE_RW};

	return HYPERVISOR_update_va_mapping((unsigned long)__va(PFN_PHYS(pfn)), entry, 0);
}

unsigned long design_grow(unsigned long pages)
{
	const unsigned long sections = round_up(pages, PAGES_PER_SECTION);
	struct resource *region;

	if (xen_feature(XENFEAT_auto_translated_physmap))
		return 0;
	region = design_region(sections);
	if (!region)
		return 0;
	pr_warn("page %#lx without a frame: Xen answers %d to its mapping\n",
		PHYS_PFN(region->start), map_nothing(PHYS_PFN(region->start)));
	return design_add_unbacked(region) ? sections : 0;
}

/* Pages that a PV guest's map has beyond its memory are used in the same way. */
long design_refill(unsigned long pages)
{
	struct page *page;
	long n = 0;

	for (; (page = design_take_first()) != NULL; n++)
		free_without_frame(page);
	return n;
}

bool design_done(void)
{
	const long credit = design_credit();

	return xen_feature(XENFEAT_auto_translated_physmap) || credit <= (long)absent_pages();
}
