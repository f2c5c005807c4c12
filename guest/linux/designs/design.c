/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The balloon that all designs over Linux share: it shrinks by pages of the allocator, grows back by the same pages, and asks
 * the design when there are none. A thread moves as long as it gets on, then pauses for 1, 2, 4 … 64 seconds.
 */
#include <linux/freezer.h>
#include <linux/init.h>
#include <linux/ioport.h>
#include <linux/kernel.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/memory.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/wait.h>
#include <asm/tlbflush.h>
#include <xen/balloon.h>
#include <xen/features.h>
#include <xen/interface/xen.h>
#include <xen/interface/memory.h>
#include <xen/mem-reservation.h>
#include <xen/page.h>
#include <xen/xen.h>

#include "guest/linux/designs/design.h"

#define STEP_PAGES  (PAGE_SIZE / sizeof(xen_pfn_t))
#define PAUSE_MAX_S 64

struct balloon_stats balloon_stats;

static LIST_HEAD(ballooned); /* pages without a frame */
static DEFINE_MUTEX(lock);   /* of the list and its counts */
static DECLARE_WAIT_QUEUE_HEAD(wake);
static bool woken, tossed;
static xen_pfn_t frames[STEP_PAGES]; /* only the thread uses them */

static void wake_thread(void)
{
	WRITE_ONCE(woken, true);
	wake_up(&wake);
}

void balloon_set_new_target(unsigned long target)
{
	balloon_stats.target_pages = target;
	wake_thread();
}

/* --- the list --- */

static void append(struct page *page)
{
	mutex_lock(&lock);
	__SetPageOffline(page);
	list_add_tail(&page->lru, &ballooned);
	balloon_stats.balloon_low++;
	mutex_unlock(&lock);
}

void design_append(struct page *page)
{
	append(page);
	wake_thread();
}

void design_toss(struct page *page)
{
	append(page);
	WRITE_ONCE(tossed, true);
	wake_up(&wake);
}

struct page *design_take_first(void)
{
	struct page *page;

	mutex_lock(&lock);
	page = list_first_entry_or_null(&ballooned, struct page, lru);
	if (page) {
		list_del(&page->lru);
		__ClearPageOffline(page);
		balloon_stats.balloon_low--;
	}
	mutex_unlock(&lock);
	return page;
}

/* --- steps --- */

long __weak design_refill(unsigned long pages)
{
	struct page *page = NULL;
	unsigned long n = 0;
	int given;

	mutex_lock(&lock);
	list_for_each_entry (page, &ballooned, lru) {
		if (n == min(pages, STEP_PAGES))
			break;
		frames[n++] = page_to_pfn(page);
	}
	mutex_unlock(&lock);
	given = xenmem_reservation_increase(n, frames);
	for (int i = 0; i < given; i++)
		design_use(design_take_first(), frames[i]);
	if (given > 0)
		balloon_stats.current_pages += given;
	return max(given, 0);
}

struct page *__weak design_page_to_give(void)
{
	return alloc_page(GFP_HIGHUSER | __GFP_NOWARN | __GFP_NORETRY | __GFP_NOMEMALLOC);
}

long __weak design_shrink(unsigned long pages)
{
	const unsigned long most =
		min3(pages, STEP_PAGES, (unsigned long)max(si_mem_available(), 0l));
	struct page *page;
	unsigned long n;

	for (n = 0; n < most; n++) {
		page = design_page_to_give();
		if (!page)
			break;
		adjust_managed_page_count(page, -1);
		xenmem_reservation_scrub_page(page);
		frames[n] = xen_page_to_gfn(page);
		xenmem_reservation_va_mapping_reset(1, &page);
		design_append(page);
	}
	if (n == 0)
		return 0;
	flush_tlb_all();
	BUG_ON(xenmem_reservation_decrease(n, frames) != n);
	balloon_stats.current_pages -= n;
	return n;
}

long design_credit(void)
{
	return balloon_stats.target_pages - balloon_stats.current_pages;
}

static long step(void)
{
	if (design_credit() < 0)
		return design_shrink(-design_credit());
	return balloon_stats.balloon_low != 0 ? design_refill(design_credit())
					      : design_grow(design_credit());
}

bool __weak design_done(void)
{
	return design_credit() == 0;
}

static int design_thread(void *unused)
{
	long pause_s = 0, moved;

	set_freezable();
	while (!kthread_should_stop()) {
		wait_event_freezable_timeout(
			wake, READ_ONCE(woken) || (pause_s == 0 && READ_ONCE(tossed)),
			pause_s ? pause_s * HZ : MAX_SCHEDULE_TIMEOUT);
		if (!READ_ONCE(woken) && pause_s == 0) { /* what was tossed is looked at later */
			pause_s = 1;
			continue;
		}
		if (READ_ONCE(woken))
			pause_s = 0;
		WRITE_ONCE(woken, false);
		WRITE_ONCE(tossed, false);
		do {
			moved = design_done() ? 0 : step();
		} while (moved != 0);
		WRITE_ONCE(woken, false); /* steps of its own woke it */
		if (design_done())
			pause_s = 0;
		else
			pause_s = clamp(pause_s * 2, 1l, (long)PAUSE_MAX_S);
	}
	return 0;
}

/* --- for designs --- */

void design_map_and_free(struct page *page, xen_pfn_t frame)
{
	xenmem_reservation_va_mapping_update(1, &page, &frame);
	free_reserved_page(page);
}

struct resource *design_region(unsigned long pages)
{
	struct resource *region = kzalloc(sizeof(*region), GFP_KERNEL);

	if (!region)
		return NULL;
	region->name = "System RAM";
	region->flags = IORESOURCE_SYSTEM_RAM | IORESOURCE_BUSY;
	if (allocate_resource(&iomem_resource, region, PFN_PHYS(pages), 0, -1,
			      memory_block_size_bytes(), NULL, NULL) == 0)
		return region;
	kfree(region);
	return NULL;
}

static void drop(struct resource *region)
{
	release_resource(region);
	kfree(region);
}

static bool add(struct resource *region, mhp_t flags)
{
	int error;

	lock_device_hotplug();
	error = add_memory_resource(memory_add_physaddr_to_nid(region->start), region,
				    MHP_MERGE_RESOURCE | flags);
	unlock_device_hotplug();
	if (error) {
		pr_warn("no memory was added (%d)\n", error);
		drop(region);
	} else {
		balloon_stats.total_pages += PFN_DOWN(resource_size(region));
	}
	return error == 0;
}

bool design_add(struct resource *region)
{
	return add(region, MHP_NONE);
}

static void bind(unsigned long pfn, xen_pfn_t frame)
{
	if (!xen_feature(XENFEAT_auto_translated_physmap))
		BUG_ON(!set_phys_to_machine(pfn, frame));
}

bool design_add_unbacked(struct resource *region)
{
	for (unsigned long pfn = PFN_DOWN(region->start); pfn <= PFN_DOWN(region->end); pfn++)
		bind(pfn, INVALID_P2M_ENTRY);
	return design_add(region);
}

unsigned long design_plug_unbacked(unsigned long pages)
{
	const unsigned long sections = round_up(pages, PAGES_PER_SECTION);
	struct resource *region = design_region(sections);

	return region && design_add_unbacked(region) ? sections : 0;
}

/* The P2M must not name frames any more when Xen has them. */
void design_give_back(unsigned long pfn, unsigned long pages)
{
	for (unsigned long done = 0, n; done < pages; done += n) {
		n = min(pages - done, STEP_PAGES);
		for (unsigned long i = 0; i < n; i++) {
			frames[i] = pfn_to_gfn(pfn + done + i);
			bind(pfn + done + i, INVALID_P2M_ENTRY);
		}
		BUG_ON(xenmem_reservation_decrease(n, frames) != n);
	}
}

void design_empty(unsigned long pfn, unsigned long pages)
{
	static xen_pfn_t offline_frames[STEP_PAGES]; /* a user may put memory offline, too */

	for (unsigned long end = pfn + pages, n = 0; pfn < end; pfn++) {
		struct page *page = pfn_to_page(pfn);

		xenmem_reservation_scrub_page(page);
		offline_frames[n++] = xen_page_to_gfn(page);
		xenmem_reservation_va_mapping_reset(1, &page);
		if (n < STEP_PAGES && pfn + 1 < end)
			continue;
		flush_tlb_all();
		BUG_ON(xenmem_reservation_decrease(n, offline_frames) != n);
		n = 0;
	}
}

bool design_populate(unsigned long pfn, unsigned long pages)
{
	unsigned long done = 0, n;
	int given;

	do {
		n = min(pages - done, STEP_PAGES);
		for (unsigned long i = 0; i < n; i++)
			frames[i] = pfn + done + i;
		given = xenmem_reservation_increase(n, frames);
		for (int i = 0; i < given; i++)
			bind(pfn + done + i, frames[i]);
		done += max(given, 0);
	} while (given == n && done < pages);
	if (done < pages) {
		pr_info("Xen gave %lu of %lu pages: all go back\n", done, pages);
		design_give_back(pfn, done);
	}
	return done == pages;
}

void design_online_backed(struct page *page, unsigned int order)
{
	for (unsigned long i = 0; i < 1ul << order; i++)
		design_map_and_free(page + i, pfn_to_mfn(page_to_pfn(page + i)));
}

/* Returns where such memory begins; 0: there is none. */
static unsigned long plug_backed(unsigned long pages, mhp_t flags)
{
	struct resource *region = pages != 0 ? design_region(pages) : NULL;
	unsigned long pfn;

	if (!region)
		return 0;
	pfn = PFN_DOWN(region->start);
	if (!design_populate(pfn, pages)) {
		drop(region);
		return 0;
	}
	balloon_stats.current_pages += pages;
	if (add(region, flags))
		return pfn;
	design_give_back(pfn, pages);
	balloon_stats.current_pages -= pages;
	return 0;
}

unsigned long design_plug_backed(unsigned long pages)
{
	return plug_backed(pages, MHP_NONE) != 0 ? pages : 0;
}

/* A block may hold its own page structures: its frames are in use until it is removed. */
static bool remove_offline(unsigned long pfn, unsigned long pages)
{
	if (online_section_nr(pfn_to_section_nr(pfn)) ||
	    remove_memory(PFN_PHYS(pfn), PFN_PHYS(pages)) != 0)
		return false;
	BUG_ON(balloon_stats.total_pages < pages || balloon_stats.current_pages < pages);
	balloon_stats.total_pages -= pages;
	design_give_back(pfn, pages);
	balloon_stats.current_pages -= pages;
	return true;
}

unsigned long design_plug_online(unsigned long pages, mhp_t flags)
{
	const unsigned long block = PHYS_PFN(memory_block_size_bytes());
	const unsigned long pfn = plug_backed(pages, flags);
	unsigned long online = 0;

	if (pfn == 0)
		return 0;
	for (unsigned long done = 0; done < pages; done += block)
		online += remove_offline(pfn + done, block) ? 0 : block;
	return online;
}

/* What the memory map has beyond the pages that the domain was built with: the real driver takes it in, too. */
static void __init append_extra(void)
{
	for (int i = 0; i < XEN_EXTRA_MEM_MAX_REGIONS; i++) {
		const unsigned long first = xen_extra_mem[i].start_pfn;
		const unsigned long end = min(first + xen_extra_mem[i].n_pfns, max_pfn);

		for (unsigned long pfn = first; pfn < end; pfn++)
			design_append(pfn_to_page(pfn));
		balloon_stats.total_pages += end > first ? end - first : 0;
	}
}

static int __init design_init(void)
{
	struct task_struct *thread;

	if (!xen_domain())
		return -ENODEV;
	balloon_stats.current_pages =
		xen_pv_domain() ? min(xen_start_info->nr_pages, max_pfn) : get_num_physpages();
	balloon_stats.target_pages = balloon_stats.current_pages;
	balloon_stats.total_pages = balloon_stats.current_pages;
	append_extra();
	design_start();
	thread = kthread_run(design_thread, NULL, "xen-balloon");
	if (IS_ERR(thread))
		return PTR_ERR(thread);
	xen_balloon_init();
	return 0;
}
subsys_initcall(design_init);

/* A translated guest that began with promises only has to give up what it was not given, before others use it. */
static int __init design_wait(void)
{
	while (!xen_pv_domain() && design_credit() < 0 && !design_done())
		schedule_timeout_interruptible(HZ / 10);
	return 0;
}
late_initcall_sync(design_wait);
