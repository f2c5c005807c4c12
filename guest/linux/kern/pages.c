/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Calls of Linux's page allocator that the harness is told of: the driver's (the build has renamed them there), those for
 * struct pages of added memory, the runtime's own and a workload's. What is free at boot is told once; from then on each page
 * that leaves the allocator or comes to it is, so that the recording knows how much is free at any event.
 */
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/mmzone.h>

#include "bridge.h"
#include "runtime.h"

static bool noting;		 /* since boot memory was told */
static unsigned long noted_free; /* what the notes come to */

void pages_note(bool freed, unsigned long pfn, unsigned long pages)
{
	if (!noting)
		return;
	BUG_ON(!freed && noted_free < pages);
	noted_free = freed ? noted_free + pages : noted_free - pages;
	for (unsigned long i = 0; i < pages; i++)
		bridge_note_page(freed, pfn + i);
}

/* Nobody has the page: it is on a free list, or on one of the CPU's own. */
static bool page_is_free(struct page *page)
{
	return page_ref_count(page) == 0 && !PageTail(page);
}

void pages_note_boot(unsigned long pfn, unsigned long end)
{
	noting = true;
	for (; pfn < end; pfn++)
		if (page_is_free(pfn_to_page(pfn)))
			pages_note(true, pfn, 1);
}

/* The CPU's own lists have pages that the zones' counts leave out. */
static unsigned long pages_of_lists(void)
{
	struct zone *zone;
	unsigned long pages = global_zone_page_state(NR_FREE_PAGES);

	for_each_populated_zone(zone) pages += per_cpu_ptr(zone->per_cpu_pageset, 0)->count;
	return pages;
}

void pages_audit(void)
{
	const unsigned long pages = pages_of_lists();

	if (noting && pages != noted_free) {
		_printk("%lu pages are free, and the notes come to %lu\n", pages, noted_free);
		bridge_misuse("pages left the allocator, or came to it, without a note");
	}
}

/* --- the runtime's own pages, and those for struct pages --- */

/* The kernel's own memory is low memory, where there is such a thing. */
static gfp_t zone_of(gfp_t flags)
{
	const bool low = low_memory_pages() != ~0ul && !(flags & __GFP_HIGHMEM);

	return low ? flags | __GFP_DMA32 : flags;
}

struct page *pages_take(gfp_t flags, unsigned int order)
{
	struct page *page = alloc_pages(zone_of(flags), order);

	if (page)
		pages_note(false, page_to_pfn(page), 1ul << order);
	if (page && flags & __GFP_ZERO)
		bridge_zero_flush(); /* what is written there next is to stay */
	return page;
}

/* The host backs pages as they are touched: of designs in which the guest takes pages back without asking. */
void __weak linux_touched(struct page *page, unsigned int order)
{
}

struct page *pages_take_to_use(gfp_t flags, unsigned int order)
{
	struct page *page = pages_take(flags, order);

	if (page)
		linux_touched(page, order);
	return page;
}

void pages_give(struct page *page, unsigned int order)
{
	pages_note(true, page_to_pfn(page), 1ul << order);
	__free_pages(page, order);
}

/* A call of mm/sparse-vmemmap.c. */
struct page *ballast_memmap_pages(gfp_t flags, unsigned int order, int nid, nodemask_t *nodes);
struct page *ballast_memmap_pages(gfp_t flags, unsigned int order, int nid, nodemask_t *nodes)
{
	if (bridge_fault(BRIDGE_MEMMAP, 0, 1ul << order) != 0)
		return NULL;
	return pages_take_to_use(flags, order);
}

/* The newest versions call a function with the node in front. */
struct page *ballast_memmap_pages_node(int nid, gfp_t flags, unsigned int order);
struct page *ballast_memmap_pages_node(int nid, gfp_t flags, unsigned int order)
{
	return ballast_memmap_pages(flags, order, nid, NULL);
}

/* A call of mm/memory_hotplug.c, of pages that go online and that no driver's callback takes. Newer versions give it a third argument. */
void __free_pages_core(struct page *page, unsigned int order, int context);
void ballast_free_pages_core(struct page *page, unsigned int order, int context);
void ballast_free_pages_core(struct page *page, unsigned int order, int context)
{
	pages_note(true, page_to_pfn(page), 1ul << order);
	__free_pages_core(page, order, context);
}

/* --- pages that the driver takes and gives --- */

struct page *ballast_alloc_pages(gfp_t flags, unsigned int order, int nid, nodemask_t *nodes)
{
	struct page *page;

	if (bridge_fault(BRIDGE_ALLOC_PAGE, 0, 1ul << order) != 0)
		return NULL;
	page = pages_take(flags, order);
	if (!page)
		vain_asked(1ul << order);
	return page;
}

struct page *ballast_alloc_pages_node(int nid, gfp_t flags, unsigned int order);
struct page *ballast_alloc_pages_node(int nid, gfp_t flags, unsigned int order)
{
	return ballast_alloc_pages(flags, order, nid, NULL);
}

void ballast_free_pages(struct page *page, unsigned int order)
{
	pages_give(page, order);
	if (bridge.seeded_schedule)
		linux_schedule_point(); /* somebody may get it before the caller goes on */
}

/* A page of boot memory that was never in the allocator. */
void pages_free_reserved(struct page *page)
{
	pages_note(true, page_to_pfn(page), 1);
	free_reserved_page(page);
}

/* Newer versions call this one where older ones have __free_page() inline. */
void ballast_free_reserved_page(struct page *page);
void ballast_free_reserved_page(struct page *page)
{
	pages_free_reserved(page);
}

#ifdef LINUX_FROZEN
#define free_unreferenced free_frozen_pages
#else
#define free_unreferenced free_unref_page
#endif
void free_unreferenced(struct page *page, unsigned int order);

/* And the newest this one, of 1 << order pages. */
void ballast_free_reserved_pages(struct page *page, unsigned int order);
void ballast_free_reserved_pages(struct page *page, unsigned int order)
{
	for (unsigned long i = 0; i < 1ul << order; i++)
		pages_free_reserved(page + i);
}

/* A page that its last user has let go. */
void pages_put(struct page *page)
{
	pages_note(true, page_to_pfn(page), 1);
	free_unreferenced(page, 0);
	if (bridge.seeded_schedule)
		linux_schedule_point();
}

/* --- a workload's pages --- */

void *linux_page_take(void)
{
	struct page *page = pages_take(GFP_KERNEL | __GFP_NORETRY | __GFP_NOWARN, 0);

	if (page)
		linux_touched(page, 0);
	return page;
}

void linux_page_give(void *page)
{
	INIT_LIST_HEAD(&((struct page *)page)->lru);
	((struct page *)page)->private = 0;
	((struct page *)page)->mapping = NULL;
	ballast_free_pages(page, 0);
}

unsigned long linux_page_pfn(const void *page)
{
	return page_to_pfn((const struct page *)page);
}

void **linux_page_link(void *page)
{
	return (void **)&((struct page *)page)->lru.next;
}

unsigned long *linux_page_word(void *page)
{
	return &((struct page *)page)->private;
}
