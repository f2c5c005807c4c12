/*	$NetBSD$	*/

/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The hand of a NetBSD developer of the year 2021: with `options UVM_HOTPLUG'
 * the segments are on a sorted TAILQ, neighbours are merged as they come, any
 * part of a segment can be unplugged, and the vm_pages of each plug are one
 * kmem(9) allocation that goes with the last of them.  Without the option
 * the segments are an array of VM_PHYSSEG_MAX, and the VM_PHYSSEG_STRAT of
 * the port says how to sort it.  There are no locks in here: at boot there is
 * nobody else, and later whoever plugs and unplugs has to do so by himself.
 *
 * Copyright (c) 2021 by the third of three strangers.
 */

#include <sys/cdefs.h>
__KERNEL_RCSID(0, "$NetBSD$");

#ifdef _KERNEL_OPT
#include "opt_uvm.h"
#include "opt_uvm_hotplug.h"
#endif

#include <sys/param.h>
#include <sys/kmem.h>
#include <sys/mutex.h>
#include <sys/queue.h>
#include <sys/rbtree.h>
#include <sys/systm.h>

#include <uvm/uvm.h>
#include <uvm/uvm_page.h>
#include <uvm/uvm_pdpolicy.h>
#include <uvm/uvm_physseg.h>

struct uvm_physseg {
	paddr_t		ps_start;	/* first frame */
	paddr_t		ps_end;		/* last frame + 1 */
	paddr_t		ps_avail_start;	/* first frame for the free lists */
	paddr_t		ps_avail_end;	/* last such frame + 1 */
	int		ps_free_list;
	u_int		ps_start_hint;
#ifdef UVM_HOTPLUG
	TAILQ_ENTRY(uvm_physseg) ps_link;
	bool		ps_boot;	/* in physseg_boot[] */
#else
	struct vm_page	*ps_pgs;
#endif
#ifdef __HAVE_PMAP_PHYSSEG
	struct pmap_physseg ps_pmseg;
#endif
};

static struct uvm_physseg physseg_boot[VM_PHYSSEG_MAX];

/* What is left of the vm_pages that uvm_page_init() has for us. */
static struct vm_page *physseg_slab;
static size_t physseg_slabpages;

/* Trim what is available to what there is. */
static void
physseg_clamp(struct uvm_physseg *ps)
{
	ps->ps_avail_start = MIN(MAX(ps->ps_avail_start, ps->ps_start),
	    ps->ps_end);
	ps->ps_avail_end = MAX(MIN(ps->ps_avail_end, ps->ps_end),
	    ps->ps_avail_start);
	ps->ps_start_hint = 0;
}

static void
physseg_init_pages(struct uvm_physseg *ps, struct vm_page *pg)
{
	paddr_t pfn;

	for (pfn = ps->ps_start; pfn < ps->ps_end; pfn++, pg++) {
		pg->phys_addr = ptoa(pfn);
		mutex_init(&pg->interlock, MUTEX_DEFAULT, IPL_NONE);
#ifdef __HAVE_VM_PAGE_MD
		VM_MDPAGE_INIT(pg);
#endif
		if (pfn >= ps->ps_avail_start && pfn < ps->ps_avail_end) {
			uvmexp.npages++;
			uvm_page_set_freelist(pg, ps->ps_free_list);
			uvm_pagefree(pg);
		}
	}
}

#ifdef UVM_HOTPLUG
/*
 * The vm_pages of a merged segment are in more than one place, so that a tree
 * of runs knows them: frames whose vm_pages are in a row.  A run that was
 * plugged belongs to a block, which can be freed when all its pages are gone.
 */
struct pgblock {
	size_t		pb_size;	/* bytes, of all this */
	size_t		pb_npages;	/* pages that are still in use */
	struct vm_page	pb_pgs[];
};

struct pgrun {
	rb_node_t	pr_node;
	paddr_t		pr_start, pr_end;
	struct vm_page	*pr_pgs;
	struct pgblock	*pr_block;	/* NULL: uvm_page_init()'s */
};

static TAILQ_HEAD(uvm_physseg_list, uvm_physseg) physsegs;
static rb_tree_t pgruns;
static struct pgrun pgrun_boot[VM_PHYSSEG_MAX];
static u_int pgrun_nboot;

static int
pgrun_compare_key(void *ctx, const void *n, const void *key)
{
	const struct pgrun * const pr = n;
	const paddr_t pfn = *(const paddr_t *)key;

	return (pr->pr_start > pfn) - (pr->pr_start < pfn);
}

static int
pgrun_compare_nodes(void *ctx, const void *n1, const void *n2)
{
	return pgrun_compare_key(ctx, n1, &((const struct pgrun *)n2)->pr_start);
}

static const rb_tree_ops_t pgrun_ops = {
	.rbto_compare_nodes = pgrun_compare_nodes,
	.rbto_compare_key = pgrun_compare_key,
	.rbto_node_offset = offsetof(struct pgrun, pr_node)
};

void
uvm_physseg_init(void)
{
	TAILQ_INIT(&physsegs);
	rb_tree_init(&pgruns, &pgrun_ops);
	memset(physseg_boot, 0, sizeof(physseg_boot));
	pgrun_nboot = 0;
}

static struct pgrun *
pgrun_get(void)
{
	if (uvm.page_init_done)
		return kmem_zalloc(sizeof(struct pgrun), KM_NOSLEEP);
	return pgrun_nboot < VM_PHYSSEG_MAX ? &pgrun_boot[pgrun_nboot++] : NULL;
}

static void
pgrun_put(struct pgrun *pr)
{
	if (pr < &pgrun_boot[0] || pr >= &pgrun_boot[VM_PHYSSEG_MAX])
		kmem_free(pr, sizeof(*pr));
}

static void
pgrun_enter(struct pgrun *pr, paddr_t start, paddr_t end, struct vm_page *pgs,
    struct pgblock *block)
{
	pr->pr_start = start;
	pr->pr_end = end;
	pr->pr_pgs = pgs;
	pr->pr_block = block;
	(void)rb_tree_insert_node(&pgruns, pr);
}

static struct pgrun *
pgrun_find(paddr_t pfn)
{
	struct pgrun *pr = rb_tree_find_node_leq(&pgruns, &pfn);

	return pr != NULL && pfn < pr->pr_end ? pr : NULL;
}

/* The first segment that ends behind a frame. */
static struct uvm_physseg *
physseg_behind(paddr_t pfn)
{
	struct uvm_physseg *ps;

	TAILQ_FOREACH(ps, &physsegs, ps_link)
		if (pfn < ps->ps_end)
			break;
	return ps;
}

static struct uvm_physseg *
physseg_containing(paddr_t pfn)
{
	struct uvm_physseg * const ps = physseg_behind(pfn);

	return ps != NULL && pfn >= ps->ps_start ? ps : NULL;
}

static void
physseg_remove(struct uvm_physseg *ps)
{
	TAILQ_REMOVE(&physsegs, ps, ps_link);
	if (ps->ps_boot)
		ps->ps_boot = false;
	else
		kmem_free(ps, sizeof(*ps));
}

static struct uvm_physseg *
physseg_insert(paddr_t start, paddr_t end, paddr_t avail_start,
    paddr_t avail_end, int free_list)
{
	struct uvm_physseg * const next = physseg_behind(start);
	struct uvm_physseg *ps;

	if (next != NULL && next->ps_start < end)
		return NULL;
	if (uvm.page_init_done) {
		if ((ps = kmem_zalloc(sizeof(*ps), KM_NOSLEEP)) == NULL)
			return NULL;
	} else {
		for (ps = physseg_boot; ps->ps_boot; ps++)
			if (ps == &physseg_boot[VM_PHYSSEG_MAX - 1])
				return NULL;
		memset(ps, 0, sizeof(*ps));
		ps->ps_boot = true;
	}
	ps->ps_start = start;
	ps->ps_end = end;
	ps->ps_avail_start = avail_start;
	ps->ps_avail_end = avail_end;
	ps->ps_free_list = free_list;
	if (next != NULL)
		TAILQ_INSERT_BEFORE(next, ps, ps_link);
	else
		TAILQ_INSERT_TAIL(&physsegs, ps, ps_link);
	return ps;
}

/* A handle may be stale, that is, point nowhere: don't follow it. */
static struct uvm_physseg *
physseg_lookup(uvm_physseg_t upm)
{
	struct uvm_physseg *ps;

	TAILQ_FOREACH(ps, &physsegs, ps_link)
		if (ps == upm)
			break;
	return ps;
}

/* If right goes on where left ends, left gets it all. */
static bool
physseg_merge(struct uvm_physseg *left, struct uvm_physseg *right)
{
#ifdef __HAVE_PMAP_PHYSSEG
	return false;		/* only the pmap knows how to merge those */
#else
	if (left == NULL || right == NULL ||
	    left->ps_end != right->ps_start ||
	    left->ps_avail_end != left->ps_end ||
	    right->ps_avail_start != right->ps_start ||
	    left->ps_free_list != right->ps_free_list)
		return false;
	left->ps_end = right->ps_end;
	left->ps_avail_end = right->ps_avail_end;
	physseg_remove(right);
	return true;
#endif
}

static struct uvm_physseg *
physseg_hotplug(paddr_t start, paddr_t end)
{
	const size_t size = offsetof(struct pgblock, pb_pgs) +
	    (end - start) * sizeof(struct vm_page);
	struct uvm_physseg *ps, *prev;
	struct pgblock *pb;
	struct pgrun *pr;

	if ((pb = kmem_zalloc(size, KM_NOSLEEP)) == NULL)
		return NULL;
	pr = pgrun_get();
	if (pr == NULL || (ps = physseg_insert(start, end, start, end,
	    VM_FREELIST_DEFAULT)) == NULL) {
		if (pr != NULL)
			pgrun_put(pr);
		kmem_free(pb, size);
		return NULL;
	}
	pb->pb_size = size;
	pb->pb_npages = end - start;
	pgrun_enter(pr, start, end, pb->pb_pgs, pb);
	physmem += end - start;
	physseg_init_pages(ps, pb->pb_pgs);
	uvmpdpol_reinit();

	prev = TAILQ_PREV(ps, uvm_physseg_list, ps_link);
	if (physseg_merge(prev, ps))
		ps = prev;
	(void)physseg_merge(ps, TAILQ_NEXT(ps, ps_link));
	return ps;
}

static struct vm_page *
physseg_page(struct uvm_physseg *ps, paddr_t pfn)
{
	struct pgrun * const pr = pgrun_find(pfn);

	return pr != NULL ? &pr->pr_pgs[pfn - pr->pr_start] : NULL;
}

/* Let a run begin at pfn, if there is one at all. */
static bool
pgrun_split(paddr_t pfn)
{
	struct pgrun *right, * const pr = pgrun_find(pfn);

	if (pr == NULL || pr->pr_start == pfn)
		return true;
	if ((right = pgrun_get()) == NULL)
		return false;
	pgrun_enter(right, pfn, pr->pr_end, &pr->pr_pgs[pfn - pr->pr_start],
	    pr->pr_block);
	pr->pr_end = pfn;
	return true;
}

static void
pgrun_forget(paddr_t pfn, paddr_t end)
{
	struct pgblock *pb;
	struct vm_page *pg;
	struct pgrun *pr;

	while (pfn < end && (pr = pgrun_find(pfn)) != NULL) {
		KASSERT(pr->pr_start == pfn && pr->pr_end <= end);
		pb = pr->pr_block;
		for (pg = pr->pr_pgs; pfn < pr->pr_end; pfn++, pg++)
			mutex_destroy(&pg->interlock);
		if (pb != NULL)
			pb->pb_npages -= pg - pr->pr_pgs;
		rb_tree_remove_node(&pgruns, pr);
		pgrun_put(pr);
		if (pb != NULL && pb->pb_npages == 0)
			kmem_free(pb, pb->pb_size);
	}
}

#define	physseg_canplug		true
#define	physseg_handle(ps)	(ps)
#define	physseg_first()		TAILQ_FIRST(&physsegs)
#define	physseg_last()		TAILQ_LAST(&physsegs, uvm_physseg_list)
#define	physseg_next(ps)	TAILQ_NEXT(ps, ps_link)
#define	physseg_prev(ps)	TAILQ_PREV(ps, uvm_physseg_list, ps_link)

#else /* !UVM_HOTPLUG */

static int physseg_count;

#define	physseg_canplug		false
#define	physseg_handle(ps)	((uvm_physseg_t)((ps) - physseg_boot))
#define	physseg_first()		physseg_lookup(0)
#define	physseg_last()		physseg_lookup(physseg_count - 1)
#define	physseg_next(ps)	physseg_lookup(physseg_handle(ps) + 1)
#define	physseg_prev(ps)	physseg_lookup(physseg_handle(ps) - 1)
#define	physseg_page(ps, pfn)						\
	((ps)->ps_pgs != NULL ? &(ps)->ps_pgs[(pfn) - (ps)->ps_start] : NULL)
#define	physseg_hotplug(s, e)	NULL
#define	pgrun_split(pfn)	true
#define	pgrun_forget(s, e)	((void)0)

/* Does a segment a go in front of b? */
#if VM_PHYSSEG_STRAT == VM_PSTRAT_BIGFIRST
#define	PHYSSEG_BEFORE(as, ae, b) ((ae) - (as) > (b)->ps_end - (b)->ps_start)
#elif VM_PHYSSEG_STRAT == VM_PSTRAT_BSEARCH
#define	PHYSSEG_BEFORE(as, ae, b) ((as) < (b)->ps_start)
#else
#define	PHYSSEG_BEFORE(as, ae, b) false
#endif

void
uvm_physseg_init(void)
{
	memset(physseg_boot, 0, sizeof(physseg_boot));
	physseg_count = 0;
}

static struct uvm_physseg *
physseg_lookup(uvm_physseg_t upm)
{
	return upm >= 0 && upm < physseg_count ? &physseg_boot[upm] : NULL;
}

static struct uvm_physseg *
physseg_containing(paddr_t pfn)
{
	struct uvm_physseg *ps;

	for (ps = physseg_boot; ps < &physseg_boot[physseg_count]; ps++)
		if (pfn >= ps->ps_start && pfn < ps->ps_end)
			return ps;
	return NULL;
}

static struct uvm_physseg *
physseg_insert(paddr_t start, paddr_t end, paddr_t avail_start,
    paddr_t avail_end, int free_list)
{
	struct uvm_physseg *ps;
	int i, n;

	if (physseg_count == VM_PHYSSEG_MAX)
		return NULL;
	for (i = 0, n = physseg_count; i < physseg_count; i++) {
		ps = &physseg_boot[i];
		if (start < ps->ps_end && ps->ps_start < end)
			return NULL;
		if (n == physseg_count && PHYSSEG_BEFORE(start, end, ps))
			n = i;
	}
	for (i = physseg_count++; i > n; i--)
		physseg_boot[i] = physseg_boot[i - 1];
	ps = &physseg_boot[n];
	memset(ps, 0, sizeof(*ps));
	ps->ps_start = start;
	ps->ps_end = end;
	ps->ps_avail_start = avail_start;
	ps->ps_avail_end = avail_end;
	ps->ps_free_list = free_list;
	return ps;
}

static void
physseg_remove(struct uvm_physseg *ps)
{
	for (physseg_count--; ps < &physseg_boot[physseg_count]; ps++)
		ps[0] = ps[1];
}

#endif /* UVM_HOTPLUG */

/* The vm_pages of the segments that are there at boot. */
void
uvm_physseg_seg_chomp_slab(uvm_physseg_t upm, struct vm_page *pgs, size_t n)
{
	physseg_slab = pgs;
	physseg_slabpages = n;
}

struct vm_page *
uvm_physseg_seg_alloc_from_slab(uvm_physseg_t upm, size_t n)
{
	struct vm_page * const pgs = physseg_slab;

	if (n > physseg_slabpages)
		return NULL;
	physseg_slab += n;
	physseg_slabpages -= n;
	return memset(pgs, 0, n * sizeof(*pgs));
}

void
uvm_physseg_init_seg(uvm_physseg_t upm, struct vm_page *pgs)
{
	struct uvm_physseg * const ps = physseg_lookup(upm);
#ifdef UVM_HOTPLUG
	struct pgrun * const pr = pgrun_get();

	KASSERT(pr != NULL);
	pgrun_enter(pr, ps->ps_start, ps->ps_end, pgs, NULL);
#else
	ps->ps_pgs = pgs;
#endif
	physseg_init_pages(ps, pgs);
}

uvm_physseg_t
uvm_page_physload(paddr_t start, paddr_t end, paddr_t avail_start,
    paddr_t avail_end, int free_list)
{
	struct uvm_physseg *ps;

	if (uvm.page_init_done)
		panic("%s: after uvm_init", __func__);
	if (start >= end || avail_start > avail_end ||
	    free_list < VM_FREELIST_DEFAULT || free_list >= VM_NFREELIST)
		panic("%s: bad segment", __func__);
	ps = physseg_insert(start, end, avail_start, avail_end, free_list);
	return ps != NULL ? physseg_handle(ps) : UVM_PHYSSEG_TYPE_INVALID;
}

bool
uvm_physseg_plug(paddr_t pfn, size_t npages, uvm_physseg_t *upmp)
{
	const paddr_t end = pfn + npages;
	struct uvm_physseg *ps;

	if (npages == 0 || end < pfn)
		return false;
	if (uvm.page_init_done)
		ps = physseg_hotplug(pfn, end);
	else
		ps = physseg_insert(pfn, end, pfn, end, VM_FREELIST_DEFAULT);
	if (ps != NULL && upmp != NULL)
		*upmp = physseg_handle(ps);
	return ps != NULL;
}

bool
uvm_physseg_unplug(paddr_t pfn, size_t npages)
{
	const paddr_t end = pfn + npages;
	struct uvm_physseg *ps = physseg_containing(pfn), *rest, was;
	paddr_t from, to;

	if (npages == 0 || end < pfn || ps == NULL || end > ps->ps_end ||
	    (uvm.page_init_done && !physseg_canplug))
		return false;
	if (!pgrun_split(pfn) || !pgrun_split(end))
		return false;
	from = MAX(pfn, ps->ps_avail_start);
	to = MIN(end, ps->ps_avail_end);

	/* What is behind a hole becomes another segment. */
	if (pfn > ps->ps_start && end < ps->ps_end) {
		was = *ps;
		ps->ps_end = end;
		rest = physseg_insert(end, was.ps_end, was.ps_avail_start,
		    was.ps_avail_end, was.ps_free_list);
		if (rest == NULL) {
			ps->ps_end = was.ps_end;
			return false;
		}
		physseg_clamp(rest);
#ifdef __HAVE_PMAP_PHYSSEG
		rest->ps_pmseg = was.ps_pmseg;
#endif
		ps = physseg_containing(pfn);	/* an array moves */
	}

	if (pfn > ps->ps_start)
		ps->ps_end = pfn;
	else
		ps->ps_start = end;
	if (ps->ps_start < ps->ps_end)
		physseg_clamp(ps);
	else
		physseg_remove(ps);
	if (uvm.page_init_done) {
		/* Those outside have never been counted. */
		if (from < to)
			uvmexp.npages -= to - from;
		physmem -= npages;
		pgrun_forget(pfn, end);
		uvmpdpol_reinit();
	}
	return true;
}

static bool
physseg_unload(uvm_physseg_t upm, int free_list, paddr_t *paddrp, bool force)
{
	struct uvm_physseg * const ps = physseg_lookup(upm);

	if (uvm.page_init_done)
		panic("uvm_page_physunload: after uvm_init");
	if (ps == NULL || ps->ps_free_list != free_list ||
	    ps->ps_avail_start >= ps->ps_avail_end)
		return false;
	if (force || ps->ps_avail_start == ps->ps_start) {
		*paddrp = ptoa(ps->ps_avail_start);
		ps->ps_start = ++ps->ps_avail_start;
	} else if (ps->ps_avail_end == ps->ps_end) {
		ps->ps_end = --ps->ps_avail_end;
		*paddrp = ptoa(ps->ps_end);
	} else
		return false;

	if (ps->ps_start == ps->ps_end)
		physseg_remove(ps);
	return true;
}

bool
uvm_page_physunload(uvm_physseg_t upm, int free_list, paddr_t *paddrp)
{
	return physseg_unload(upm, free_list, paddrp, false);
}

bool
uvm_page_physunload_force(uvm_physseg_t upm, int free_list, paddr_t *paddrp)
{
	return physseg_unload(upm, free_list, paddrp, true);
}

bool
uvm_physseg_valid_p(uvm_physseg_t upm)
{
	return physseg_lookup(upm) != NULL;
}

uvm_physseg_t
uvm_physseg_find(paddr_t pfn, psize_t *offsetp)
{
	struct uvm_physseg * const ps = physseg_containing(pfn);

	if (ps == NULL)
		return UVM_PHYSSEG_TYPE_INVALID;
	if (offsetp != NULL)
		*offsetp = pfn - ps->ps_start;
	return physseg_handle(ps);
}

#define	PHYSSEG_STEP(name, args, valid, step, none)			\
uvm_physseg_t								\
uvm_physseg_get_##name args						\
{									\
	struct uvm_physseg *ps;						\
	if (!(valid))							\
		return UVM_PHYSSEG_TYPE_INVALID;			\
	ps = (step);							\
	return ps != NULL ? physseg_handle(ps) : (none);		\
}

PHYSSEG_STEP(first, (void), true, physseg_first(),
    UVM_PHYSSEG_TYPE_INVALID_EMPTY)
PHYSSEG_STEP(last, (void), true, physseg_last(),
    UVM_PHYSSEG_TYPE_INVALID_EMPTY)
PHYSSEG_STEP(next, (uvm_physseg_t upm), uvm_physseg_valid_p(upm),
    physseg_next(physseg_lookup(upm)), UVM_PHYSSEG_TYPE_INVALID_OVERFLOW)
PHYSSEG_STEP(prev, (uvm_physseg_t upm), uvm_physseg_valid_p(upm),
    physseg_prev(physseg_lookup(upm)), UVM_PHYSSEG_TYPE_INVALID_EMPTY)

#define	PHYSSEG_GET(type, name, invalid)				\
type									\
uvm_physseg_get_##name(uvm_physseg_t upm)				\
{									\
	const struct uvm_physseg * const ps = physseg_lookup(upm);	\
	return ps != NULL ? ps->ps_##name : (invalid);			\
}

PHYSSEG_GET(paddr_t, start, (paddr_t)-1)
PHYSSEG_GET(paddr_t, end, (paddr_t)-1)
PHYSSEG_GET(paddr_t, avail_start, (paddr_t)-1)
PHYSSEG_GET(paddr_t, avail_end, (paddr_t)-1)
PHYSSEG_GET(int, free_list, -1)
PHYSSEG_GET(u_int, start_hint, 0)

paddr_t
uvm_physseg_get_highest_frame(void)
{
	struct uvm_physseg *ps;
	paddr_t end = 0;

	for (ps = physseg_first(); ps != NULL; ps = physseg_next(ps))
		end = MAX(end, ps->ps_end);
	return end - 1;
}

struct vm_page *
uvm_physseg_get_pg(uvm_physseg_t upm, paddr_t idx)
{
	struct uvm_physseg * const ps = physseg_lookup(upm);

	return ps != NULL && idx < ps->ps_end - ps->ps_start ?
	    physseg_page(ps, ps->ps_start + idx) : NULL;
}

#ifdef __HAVE_PMAP_PHYSSEG
struct pmap_physseg *
uvm_physseg_get_pmseg(uvm_physseg_t upm)
{
	struct uvm_physseg * const ps = physseg_lookup(upm);

	return ps != NULL ? &ps->ps_pmseg : NULL;
}
#endif

bool
uvm_physseg_set_start_hint(uvm_physseg_t upm, u_int start_hint)
{
	struct uvm_physseg * const ps = physseg_lookup(upm);

	if (ps != NULL)
		ps->ps_start_hint = start_hint;
	return ps != NULL;
}

#define	PHYSSEG_SET(name)						\
void									\
uvm_physseg_set_##name(uvm_physseg_t upm, paddr_t name)			\
{									\
	struct uvm_physseg * const ps = physseg_lookup(upm);		\
	if (ps != NULL)							\
		ps->ps_##name = name;					\
}

PHYSSEG_SET(avail_start)
PHYSSEG_SET(avail_end)
