/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * UVM's start, the page daemon's limits, and allocation of several pages at
 * once.
 */
#include <sys/param.h>
#include <uvm/uvm.h>

#include "guest/lib/debug_port.h"
#include "guest/lib/heap.h"
#include "guest/lib/page_notes.h"
#include "guest/netbsd/kern/description.h"
#include "guest/netbsd/kern/driver.h"
#include "guest/netbsd/kern/uvm_page.h"

size_t uvm_page_slab_bytes;

void
uvm_setpagesize(void)
{
	uvmexp.pagesize = PAGE_SIZE;
	uvmexp.pagemask = PAGE_MASK;
	uvmexp.pageshift = PAGE_SHIFT;
}

/*
 * Makes the struct vm_pages of the boot segments out of one slab, and puts
 * their pages on the free lists. It is called once, before any plug.
 */
void
uvm_page_init(vaddr_t *kvm_start __unused, vaddr_t *kvm_end __unused)
{
	struct vm_page *slab;
	uvm_physseg_t bank;
	size_t pages = 0, n;
	bool zeroed;

	KASSERT(!uvm.page_init_done);
	for (bank = uvm_physseg_get_first(); uvm_physseg_valid_p(bank);
	     bank = uvm_physseg_get_next(bank))
		pages +=
		    uvm_physseg_get_end(bank) - uvm_physseg_get_start(bank);
	if (pages == 0)
		panic("uvm_page_init: no memory pre-allocated");
	slab = heap_get(pages * sizeof(*slab), &zeroed);
	if (slab == NULL)
		panic("uvm_page_init: no room for %zu pages", pages);
	uvm_page_slab_bytes = pages * sizeof(*slab);
	if (!zeroed)
		memset(slab, 0, pages * sizeof(*slab));
	bank = uvm_physseg_get_first();
	uvm_physseg_seg_chomp_slab(bank, slab, pages);
	for (; uvm_physseg_valid_p(bank); bank = uvm_physseg_get_next(bank)) {
		n = uvm_physseg_get_end(bank) - uvm_physseg_get_start(bank);
		if (uvm_physseg_seg_alloc_from_slab(bank, n) == NULL)
			panic("uvm_page_init: the slab ends too early");
		uvm_physseg_init_seg(bank, slab);
		slab += n;
	}
	counters.managed_pages = pages;
	uvmexp.reserve_pagedaemon = 4;
	uvmexp.reserve_kernel = 8;
	uvmpdpol_reinit();
	uvm.page_init_done = true;
	page_notes_flush();
}

/*
 * The limits are all that there is of a page replacement policy; they follow
 * the number of pages.
 */

void
uvmpdpol_init(void)
{
	uvmpdpol_reinit();
}

void
uvmpdpol_reinit(void)
{
	int want = uvmexp.npages / 20;

	want = MAX(want, (16 * 1024) >> PAGE_SHIFT);
	want = MIN(want, (512 * 1024) >> PAGE_SHIFT);
	uvmexp.freemin = want + uvmexp.reserve_kernel;
	uvmexp.freetarg = MAX(uvmexp.freemin * 4 / 3, uvmexp.freemin + 1);
	uvmexp.wiredmax = uvmexp.npages / 3;
}

void
uvmpdpol_estimatepageable(int *active, int *inactive)
{
	if (active != NULL)
		*active = uvmexp.active;
	if (inactive != NULL)
		*inactive = uvmexp.inactive;
}

void
uvm_estimatepageable(int *active, int *inactive)
{
	uvmpdpol_estimatepageable(active, inactive);
}

bool
uvmpdpol_pageisqueued_p(struct vm_page *pg __unused)
{
	return false;
}

bool
uvmpdpol_needsscan_p(void)
{
	return false;
}

#define NO_QUEUE(name)                                                         \
	void name(struct vm_page *pg __unused)                                 \
	{                                                                      \
	}
NO_QUEUE(uvmpdpol_pageactivate)
NO_QUEUE(uvmpdpol_pagedeactivate)
NO_QUEUE(uvmpdpol_pagedequeue)
NO_QUEUE(uvmpdpol_pageenqueue)
NO_QUEUE(uvm_pagedeactivate)
NO_QUEUE(uvm_pageactivate)

/* A fault at uvm_pagealloc refuses a page here, too: each counts as a call. */
static struct vm_page *
page_for_list(bool may_fault)
{
	if (may_fault && FAULT_ARMED(UVM_PAGEALLOC) &&
	    port_fault(FAULT_SITE_UVM_PAGEALLOC, 0, 1) != 0)
		return NULL;
	return uvm_pagealloc(NULL, 0, NULL, 0);
}

/*
 * Pages with addresses between low and high. They are not contiguous: a caller
 * that allows less than one segment a page gets none.
 */
int
uvm_pglistalloc(psize_t size, paddr_t low, paddr_t high,
    paddr_t alignment __unused, paddr_t boundary __unused, struct pglist *rlist,
    int nsegs, int waitok)
{
	const bool by_driver = BY_DRIVER();
	psize_t pages = howmany(size, (psize_t)PAGE_SIZE);
	struct pglist outside;
	struct vm_page *pg;

	TAILQ_INIT(rlist);
	TAILQ_INIT(&outside);
	if ((psize_t)nsegs < pages)
		return ENOMEM;
	while (pages != 0) {
		pg = page_for_list(by_driver && !waitok);
		if (pg == NULL && waitok) {
			uvm_wait("pglalloc");
			continue;
		}
		if (pg == NULL)
			break;
		if (pg->phys_addr < low || pg->phys_addr >= high) {
			TAILQ_INSERT_TAIL(&outside, pg, pageq.queue);
			continue;
		}
		TAILQ_INSERT_TAIL(rlist, pg, pageq.queue);
		pages--;
	}
	uvm_pglistfree(&outside);
	if (pages == 0)
		return 0;
	uvm_pglistfree(rlist);
	return ENOMEM;
}

void
uvm_pglistfree(struct pglist *list)
{
	struct vm_page *pg;

	while ((pg = TAILQ_FIRST(list)) != NULL) {
		TAILQ_REMOVE(list, pg, pageq.queue);
		uvm_pagefree(pg);
	}
}
