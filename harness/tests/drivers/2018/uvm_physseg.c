/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A test's segment code, written for Ballast in the manner of 2018: an rbtree
 * of segments, each with an extent(9) over its slab of struct vm_pages; a new
 * segment looks through those of all others for room. Without UVM_HOTPLUG, the
 * static array with its three strategies of search.
 */
#include <sys/cdefs.h>
__KERNEL_RCSID(0, "$Ballast: 2018 uvm_physseg.c $");

#ifdef _KERNEL_OPT
#include "opt_uvm.h"
#include "opt_uvm_hotplug.h"
#endif

#include <sys/param.h>
#include <sys/types.h>
#include <sys/extent.h>
#include <sys/kmem.h>
#include <sys/rbtree.h>

#include <uvm/uvm.h>
#include <uvm/uvm_page.h>
#include <uvm/uvm_param.h>
#include <uvm/uvm_pdpolicy.h>
#include <uvm/uvm_physseg.h>

#define SLAB_EXTRA	63	/* struct vm_pages beyond those asked for */

struct pslab {
	struct vm_page *base;
	size_t n;
	struct extent *map;
	char store[EXTENT_FIXED_STORAGE_SIZE(VM_PHYSSEG_MAX)];
};

struct uvm_physseg {
	struct rb_node node;
	paddr_t start, end, avail_start, avail_end;
	struct vm_page *pgs;
	struct pslab *own;		/* the slab that came with it */
	struct pslab *used;		/* the slab that its pages are in */
	int free_list;
	u_int start_hint;
#ifdef __HAVE_PMAP_PHYSSEG
	struct pmap_physseg pmseg;
#endif
};

static struct uvm_physseg bootseg[VM_PHYSSEG_MAX];
static struct pslab bootslab[VM_PHYSSEG_MAX];
static int nbootslab;

#ifdef UVM_HOTPLUG

static int
seg_cmp(void *ctx __unused, const void *a, const void *b)
{
	const struct uvm_physseg *x = a, *y = b;

	return x->start < y->start ? -1 : x->start > y->start;
}

static int
seg_cmp_frame(void *ctx __unused, const void *a, const void *key)
{
	const struct uvm_physseg *x = a;
	const paddr_t frame = *(const paddr_t *)key;

	return frame < x->start ? 1 : frame >= x->end ? -1 : 0;
}

static const rb_tree_ops_t seg_ops = {
	.rbto_compare_nodes = seg_cmp,
	.rbto_compare_key = seg_cmp_frame,
	.rbto_node_offset = offsetof(struct uvm_physseg, node),
};
static rb_tree_t segs;
static size_t nboot;

static struct uvm_physseg *
frame_seg(paddr_t frame)
{
	return rb_tree_find_node(&segs, &frame);
}

static struct uvm_physseg *
new_seg(paddr_t start, paddr_t end)
{
	struct uvm_physseg *seg, *near;

	near = rb_tree_find_node_geq(&segs, &start);
	if (near != NULL && near->start < end)
		return NULL;
	if (!uvm.page_init_done) {
		if (nboot == VM_PHYSSEG_MAX)
			return NULL;
		seg = &bootseg[nboot++];
	} else if ((seg = kmem_zalloc(sizeof(*seg), KM_NOSLEEP)) == NULL)
		return NULL;
	seg->start = seg->avail_start = start;
	seg->end = seg->avail_end = end;
	near = rb_tree_insert_node(&segs, seg);
	KASSERTMSG(near == seg, "%#" PRIxPADDR " is there", start);
	return seg;
}

static void
old_seg(struct uvm_physseg *seg)
{
	rb_tree_remove_node(&segs, seg);
	if (seg < bootseg || seg >= bootseg + VM_PHYSSEG_MAX)
		kmem_free(seg, sizeof(*seg));
}

#define H2S(h)		(h)
#define S2H(s)		(s)

bool
uvm_physseg_valid_p(uvm_physseg_t upm)
{
	return upm != NULL && upm == frame_seg(upm->start);
}

#else /* !UVM_HOTPLUG */

static int nsegs;

#define H2S(h)		(&bootseg[h])
#define S2H(s)		((int)((s) - bootseg))

static struct uvm_physseg *
frame_seg(paddr_t frame)
{
#if VM_PHYSSEG_STRAT == VM_PSTRAT_BSEARCH
	int lo = 0, hi = nsegs;

	while (lo < hi) {
		int mid = (lo + hi) / 2;

		if (frame < bootseg[mid].start)
			hi = mid;
		else if (frame >= bootseg[mid].end)
			lo = mid + 1;
		else
			return &bootseg[mid];
	}
#else
	for (int i = 0; i < nsegs; i++)
		if (frame >= bootseg[i].start && frame < bootseg[i].end)
			return &bootseg[i];
#endif
	return NULL;
}

static struct uvm_physseg *
new_seg(paddr_t start, paddr_t end)
{
	int at = nsegs;

	if (nsegs == VM_PHYSSEG_MAX) {
		printf("no room for segment %d\n", nsegs);
		return NULL;
	}
	for (int i = 0; i < nsegs; i++)
		if (start < bootseg[i].end && bootseg[i].start < end)
			return NULL;
#if VM_PHYSSEG_STRAT == VM_PSTRAT_BIGFIRST
	while (at > 0 && bootseg[at - 1].end - bootseg[at - 1].start <
	    end - start) {
#elif VM_PHYSSEG_STRAT == VM_PSTRAT_BSEARCH
	while (at > 0 && bootseg[at - 1].start > start) {
#else
	while (false) {
#endif
		bootseg[at] = bootseg[at - 1];
		at--;
	}
	nsegs++;
	memset(&bootseg[at], 0, sizeof(bootseg[at]));
	bootseg[at].start = bootseg[at].avail_start = start;
	bootseg[at].end = bootseg[at].avail_end = end;
	return &bootseg[at];
}

static void
old_seg(struct uvm_physseg *seg)
{
	nsegs--;
	for (; seg < bootseg + nsegs; seg++)
		seg[0] = seg[1];
}

bool
uvm_physseg_valid_p(uvm_physseg_t upm)
{
	return upm >= 0 && upm < nsegs;
}

#endif /* UVM_HOTPLUG */

static void
slab_init(struct pslab *slab, struct vm_page *pgs, size_t n)
{
	slab->base = pgs;
	slab->n = n;
	slab->map = extent_create("vmpgs", (u_long)pgs,
	    (u_long)(pgs + n) - 1, slab->store, sizeof(slab->store),
	    EX_NOWAIT);
	KASSERT(slab->map != NULL);
}

static struct vm_page *
slab_take(struct pslab *slab, size_t n)
{
	u_long va;

	if (slab->n < n || extent_alloc(slab->map, n * sizeof(struct vm_page),
	    1, 0, EX_BOUNDZERO | EX_NOWAIT | EX_MALLOCOK, &va) != 0)
		return NULL;
	return (struct vm_page *)va;
}

static void
pages_init(struct uvm_physseg *seg, struct vm_page *pgs)
{
	size_t i, n = seg->end - seg->start;

	KASSERT(seg->pgs == NULL);
	seg->pgs = pgs;
	for (i = 0; i < n; i++) {
		pgs[i].phys_addr = ptoa(seg->start + i);
		mutex_init(&pgs[i].interlock, MUTEX_DEFAULT, IPL_NONE);
		uvm_page_set_freelist(&pgs[i], seg->free_list);
#ifdef __HAVE_VM_PAGE_MD
		VM_MDPAGE_INIT(&pgs[i]);
#endif
		if (seg->start + i < seg->avail_start ||
		    seg->start + i >= seg->avail_end)
			continue;
		uvmexp.npages++;
		mutex_enter(&uvm_pageqlock);
		uvm_pagefree(&pgs[i]);
		mutex_exit(&uvm_pageqlock);
	}
}

void
uvm_physseg_init(void)
{
#ifdef UVM_HOTPLUG
	rb_tree_init(&segs, &seg_ops);
	nboot = 0;
#else
	nsegs = 0;
#endif
}

uvm_physseg_t
uvm_page_physload(paddr_t start, paddr_t end, paddr_t avail_start,
    paddr_t avail_end, int free_list)
{
	struct uvm_physseg *seg;

	KASSERTMSG(!uvm.page_init_done, "physload after boot");
	if (start >= end || free_list < 0 || free_list >= VM_NFREELIST)
		panic("%s: bad arguments", __func__);
	seg = new_seg(start, end);
	if (seg == NULL)
		return UVM_PHYSSEG_TYPE_INVALID;
	seg->avail_start = avail_start;
	seg->avail_end = avail_end;
	seg->free_list = free_list;
	return S2H(seg);
}

bool
uvm_page_physunload_force(uvm_physseg_t upm, int free_list __unused,
    paddr_t *pap)
{
	struct uvm_physseg *seg = H2S(upm);

	if (uvm.page_init_done || seg->avail_start == seg->avail_end)
		return false;
	*pap = ptoa(seg->avail_start++);
	seg->start = seg->avail_start;
	if (seg->start == seg->end)
		old_seg(seg);
	return true;
}

bool
uvm_page_physunload(uvm_physseg_t upm, int free_list, paddr_t *pap)
{
	struct uvm_physseg *seg = H2S(upm);

	if (uvm.page_init_done || seg->free_list != free_list ||
	    seg->avail_start == seg->avail_end)
		return false;
	if (seg->avail_start == seg->start)
		return uvm_page_physunload_force(upm, free_list, pap);
	if (seg->avail_end != seg->end)
		return false;
	seg->end = --seg->avail_end;
	*pap = ptoa(seg->end);
	return true;
}

void
uvm_physseg_seg_chomp_slab(uvm_physseg_t upm, struct vm_page *pgs, size_t n)
{
	KASSERT(nbootslab < VM_PHYSSEG_MAX);
	H2S(upm)->own = &bootslab[nbootslab++];
	slab_init(H2S(upm)->own, pgs, n);
}

struct vm_page *
uvm_physseg_seg_alloc_from_slab(uvm_physseg_t upm, size_t n)
{
	struct uvm_physseg *seg;
	struct vm_page *pgs;
	uvm_physseg_t other;

	for (other = uvm_physseg_get_first(); uvm_physseg_valid_p(other);
	    other = uvm_physseg_get_next(other)) {
		seg = H2S(other);
		if (seg->own == NULL)
			continue;
		pgs = slab_take(seg->own, n);
		if (pgs != NULL) {
			H2S(upm)->used = seg->own;
			return pgs;
		}
	}
	return NULL;
}

void
uvm_physseg_init_seg(uvm_physseg_t upm, struct vm_page *pgs)
{
	pages_init(H2S(upm), pgs);
}

bool
uvm_physseg_plug(paddr_t pfn, size_t n, uvm_physseg_t *upmp)
{
	struct uvm_physseg *seg;
#ifdef UVM_HOTPLUG
	struct vm_page *pgs;
	size_t all = n + SLAB_EXTRA;
#else
	if (uvm.page_init_done)
		panic("%s: no room after boot", __func__);
#endif
	KASSERT(n > 0);
	seg = new_seg(pfn, pfn + n);
	if (seg == NULL)
		return false;
	if (upmp != NULL)
		*upmp = S2H(seg);
#ifdef UVM_HOTPLUG
	if (!uvm.page_init_done)
		return true;
	pgs = uvm_physseg_seg_alloc_from_slab(seg, n);
	if (pgs == NULL) {
		seg->own = kmem_zalloc(sizeof(*seg->own), KM_NOSLEEP);
		if (seg->own != NULL)
			pgs = kmem_zalloc(all * sizeof(*pgs), KM_NOSLEEP);
		if (pgs == NULL) {
			if (seg->own != NULL)
				kmem_free(seg->own, sizeof(*seg->own));
			old_seg(seg);
			return false;
		}
		slab_init(seg->own, pgs, all);
		pgs = slab_take(seg->own, n);
		seg->used = seg->own;
	}
	KASSERT(pgs != NULL);
	pages_init(seg, pgs);
	physmem += n;
	uvmpdpol_reinit();
#endif
	return true;
}

/* A segment whose slab others use stays, for its slab has to. */
bool
uvm_physseg_unplug(paddr_t pfn, size_t n)
{
	struct uvm_physseg *seg = frame_seg(pfn);

	if (seg == NULL || seg->start != pfn || seg->end != pfn + n)
		return false;
	if (!uvm.page_init_done) {
		old_seg(seg);
		return true;
	}
#ifdef UVM_HOTPLUG
	if (seg->own != NULL)
		return false;
	if (extent_free(seg->used->map, (u_long)seg->pgs,
	    n * sizeof(struct vm_page), EX_NOWAIT) != 0)
		return false;
	memset(seg->pgs, 0, n * sizeof(struct vm_page));
	uvmexp.npages -= (int)n;
	physmem -= n;
	old_seg(seg);
	return true;
#else
	return false;
#endif
}

uvm_physseg_t
uvm_physseg_find(paddr_t frame, psize_t *offp)
{
	struct uvm_physseg *seg = frame_seg(frame);

	if (seg == NULL)
		return UVM_PHYSSEG_TYPE_INVALID;
	if (offp != NULL)
		*offp = frame - seg->start;
	return S2H(seg);
}

#ifdef UVM_HOTPLUG
uvm_physseg_t
uvm_physseg_get_first(void)
{
	return RB_TREE_MIN(&segs);
}

uvm_physseg_t
uvm_physseg_get_last(void)
{
	return RB_TREE_MAX(&segs);
}

uvm_physseg_t
uvm_physseg_get_next(uvm_physseg_t upm)
{
	return rb_tree_iterate(&segs, upm, RB_DIR_RIGHT);
}

uvm_physseg_t
uvm_physseg_get_prev(uvm_physseg_t upm)
{
	return rb_tree_iterate(&segs, upm, RB_DIR_LEFT);
}

paddr_t
uvm_physseg_get_highest_frame(void)
{
	uvm_physseg_t last = uvm_physseg_get_last();

	return last == NULL ? (paddr_t)-1 : last->end - 1;
}
#else
uvm_physseg_t
uvm_physseg_get_first(void)
{
	return nsegs > 0 ? 0 : UVM_PHYSSEG_TYPE_INVALID_EMPTY;
}

uvm_physseg_t
uvm_physseg_get_last(void)
{
	return nsegs - 1;
}

uvm_physseg_t
uvm_physseg_get_next(uvm_physseg_t upm)
{
	return uvm_physseg_valid_p(upm) ? upm + 1 : UVM_PHYSSEG_TYPE_INVALID;
}

uvm_physseg_t
uvm_physseg_get_prev(uvm_physseg_t upm)
{
	return uvm_physseg_valid_p(upm) ? upm - 1 : UVM_PHYSSEG_TYPE_INVALID;
}

paddr_t
uvm_physseg_get_highest_frame(void)
{
	paddr_t highest = 0;

	for (int i = 0; i < nsegs; i++)
		highest = MAX(highest, bootseg[i].end - 1);
	return nsegs > 0 ? highest : (paddr_t)-1;
}
#endif

paddr_t
uvm_physseg_get_start(uvm_physseg_t upm)
{
	return uvm_physseg_valid_p(upm) ? H2S(upm)->start : (paddr_t)-1;
}

paddr_t
uvm_physseg_get_end(uvm_physseg_t upm)
{
	return uvm_physseg_valid_p(upm) ? H2S(upm)->end : (paddr_t)-1;
}

paddr_t
uvm_physseg_get_avail_start(uvm_physseg_t upm)
{
	return uvm_physseg_valid_p(upm) ? H2S(upm)->avail_start : (paddr_t)-1;
}

paddr_t
uvm_physseg_get_avail_end(uvm_physseg_t upm)
{
	return uvm_physseg_valid_p(upm) ? H2S(upm)->avail_end : (paddr_t)-1;
}

void
uvm_physseg_set_avail_start(uvm_physseg_t upm, paddr_t frame)
{
	KASSERT(uvm_physseg_valid_p(upm));
	H2S(upm)->avail_start = frame;
}

void
uvm_physseg_set_avail_end(uvm_physseg_t upm, paddr_t frame)
{
	KASSERT(uvm_physseg_valid_p(upm));
	H2S(upm)->avail_end = frame;
}

struct vm_page *
uvm_physseg_get_pg(uvm_physseg_t upm, paddr_t idx)
{
	KASSERT(uvm_physseg_valid_p(upm));
	return H2S(upm)->pgs + idx;
}

#ifdef __HAVE_PMAP_PHYSSEG
struct pmap_physseg *
uvm_physseg_get_pmseg(uvm_physseg_t upm)
{
	KASSERT(uvm_physseg_valid_p(upm));
	return &H2S(upm)->pmseg;
}
#endif

int
uvm_physseg_get_free_list(uvm_physseg_t upm)
{
	return uvm_physseg_valid_p(upm) ? H2S(upm)->free_list : -1;
}

u_int
uvm_physseg_get_start_hint(uvm_physseg_t upm)
{
	return uvm_physseg_valid_p(upm) ? H2S(upm)->start_hint : (u_int)-1;
}

bool
uvm_physseg_set_start_hint(uvm_physseg_t upm, u_int hint)
{
	if (!uvm_physseg_valid_p(upm))
		return false;
	H2S(upm)->start_hint = hint;
	return true;
}
