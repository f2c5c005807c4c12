/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A test's segment code, written for Ballast in the manner of the first
 * hot-plug patches: a sorted list of segments, struct vm_pages from slabs kept
 * by extent(9), every search from the front. Without UVM_HOTPLUG, an array.
 */
#include <sys/cdefs.h>
__KERNEL_RCSID(0, "$Ballast: 2015 uvm_physseg.c $");

#ifdef _KERNEL_OPT
#include "opt_uvm.h"
#include "opt_uvm_hotplug.h"
#endif

#include <sys/param.h>
#include <sys/types.h>
#include <sys/extent.h>
#include <sys/kmem.h>
#include <sys/queue.h>

#include <uvm/uvm.h>
#include <uvm/uvm_page.h>
#include <uvm/uvm_param.h>
#include <uvm/uvm_pdpolicy.h>
#include <uvm/uvm_physseg.h>

#define SLAB_PAGES	256	/* struct vm_pages in a slab after boot */
#define SLAB_REGIONS	(VM_PHYSSEG_MAX + 1)

/* Where struct vm_pages come from: addresses of an extent. */
struct vmp_slab {
	SLIST_ENTRY(vmp_slab) vs_next;
	struct extent *vs_ex;
	struct vm_page *vs_pgs;
	size_t vs_npages;
	char vs_storage[EXTENT_FIXED_STORAGE_SIZE(SLAB_REGIONS)];
};

struct uvm_physseg {
	TAILQ_ENTRY(uvm_physseg) link;
	paddr_t	start;
	paddr_t	end;
	paddr_t	avail_start;
	paddr_t	avail_end;
	struct vm_page *pgs;
	struct vmp_slab *slab;
	int	free_list;
	u_int	start_hint;
#ifdef __HAVE_PMAP_PHYSSEG
	struct pmap_physseg pmseg;
#endif
};

static struct uvm_physseg vm_physmem[VM_PHYSSEG_MAX];
static SLIST_HEAD(, vmp_slab) vmp_slabs = SLIST_HEAD_INITIALIZER(vmp_slabs);
static struct vmp_slab vmp_boot;

#ifdef UVM_HOTPLUG
static TAILQ_HEAD(vm_seglist, uvm_physseg) vm_segs = TAILQ_HEAD_INITIALIZER(vm_segs);
#define HANDLE(seg)	(seg)
#define SEG(upm)	(upm)
#define FIRST()		TAILQ_FIRST(&vm_segs)
#define NEXT(seg)	TAILQ_NEXT((seg), link)
#else
static int vm_nphysseg;
#define HANDLE(seg)	((uvm_physseg_t)((seg) - vm_physmem))
#define SEG(upm)	(&vm_physmem[upm])
#define FIRST()		(vm_nphysseg > 0 ? vm_physmem : NULL)
#define NEXT(seg)							\
	((seg) + 1 < vm_physmem + vm_nphysseg ? (seg) + 1 : NULL)
#endif

static struct uvm_physseg *
seg_insert(paddr_t start, paddr_t end)
{
	struct uvm_physseg *seg, *at;

	for (at = FIRST(); at != NULL && at->start < start; at = NEXT(at))
		if (start < at->end)
			return NULL;
	if (at != NULL && at->start < end)
		return NULL;
#ifdef UVM_HOTPLUG
	if (uvm.page_init_done)
		seg = kmem_zalloc(sizeof(*seg), KM_NOSLEEP);
	else {
		for (seg = vm_physmem; seg < vm_physmem + VM_PHYSSEG_MAX; seg++)
			if (seg->end == 0)
				break;
		if (seg == vm_physmem + VM_PHYSSEG_MAX)
			seg = NULL;
	}
	if (seg == NULL)
		return NULL;
	if (at != NULL)
		TAILQ_INSERT_BEFORE(at, seg, link);
	else
		TAILQ_INSERT_TAIL(&vm_segs, seg, link);
#else
	if (vm_nphysseg == VM_PHYSSEG_MAX)
		return NULL;
	seg = at != NULL ? at : vm_physmem + vm_nphysseg;
	memmove(seg + 1, seg,
	    (vm_physmem + vm_nphysseg - seg) * sizeof(*seg));
	memset(seg, 0, sizeof(*seg));
	vm_nphysseg++;
#endif
	seg->start = seg->avail_start = start;
	seg->end = seg->avail_end = end;
	seg->free_list = VM_FREELIST_DEFAULT;
	return seg;
}

static void
seg_remove(struct uvm_physseg *seg)
{
#ifdef UVM_HOTPLUG
	TAILQ_REMOVE(&vm_segs, seg, link);
	if (seg >= vm_physmem && seg < vm_physmem + VM_PHYSSEG_MAX)
		memset(seg, 0, sizeof(*seg));
	else
		kmem_free(seg, sizeof(*seg));
#else
	vm_nphysseg--;
	memmove(seg, seg + 1,
	    (vm_physmem + vm_nphysseg - seg) * sizeof(*seg));
#endif
}

static void
slab_add(struct vmp_slab *slab, struct vm_page *pgs, size_t npages)
{
	slab->vs_pgs = pgs;
	slab->vs_npages = npages;
	slab->vs_ex = extent_create("vm_pages", (u_long)pgs,
	    (u_long)(pgs + npages) - 1, slab->vs_storage,
	    sizeof(slab->vs_storage), EX_NOWAIT);
	SLIST_INSERT_HEAD(&vmp_slabs, slab, vs_next);
}

/* From the first slab that has room. */
static struct vm_page *
slab_alloc(size_t npages, struct vmp_slab **from)
{
	struct vmp_slab *slab;
	u_long where;

	SLIST_FOREACH(slab, &vmp_slabs, vs_next) {
		if (slab->vs_npages < npages)
			continue;
		if (extent_alloc(slab->vs_ex, npages * sizeof(struct vm_page),
		    1, 0, EX_NOWAIT | EX_BOUNDZERO |
		    (uvm.page_init_done ? EX_MALLOCOK : 0), &where) == 0) {
			*from = slab;
			return (struct vm_page *)where;
		}
	}
	return NULL;
}

static void
seg_init_pages(struct uvm_physseg *seg, struct vm_page *pgs)
{
	paddr_t pfn;
	struct vm_page *pg = pgs;

	seg->pgs = pgs;
	for (pfn = seg->start; pfn < seg->end; pfn++, pg++) {
		pg->phys_addr = ptoa(pfn);
		mutex_init(&pg->interlock, MUTEX_DEFAULT, IPL_NONE);
#ifdef __HAVE_VM_PAGE_MD
		VM_MDPAGE_INIT(pg);
#endif
		if (pfn >= seg->avail_start && pfn < seg->avail_end) {
			uvmexp.npages++;
			mutex_enter(&uvm_pageqlock);
			uvm_pagefree(pg);
			mutex_exit(&uvm_pageqlock);
#ifdef DEBUG
			if (uvm_page_lookup_freelist(pg) != seg->free_list)
				panic("page %#" PRIxPADDR " on a wrong list",
				    pg->phys_addr);
#endif
		}
	}
}

void
uvm_physseg_init(void)
{
#ifndef UVM_HOTPLUG
	vm_nphysseg = 0;
#endif
}

uvm_physseg_t
uvm_page_physload(paddr_t start, paddr_t end, paddr_t avail_start,
    paddr_t avail_end, int free_list)
{
	struct uvm_physseg *seg;

	if (free_list >= VM_NFREELIST || free_list < VM_FREELIST_DEFAULT)
		panic("uvm_page_physload: bad free list %d", free_list);
	if (start >= end)
		panic("uvm_page_physload: start >= end");
	if (uvm.page_init_done)
		panic("uvm_page_physload: tried to add RAM after boot");
	seg = seg_insert(start, end);
	if (seg == NULL) {
		printf("uvm_page_physload: unable to load %#" PRIxPADDR "\n",
		    start);
		return UVM_PHYSSEG_TYPE_INVALID;
	}
	seg->avail_start = avail_start;
	seg->avail_end = avail_end;
	seg->free_list = free_list;
	return HANDLE(seg);
}

static bool
physunload(uvm_physseg_t upm, int free_list, paddr_t *paddrp, bool force)
{
	struct uvm_physseg *seg = SEG(upm);

	if (uvm.page_init_done || !uvm_physseg_valid_p(upm) ||
	    (seg->free_list != free_list && !force) ||
	    seg->avail_start >= seg->avail_end)
		return false;
	if (force || seg->avail_start == seg->start) {
		*paddrp = ptoa(seg->avail_start);
		seg->avail_start++;
		seg->start = seg->avail_start;
	} else if (seg->avail_end == seg->end) {
		seg->avail_end--;
		seg->end--;
		*paddrp = ptoa(seg->avail_end);
	} else
		return false;
	if (seg->start == seg->end)
		seg_remove(seg);
	return true;
}

bool
uvm_page_physunload(uvm_physseg_t upm, int free_list, paddr_t *paddrp)
{
	return physunload(upm, free_list, paddrp, false);
}

bool
uvm_page_physunload_force(uvm_physseg_t upm, int free_list, paddr_t *paddrp)
{
	return physunload(upm, free_list, paddrp, true);
}

void
uvm_physseg_seg_chomp_slab(uvm_physseg_t upm, struct vm_page *pgs, size_t n)
{
	slab_add(&vmp_boot, pgs, n);
}

struct vm_page *
uvm_physseg_seg_alloc_from_slab(uvm_physseg_t upm, size_t n)
{
	return slab_alloc(n, &SEG(upm)->slab);
}

void
uvm_physseg_init_seg(uvm_physseg_t upm, struct vm_page *pgs)
{
	seg_init_pages(SEG(upm), pgs);
}

bool
uvm_physseg_plug(paddr_t pfn, size_t npages, uvm_physseg_t *upmp)
{
	struct uvm_physseg *seg;
#ifdef UVM_HOTPLUG
	struct vmp_slab *slab;
	struct vm_page *pgs;
	size_t n;
#else
	if (uvm.page_init_done)
		return false;
#endif
	seg = seg_insert(pfn, pfn + npages);
	if (seg == NULL)
		return false;
	if (upmp != NULL)
		*upmp = HANDLE(seg);
#ifdef UVM_HOTPLUG
	if (!uvm.page_init_done)
		return true;
	pgs = slab_alloc(npages, &seg->slab);
	if (pgs == NULL) {
		n = MAX(npages, SLAB_PAGES);
		slab = kmem_zalloc(sizeof(*slab), KM_NOSLEEP);
		pgs = kmem_zalloc(n * sizeof(*pgs), KM_NOSLEEP);
		if (slab == NULL || pgs == NULL) {
			seg_remove(seg);
			return false;
		}
		slab_add(slab, pgs, n);
		pgs = slab_alloc(npages, &seg->slab);
	}
	if (pgs == NULL)
		panic("uvm_physseg_plug: a new slab is full");
	memset(pgs, 0, npages * sizeof(*pgs));
	physmem += npages;
	seg_init_pages(seg, pgs);
	uvmpdpol_reinit();
#endif
	return true;
}

/* Whole segments only. */
bool
uvm_physseg_unplug(paddr_t pfn, size_t npages)
{
	struct uvm_physseg *seg;

	for (seg = FIRST(); seg != NULL; seg = NEXT(seg))
		if (seg->start == pfn && seg->end == pfn + npages)
			break;
	if (seg == NULL)
		return false;
	if (uvm.page_init_done) {
#ifdef UVM_HOTPLUG
		if (seg->slab == NULL || seg->slab == &vmp_boot ||
		    extent_free(seg->slab->vs_ex, (u_long)seg->pgs,
		    npages * sizeof(struct vm_page), EX_NOWAIT) != 0)
			return false;
		uvmexp.npages -= npages;
		physmem -= npages;
#else
		return false;
#endif
	}
	seg_remove(seg);
	return true;
}

bool
uvm_physseg_valid_p(uvm_physseg_t upm)
{
#ifdef UVM_HOTPLUG
	struct uvm_physseg *seg;

	for (seg = FIRST(); seg != NULL; seg = NEXT(seg))
		if (seg == upm)
			return true;
	return false;
#else
	return upm >= 0 && upm < vm_nphysseg;
#endif
}

uvm_physseg_t
uvm_physseg_find(paddr_t pframe, psize_t *offp)
{
	struct uvm_physseg *seg;

	for (seg = FIRST(); seg != NULL; seg = NEXT(seg))
		if (pframe >= seg->start && pframe < seg->end) {
			if (offp != NULL)
				*offp = pframe - seg->start;
			return HANDLE(seg);
		}
	return UVM_PHYSSEG_TYPE_INVALID;
}

uvm_physseg_t
uvm_physseg_get_first(void)
{
	struct uvm_physseg *seg = FIRST();

	return seg == NULL ? UVM_PHYSSEG_TYPE_INVALID_EMPTY : HANDLE(seg);
}

uvm_physseg_t
uvm_physseg_get_last(void)
{
#ifdef UVM_HOTPLUG
	return TAILQ_LAST(&vm_segs, vm_seglist);
#else
	return vm_nphysseg - 1;
#endif
}

uvm_physseg_t
uvm_physseg_get_next(uvm_physseg_t upm)
{
#ifdef UVM_HOTPLUG
	return TAILQ_NEXT(upm, link);
#else
	return upm + 1;
#endif
}

uvm_physseg_t
uvm_physseg_get_prev(uvm_physseg_t upm)
{
#ifdef UVM_HOTPLUG
	return TAILQ_PREV(upm, vm_seglist, link);
#else
	return upm - 1;
#endif
}

paddr_t
uvm_physseg_get_highest_frame(void)
{
	return SEG(uvm_physseg_get_last())->end - 1;
}

#define GETTER(type, member, none)					\
type									\
uvm_physseg_get_##member(uvm_physseg_t upm)				\
{									\
	return uvm_physseg_valid_p(upm) ? SEG(upm)->member : (type)(none); \
}
GETTER(paddr_t, start, -1)
GETTER(paddr_t, end, -1)
GETTER(paddr_t, avail_start, -1)
GETTER(paddr_t, avail_end, -1)
GETTER(int, free_list, -1)
GETTER(u_int, start_hint, -1)

void
uvm_physseg_set_avail_start(uvm_physseg_t upm, paddr_t avail_start)
{
	SEG(upm)->avail_start = avail_start;
}

void
uvm_physseg_set_avail_end(uvm_physseg_t upm, paddr_t avail_end)
{
	SEG(upm)->avail_end = avail_end;
}

bool
uvm_physseg_set_start_hint(uvm_physseg_t upm, u_int hint)
{
	if (!uvm_physseg_valid_p(upm))
		return false;
	SEG(upm)->start_hint = hint;
	return true;
}

struct vm_page *
uvm_physseg_get_pg(uvm_physseg_t upm, paddr_t idx)
{
	return &SEG(upm)->pgs[idx];
}

#ifdef __HAVE_PMAP_PHYSSEG
struct pmap_physseg *
uvm_physseg_get_pmseg(uvm_physseg_t upm)
{
	return &SEG(upm)->pmseg;
}
#endif
