/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A test's segment code, written for Ballast in the manner of 2023: an rbtree,
 * struct vm_pages from kmem(9), assertions for what callers promise, and a
 * panic where memory is added after boot without UVM_HOTPLUG.
 */
#include <sys/cdefs.h>
__KERNEL_RCSID(0, "$Ballast: 2023 uvm_physseg.c $");

#ifdef _KERNEL_OPT
#include "opt_uvm_hotplug.h"
#endif

#include <sys/param.h>
#include <sys/types.h>
#include <sys/atomic.h>
#include <sys/kmem.h>
#include <sys/rbtree.h>

#include <uvm/uvm.h>
#include <uvm/uvm_page.h>
#include <uvm/uvm_param.h>
#include <uvm/uvm_pdpolicy.h>
#include <uvm/uvm_physseg.h>

struct uvm_physseg {
	rb_node_t	ups_node;
	paddr_t		ups_start, ups_end;
	paddr_t		ups_avail_start, ups_avail_end;
	struct vm_page	*ups_pgs;
	struct vm_page	*ups_alloc;	/* what kmem(9) gave, or NULL */
	size_t		ups_alloc_size;
	int		ups_free_list;
	u_int		ups_hint;
#ifdef __HAVE_PMAP_PHYSSEG
	struct pmap_physseg ups_pmseg;
#endif
};

static struct uvm_physseg ups_boot[VM_PHYSSEG_MAX];
static int ups_nboot;
static struct {
	struct vm_page	*pgs;
	size_t		left;
} ups_slab;

#ifdef UVM_HOTPLUG

static int
ups_order(void *cookie, const void *a, const void *b)
{
	const struct uvm_physseg *x = a, *y = b;

	if (x->ups_start == y->ups_start)
		return 0;
	return x->ups_start < y->ups_start ? -1 : 1;
}

static int
ups_order_key(void *cookie, const void *a, const void *key)
{
	const struct uvm_physseg *x = a;
	const paddr_t pframe = *(const paddr_t *)key;

	if (pframe < x->ups_start)
		return 1;
	return pframe >= x->ups_end ? -1 : 0;
}

static const rb_tree_ops_t ups_ops = {
	.rbto_compare_nodes = ups_order,
	.rbto_compare_key = ups_order_key,
	.rbto_node_offset = offsetof(struct uvm_physseg, ups_node),
	.rbto_context = NULL
};
static struct rb_tree ups_tree;

#define S(upm)		(upm)
#define UPM(seg)	(seg)

bool
uvm_physseg_valid_p(uvm_physseg_t upm)
{
	struct uvm_physseg *seg;

	RB_TREE_FOREACH(seg, &ups_tree) {
		if (seg == upm)
			return true;
	}
	return false;
}

uvm_physseg_t
uvm_physseg_find(paddr_t pframe, psize_t *offsetp)
{
	struct uvm_physseg *seg = rb_tree_find_node(&ups_tree, &pframe);

	if (seg != NULL && offsetp != NULL)
		*offsetp = pframe - seg->ups_start;
	return seg;
}

uvm_physseg_t
uvm_physseg_get_first(void)
{
	return RB_TREE_MIN(&ups_tree);
}

uvm_physseg_t
uvm_physseg_get_last(void)
{
	return RB_TREE_MAX(&ups_tree);
}

uvm_physseg_t
uvm_physseg_get_next(uvm_physseg_t upm)
{
	KASSERT(upm != NULL);
	return RB_TREE_NEXT(&ups_tree, upm);
}

uvm_physseg_t
uvm_physseg_get_prev(uvm_physseg_t upm)
{
	KASSERT(upm != NULL);
	return RB_TREE_PREV(&ups_tree, upm);
}

#else

#define S(upm)		(&ups_boot[upm])
#define UPM(seg)	((uvm_physseg_t)((seg) - ups_boot))

bool
uvm_physseg_valid_p(uvm_physseg_t upm)
{
	return upm >= 0 && upm < ups_nboot;
}

uvm_physseg_t
uvm_physseg_find(paddr_t pframe, psize_t *offsetp)
{
	for (int i = 0; i < ups_nboot; i++) {
		if (pframe < ups_boot[i].ups_start ||
		    pframe >= ups_boot[i].ups_end)
			continue;
		if (offsetp != NULL)
			*offsetp = pframe - ups_boot[i].ups_start;
		return i;
	}
	return UVM_PHYSSEG_TYPE_INVALID;
}

uvm_physseg_t
uvm_physseg_get_first(void)
{
	return ups_nboot == 0 ? UVM_PHYSSEG_TYPE_INVALID_EMPTY : 0;
}

uvm_physseg_t
uvm_physseg_get_last(void)
{
	return ups_nboot - 1;
}

uvm_physseg_t
uvm_physseg_get_next(uvm_physseg_t upm)
{
	KASSERT(uvm_physseg_valid_p(upm));
	return upm + 1;
}

uvm_physseg_t
uvm_physseg_get_prev(uvm_physseg_t upm)
{
	KASSERT(uvm_physseg_valid_p(upm));
	return upm - 1;
}

#endif /* UVM_HOTPLUG */

static struct uvm_physseg *
ups_new(paddr_t start, paddr_t end)
{
	struct uvm_physseg *seg;

	if (!uvm.page_init_done) {
		if (ups_nboot == VM_PHYSSEG_MAX)
			return NULL;
		seg = &ups_boot[ups_nboot++];
#ifndef UVM_HOTPLUG
		for (; seg > ups_boot && seg[-1].ups_start > start; seg--)
			*seg = seg[-1];
#endif
		memset(seg, 0, sizeof(*seg));
	} else
		seg = kmem_zalloc(sizeof(*seg), KM_NOSLEEP);
	if (seg == NULL)
		return NULL;
	seg->ups_start = seg->ups_avail_start = start;
	seg->ups_end = seg->ups_avail_end = end;
#ifdef UVM_HOTPLUG
	if (rb_tree_insert_node(&ups_tree, seg) != seg)
		panic("%s: a segment at %#" PRIxPADDR " is there already",
		    __func__, start);
#endif
	return seg;
}

static void
ups_free(struct uvm_physseg *seg)
{
#ifdef UVM_HOTPLUG
	rb_tree_remove_node(&ups_tree, seg);
	if (seg < ups_boot || seg >= ups_boot + VM_PHYSSEG_MAX)
		kmem_free(seg, sizeof(*seg));
#else
	for (ups_nboot--; seg < ups_boot + ups_nboot; seg++)
		seg[0] = seg[1];
#endif
}

static void
ups_pages(struct uvm_physseg *seg, struct vm_page *pgs)
{
	seg->ups_pgs = pgs;
	for (paddr_t f = seg->ups_start; f < seg->ups_end; f++, pgs++) {
		pgs->phys_addr = ptoa(f);
		uvm_page_set_freelist(pgs, seg->ups_free_list);
#ifdef __HAVE_VM_PAGE_MD
		VM_MDPAGE_INIT(pgs);
#endif
		if (f >= seg->ups_avail_start && f < seg->ups_avail_end) {
			atomic_inc_uint((volatile unsigned *)&uvmexp.npages);
			uvm_pagefree(pgs);
		}
	}
}

void
uvm_physseg_init(void)
{
#ifdef UVM_HOTPLUG
	rb_tree_init(&ups_tree, &ups_ops);
#endif
	ups_nboot = 0;
}

uvm_physseg_t
uvm_page_physload(paddr_t start, paddr_t end, paddr_t avail_start,
    paddr_t avail_end, int free_list)
{
	struct uvm_physseg *seg;

	if (uvm.page_init_done)
		panic("%s: Tried to add RAM after uvm_page_init", __func__);
	if (start >= end || avail_start > avail_end)
		panic("%s: [%" PRIxPADDR ", %" PRIxPADDR ") is no range",
		    __func__, start, end);
	KASSERTMSG(free_list >= 0 && free_list < VM_NFREELIST, "%d",
	    free_list);
	seg = ups_new(start, end);
	if (seg == NULL)
		return UVM_PHYSSEG_TYPE_INVALID;
	seg->ups_avail_start = avail_start;
	seg->ups_avail_end = avail_end;
	seg->ups_free_list = free_list;
	return UPM(seg);
}

bool
uvm_page_physunload_force(uvm_physseg_t upm, int free_list, paddr_t *paddrp)
{
	struct uvm_physseg *seg = S(upm);

	if (uvm.page_init_done)
		panic("%s: after uvm_page_init", __func__);
	if (seg->ups_avail_start == seg->ups_avail_end)
		return false;
	*paddrp = ptoa(seg->ups_avail_start++);
	seg->ups_start = seg->ups_avail_start;
	if (seg->ups_start == seg->ups_end)
		ups_free(seg);
	return true;
}

bool
uvm_page_physunload(uvm_physseg_t upm, int free_list, paddr_t *paddrp)
{
	struct uvm_physseg *seg = S(upm);

	if (seg->ups_free_list != free_list)
		return false;
	if (seg->ups_avail_start == seg->ups_start)
		return uvm_page_physunload_force(upm, free_list, paddrp);
	if (seg->ups_avail_start == seg->ups_avail_end ||
	    seg->ups_avail_end != seg->ups_end)
		return false;
	*paddrp = ptoa(--seg->ups_end);
	seg->ups_avail_end = seg->ups_end;
	return true;
}

void
uvm_physseg_seg_chomp_slab(uvm_physseg_t upm, struct vm_page *pgs, size_t n)
{
	KASSERT(uvm_physseg_valid_p(upm));
	ups_slab.pgs = pgs;
	ups_slab.left = n;
}

struct vm_page *
uvm_physseg_seg_alloc_from_slab(uvm_physseg_t upm, size_t n)
{
	struct vm_page *pgs = ups_slab.pgs;

	if (ups_slab.left < n)
		return NULL;
	ups_slab.left -= n;
	ups_slab.pgs += n;
	return pgs;
}

void
uvm_physseg_init_seg(uvm_physseg_t upm, struct vm_page *pgs)
{
	KASSERT(S(upm)->ups_pgs == NULL);
	ups_pages(S(upm), pgs);
}

bool
uvm_physseg_plug(paddr_t pfn, size_t pages, uvm_physseg_t *upmp)
{
	struct uvm_physseg *seg;
#ifdef UVM_HOTPLUG
	struct vm_page *pgs;

	if (uvm_physseg_find(pfn, NULL) != UVM_PHYSSEG_TYPE_INVALID ||
	    uvm_physseg_find(pfn + pages - 1, NULL) != UVM_PHYSSEG_TYPE_INVALID)
		return false;
#else
	if (uvm.page_init_done)
		panic("%s: Tried to add RAM after uvm_page_init", __func__);
#endif
	seg = ups_new(pfn, pfn + pages);
	if (seg == NULL)
		return false;
#ifdef UVM_HOTPLUG
	if (uvm.page_init_done) {
		pgs = kmem_zalloc(pages * sizeof(*pgs), KM_NOSLEEP);
		if (pgs == NULL) {
			ups_free(seg);
			return false;
		}
		seg->ups_alloc = pgs;
		seg->ups_alloc_size = pages * sizeof(*pgs);
		physmem += pages;
		ups_pages(seg, pgs);
		uvmpdpol_reinit();
	}
#endif
	if (upmp != NULL)
		*upmp = UPM(seg);
	return true;
}

bool
uvm_physseg_unplug(paddr_t pfn, size_t pages)
{
	psize_t off;
	uvm_physseg_t upm = uvm_physseg_find(pfn, &off);
	struct uvm_physseg *seg;

	if (upm == UVM_PHYSSEG_TYPE_INVALID)
		return false;
	seg = S(upm);
	if (off != 0 || seg->ups_end != pfn + pages)
		return false;		/* parts stay */
	if (uvm.page_init_done) {
		if (seg->ups_alloc == NULL)
			return false;
		for (size_t i = 0; i < pages; i++)
			if ((seg->ups_pgs[i].flags & PG_FREE) != 0)
				return false;
		kmem_free(seg->ups_alloc, seg->ups_alloc_size);
		uvmexp.npages -= (int)pages;
		physmem -= pages;
	}
	ups_free(seg);
	if (uvm.page_init_done)
		uvmpdpol_reinit();
	return true;
}

paddr_t
uvm_physseg_get_highest_frame(void)
{
	uvm_physseg_t upm = uvm_physseg_get_last();

	return upm == UVM_PHYSSEG_TYPE_INVALID_EMPTY ? (paddr_t)-1 :
	    S(upm)->ups_end - 1;
}

paddr_t
uvm_physseg_get_start(uvm_physseg_t upm)
{
	return uvm_physseg_valid_p(upm) ? S(upm)->ups_start : (paddr_t)-1;
}

paddr_t
uvm_physseg_get_end(uvm_physseg_t upm)
{
	return uvm_physseg_valid_p(upm) ? S(upm)->ups_end : (paddr_t)-1;
}

paddr_t
uvm_physseg_get_avail_start(uvm_physseg_t upm)
{
	return uvm_physseg_valid_p(upm) ? S(upm)->ups_avail_start :
	    (paddr_t)-1;
}

paddr_t
uvm_physseg_get_avail_end(uvm_physseg_t upm)
{
	return uvm_physseg_valid_p(upm) ? S(upm)->ups_avail_end : (paddr_t)-1;
}

void
uvm_physseg_set_avail_start(uvm_physseg_t upm, paddr_t avail_start)
{
	KASSERT(avail_start <= S(upm)->ups_avail_end);
	S(upm)->ups_avail_start = avail_start;
}

void
uvm_physseg_set_avail_end(uvm_physseg_t upm, paddr_t avail_end)
{
	KASSERT(avail_end >= S(upm)->ups_avail_start);
	S(upm)->ups_avail_end = avail_end;
}

struct vm_page *
uvm_physseg_get_pg(uvm_physseg_t upm, paddr_t idx)
{
	KASSERT(idx < S(upm)->ups_end - S(upm)->ups_start);
	return &S(upm)->ups_pgs[idx];
}

#ifdef __HAVE_PMAP_PHYSSEG
struct pmap_physseg *
uvm_physseg_get_pmseg(uvm_physseg_t upm)
{
	return &S(upm)->ups_pmseg;
}
#endif

int
uvm_physseg_get_free_list(uvm_physseg_t upm)
{
	return uvm_physseg_valid_p(upm) ? S(upm)->ups_free_list : -1;
}

u_int
uvm_physseg_get_start_hint(uvm_physseg_t upm)
{
	return uvm_physseg_valid_p(upm) ? S(upm)->ups_hint : (u_int)-1;
}

bool
uvm_physseg_set_start_hint(uvm_physseg_t upm, u_int start_hint)
{
	if (!uvm_physseg_valid_p(upm))
		return false;
	S(upm)->ups_hint = start_hint;
	return true;
}
