/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uvm_hotplug(9): which runs of page frames the kernel manages, and where the
 * struct vm_page of each frame is.  With options UVM_HOTPLUG segments may come
 * and go after boot and sit in an rbtree(3); without it they are known at boot
 * and sit in a static array.  Nothing here touches the memory itself: a frame
 * that is plugged after boot must be backed before, since UVM may use it at
 * once.
 *
 * Segments never merge.  Requests that can't be met are refused; none panics.
 * Callers serialise plug and unplug.
 */

#include <sys/cdefs.h>
__KERNEL_RCSID(0, "$Ballast: uvm_physseg.c $");

#ifdef _KERNEL_OPT
#include "opt_uvm_hotplug.h"
#endif

#include <sys/param.h>
#include <sys/types.h>
#include <sys/systm.h>
#include <sys/kmem.h>
#include <sys/mutex.h>
#include <sys/rbtree.h>

#include <uvm/uvm.h>
#include <uvm/uvm_page.h>
#include <uvm/uvm_param.h>
#include <uvm/uvm_pdpolicy.h>
#include <uvm/uvm_physseg.h>

/* A paddr_t can't address the frames from here on. */
#define PHYSSEG_FRAME_LIMIT (atop((paddr_t)-1) + 1)

/* uvmexp.npages, an int, can't count more pages. */
#define PHYSSEG_NPAGES_MAX 0x7fffffffUL

/*
 * The struct vm_pages of one plug are one allocation, and can't move.  When
 * unplug cuts their segment in pieces, the pieces share the allocation until
 * the last of them is gone.
 */
struct physseg_pages {
	size_t pp_size; /* of the allocation, in bytes */
	size_t pp_live; /* pages still in a segment */
	struct vm_page pp_pgs[];
};

struct uvm_physseg {
#ifdef UVM_HOTPLUG
	struct rb_node ps_by_frame;
	struct rb_node ps_by_address;
#endif
	paddr_t ps_start;	/* first frame */
	paddr_t ps_end;		/* last frame + 1; 0: not in use */
	paddr_t ps_avail_start; /* frames that UVM may hand out */
	paddr_t ps_avail_end;
	struct vm_page *ps_pgs;		/* of ps_start; NULL before init_seg */
	struct physseg_pages *ps_owner; /* of ps_pgs; NULL: boot memory */
	int ps_free_list;
	u_int ps_start_hint; /* where uvm_pglistalloc begins to look */
#ifdef __HAVE_PMAP_PHYSSEG
	struct pmap_physseg ps_pmseg;
#endif
};

/* The segments that are made at boot, before kmem(9) works. */
static struct uvm_physseg physseg_boot[VM_PHYSSEG_MAX];

/* Arrays of struct vm_page that the page code gave us at boot. */
static struct physseg_slab {
	struct vm_page *sl_pgs;
	size_t sl_npages;
	size_t sl_used;
	const struct uvm_physseg *sl_seg; /* the one it was made for */
} physseg_slabs[VM_PHYSSEG_MAX];
static u_int physseg_nslabs;

/*
 * The store keeps the segments in the order of their frames, and knows their
 * handles.  It is searched for the first segment that ends behind a frame: that
 * one holds the frame, or is the next one above it.
 */
#ifdef UVM_HOTPLUG

static int
physseg_compare_frames(void *context __unused, const void *a, const void *b)
{
	const struct uvm_physseg *one = a, *other = b;

	return (one->ps_start > other->ps_start) -
	       (one->ps_start < other->ps_start);
}

static int
physseg_compare_frame(void *context __unused, const void *node, const void *key)
{
	const struct uvm_physseg *seg = node;
	const paddr_t pframe = *(const paddr_t *)key;

	if (pframe < seg->ps_start)
		return 1;
	return pframe < seg->ps_end ? 0 : -1;
}

static int
physseg_compare_address(void *context __unused, const void *a, const void *b)
{
	const uintptr_t one = (uintptr_t)a, other = (uintptr_t)b;

	return (one > other) - (one < other);
}

static const rb_tree_ops_t physseg_frame_ops = {
    .rbto_compare_nodes = physseg_compare_frames,
    .rbto_compare_key = physseg_compare_frame,
    .rbto_node_offset = offsetof(struct uvm_physseg, ps_by_frame),
    .rbto_context = NULL};

static const rb_tree_ops_t physseg_address_ops = {
    .rbto_compare_nodes = physseg_compare_address,
    .rbto_compare_key = physseg_compare_address,
    .rbto_node_offset = offsetof(struct uvm_physseg, ps_by_address),
    .rbto_context = NULL};

static struct rb_tree physseg_by_frame;
/*
 * Handles are pointers, looked up by address: so one that was freed is never
 * followed.
 */
static struct rb_tree physseg_by_address;

static void
physseg_store_init(void)
{
	rb_tree_init(&physseg_by_frame, &physseg_frame_ops);
	rb_tree_init(&physseg_by_address, &physseg_address_ops);
}

static uvm_physseg_t
physseg_handle(const struct uvm_physseg *seg)
{
	return (uvm_physseg_t)__UNCONST(seg);
}

static struct uvm_physseg *
physseg_of(uvm_physseg_t upm)
{
	return rb_tree_find_node(&physseg_by_address, (const void *)upm);
}

static struct uvm_physseg *
physseg_ending_behind(paddr_t pframe)
{
	return rb_tree_find_node_geq(&physseg_by_frame, &pframe);
}

static struct uvm_physseg *
physseg_first(void)
{
	return RB_TREE_MIN(&physseg_by_frame);
}

static struct uvm_physseg *
physseg_last(void)
{
	return RB_TREE_MAX(&physseg_by_frame);
}

static struct uvm_physseg *
physseg_next(struct uvm_physseg *seg)
{
	return rb_tree_iterate(&physseg_by_frame, seg, RB_DIR_RIGHT);
}

static struct uvm_physseg *
physseg_prev(struct uvm_physseg *seg)
{
	return rb_tree_iterate(&physseg_by_frame, seg, RB_DIR_LEFT);
}

static struct uvm_physseg *
physseg_alloc(void)
{
	if (uvm.page_init_done)
		return kmem_alloc(sizeof(struct uvm_physseg), KM_NOSLEEP);
	for (u_int i = 0; i < VM_PHYSSEG_MAX; i++) {
		if (physseg_boot[i].ps_end == 0)
			return &physseg_boot[i];
	}
	return NULL;
}

/* Inserts a copy of a segment.  NULL: there is no room. */
static struct uvm_physseg *
physseg_insert(const struct uvm_physseg *like)
{
	struct uvm_physseg *seg, *there __diagused;

	KASSERT(like->ps_start < like->ps_end);
	seg = physseg_alloc();
	if (seg == NULL)
		return NULL;
	*seg = *like;
	there = rb_tree_insert_node(&physseg_by_frame, seg);
	KASSERT(there == seg);
	there = rb_tree_insert_node(&physseg_by_address, seg);
	KASSERT(there == seg);
	return seg;
}

static void
physseg_remove(struct uvm_physseg *seg)
{
	KASSERT(physseg_of(physseg_handle(seg)) == seg);
	KASSERT(seg->ps_start < seg->ps_end);
	rb_tree_remove_node(&physseg_by_frame, seg);
	rb_tree_remove_node(&physseg_by_address, seg);
	if (seg >= physseg_boot && seg < physseg_boot + VM_PHYSSEG_MAX)
		seg->ps_end = 0;
	else
		kmem_free(seg, sizeof(*seg));
}

#else /* !UVM_HOTPLUG */

/*
 * A handle is an index in the order of frames.  It changes when a segment below
 * comes or goes, which no longer happens once the system has booted.
 */
static int physseg_nsegs;

static void
physseg_store_init(void)
{
	physseg_nsegs = 0;
}

static uvm_physseg_t
physseg_handle(const struct uvm_physseg *seg)
{
	return (uvm_physseg_t)(seg - physseg_boot);
}

static struct uvm_physseg *
physseg_of(uvm_physseg_t upm)
{
	return upm >= 0 && upm < physseg_nsegs ? &physseg_boot[upm] : NULL;
}

static struct uvm_physseg *
physseg_ending_behind(paddr_t pframe)
{
	int low = 0, high = physseg_nsegs;

	while (low < high) {
		const int middle = (low + high) / 2;

		if (physseg_boot[middle].ps_end <= pframe)
			low = middle + 1;
		else
			high = middle;
	}
	return physseg_of(low);
}

static struct uvm_physseg *
physseg_first(void)
{
	return physseg_of(0);
}

static struct uvm_physseg *
physseg_last(void)
{
	return physseg_of(physseg_nsegs - 1);
}

static struct uvm_physseg *
physseg_next(const struct uvm_physseg *seg)
{
	return physseg_of(physseg_handle(seg) + 1);
}

static struct uvm_physseg *
physseg_prev(const struct uvm_physseg *seg)
{
	return physseg_of(physseg_handle(seg) - 1);
}

/* Inserts a copy of a segment.  NULL: there is no room. */
static struct uvm_physseg *
physseg_insert(const struct uvm_physseg *like)
{
	struct uvm_physseg *seg = &physseg_boot[physseg_nsegs];

	KASSERT(like->ps_start < like->ps_end);
	KASSERT(physseg_nsegs <= VM_PHYSSEG_MAX);
	if (physseg_nsegs == VM_PHYSSEG_MAX)
		return NULL;
	for (; seg > physseg_boot && seg[-1].ps_start > like->ps_start; seg--)
		*seg = seg[-1];
	*seg = *like;
	physseg_nsegs++;
	return seg;
}

static void
physseg_remove(struct uvm_physseg *seg)
{
	KASSERT(physseg_nsegs > 0);
	KASSERT(seg >= physseg_boot && seg < physseg_boot + physseg_nsegs);
	physseg_nsegs--;
	for (; seg < physseg_boot + physseg_nsegs; seg++)
		*seg = seg[1];
}

#endif /* UVM_HOTPLUG */

/* For both stores. */

static bool
physseg_range_ok(paddr_t pfn, size_t npages)
{
	return npages != 0 && pfn < PHYSSEG_FRAME_LIMIT &&
	       npages <= PHYSSEG_FRAME_LIMIT - pfn;
}

static bool
physseg_overlaps(paddr_t start, paddr_t end)
{
	const struct uvm_physseg *seg = physseg_ending_behind(start);

	return seg != NULL && seg->ps_start < end;
}

static size_t
physseg_navail(const struct uvm_physseg *seg, paddr_t start, paddr_t end)
{
	start = MAX(start, seg->ps_avail_start);
	end = MIN(end, seg->ps_avail_end);
	return start < end ? end - start : 0;
}

/* Makes a segment of which all is available.  NULL: there is no room. */
static struct uvm_physseg *
physseg_create(paddr_t start, paddr_t end)
{
	const struct uvm_physseg like = {.ps_start = start,
	    .ps_end = end,
	    .ps_avail_start = start,
	    .ps_avail_end = end,
	    .ps_free_list = VM_FREELIST_DEFAULT};

	return physseg_insert(&like);
}

/* Fills in the struct vm_pages, and frees the available ones to UVM. */
static void
physseg_init_pages(struct uvm_physseg *seg, struct vm_page *pgs)
{
	const paddr_t start = seg->ps_start;
	const size_t npages = seg->ps_end - start;
	const size_t first = seg->ps_avail_start - start;
	const size_t navail = seg->ps_avail_end - seg->ps_avail_start;
	const int free_list = seg->ps_free_list;

	KASSERT(seg->ps_pgs == NULL);
	KASSERT(first + navail <= npages);
	seg->ps_pgs = pgs;
	for (size_t i = 0; i < npages; i++) {
		struct vm_page *pg = &pgs[i];

		pg->phys_addr = ptoa(start + i);
		uvm_page_set_freelist(pg, free_list);
		mutex_init(&pg->interlock, MUTEX_DEFAULT, IPL_NONE);
#ifdef __HAVE_VM_PAGE_MD
		VM_MDPAGE_INIT(pg);
#endif
	}
	uvmexp.npages += (int)navail;
	for (size_t i = first; i < first + navail; i++)
		uvm_pagefree(&pgs[i]);
}

/*
 * Cuts [start, end) off the front or the back of a segment, or removes it.  Its
 * handle stays good as long as it has a page.
 */
static void
physseg_cut(struct uvm_physseg *seg, paddr_t start, paddr_t end)
{
	KASSERT(start < end);
	KASSERT(start == seg->ps_start || end == seg->ps_end);

	if (start == seg->ps_start && end == seg->ps_end) {
		physseg_remove(seg);
		return;
	}
	if (start == seg->ps_start) {
		if (seg->ps_pgs != NULL)
			seg->ps_pgs += end - start;
		seg->ps_start = end;
		seg->ps_avail_start = MAX(seg->ps_avail_start, end);
		seg->ps_avail_end = MAX(seg->ps_avail_end, end);
	} else {
		seg->ps_end = start;
		seg->ps_avail_start = MIN(seg->ps_avail_start, start);
		seg->ps_avail_end = MIN(seg->ps_avail_end, start);
	}
	seg->ps_start_hint = 0;
}

/*
 * Makes the part of a segment from `at` on a segment of its own, before a hole
 * is cut in the middle.  False: there was no room, and nothing has changed.
 */
static bool
physseg_split(struct uvm_physseg *seg, paddr_t at)
{
	struct uvm_physseg above = *seg;

	KASSERT(seg->ps_start < at);
	KASSERT(at < seg->ps_end);
	physseg_cut(&above, seg->ps_start, at);
	if (physseg_insert(&above) == NULL)
		return false;
	physseg_cut(seg, at, seg->ps_end);
	return true;
}
/*
 * Boot: MD code loads what the machine has and may take pages back; then the
 * page code makes the struct vm_pages.
 */

void
uvm_physseg_init(void)
{
	memset(physseg_boot, 0, sizeof(physseg_boot));
	memset(physseg_slabs, 0, sizeof(physseg_slabs));
	physseg_nslabs = 0;
	physseg_store_init();
}

uvm_physseg_t
uvm_page_physload(paddr_t start, paddr_t end, paddr_t avail_start,
    paddr_t avail_end, int free_list)
{
	const struct uvm_physseg like = {.ps_start = start,
	    .ps_end = end,
	    .ps_avail_start = avail_start,
	    .ps_avail_end = avail_end,
	    .ps_free_list = free_list};
	const struct uvm_physseg *seg;

	if (uvm.page_init_done || start >= end || end > PHYSSEG_FRAME_LIMIT ||
	    avail_start < start || avail_start > avail_end || avail_end > end ||
	    free_list < 0 || free_list >= VM_NFREELIST ||
	    physseg_overlaps(start, end))
		return UVM_PHYSSEG_TYPE_INVALID;
	seg = physseg_insert(&like);
	return seg == NULL ? UVM_PHYSSEG_TYPE_INVALID : physseg_handle(seg);
}

/* The segment, when it can still lose pages: it has no struct vm_page yet. */
static struct uvm_physseg *
physseg_unloadable(uvm_physseg_t upm)
{
	struct uvm_physseg *seg = physseg_of(upm);

	if (uvm.page_init_done || seg == NULL || seg->ps_pgs != NULL ||
	    seg->ps_avail_start == seg->ps_avail_end)
		return NULL;
	return seg;
}

bool
uvm_page_physunload(uvm_physseg_t upm, int free_list, paddr_t *paddrp)
{
	struct uvm_physseg *seg = physseg_unloadable(upm);
	paddr_t pframe;

	if (seg == NULL || seg->ps_free_list != free_list)
		return false;
	if (seg->ps_avail_start == seg->ps_start)
		pframe = seg->ps_start;
	else if (seg->ps_avail_end == seg->ps_end)
		pframe = seg->ps_end - 1;
	else
		return false;
	physseg_cut(seg, pframe, pframe + 1);
	*paddrp = ptoa(pframe);
	return true;
}

/*
 * Takes any available page of any free list.  A segment has no holes, so the
 * frames in front of it that were not available are forgotten with it.
 */
bool
uvm_page_physunload_force(
    uvm_physseg_t upm, int free_list __unused, paddr_t *paddrp)
{
	struct uvm_physseg *seg = physseg_unloadable(upm);
	paddr_t pframe;

	if (seg == NULL)
		return false;
	pframe = seg->ps_avail_start;
	physseg_cut(seg, seg->ps_start, pframe + 1);
	*paddrp = ptoa(pframe);
	return true;
}

void
uvm_physseg_seg_chomp_slab(
    uvm_physseg_t upm, struct vm_page *pgs, size_t npages)
{
	struct physseg_slab *slab;

	KASSERT(physseg_nslabs < VM_PHYSSEG_MAX);
	KASSERT(pgs != NULL || npages == 0);
	if (physseg_nslabs == VM_PHYSSEG_MAX)
		return;
	slab = &physseg_slabs[physseg_nslabs++];
	slab->sl_pgs = pgs;
	slab->sl_npages = npages;
	slab->sl_used = 0;
	slab->sl_seg = physseg_of(upm);
}

/*
 * Takes struct vm_pages from the segment's own slab if that has room, else from
 * any.
 */
struct vm_page *
uvm_physseg_seg_alloc_from_slab(uvm_physseg_t upm, size_t npages)
{
	const struct uvm_physseg *seg = physseg_of(upm);
	struct physseg_slab *found = NULL;

	if (seg == NULL || npages == 0)
		return NULL;
	for (u_int i = 0; i < physseg_nslabs; i++) {
		struct physseg_slab *slab = &physseg_slabs[i];

		KASSERT(slab->sl_used <= slab->sl_npages);
		if (slab->sl_npages - slab->sl_used < npages)
			continue;
		if (found == NULL || slab->sl_seg == seg)
			found = slab;
		if (slab->sl_seg == seg)
			break;
	}
	if (found == NULL)
		return NULL;
	found->sl_used += npages;
	return found->sl_pgs + (found->sl_used - npages);
}

void
uvm_physseg_init_seg(uvm_physseg_t upm, struct vm_page *pgs)
{
	struct uvm_physseg *seg = physseg_of(upm);

	KASSERT(seg != NULL);
	KASSERT(pgs != NULL);
	if (seg == NULL || pgs == NULL || seg->ps_pgs != NULL)
		return;
	physseg_init_pages(seg, pgs);
}

/*
 * Plug and unplug.
 */

#ifdef UVM_HOTPLUG

/* Plugs after boot.  Whatever may fail is done first. */
static struct uvm_physseg *
physseg_plug_live(paddr_t pfn, size_t npages)
{
	struct physseg_pages *owner;
	struct uvm_physseg *seg;
	size_t size;

	if (npages > (SIZE_MAX - sizeof(*owner)) / sizeof(struct vm_page) ||
	    npages > PHYSSEG_NPAGES_MAX - (size_t)uvmexp.npages)
		return NULL;
	size = sizeof(*owner) + npages * sizeof(struct vm_page);
	owner = kmem_zalloc(size, KM_NOSLEEP);
	if (owner == NULL)
		return NULL;
	seg = physseg_create(pfn, pfn + npages);
	if (seg == NULL) {
		kmem_free(owner, size);
		return NULL;
	}
	owner->pp_size = size;
	owner->pp_live = npages;
	seg->ps_owner = owner;
	physmem += npages;
	physseg_init_pages(seg, owner->pp_pgs);
	uvmpdpol_reinit();
	return seg;
}

#else

static struct uvm_physseg *
physseg_plug_live(paddr_t pfn __unused, size_t npages __unused)
{
	/* The array and the struct vm_pages are as large as boot made them. */
	return NULL;
}

#endif

bool
uvm_physseg_plug(paddr_t pfn, size_t npages, uvm_physseg_t *upmp)
{
	struct uvm_physseg *seg;

	if (!physseg_range_ok(pfn, npages) ||
	    physseg_overlaps(pfn, pfn + npages))
		return false;
	if (uvm.page_init_done)
		seg = physseg_plug_live(pfn, npages);
	else
		seg = physseg_create(pfn, pfn + npages);
	if (seg == NULL)
		return false;
	if (upmp != NULL)
		*upmp = physseg_handle(seg);
	return true;
}

/*
 * Does UVM still know the page?  A page that somebody has allocated for no
 * object, and keeps, is the caller's responsibility.
 */
static bool
physseg_page_busy(const struct vm_page *pg)
{
	return (pg->flags & PG_FREE) != 0 || pg->uobject != NULL ||
	       pg->uanon != NULL || pg->wire_count != 0 || pg->loan_count != 0;
}

static void
physseg_fini_pages(struct uvm_physseg *seg, paddr_t start, paddr_t end)
{
	struct physseg_pages *owner = seg->ps_owner;
	struct vm_page *pgs = seg->ps_pgs + (start - seg->ps_start);

	for (size_t i = 0; i < end - start; i++)
		mutex_destroy(&pgs[i].interlock);
	uvmexp.npages -= (int)physseg_navail(seg, start, end);
	physmem -= end - start;
	if (owner == NULL)
		return;
	KASSERT(owner->pp_live >= end - start);
	owner->pp_live -= end - start;
	if (owner->pp_live == 0)
		kmem_free(owner, owner->pp_size);
}

bool
uvm_physseg_unplug(paddr_t pfn, size_t npages)
{
	struct uvm_physseg *seg;
	paddr_t end;

#ifndef UVM_HOTPLUG
	if (uvm.page_init_done)
		return false;
#endif
	if (!physseg_range_ok(pfn, npages))
		return false;
	end = pfn + npages;
	seg = physseg_ending_behind(pfn);
	if (seg == NULL || pfn < seg->ps_start || end > seg->ps_end)
		return false;
	for (paddr_t i = pfn; seg->ps_pgs != NULL && i < end; i++) {
		if (physseg_page_busy(&seg->ps_pgs[i - seg->ps_start]))
			return false;
	}
	if (pfn != seg->ps_start && end != seg->ps_end &&
	    !physseg_split(seg, end))
		return false;
	if (seg->ps_pgs != NULL)
		physseg_fini_pages(seg, pfn, end);
	physseg_cut(seg, pfn, end);
	if (uvm.page_init_done)
		uvmpdpol_reinit();
	return true;
}

/* Look-ups. */

uvm_physseg_t
uvm_physseg_find(paddr_t pframe, psize_t *offsetp)
{
	const struct uvm_physseg *seg = physseg_ending_behind(pframe);

	if (seg == NULL || pframe < seg->ps_start)
		return UVM_PHYSSEG_TYPE_INVALID;
	if (offsetp != NULL)
		*offsetp = pframe - seg->ps_start;
	return physseg_handle(seg);
}

bool
uvm_physseg_valid_p(uvm_physseg_t upm)
{
	return physseg_of(upm) != NULL;
}

uvm_physseg_t
uvm_physseg_get_first(void)
{
	const struct uvm_physseg *seg = physseg_first();

	return seg == NULL ? UVM_PHYSSEG_TYPE_INVALID_EMPTY
			   : physseg_handle(seg);
}

uvm_physseg_t
uvm_physseg_get_last(void)
{
	const struct uvm_physseg *seg = physseg_last();

	return seg == NULL ? UVM_PHYSSEG_TYPE_INVALID_EMPTY
			   : physseg_handle(seg);
}

uvm_physseg_t
uvm_physseg_get_next(uvm_physseg_t upm)
{
	struct uvm_physseg *seg = physseg_of(upm);

	if (seg == NULL)
		return UVM_PHYSSEG_TYPE_INVALID;
	seg = physseg_next(seg);
	return seg == NULL ? UVM_PHYSSEG_TYPE_INVALID_OVERFLOW
			   : physseg_handle(seg);
}

uvm_physseg_t
uvm_physseg_get_prev(uvm_physseg_t upm)
{
	struct uvm_physseg *seg = physseg_of(upm);

	if (seg == NULL)
		return UVM_PHYSSEG_TYPE_INVALID;
	seg = physseg_prev(seg);
	return seg == NULL ? UVM_PHYSSEG_TYPE_INVALID_EMPTY
			   : physseg_handle(seg);
}

paddr_t
uvm_physseg_get_highest_frame(void)
{
	const struct uvm_physseg *seg = physseg_last();

	return seg == NULL ? (paddr_t)-1 : seg->ps_end - 1;
}

paddr_t
uvm_physseg_get_start(uvm_physseg_t upm)
{
	const struct uvm_physseg *seg = physseg_of(upm);

	return seg == NULL ? (paddr_t)-1 : seg->ps_start;
}

paddr_t
uvm_physseg_get_end(uvm_physseg_t upm)
{
	const struct uvm_physseg *seg = physseg_of(upm);

	return seg == NULL ? (paddr_t)-1 : seg->ps_end;
}

paddr_t
uvm_physseg_get_avail_start(uvm_physseg_t upm)
{
	const struct uvm_physseg *seg = physseg_of(upm);

	return seg == NULL ? (paddr_t)-1 : seg->ps_avail_start;
}

paddr_t
uvm_physseg_get_avail_end(uvm_physseg_t upm)
{
	const struct uvm_physseg *seg = physseg_of(upm);

	return seg == NULL ? (paddr_t)-1 : seg->ps_avail_end;
}

/* What is available can't change any more once UVM has the pages. */
void
uvm_physseg_set_avail_start(uvm_physseg_t upm, paddr_t avail_start)
{
	struct uvm_physseg *seg = physseg_of(upm);

	if (seg != NULL && seg->ps_pgs == NULL &&
	    avail_start >= seg->ps_start && avail_start <= seg->ps_avail_end)
		seg->ps_avail_start = avail_start;
}

void
uvm_physseg_set_avail_end(uvm_physseg_t upm, paddr_t avail_end)
{
	struct uvm_physseg *seg = physseg_of(upm);

	if (seg != NULL && seg->ps_pgs == NULL &&
	    avail_end >= seg->ps_avail_start && avail_end <= seg->ps_end)
		seg->ps_avail_end = avail_end;
}

struct vm_page *
uvm_physseg_get_pg(uvm_physseg_t upm, paddr_t idx)
{
	const struct uvm_physseg *seg = physseg_of(upm);

	if (seg == NULL || seg->ps_pgs == NULL ||
	    idx >= seg->ps_end - seg->ps_start)
		return NULL;
	return &seg->ps_pgs[idx];
}

#ifdef __HAVE_PMAP_PHYSSEG
struct pmap_physseg *
uvm_physseg_get_pmseg(uvm_physseg_t upm)
{
	struct uvm_physseg *seg = physseg_of(upm);

	return seg == NULL ? NULL : &seg->ps_pmseg;
}
#endif

int
uvm_physseg_get_free_list(uvm_physseg_t upm)
{
	const struct uvm_physseg *seg = physseg_of(upm);

	return seg == NULL ? -1 : seg->ps_free_list;
}

u_int
uvm_physseg_get_start_hint(uvm_physseg_t upm)
{
	const struct uvm_physseg *seg = physseg_of(upm);

	return seg == NULL ? (u_int)-1 : seg->ps_start_hint;
}

bool
uvm_physseg_set_start_hint(uvm_physseg_t upm, u_int start_hint)
{
	struct uvm_physseg *seg = physseg_of(upm);

	if (seg == NULL)
		return false;
	seg->ps_start_hint = start_hint;
	return true;
}
