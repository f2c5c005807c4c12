/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * allocator-cmm-2008: the second variant of the allocator that asks, as Dave Hansen proposed it in April 2008: a state that is kept
 * with free pages, as in s390's collaborative memory management. A free page is volatile, which means that the host may take its
 * frame without a word; a page that is handed out is asked for, and made stable.
 *
 * Xen has no such state, so that the driver stands in for the host: at a lower target it takes frames from pages where they lie on
 * the allocator's free lists. The guest has as many pages as before. There is no limit in the guest: it takes frames back by using
 * pages, as long as Xen gives it some, which is up to the domain's maximum.
 */
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <asm/tlbflush.h>
#include <asm/xen/page.h>
#include <xen/balloon.h>
#include <xen/mem-reservation.h>

#include "guest/abi/design.h"
#include "guest/linux/designs/absent.h"
#include "guest/linux/designs/design.h"
#include "guest/linux/designs/gate.h"

DESIGN("allocator-cmm-2008", "2008-04",
       "free pages are volatile: the host takes their frames, a page in use asks for one");

WAIVER("backed-before-use",
       "pages lie on the free lists without frames, which come when pages are handed out");
WAIVER("no-overshoot",
       "the guest takes frames of its free pages back without a word, up to its maximum");
WAIVER("last-target-wins",
       "the guest takes frames of its free pages back without a word, up to its maximum");

#define STEP_PAGES 512

static xen_pfn_t frames[STEP_PAGES]; /* only the balloon's thread uses them */

bool gate_may_ask(unsigned long pages)
{
	return true; /* the host says no */
}

/* Takes a free page's frame out of the P2M and the direct map. */
static void take_frame(struct page *page, xen_pfn_t *frame)
{
	xenmem_reservation_scrub_page(page);
	*frame = xen_page_to_gfn(page);
	xenmem_reservation_va_mapping_reset(1, &page);
	absent_set(page);
}

static unsigned long take_from_block(struct page *page, unsigned int order, unsigned long n,
				     unsigned long most)
{
	for (unsigned long i = 0; i < 1ul << order && n < most; i++)
		if (!absent_is(page + i))
			take_frame(page + i, &frames[n++]);
	return n;
}

static unsigned long take_from_zone(struct zone *zone, unsigned long n, unsigned long most)
{
	unsigned int order, type;
	struct page *page;

	for_each_migratetype_order(order, type) list_for_each_entry (
		page, &zone->free_area[order].free_list[type], buddy_list) if (n < most) n =
		take_from_block(page, order, n, most);
	return n;
}

/* Nobody gets a page whose frame is on its way: the zones are locked until Xen has the frames. */
long design_shrink(unsigned long pages)
{
	const long spare = si_mem_available() - (long)absent_pages();
	const unsigned long most =
		min3(pages, (unsigned long)STEP_PAGES, (unsigned long)max(spare, 0l));
	unsigned long n = 0, flags;
	struct zone *zone;

	for_each_populated_zone(zone)
	{
		const unsigned long first = n;

		spin_lock_irqsave(&zone->lock, flags);
		n = take_from_zone(zone, n, most);
		if (n > first) {
			flush_tlb_all();
			BUG_ON(xenmem_reservation_decrease(n - first, frames + first) != n - first);
		}
		spin_unlock_irqrestore(&zone->lock, flags);
	}
	balloon_stats.current_pages -= n;
	return n;
}

struct page *design_page_to_give(void)
{
	return gate_page_to_give();
}
