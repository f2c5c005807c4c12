/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * UVM's page allocator: free lists, from which the page that was freed last is
 * taken first. Physseg code knows which pages there are. There is no page
 * replacement: a page in use stays in use.
 */
#include "guest/netbsd/kern/uvm_page.h"

#include <sys/param.h>
#include <uvm/uvm.h>
#include <xen/xenpmap.h>

#include "guest/lib/boot_block.h"
#include "guest/lib/debug_port.h"
#include "guest/lib/page_notes.h"
#include "guest/lib/window.h"
#include "guest/netbsd/kern/description.h"
#include "guest/netbsd/kern/driver.h"
#include "guest/netbsd/kern/kernel_memory.h"
#include "guest/netbsd/kern/pdaemon.h"
#include "guest/netbsd/kern/physseg_calls.h"
#include "guest/netbsd/kern/pmap.h"
#include "guest/netbsd/kern/thread.h"

struct uvm uvm;
struct uvmexp uvmexp;
kmutex_t uvm_pageqlock;
kmutex_t uvm_fpageqlock;
psize_t physmem;

/*
 * A range of pfns that is known to belong to a segment: frees inside it need
 * not ask physseg code.
 */
static paddr_t known_start;
static psize_t known_pages;
static u_long waiters; /* threads in page_wait */
uint64_t pages_asked_in_vain;

/*
 * A plug begins, with its range of frames; or a plug or unplug has ended, with
 * 0 pages.
 */
void
page_segments_changed(paddr_t start, psize_t pages)
{
	known_start = start;
	known_pages = pages;
}

static bool
page_is_managed(const struct vm_page *pg, paddr_t pfn)
{
	uvm_physseg_t upm;
	psize_t off;

	if (__predict_true(pfn - known_start < known_pages))
		return true;
	upm = uvm_physseg_find(pfn, &off);
	if (!uvm_physseg_valid_p(upm))
		return false;
	if (uvm.page_init_done && uvm_physseg_get_pg(upm, (paddr_t)off) != pg)
		return false;
	known_start = uvm_physseg_get_start(upm);
	known_pages = uvm_physseg_get_end(upm) - known_start;
	return true;
}

/* Does its P2M entry name a frame whose M2P entry names the page? */
static bool
page_is_backed(paddr_t pfn)
{
	unsigned long mfn;

	if (pfn >= p2m_entries)
		return false;
	mfn = xpmap_phys_to_machine_mapping[pfn];
	return mfn < boot_block->m2p_entries && boot_block->m2p[mfn] == pfn;
}

/*
 * Does what is seldom needed after a page went to a free list: begins another
 * run of notes, tells of a page that is not backed, wakes waiting threads.
 *
 * The harness judges a page when its note arrives. A page that is backed stays
 * so while its note waits; any other is told at once, as it is now. Inside
 * physseg code that can wait until it returns.
 */
static __noinline void
pagefree_tell(paddr_t pfn, bool joined)
{
	if (!joined)
		page_note_begin(NOTE_PAGE_FREE, pfn);
	if (!in_physseg() && !page_is_backed(pfn))
		page_notes_flush();
	if (waiters != 0)
		thread_wake_all(&uvmexp.free);
	schedule_point();
}

static __inline void
pagefree_list(struct vm_page *pg, struct pgfreelist *list, paddr_t pfn)
{
	bool joined;

	pg->uobject = NULL;
	pg->uanon = NULL;
	pg->flags = PG_FREE;
	pg->pqflags = PQ_FREE;
	TAILQ_NEXT(pg, pageq.queue) = list->pgfl_first;
	list->pgfl_first = pg;
	uvmexp.free++;
	joined = page_note_joins(NOTE_PAGE_FREE, pfn);
	if (__predict_false(!joined || (waiters | schedule_reasons()) != 0 ||
			    (!in_physseg() && !page_is_backed(pfn))))
		pagefree_tell(pfn, joined);
}

/*
 * Frees a page that is out of the ordinary: wired, of another free list, or of
 * a segment that was not looked up before. Panics when it must not be freed.
 */
static __noinline void
pagefree_odd(struct vm_page *pg, paddr_t pfn)
{
	if (pg->flags & PG_FREE)
		panic("uvm_pagefree: page %#lx is free already", pfn);
	if (!page_is_managed(pg, pfn))
		panic("uvm_pagefree: page %#lx is in no segment", pfn);
	if (pg->wire_count != 0) {
		pg->wire_count = 0;
		uvmexp.wired--;
	}
	KASSERT(pg->loan_count == 0);
	KASSERT(pg->free_list < VM_NFREELIST);
	pagefree_list(pg, &uvm.page_free[pg->free_list], pfn);
}

/*
 * Frees a page that the kernel took for its own memory. Segment code may be in the
 * middle of a change, and isn't asked: the page was a segment's when it was taken,
 * and unplug takes care of such pages (kernel_memory.h).
 */
void
page_give_back(struct vm_page *pg)
{
	KASSERT((pg->flags & PG_FREE) == 0);
	KASSERT(pg->free_list < VM_NFREELIST);
	pagefree_list(pg, &uvm.page_free[pg->free_list], atop(pg->phys_addr));
}

/*
 * This is called for each page that moves. Pages out of the ordinary are left
 * to pagefree_odd.
 */
void
uvm_pagefree(struct vm_page *pg)
{
	const paddr_t pfn = atop(pg->phys_addr);

	if (__predict_false((pg->flags & PG_FREE) != 0 ||
			    pfn - known_start >= known_pages ||
			    (pg->wire_count | pg->free_list) != 0)) {
		pagefree_odd(pg, pfn);
		return;
	}
	pagefree_list(pg, &uvm.page_free[0], pfn);
}

/*
 * Zeroes the pages that will be allocated next, many at a time. That is much
 * cheaper than one by one, and the real kernel zeroes free pages ahead, too. It
 * stops at a page without a frame.
 */
static void
zero_ahead(struct vm_page *first)
{
	const unsigned long *p2m = xpmap_phys_to_machine_mapping;
	uint64_t mfns[WINDOW_BATCH];
	struct vm_page *pg;
	size_t n = 0;

	for (pg = first; pg != NULL && n < WINDOW_BATCH;
	     pg = TAILQ_NEXT(pg, pageq.queue)) {
		unsigned long mfn;

		if ((pg->flags & PG_ZERO) != 0)
			break;
		mfn = p2m[atop(pg->phys_addr)];
		if (mfn == INVALID_P2M_ENTRY)
			break;
		mfns[n++] = mfn;
		pg->flags |= PG_ZERO; /* they nearly always will be */
	}
	if (n >= 2 && window_zero(mfns, (u_int)n)) {
		uvmexp.zeropages += (int)n;
		return;
	}
	for (pg = first; n-- > 0; pg = TAILQ_NEXT(pg, pageq.queue))
		pg->flags &= ~(uint32_t)PG_ZERO;
}

/* Sees to it that the page that is next in line is a zeroed one. */
static void
want_zeroed(void)
{
	for (int i = 0; i < VM_NFREELIST; i++) {
		struct vm_page *pg = uvm.page_free[i].pgfl_first;

		if (pg == NULL)
			continue;
		if ((pg->flags & PG_ZERO) == 0)
			zero_ahead(pg);
		return;
	}
}

/* Are there more free pages than the reserve that is kept from this caller? */
static bool
above_reserve(int flags)
{
	if (flags & UVM_PGA_USERESERVE)
		return uvmexp.free > uvmexp.reserve_pagedaemon;
	return uvmexp.free > uvmexp.reserve_kernel;
}

static __inline void
list_take(struct pgfreelist *list, struct vm_page *pg)
{
	KASSERT(pg->flags & PG_FREE);
	list->pgfl_first = TAILQ_NEXT(pg, pageq.queue);

	uvmexp.free--;
}

static struct vm_page *
list_first_take(int free_list)
{
	struct pgfreelist *list = &uvm.page_free[free_list];
	struct vm_page *pg = list->pgfl_first;

	if (pg != NULL)
		list_take(list, pg);
	return pg;
}

static struct vm_page *
any_list_take(int strat, int free_list)
{
	struct vm_page *pg = NULL;

	KASSERT(free_list >= 0 && free_list < VM_NFREELIST);
	if (strat != UVM_PGA_STRAT_NORMAL)
		pg = list_first_take(free_list);
	if (strat == UVM_PGA_STRAT_ONLY)
		return pg;
	for (int i = 0; pg == NULL && i < VM_NFREELIST; i++)
		pg = list_first_take(i);
	return pg;
}

static __inline void
page_is_for(struct vm_page *pg, struct uvm_object *obj, voff_t off,
    struct vm_anon *anon, int flags)
{
	pg->offset = off;
	pg->uobject = obj;
	pg->uanon = anon;
	pg->flags = (flags & UVM_PGA_ZERO) != 0 ? PG_BUSY
						: PG_BUSY | PG_CLEAN | PG_FAKE;
	pg->pqflags = 0;
}

static __noinline struct vm_page *
pagealloc_tell(struct vm_page *pg, bool joined)
{
	if (!joined)
		page_note_begin(NOTE_PAGE_ALLOC, atop(pg->phys_addr));
	schedule_point();
	return pg;
}

/*
 * Allocates a page in a way out of the ordinary: with a strategy, when few are
 * free, not zeroed, or zeroed only now.
 */
static __noinline struct vm_page *
pagealloc_odd(struct uvm_object *obj, voff_t off, struct vm_anon *anon,
    int flags, int strat, int free_list, bool by_driver)
{
	struct vm_page *pg;
	bool zeroed;

	uvm_kick_pdaemon();
	if (flags & UVM_PGA_ZERO)
		want_zeroed();
	if (!above_reserve(flags) ||
	    (pg = any_list_take(strat, free_list)) == NULL) {
		kernel_memory_failed();
		pages_asked_in_vain += by_driver;
		return NULL;
	}
	if (!page_note_joins(NOTE_PAGE_ALLOC, atop(pg->phys_addr)))
		page_note_begin(NOTE_PAGE_ALLOC, atop(pg->phys_addr));
	zeroed = (pg->flags & PG_ZERO) != 0;
	if (zeroed)
		uvmexp.zeropages--;
	page_is_for(pg, obj, off, anon, flags);
	if ((flags & UVM_PGA_ZERO) != 0 && !zeroed)
		pmap_zero_page(pg->phys_addr);
	schedule_point();
	return pg;
}

/*
 * Takes pages for the kernel's own memory, which are linked in front of *first.
 * The caller has seen to it that so many are free.
 */
void
page_take_many(size_t pages, struct vm_page **first)
{
	while (pages-- > 0) {
		struct vm_page *pg =
		    any_list_take(UVM_PGA_STRAT_NORMAL, VM_FREELIST_DEFAULT);
		const paddr_t pfn = atop(pg->phys_addr);

		if (!page_note_joins(NOTE_PAGE_ALLOC, pfn))
			page_note_begin(NOTE_PAGE_ALLOC, pfn);
		if (pg->flags & PG_ZERO)
			uvmexp.zeropages--;
		pg->flags = PG_CLEAN;
		pg->pqflags = 0;
		TAILQ_NEXT(pg, pageq.queue) = *first;
		*first = pg;
	}
	uvm_kick_pdaemon();
	schedule_point();
}

static __noinline struct vm_page *
pagealloc_at_fault(struct uvm_object *obj, voff_t off, struct vm_anon *anon,
    int flags, int strat, int free_list, bool by_driver)
{
	if (by_driver && port_fault(FAULT_SITE_UVM_PAGEALLOC, 0, 1) != 0)
		return NULL;
	return pagealloc_odd(
	    obj, off, anon, flags, strat, free_list, by_driver);
}

/*
 * This is called for each page that moves. Nearly always the caller wants a
 * zeroed page, and the first list begins with one.
 */
struct vm_page *
uvm_pagealloc_strat(struct uvm_object *obj, voff_t off, struct vm_anon *anon,
    int flags, int strat, int free_list)
{
	struct pgfreelist *list = &uvm.page_free[0];
	struct vm_page *pg;
	bool joined;

	KASSERT(obj == NULL || anon == NULL);
	if (FAULT_ARMED(UVM_PAGEALLOC))
		return pagealloc_at_fault(
		    obj, off, anon, flags, strat, free_list, BY_DRIVER());
	pg = list->pgfl_first;
	if (__predict_false(((strat ^ UVM_PGA_STRAT_NORMAL) |
				(flags ^ UVM_PGA_ZERO)) != 0 ||
			    pg == NULL || (pg->flags & PG_ZERO) == 0 ||
			    uvmexp.free <= uvmexp.freemin))
		return pagealloc_odd(
		    obj, off, anon, flags, strat, free_list, BY_DRIVER());
	list_take(list, pg);
	uvmexp.zeropages--;
	page_is_for(pg, obj, off, anon, UVM_PGA_ZERO);
	joined = page_note_joins(NOTE_PAGE_ALLOC, atop(pg->phys_addr));
	if (__predict_false(!joined || schedule_wanted()))
		return pagealloc_tell(pg, joined);
	return pg;
}

void
uvm_pagezero(struct vm_page *pg)
{
	pg->flags &= ~(uint32_t)PG_CLEAN;
	pmap_zero_page(pg->phys_addr);
}

void
uvm_pagecopy(struct vm_page *from, struct vm_page *to)
{
	to->flags &= ~(uint32_t)PG_CLEAN;
	pmap_copy_page(from->phys_addr, to->phys_addr);
}

void
uvm_pagewire(struct vm_page *pg)
{
	if (pg->wire_count++ == 0)
		uvmexp.wired++;
}

void
uvm_pageunwire(struct vm_page *pg)
{
	KASSERT(pg->wire_count > 0);
	if (--pg->wire_count == 0)
		uvmexp.wired--;
}

/* Waits until a page, or memory that shares one, is freed. */
void
page_wait(const char *wmsg)
{
	pdaemon_wake();
	waiters++;
	(void)thread_sleep(&uvmexp.free, wmsg, 0);
	waiters--;
}

void
page_wake(void)
{
	if (waiters != 0)
		thread_wake_all(&uvmexp.free);
}

/* Waits for a page, unless one is free by now. */
void
uvm_wait(const char *wmsg)
{
	(void)thread_may_sleep("uvm_wait");
	if (uvmexp.free > uvmexp.reserve_kernel)
		pdaemon_wake();
	else
		page_wait(wmsg);
}

struct vm_page *
uvm_phys_to_vm_page(paddr_t pa)
{
	uvm_physseg_t upm;
	psize_t off;

	upm = uvm_physseg_find(atop(pa), &off);
	if (!uvm_physseg_valid_p(upm))
		return NULL;
	return uvm_physseg_get_pg(upm, (paddr_t)off);
}

paddr_t
uvm_vm_page_to_phys(const struct vm_page *pg)
{
	return pg->phys_addr;
}

bool
uvm_pageismanaged(paddr_t pa)
{
	return uvm_physseg_valid_p(uvm_physseg_find(atop(pa), NULL));
}

int
uvm_page_lookup_freelist(struct vm_page *pg)
{
	uvm_physseg_t upm;

	upm = uvm_physseg_find(atop(pg->phys_addr), NULL);
	KASSERT(uvm_physseg_valid_p(upm));
	return uvm_physseg_get_free_list(upm);
}

int
uvm_page_get_freelist(struct vm_page *pg)
{
	return pg->free_list;
}

bool
uvm_page_locked_p(struct vm_page *pg __unused)
{
	return true;
}

bool
uvm_page_owner_locked_p(struct vm_page *pg __unused, bool exclusive __unused)
{
	return true;
}

#ifdef UVM_PAGE_TRKOWN
void
uvm_page_own(struct vm_page *pg, const char *tag)
{
	pg->owner = 0;
	pg->owner_tag = tag;
}
#endif

int
uvm_availmem(bool cached __unused)
{
	return uvmexp.free;
}
