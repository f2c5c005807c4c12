/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The gate behind the page allocator (gate.h). The link puts it into all calls of __alloc_pages() from other files than
 * mm/page_alloc.c itself, which is Linux's own. It holds in a PV guest as well: a page without a frame is mapped nowhere and named
 * by no page table while it lies on a free list, and has its frame and its mapping before anybody else sees it.
 */
#include <linux/gfp.h>
#include <linux/highmem.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/mmzone.h>
#include <linux/preempt.h>
#include <linux/swap.h>
#include <asm/xen/page.h>
#include <xen/balloon.h>
#include <xen/mem-reservation.h>

#include "guest/linux/designs/absent.h"
#include "guest/linux/designs/design.h"
#include "guest/linux/designs/gate.h"
#include "guest/linux/kern/runtime.h"

#define ASK_PAGES 64

struct page *__real___alloc_pages(gfp_t flags, unsigned int order, int nid, nodemask_t *nodes);
struct page *__wrap___alloc_pages(gfp_t flags, unsigned int order, int nid, nodemask_t *nodes);
unsigned long __wrap___get_free_pages(gfp_t flags, unsigned int order);
unsigned long __wrap_get_zeroed_page(gfp_t flags);

unsigned long linux_absent_pages(void)
{
	return absent_pages();
}

/* For the harness the page leaves the free lists without a frame, and comes back with one. */
static void note_backed(struct page *page)
{
	pages_note(false, page_to_pfn(page), 1);
	pages_note(true, page_to_pfn(page), 1);
}

/* Frames for those of the pages that have none. False: for some there is none; what came stays. */
static bool back(struct page *page, unsigned int order)
{
	struct page *const end = page + (1ul << order), *without[ASK_PAGES];
	xen_pfn_t frames[ASK_PAGES];
	int n, given;

	do {
		for (n = 0; page < end && n < ASK_PAGES; page++)
			if (absent_is(page)) {
				without[n] = page;
				frames[n++] = page_to_pfn(page);
			}
		if (n == 0)
			return true;
		given = gate_may_ask(n) ? max(xenmem_reservation_increase(n, frames), 0) : 0;
		for (int i = 0; i < given; i++) {
			xenmem_reservation_va_mapping_update(1, &without[i], &frames[i]);
			absent_clear(without[i]);
			note_backed(without[i]);
		}
		balloon_stats.current_pages += given;
	} while (given == n);
	return false;
}

static void toss(struct page *page)
{
	absent_clear(page);
	pages_note(false, page_to_pfn(page), 1);
	adjust_managed_page_count(page, -1);
	design_toss(page);
}

static void clear(struct page *page, unsigned int order)
{
	for (unsigned long i = 0; i < 1ul << order; i++)
		clear_highpage(page + i);
}

/*
 * Nothing else runs between the question and its answer. Of larger blocks those pages that got no frame would have to be cut out;
 * they are refused, as an allocator under pressure refuses them.
 */
struct page *__wrap___alloc_pages(gfp_t flags, unsigned int order, int nid, nodemask_t *nodes)
{
	struct page *page;
	bool whole;

	for (;;) {
		page = __real___alloc_pages(flags & ~__GFP_ZERO, order, nid, nodes);
		if (!page)
			return NULL;
		preempt_disable();
		whole = back(page, order);
		preempt_enable();
		if (whole)
			break;
		if (order != 0) {
			__free_pages(page, order);
			return NULL;
		}
		toss(page);
	}
	if (flags & __GFP_ZERO)
		clear(page, order);
	return page;
}

/* Two that mm/page_alloc.c has, whose own calls the link can't reach. */
unsigned long __wrap___get_free_pages(gfp_t flags, unsigned int order)
{
	struct page *page = pages_take(flags, order);

	return page ? (unsigned long)page_address(page) : 0;
}

unsigned long __wrap_get_zeroed_page(gfp_t flags)
{
	return __wrap___get_free_pages(flags | __GFP_ZERO, 0);
}

struct page *gate_page_to_give(void)
{
	struct page *page;

	for (;;) {
		page = __real___alloc_pages(
			GFP_HIGHUSER | __GFP_NOWARN | __GFP_NORETRY | __GFP_NOMEMALLOC, 0, 0, NULL);
		if (!page)
			return NULL;
		if (!absent_is(page))
			break;
		toss(page);
	}
	pages_note(false, page_to_pfn(page), 1);
	return page;
}

/* --- of the balloon that designs share --- */

static void online_page(struct page *page, unsigned int order)
{
	for (unsigned long i = 0; i < 1ul << order; i++)
		design_append(page + i);
}

void design_start(void)
{
	BUG_ON(set_online_page_callback(online_page) != 0);
	for (unsigned long pfn = 0; pfn < max_pfn; pfn += PAGES_PER_SECTION)
		BUG_ON(!absent_knows(pfn));
}

/* Structures for more pages. None has a frame. */
unsigned long design_grow(unsigned long pages)
{
	const unsigned long sections = round_up(pages, PAGES_PER_SECTION);
	struct resource *region = design_region(sections);
	const unsigned long pfn = region ? PFN_DOWN(region->start) : 0;

	if (!region)
		return 0;
	for (unsigned long i = 0; i < sections; i += PAGES_PER_SECTION)
		if (!absent_knows(pfn + i))
			pr_warn("no memory for bits of a section: its pages stay ballooned\n");
	return design_add_unbacked(region) ? sections : 0;
}

/* Ballooned pages go onto the free lists as they are, until as many lie there as the target allows to ask for. */
long design_refill(unsigned long pages)
{
	unsigned long n = 0;
	struct page *page;

	while (absent_pages() < pages && (page = design_take_first()) != NULL) {
		absent_set(page);
		pages_note(true, page_to_pfn(page), 1);
		free_reserved_page(page);
		n++;
	}
	pr_info("%lu pages get frames when they are handed out\n", absent_pages());
	return n;
}

bool design_done(void)
{
	const long credit = design_credit();

	return credit >= 0 && absent_pages() >= credit;
}

void design_use(struct page *page, xen_pfn_t frame)
{
	BUG(); /* the gate binds frames */
}
