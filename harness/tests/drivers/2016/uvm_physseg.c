/* $NetBSD$ */

/*
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * This file stands for the year 2016 and for somebody who reviewed the patch
 * that brought uvm_hotplug(9).  With `options UVM_HOTPLUG' the segments are
 * nodes of an rbtree(3) and the vm_pages come out of slabs, whose space an
 * extent(9) keeps; without, there is a small sorted array, for boot only.
 * What must be true is asserted, and DEBUG kernels say what they do.
 *
 * Copyright (c) 2016 by the second of three strangers.
 */

#include <sys/cdefs.h>
__KERNEL_RCSID(0, "$NetBSD$");

#ifdef _KERNEL_OPT
#include "opt_uvm.h"
#include "opt_uvm_hotplug.h"
#endif

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/extent.h>
#include <sys/kmem.h>
#include <sys/queue.h>
#include <sys/rbtree.h>

#include <uvm/uvm.h>
#include <uvm/uvm_page.h>
#include <uvm/uvm_pdpolicy.h>
#include <uvm/uvm_physseg.h>

/*
 * A segment: frames [start, end), of which [avail_start, avail_end) were
 * given to the free list.
 */
struct uvm_physseg {
#ifdef UVM_HOTPLUG
	rb_node_t	rbnode;
	bool		boot;		/* lives in segment_pool[] */
#endif
	paddr_t		start, end;
	paddr_t		avail_start, avail_end;
	struct vm_page	*pgs;
	int		free_list;
	u_int		start_hint;
#ifdef __HAVE_PMAP_PHYSSEG
	struct pmap_physseg pmseg;
#endif
};

static struct uvm_physseg segment_pool[VM_PHYSSEG_MAX];

static void
segment_set(struct uvm_physseg *seg, paddr_t start, paddr_t end,
    paddr_t avail_start, paddr_t avail_end, int free_list)
{
	KASSERTMSG(start < end, "%s: 0x%" PRIxPADDR "..0x%" PRIxPADDR,
	    __func__, start, end);

	seg->start = start;
	seg->end = end;
	/* What is available has to lie in it, even if it is nothing. */
	seg->avail_start = MIN(MAX(avail_start, start), end);
	seg->avail_end = MAX(MIN(avail_end, end), seg->avail_start);
	seg->free_list = free_list;
	seg->start_hint = 0;
}

/*
 * There are two kinds of storage, and each of them brings
 *	uvm_physseg_init()
 *	segment_ptr()		the struct behind a valid handle, or NULL
 *	segment_handle()	the handle of a struct
 *	segment_first(), segment_last(), segment_after(), segment_before()
 *	segment_search()	the struct that has a frame, or NULL
 *	segment_add(), segment_delete(), slab_add(), slab_alloc(), slab_free()
 * An rbtree doesn't mind VM_PHYSSEG_STRAT; the array is sorted, whatever the
 * strategy, because the functions below count on it.
 */
#ifdef UVM_HOTPLUG

#define segment_handle(seg)	(segment_lastok = (seg))
#define segment_first()		RB_TREE_MIN(&segment_tree)
#define segment_last()		RB_TREE_MAX(&segment_tree)
#define segment_after(seg)	rb_tree_iterate(&segment_tree, seg, RB_DIR_RIGHT)
#define segment_before(seg)	rb_tree_iterate(&segment_tree, seg, RB_DIR_LEFT)

#define SLAB_FLAGS	(EX_NOWAIT | (uvm.page_init_done ? EX_MALLOCOK : 0))
#define SLAB_MINPAGES	512	/* vm_pages in the smallest slab */
#define SLAB_REGIONS	16	/* what an extent has without kmem(9) */

struct slab {
	LIST_ENTRY(slab) link;
	struct extent	*ex;
	char		*mem;
	size_t		size;		/* bytes */
	size_t		inuse;		/* bytes */
	bool		boot;
	char		storage[EXTENT_FIXED_STORAGE_SIZE(SLAB_REGIONS)]
			    __aligned(16);
};

static rb_tree_t segment_tree;
static uvm_physseg_t segment_lastok;	/* known to be in the tree */
static LIST_HEAD(, slab) slabs;
static struct slab slab_boot;

static int
segment_compare_nodes(void *ctx, const void *n1, const void *n2)
{
	const struct uvm_physseg *s1 = n1, *s2 = n2;

	return s1->start < s2->start ? -1 : s1->start > s2->start;
}

static int
segment_compare_key(void *ctx, const void *n, const void *key)
{
	const struct uvm_physseg *seg = n;
	const paddr_t pfn = *(const paddr_t *)key;

	return seg->start < pfn ? -1 : seg->start > pfn;
}

static const rb_tree_ops_t segment_ops = {
	.rbto_compare_nodes = segment_compare_nodes,
	.rbto_compare_key = segment_compare_key,
	.rbto_node_offset = offsetof(struct uvm_physseg, rbnode),
	.rbto_context = NULL,
};

void
uvm_physseg_init(void)
{
	rb_tree_init(&segment_tree, &segment_ops);
	memset(segment_pool, 0, sizeof(segment_pool));
	memset(&slab_boot, 0, sizeof(slab_boot));
	LIST_INIT(&slabs);
	segment_lastok = NULL;
}

/* A handle may have outlived its segment: don't look at what it points at. */
static struct uvm_physseg *
segment_ptr(uvm_physseg_t upm)
{
	struct uvm_physseg *seg;

	if (upm == UVM_PHYSSEG_TYPE_INVALID)
		return NULL;
	if (upm == segment_lastok)
		return upm;
	RB_TREE_FOREACH(seg, &segment_tree) {
		if (seg == upm)
			return segment_lastok = seg;
	}
	return NULL;
}

static struct uvm_physseg *
segment_search(paddr_t pfn)
{
	struct uvm_physseg *seg;

	seg = rb_tree_find_node_leq(&segment_tree, &pfn);
	return seg != NULL && pfn < seg->end ? segment_handle(seg) : NULL;
}

static struct uvm_physseg *
segment_add(paddr_t start, paddr_t end, paddr_t avail_start,
    paddr_t avail_end, int free_list)
{
	struct uvm_physseg *seg, *in __diagused;

	if (segment_search(start) != NULL)
		return NULL;
	seg = rb_tree_find_node_geq(&segment_tree, &start);
	if (seg != NULL && seg->start < end)
		return NULL;

	if (uvm.page_init_done) {
		seg = kmem_zalloc(sizeof(*seg), KM_NOSLEEP);
		if (seg == NULL)
			return NULL;
	} else {
		for (seg = segment_pool; seg->boot; seg++)
			if (seg == &segment_pool[VM_PHYSSEG_MAX - 1])
				return NULL;
		seg->boot = true;
	}

	segment_set(seg, start, end, avail_start, avail_end, free_list);
	in = rb_tree_insert_node(&segment_tree, seg);
	KASSERTMSG(in == seg, "%s: %p is in the way", __func__, in);
	return seg;
}

static void
segment_delete(struct uvm_physseg *seg)
{
	rb_tree_remove_node(&segment_tree, seg);
	segment_lastok = NULL;
	if (seg->boot)
		memset(seg, 0, sizeof(*seg));
	else
		kmem_free(seg, sizeof(*seg));
}

/* Memory at boot is the page code's; later it is ours, when mem is NULL. */
static bool
slab_add(struct vm_page *mem, size_t npages)
{
	struct slab *slab = &slab_boot;
	const size_t size = npages * sizeof(*mem);
	const bool boot = mem != NULL;

	if (!boot) {
		slab = kmem_zalloc(sizeof(*slab), KM_NOSLEEP);
		if (slab == NULL)
			return false;
		mem = kmem_alloc(size, KM_NOSLEEP);
		if (mem == NULL) {
			kmem_free(slab, sizeof(*slab));
			return false;
		}
	}
	KASSERTMSG(slab->ex == NULL, "%s: a second one at boot", __func__);

	slab->mem = (char *)mem;
	slab->size = size;
	slab->boot = boot;
	/* One with fixed storage can't fail. */
	slab->ex = extent_create("physseg", (u_long)(uintptr_t)mem,
	    (u_long)(uintptr_t)mem + size - 1, slab->storage,
	    sizeof(slab->storage), EX_NOWAIT);
	LIST_INSERT_HEAD(&slabs, slab, link);
	return true;
}

static struct vm_page *
slab_alloc(size_t npages)
{
	const size_t size = npages * sizeof(struct vm_page);
	struct slab *slab;
	u_long addr;

	LIST_FOREACH(slab, &slabs, link) {
		if (slab->size - slab->inuse < size ||
		    extent_alloc(slab->ex, size, 1, 0, SLAB_FLAGS, &addr))
			continue;
		slab->inuse += size;
		return memset((void *)(uintptr_t)addr, 0, size);
	}
	return NULL;
}

static bool
slab_free(struct vm_page *pgs, size_t npages)
{
	const size_t size = npages * sizeof(struct vm_page);
	struct slab *slab;

	LIST_FOREACH(slab, &slabs, link) {
		if ((char *)pgs >= slab->mem &&
		    (char *)pgs < slab->mem + slab->size)
			break;
	}
	if (slab == NULL)
		return true;		/* the page code's own, at boot */

	/* A piece from the middle costs a descriptor. */
	if (extent_free(slab->ex, (u_long)(uintptr_t)pgs, size, SLAB_FLAGS))
		return false;
	KASSERTMSG(slab->inuse >= size, "%s: %zu", __func__, slab->inuse);
	slab->inuse -= size;
	if (slab->inuse == 0 && !slab->boot) {
		LIST_REMOVE(slab, link);
		extent_destroy(slab->ex);
		kmem_free(slab->mem, slab->size);
		kmem_free(slab, sizeof(*slab));
	}
	return true;
}

#else /* !UVM_HOTPLUG */

#define segment_handle(seg)	((uvm_physseg_t)((seg) - segment_pool))
#define segment_first()		(nsegments > 0 ? &segment_pool[0] : NULL)
#define segment_last()	(nsegments > 0 ? &segment_pool[nsegments - 1] : NULL)
#define segment_after(seg)	((seg) != segment_last() ? (seg) + 1 : NULL)
#define segment_before(seg)	((seg) != segment_first() ? (seg) - 1 : NULL)

static int nsegments;
static struct vm_page *slab_next;
static size_t slab_left;

void
uvm_physseg_init(void)
{
	memset(segment_pool, 0, sizeof(segment_pool));
	nsegments = 0;
	slab_next = NULL;
	slab_left = 0;
}

static struct uvm_physseg *
segment_ptr(uvm_physseg_t upm)
{
	return upm >= 0 && upm < nsegments ? &segment_pool[upm] : NULL;
}

static struct uvm_physseg *
segment_search(paddr_t pfn)
{
	struct uvm_physseg *seg;

	for (seg = segment_pool; seg < &segment_pool[nsegments]; seg++) {
		if (pfn < seg->end)
			return pfn >= seg->start ? seg : NULL;
	}
	return NULL;
}

static struct uvm_physseg *
segment_add(paddr_t start, paddr_t end, paddr_t avail_start,
    paddr_t avail_end, int free_list)
{
	struct uvm_physseg *seg, *place = segment_pool;

	while (place < &segment_pool[nsegments] && place->end <= start)
		place++;
	if (nsegments == VM_PHYSSEG_MAX ||
	    (place < &segment_pool[nsegments] && place->start < end))
		return NULL;
	for (seg = &segment_pool[nsegments++]; seg > place; seg--)
		seg[0] = seg[-1];
	memset(place, 0, sizeof(*place));
	segment_set(place, start, end, avail_start, avail_end, free_list);
	return place;
}

static void
segment_delete(struct uvm_physseg *seg)
{
	for (nsegments--; seg < &segment_pool[nsegments]; seg++)
		seg[0] = seg[1];
}

static bool
slab_add(struct vm_page *mem, size_t npages)
{
	slab_next = mem;
	slab_left = npages;
	return mem != NULL;
}

static struct vm_page *
slab_alloc(size_t npages)
{
	struct vm_page *pgs = slab_next;

	if (npages > slab_left)
		return NULL;
	slab_next += npages;
	slab_left -= npages;
	return memset(pgs, 0, npages * sizeof(*pgs));
}

#define slab_free(pgs, npages)	true

#endif /* UVM_HOTPLUG */

/* From here on it doesn't matter how they are kept. */

void
uvm_physseg_seg_chomp_slab(uvm_physseg_t upm, struct vm_page *pgs, size_t n)
{
	(void)slab_add(pgs, n);
}

struct vm_page *
uvm_physseg_seg_alloc_from_slab(uvm_physseg_t upm, size_t npages)
{
	return npages > 0 ? slab_alloc(npages) : NULL;
}

bool
uvm_physseg_plug(paddr_t pfn, size_t npages, uvm_physseg_t *upmp)
{
	const paddr_t end = pfn + npages;
	struct vm_page *pgs = NULL;
	struct uvm_physseg *seg;

	if (npages == 0 || end <= pfn)
		return false;
	if (uvm.page_init_done) {
#ifdef UVM_HOTPLUG
		pgs = slab_alloc(npages);
		if (pgs == NULL &&
		    (slab_add(NULL, MAX(npages, SLAB_MINPAGES)) ||
		    slab_add(NULL, npages)))
			pgs = slab_alloc(npages);
#endif
		if (pgs == NULL)
			return false;
	}

	seg = segment_add(pfn, end, pfn, end, VM_FREELIST_DEFAULT);
	if (seg == NULL) {
		if (pgs != NULL)
			(void)slab_free(pgs, npages);
		return false;
	}
	if (pgs != NULL) {
		physmem += npages;
		uvm_physseg_init_seg(segment_handle(seg), pgs);
		uvmpdpol_reinit();
	}
#ifdef DEBUG
	printf("%s: 0x%" PRIxPADDR ", %zu pages\n", __func__, pfn, npages);
#endif
	if (upmp != NULL)
		*upmp = segment_handle(seg);
	return true;
}

bool
uvm_physseg_unplug(paddr_t pfn, size_t npages)
{
	const paddr_t end = pfn + npages;
	struct uvm_physseg *seg, *rest = NULL, was;

	if (npages == 0 || end <= pfn)
		return false;
#ifndef UVM_HOTPLUG
	if (uvm.page_init_done)
		return false;
#endif
	seg = segment_search(pfn);
	if (seg == NULL || end > seg->end)
		return false;

	/* What can fail comes first: a struct for the far side, the slab. */
	was = *seg;
	if (pfn > was.start && end < was.end) {
		seg->end = pfn;
		rest = segment_add(end, was.end, was.avail_start,
		    was.avail_end, was.free_list);
		if (rest == NULL) {
			seg->end = was.end;
			return false;
		}
#ifdef __HAVE_PMAP_PHYSSEG
		rest->pmseg = was.pmseg;
#endif
		if (was.pgs != NULL)
			rest->pgs = was.pgs + (end - was.start);
	}
	if (was.pgs != NULL && !slab_free(was.pgs + (pfn - was.start), npages)) {
		if (rest != NULL)
			segment_delete(rest);
		seg->end = was.end;
		return false;
	}

	if (pfn > was.start)
		segment_set(seg, was.start, pfn, was.avail_start,
		    was.avail_end, was.free_list);
	else if (end < was.end) {
		/* The order stays what it was. */
		segment_set(seg, end, was.end, was.avail_start, was.avail_end,
		    was.free_list);
		if (was.pgs != NULL)
			seg->pgs = was.pgs + npages;
	} else
		segment_delete(seg);

	if (was.pgs != NULL) {
		/* Pages that were never free have not been counted. */
		if (MAX(pfn, was.avail_start) < MIN(end, was.avail_end))
			uvmexp.npages -= MIN(end, was.avail_end) -
			    MAX(pfn, was.avail_start);
		physmem -= npages;
		uvmpdpol_reinit();
	}
	return true;
}

static uvm_physseg_t
segment_or(struct uvm_physseg *seg, uvm_physseg_t none)
{
	return seg != NULL ? segment_handle(seg) : none;
}

uvm_physseg_t
uvm_physseg_get_first(void)
{
	return segment_or(segment_first(), UVM_PHYSSEG_TYPE_INVALID_EMPTY);
}

uvm_physseg_t
uvm_physseg_get_last(void)
{
	return segment_or(segment_last(), UVM_PHYSSEG_TYPE_INVALID_EMPTY);
}

uvm_physseg_t
uvm_physseg_get_next(uvm_physseg_t upm)
{
	struct uvm_physseg *seg = segment_ptr(upm);

	return seg == NULL ? UVM_PHYSSEG_TYPE_INVALID :
	    segment_or(segment_after(seg), UVM_PHYSSEG_TYPE_INVALID_OVERFLOW);
}

uvm_physseg_t
uvm_physseg_get_prev(uvm_physseg_t upm)
{
	struct uvm_physseg *seg = segment_ptr(upm);

	return seg == NULL ? UVM_PHYSSEG_TYPE_INVALID :
	    segment_or(segment_before(seg), UVM_PHYSSEG_TYPE_INVALID_EMPTY);
}

uvm_physseg_t
uvm_page_physload(paddr_t start, paddr_t end, paddr_t avail_start,
    paddr_t avail_end, int free_list)
{
	struct uvm_physseg *seg;

	if (uvm.page_init_done)
		panic("%s: UVM is up, use uvm_physseg_plug()", __func__);
	if (free_list < VM_FREELIST_DEFAULT || free_list >= VM_NFREELIST ||
	    start >= end)
		panic("%s: bad segment", __func__);
	seg = segment_add(start, end, avail_start, avail_end, free_list);
	if (seg == NULL)
		printf("%s: no segment for 0x%" PRIxPADDR "..0x%" PRIxPADDR
		    ", VM_PHYSSEG_MAX is %d\n", __func__, start, end,
		    VM_PHYSSEG_MAX);
	return segment_or(seg, UVM_PHYSSEG_TYPE_INVALID);
}

static bool
segment_steal(uvm_physseg_t upm, int free_list, paddr_t *pa, bool force)
{
	struct uvm_physseg *seg = segment_ptr(upm);

	if (uvm.page_init_done)
		panic("%s: UVM is up, use uvm_physseg_unplug()", __func__);
	if (seg == NULL || seg->free_list != free_list ||
	    seg->avail_start == seg->avail_end)
		return false;

	if (force || seg->avail_start == seg->start) {
		*pa = ptoa(seg->avail_start);
		seg->start = ++seg->avail_start;
	} else if (seg->avail_end == seg->end) {
		seg->end = --seg->avail_end;
		*pa = ptoa(seg->end);
	} else
		return false;

	if (seg->start == seg->end)
		segment_delete(seg);
	return true;
}

bool
uvm_page_physunload(uvm_physseg_t upm, int free_list, paddr_t *paddrp)
{
	return segment_steal(upm, free_list, paddrp, false);
}

bool
uvm_page_physunload_force(uvm_physseg_t upm, int free_list, paddr_t *paddrp)
{
	return segment_steal(upm, free_list, paddrp, true);
}

void
uvm_physseg_init_seg(uvm_physseg_t upm, struct vm_page *pgs)
{
	struct uvm_physseg *seg = segment_ptr(upm);
	struct vm_page *pg = pgs;
	paddr_t pfn;

	KASSERTMSG(seg != NULL && seg->pgs == NULL && pgs != NULL,
	    "%s: segment %p, pages %p", __func__, seg, pgs);

	seg->pgs = pgs;
	for (pfn = seg->start; pfn < seg->end; pfn++, pg++) {
		pg->phys_addr = ptoa(pfn);
#ifdef __HAVE_VM_PAGE_MD
		VM_MDPAGE_INIT(pg);
#endif
		if (pfn >= seg->avail_start && pfn < seg->avail_end) {
			uvmexp.npages++;
			uvm_page_set_freelist(pg, seg->free_list);
			uvm_pagefree(pg);
		}
	}
}

uvm_physseg_t
uvm_physseg_find(paddr_t pfn, psize_t *offsetp)
{
	struct uvm_physseg *seg = segment_search(pfn);

	if (seg != NULL && offsetp != NULL)
		*offsetp = pfn - seg->start;
	return segment_or(seg, UVM_PHYSSEG_TYPE_INVALID);
}

bool
uvm_physseg_valid_p(uvm_physseg_t upm)
{
	return segment_ptr(upm) != NULL;
}

paddr_t
uvm_physseg_get_highest_frame(void)
{
	struct uvm_physseg *seg = segment_last();

	return seg != NULL ? seg->end - 1 : (paddr_t)-1;
}

#define GETTER(type, field, none)					\
type									\
uvm_physseg_get_##field(uvm_physseg_t upm)				\
{									\
	struct uvm_physseg *seg = segment_ptr(upm);			\
									\
	return seg != NULL ? seg->field : (none);			\
}

GETTER(paddr_t, start, (paddr_t)-1)
GETTER(paddr_t, end, (paddr_t)-1)
GETTER(paddr_t, avail_start, (paddr_t)-1)
GETTER(paddr_t, avail_end, (paddr_t)-1)
GETTER(int, free_list, -1)
GETTER(u_int, start_hint, 0)

struct vm_page *
uvm_physseg_get_pg(uvm_physseg_t upm, paddr_t idx)
{
	struct uvm_physseg *seg = segment_ptr(upm);

	if (seg == NULL || seg->pgs == NULL)
		return NULL;
	KASSERTMSG(idx < seg->end - seg->start, "%s: too far", __func__);
	return &seg->pgs[idx];
}

#ifdef __HAVE_PMAP_PHYSSEG
struct pmap_physseg *
uvm_physseg_get_pmseg(uvm_physseg_t upm)
{
	struct uvm_physseg *seg = segment_ptr(upm);

	return seg != NULL ? &seg->pmseg : NULL;
}
#endif

bool
uvm_physseg_set_start_hint(uvm_physseg_t upm, u_int start_hint)
{
	struct uvm_physseg *seg = segment_ptr(upm);

	return seg != NULL && (seg->start_hint = start_hint, true);
}

void
uvm_physseg_set_avail_start(uvm_physseg_t upm, paddr_t avail_start)
{
	struct uvm_physseg *seg = segment_ptr(upm);

	if (seg == NULL)
		return;
	KASSERTMSG(avail_start >= seg->start && avail_start <= seg->avail_end,
	    "%s: 0x%" PRIxPADDR, __func__, avail_start);
	seg->avail_start = avail_start;
}

void
uvm_physseg_set_avail_end(uvm_physseg_t upm, paddr_t avail_end)
{
	struct uvm_physseg *seg = segment_ptr(upm);

	if (seg == NULL)
		return;
	KASSERTMSG(avail_end <= seg->end && avail_end >= seg->avail_start,
	    "%s: 0x%" PRIxPADDR, __func__, avail_end);
	seg->avail_end = avail_end;
}
