/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * large-page: ballooning in extents of 2 MiB, which Dave Hansen called ideal in April 2008, where a change to manage memory in large
 * pages was wished for.
 *
 * The balloon takes blocks of 2 MiB from the allocator and nothing smaller, and asks Xen for them as one extent each: a call names
 * 512 times as much, and Xen may keep large pages in the tables of a guest that it translates for. Nothing falls back to single
 * pages, so that this says what fragmentation does: a guest whose free memory is in smaller pieces gives none of it up, and a host
 * whose free memory is gives it none. In a PV guest the frames of a block are singles to Xen as long as they do not lie together.
 */
#include <linux/list.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <asm/tlbflush.h>
#include <asm/xen/hypercall.h>
#include <asm/xen/page.h>
#include <xen/balloon.h>
#include <xen/interface/memory.h>
#include <xen/mem-reservation.h>

#include "guest/abi/design.h"
#include "guest/linux/designs/design.h"

DESIGN("large-page", "2008-04", "a balloon of 2 MiB extents, and nothing smaller");

WAIVER("last-target-wins", "a target between two extents is missed by less than 2 MiB");

#define ORDER 9
#define BLOCK (1ul << ORDER)

static LIST_HEAD(blocks); /* ballooned: the first page of each */

static bool reserve(unsigned int call, unsigned int order, xen_pfn_t *extents, unsigned int n)
{
	struct xen_memory_reservation reservation = {
		.nr_extents = n, .extent_order = order, .domid = DOMID_SELF};

	set_xen_guest_handle(reservation.extent_start, extents);
	return HYPERVISOR_memory_op(call, &reservation) == n;
}

static void keep(struct page *block)
{
	for (unsigned long i = 0; i < BLOCK; i++)
		__SetPageOffline(block + i);
	list_add_tail(&block->lru, &blocks);
}

static bool lie_together(const xen_pfn_t *frames)
{
	for (unsigned long i = 1; i < BLOCK; i++)
		if (frames[i] != frames[0] + i)
			return false;
	return frames[0] % BLOCK == 0;
}

/* --- smaller --- */

static void give(struct page *block)
{
	static xen_pfn_t frames[BLOCK];
	bool one;

	for (unsigned long i = 0; i < BLOCK; i++) {
		struct page *page = block + i;

		adjust_managed_page_count(page, -1);
		xenmem_reservation_scrub_page(page);
		frames[i] = xen_page_to_gfn(page);
		xenmem_reservation_va_mapping_reset(1, &page);
	}
	flush_tlb_all();
	one = lie_together(frames);
	BUG_ON(!reserve(XENMEM_decrease_reservation, one ? ORDER : 0, frames, one ? 1 : BLOCK));
	keep(block);
}

long design_shrink(unsigned long pages)
{
	struct page *block = NULL;

	if (pages >= BLOCK && si_mem_available() >= BLOCK)
		block = alloc_pages(GFP_HIGHUSER | __GFP_NOWARN | __GFP_NORETRY | __GFP_NOMEMALLOC,
				    ORDER);
	if (!block) {
		pr_info("no free block of 2 MiB: %lu pages stay above the target\n", pages);
		return 0;
	}
	split_page(block, ORDER);
	give(block);
	balloon_stats.current_pages -= BLOCK;
	return BLOCK;
}

/* --- larger --- */

static void use(struct page *block, xen_pfn_t frame)
{
	for (unsigned long i = 0; i < BLOCK; i++) {
		__ClearPageOffline(block + i);
		design_map_and_free(block + i, frame + i);
	}
}

static long take(struct page *block)
{
	xen_pfn_t frame = page_to_pfn(block);

	if (!reserve(XENMEM_populate_physmap, ORDER, &frame, 1)) {
		pr_info("Xen has no extent of 2 MiB: %ld pages stay below the target\n",
			design_credit());
		return 0;
	}
	list_del(&block->lru);
	use(block, frame);
	balloon_stats.current_pages += BLOCK;
	return BLOCK;
}

/* Pages of a PV guest's memory map that it has no memory for are in the balloon one by one, in their order. */
static void collect(void)
{
	struct page *first = design_take_first();

	while (first && page_to_pfn(first) % BLOCK != 0)
		first = design_take_first();
	for (unsigned long i = 1; first && i < BLOCK; i++)
		BUG_ON(design_take_first() != first + i);
	if (first)
		keep(first);
}

long design_refill(unsigned long pages)
{
	collect();
	return BLOCK; /* it is asked again, with one block more */
}

static void online_page(struct page *page, unsigned int order)
{
	for (unsigned long i = 0; i < 1ul << order; i += BLOCK)
		keep(page + i);
}

unsigned long design_grow(unsigned long pages)
{
	struct page *block = list_first_entry_or_null(&blocks, struct page, lru);

	return block ? take(block) : design_plug_unbacked(pages);
}

void design_start(void)
{
	BUG_ON(set_online_page_callback(online_page) != 0);
}

void design_use(struct page *page, xen_pfn_t frame)
{
	BUG(); /* blocks are used, not pages */
}

bool design_done(void)
{
	return design_credit() > -(long)BLOCK && design_credit() < (long)BLOCK;
}
