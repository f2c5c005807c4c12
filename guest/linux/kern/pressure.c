/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who wants memory besides the driver, as far as there is anybody: a file that is read, whose pages lie on the real list of inactive
 * file pages and can be taken back at any time; and a process, whose pages can't, since there is no swap. Reclaim takes the oldest
 * pages of the file's, in the allocating thread and in kswapd; the OOM killer knows the one process. When and how often either is
 * called is decided by Linux's own page allocator and its watermarks. What Linux has of this in mm/vmscan.c and mm/oom_kill.c is
 * not linked: there are neither ages of pages, writeback nor a choice of victims.
 */
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/mmzone.h>
#include <linux/notifier.h>
#include <linux/oom.h>
#include <linux/sched/signal.h>
#include <linux/swap.h>

#include "bridge.h"
#include "runtime.h"
#include "versions.h"

/* A file is read ahead while that is easy, and page by page where it isn't. */
#define GFP_AHEAD (GFP_HIGHUSER_MOVABLE | __GFP_NORETRY | __GFP_NOWARN)
#define GFP_READ  (GFP_HIGHUSER_MOVABLE | __GFP_RETRY_MAYFAIL | __GFP_NOWARN)

static struct lruvec *lists(void)
{
	return &NODE_DATA(0)->__lruvec;
}

static unsigned long pages_on(enum lru_list list)
{
	return node_page_state(NODE_DATA(0), NR_LRU_BASE + list);
}

/* Puts a page on its list. */
static void list_page(struct page *page, bool anonymous)
{
	struct folio *folio = page_folio(page);

	if (anonymous)
		folio_set_swapbacked(folio);
	folio_set_lru(folio);
	lruvec_add_folio(lists(), folio);
}

static void unlist(struct page *page)
{
	struct folio *folio = page_folio(page);

	BUG_ON(!folio_test_lru(folio));
	lruvec_del_folio(lists(), folio);
	__folio_clear_lru_flags(folio);
}

/* Takes the oldest pages of a list and gives them back; returns how many. */
static unsigned long give_back(enum lru_list list, unsigned long most)
{
	struct list_head *head = &lists()->lists[list];
	unsigned long pages = 0;

	for (; pages < most && !list_empty(head); pages++) {
		struct folio *folio = list_last_entry(head, struct folio, lru);

		unlist(&folio->page);
		pages_give(&folio->page, 0);
	}
	return pages;
}

/* --- reclaim --- */

static struct task_struct *kswapd;
static unsigned long reclaimed; /* pages of the file, since boot */

static unsigned long reclaim(void)
{
	const unsigned long pages = give_back(LRU_INACTIVE_FILE, SWAP_CLUSTER_MAX);

	reclaimed += pages;
	return pages;
}

unsigned long linux_reclaimed_pages(void)
{
	return reclaimed;
}

static bool balanced(void)
{
	struct zone *zone;

	for_each_populated_zone(zone) if (zone_watermark_ok(zone, 0, high_wmark_pages(zone),
							    MAX_NR_ZONES - 1, 0)) return true;
	return false;
}

static int run_kswapd(void *unused)
{
	for (;;) {
		while (!balanced() && reclaim() != 0)
			linux_schedule_point();
		set_current_state(TASK_INTERRUPTIBLE);
		schedule();
	}
	return 0;
}

/* With no file read there is nothing for it to do. */
static void kswapd_needed(void)
{
	if (!kswapd)
		kswapd = kthread_run(run_kswapd, NULL, "kswapd0");
	if (IS_ERR(kswapd))
		kswapd = NULL;
}

void kswapd_run(int nid)
{
}

void kswapd_stop(int nid)
{
}

/* Newer versions ask whether it has given up: it goes on as long as it is woken. */
bool kswapd_test_hopeless(struct pglist_data *node);
bool kswapd_test_hopeless(struct pglist_data *node)
{
	return false;
}

void wakeup_kswapd(struct zone *zone, gfp_t flags, int order, enum zone_type highest)
{
	if (kswapd)
		wake_up_process(kswapd);
}

unsigned long try_to_free_pages(struct zonelist *zonelist, int order, gfp_t flags,
				nodemask_t *nodes)
{
	return reclaim();
}

unsigned long zone_reclaimable_pages(struct zone *zone)
{
	return zone_page_state_snapshot(zone, NR_ZONE_INACTIVE_FILE);
}

unsigned long linux_drop_caches(void)
{
	return give_back(LRU_INACTIVE_FILE, ~0ul);
}

unsigned long linux_cached_pages(void)
{
	return pages_on(LRU_INACTIVE_FILE);
}

unsigned long linux_read_file(unsigned long pages)
{
	unsigned long done;

	kswapd_needed();
	for (done = 0; done < pages; done++) {
		struct page *page =
			pages_take_to_use(GFP_AHEAD, 0) ?: pages_take_to_use(GFP_READ, 0);

		if (!page)
			break;
		bridge_use_page(page_to_pfn(page));
		list_page(page, false);
		linux_yield(); /* it waits for the disk */
	}
	return done;
}

/* --- a process, and the OOM killer --- */

DEFINE_MUTEX(oom_lock);
static BLOCKING_NOTIFIER_HEAD(oom_chain);
static struct signal_struct process; /* of `fill` */
static bool killed;
static unsigned long process_number; /* in each of its pages: whose it is */
static unsigned long stamps;	     /* in each of its pages, too: what it wrote there */

int register_oom_notifier(struct notifier_block *block)
{
	return blocking_notifier_chain_register(&oom_chain, block);
}

int unregister_oom_notifier(struct notifier_block *block)
{
	return blocking_notifier_chain_unregister(&oom_chain, block);
}

unsigned long linux_process_pages(void)
{
	return pages_on(LRU_INACTIVE_ANON);
}

unsigned long linux_process_exits(void)
{
	process_number++;
	return give_back(LRU_INACTIVE_ANON, ~0ul);
}

/* Pages of the process in which something else is than it wrote. */
unsigned long linux_process_lost(void)
{
	unsigned long lost = 0;
	struct folio *folio;

	list_for_each_entry (folio, &lists()->lists[LRU_INACTIVE_ANON], lru)
		lost += bridge_read_page(folio_pfn(folio)) != folio->index;
	return lost;
}

/* Returns how many pages the process has written to; `died`: the OOM killer ended it, and has given all of them back. */
unsigned long linux_process_touches(unsigned long pages, int *died)
{
	struct signal_struct *const before = current->signal;
	unsigned long done;

	killed = false;
	process.oom_mm = NULL;
	current->signal = &process;
	for (done = 0; done < pages && !killed; done++) {
		struct page *page = pages_take_to_use(GFP_HIGHUSER_MOVABLE, 0);

		if (!page)
			break;
		if (killed) {
			pages_give(page, 0);
			break;
		}
		set_page_private(page, process_number);
		page_folio(page)->index = ++stamps;
		bridge_write_page(page_to_pfn(page), page_folio(page)->index);
		list_page(page, true);
		linux_schedule_point();
	}
	current->signal = before;
	*died = killed;
	return done;
}

bool out_of_memory(struct oom_control *control)
{
	unsigned long freed = 0;

	blocking_notifier_call_chain(&oom_chain, 0, &freed);
	if (freed > 0)
		return true;
	_printk("%s invoked oom-killer: order=%d\n", current->comm, control->order);
	if (linux_process_pages() == 0 && current->signal != &process) {
		_printk("Out of memory and no killable processes...\n");
		panic("System is deadlocked on memory");
	}
	killed = true;
	process.oom_mm = &init_mm; /* its allocations are no longer tried again */
	_printk("Out of memory: Killed process 100 (fill) anon-rss:%lukB\n",
		linux_process_pages() << (PAGE_SHIFT - 10));
	(void)linux_process_exits();
	return true;
}

/* --- for who moves pages (migrate.c) --- */

void pressure_take_off(struct page *page)
{
	unlist(page);
}

/* A process may have ended while a page of it was off its list. */
static bool has_owner(struct page *page)
{
	return page_is_files(page) || page_private(page) == process_number;
}

void pressure_put_back(struct page *page)
{
	if (has_owner(page))
		list_page(page, !page_is_files(page));
	else
		pages_give(page, 0);
}

void pressure_pass_on(struct page *from, struct page *to)
{
	set_page_private(to, page_private(from));
	page_folio(to)->index = page_folio(from)->index;
	if (has_owner(from))
		list_page(to, !page_is_files(from));
	else
		pages_give(to, 0);
}

void pressure_reclaim(struct page *page)
{
	BUG_ON(!page_is_files(page));
	reclaimed++;
	pages_give(page, 0);
}
