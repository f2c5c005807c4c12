/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Moves pages in use elsewhere, in place of mm/migrate.c and of a part of mm/compaction.c, which are not linked: they look for a page in
 * the page tables of processes and in files' trees, and here a list of pressure.c is all that knows whose a page is. What is on
 * such a list can be moved, with what is in it; kernel memory can't. When there is no room, memory_hotplug.c tries again for ever,
 * until a signal comes: who asked that memory goes offline is taken for a person or a thread that gives up after half a second.
 */
#include <linux/migrate.h>
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/mmzone.h>
#include <linux/sched/signal.h>
#include "internal.h" /* of mm */

#include "bridge.h"
#include "runtime.h"
#include "versions.h"

#define PAUSE_JIFFIES (HZ / 20)
#define PATIENCE      10 /* pauses without room for a page */

#ifdef LINUX_MIGRATE_FOLIO
#define NEW_FUNCTION  new_folio_t
#define FREE_FUNCTION free_folio_t
#define PASSED	      struct folio
#define PAGE_OF(p)    folio_page(p, 0)
#define PASS(page)    page_folio(page)
#else
#define NEW_FUNCTION  new_page_t
#define FREE_FUNCTION free_page_t
#define PASSED	      struct page
#define PAGE_OF(p)    (p)
#define PASS(page)    (page)
#endif

/* --- off their list, and back --- */

/* A page that is not in use, or that is the kernel's, is on no list. The reference is that of who moves it. */
static bool isolate(struct page *page)
{
	if (!PageLRU(page))
		return false;
	get_page(page);
	pressure_take_off(page);
	return true;
}

static void count_isolated(struct page *page, long pages)
{
	mod_node_page_state(page_pgdat(page), NR_ISOLATED_ANON + page_is_files(page), pages);
}

/* It is nobody's list's any more, and has one reference: its owner's. */
static void let_go(struct page *page)
{
	list_del(&page->lru);
	count_isolated(page, -1);
	put_page(page);
	BUG_ON(page_ref_count(page) != 1);
}

void putback_movable_pages(struct list_head *list)
{
	struct page *page, *next;

	list_for_each_entry_safe (page, next, list, lru) {
		let_go(page);
		pressure_put_back(page);
	}
}

#ifdef LINUX_MIGRATE_FOLIO
bool isolate_folio_to_list(struct folio *folio, struct list_head *list)
{
	struct page *page = folio_page(folio, 0);

	if (!isolate(page))
		return false;
	list_add_tail(&page->lru, list);
	count_isolated(page, 1);
	return true;
}
#else
int isolate_lru_page(struct page *page)
{
	return isolate(page) ? 0 : -EBUSY;
}

/* Of pages that a driver would move itself: there are none. */
int isolate_movable_page(struct page *page, isolate_mode_t mode)
{
	return -EBUSY;
}
#endif

int isolate_migratepages_range(struct compact_control *control, unsigned long first,
			       unsigned long end)
{
	for (unsigned long pfn = first; pfn < end; pfn++) {
		struct page *page = pfn_to_page(pfn);

		if (!isolate(page))
			continue;
		list_add_tail(&page->lru, &control->migratepages);
		count_isolated(page, 1);
		control->nr_migratepages++;
	}
	control->migrate_pfn = end;
	return 0;
}

/* What a file has in a range that a driver wants is as well read again. */
unsigned int reclaim_clean_pages_from_list(struct zone *zone, struct list_head *list)
{
	struct page *page, *next;
	unsigned int pages = 0;

	list_for_each_entry_safe (page, next, list, lru) {
		if (!page_is_files(page))
			continue;
		let_go(page);
		pressure_reclaim(page);
		pages++;
	}
	return pages;
}

/* --- to another page --- */

PASSED *alloc_migration_target(PASSED *from, unsigned long private)
{
	const struct migration_target_control *control = (const void *)private;
	gfp_t flags = control->gfp_mask | __GFP_NOWARN;
	struct page *to;

	if (page_zonenum(PAGE_OF(from)) == ZONE_MOVABLE)
		flags |= __GFP_HIGHMEM;
	to = pages_take_to_use(flags, 0);
	return to ? PASS(to) : NULL;
}

static void move(struct page *from, struct page *to)
{
	BUG_ON(from == to);
	bridge_copy_page(page_to_pfn(from), page_to_pfn(to));
	let_go(from);
	pressure_pass_on(from, to);
	pages_give(from, 0);
}

static unsigned int pauses;

static void wait_for_room(void)
{
	if (++pauses > PATIENCE)
		set_tsk_thread_flag(current, TIF_SIGPENDING);
	else
		schedule_timeout_uninterruptible(PAUSE_JIFFIES);
}

void migrate_begin(void)
{
	pauses = 0;
}

void migrate_end(void)
{
	clear_tsk_thread_flag(current, TIF_SIGPENDING);
}

#ifdef LINUX_REASON_ENUM
#define MIGRATE_REASON enum migrate_reason
#else
#define MIGRATE_REASON int
#endif

/* Those that could not be moved stay on the list, and the caller puts them back. */
int migrate_pages(struct list_head *list, NEW_FUNCTION new, FREE_FUNCTION put,
		  unsigned long private, enum migrate_mode mode, MIGRATE_REASON reason,
		  unsigned int *moved)
{
	struct page *page, *next;

	list_for_each_entry_safe (page, next, list, lru) {
		PASSED *to = new (PASS(page), private);

		if (!to) {
			if (reason == MR_MEMORY_HOTPLUG)
				wait_for_room();
			return -ENOMEM;
		}
		move(page, PAGE_OF(to));
		linux_schedule_point();
	}
	return 0;
}
