/*	$NetBSD$	*/

/*-
 * SPDX-License-Identifier: BSD-2-Clause
 *
 * The hand of a NetBSD developer of the year 2013, who moved the old
 * vm_physmem[] array out of uvm_page.c and put functions around it.  The
 * array has VM_PHYSSEG_MAX places and that is that: it is filled while the
 * kernel boots, in the order that VM_PHYSSEG_STRAT asks for, and what comes
 * later is refused, with `options UVM_HOTPLUG' as well as without.
 */

/*
 * Copyright (c) 2013 by the first of three strangers.
 *
 * Redistribution and use in source and binary forms, with or without
 * modification, are permitted provided that the following conditions
 * are met:
 * 1. Redistributions of source code must retain the above copyright
 *    notice, this list of conditions and the following disclaimer.
 * 2. Redistributions in binary form must reproduce the above copyright
 *    notice, this list of conditions and the following disclaimer in the
 *    documentation and/or other materials provided with the distribution.
 *
 * THIS SOFTWARE IS PROVIDED BY THE AUTHOR ``AS IS'' AND ANY EXPRESS OR
 * IMPLIED WARRANTIES ARE DISCLAIMED.  IN NO EVENT SHALL THE AUTHOR BE LIABLE
 * FOR ANY DAMAGES ARISING IN ANY WAY OUT OF THE USE OF THIS SOFTWARE.
 */

#include <sys/cdefs.h>
__KERNEL_RCSID(0, "$NetBSD$");

#if defined(_KERNEL_OPT)
#include "opt_uvm.h"
#include "opt_uvm_hotplug.h"
#endif

#include <sys/param.h>
#include <sys/systm.h>

#include <uvm/uvm.h>
#include <uvm/uvm_page.h>
#include <uvm/uvm_physseg.h>

/*
 * One segment of physical memory.  All the frame numbers are half open:
 * the segment is start, start + 1, ... end - 1.
 */
struct vm_physseg {
	paddr_t		start;		/* first frame */
	paddr_t		end;		/* one past the last frame */
	paddr_t		avail_start;	/* first frame for the free list */
	paddr_t		avail_end;	/* one past the last such frame */
	int		free_list;
	u_int		start_hint;	/* where uvm_pglist(9) looks first */
	struct vm_page	*pgs;		/* the frames' vm_pages, or NULL */
#ifdef __HAVE_PMAP_PHYSSEG
	struct pmap_physseg pmseg;	/* the pmap's own */
#endif
};

static struct vm_physseg vm_physmem[VM_PHYSSEG_MAX];
static int vm_nphysseg;

/* The boot time vm_page array that isn't given to a segment yet. */
static struct vm_page *vm_slab;
static size_t vm_slabpages;

static int	vm_physseg_index(uvm_physseg_t);
static struct vm_physseg *vm_physseg_lookup(uvm_physseg_t);
static int	vm_physseg_search(paddr_t);
static bool	vm_physseg_overlaps(paddr_t, paddr_t);
static int	vm_physseg_place(paddr_t, paddr_t);
static int	vm_physseg_insert(paddr_t, paddr_t, paddr_t, paddr_t, int);
static void	vm_physseg_remove(int);

/*
 * A handle is an index, unless the kernel's header has made it a pointer,
 * when it points at the element.
 */
#if defined(UVM_HOTPLUG)
#define	VM_PHYSSEG_HANDLE(i)	((uvm_physseg_t)(void *)&vm_physmem[(i)])

static int
vm_physseg_index(uvm_physseg_t upm)
{
	uintptr_t off;

	if ((uintptr_t)upm < (uintptr_t)&vm_physmem[0])
		return (-1);
	off = (uintptr_t)upm - (uintptr_t)&vm_physmem[0];
	if (off % sizeof(vm_physmem[0]) != 0 ||
	    off / sizeof(vm_physmem[0]) >= (uintptr_t)vm_nphysseg)
		return (-1);

	return ((int)(off / sizeof(vm_physmem[0])));
}
#else
#define	VM_PHYSSEG_HANDLE(i)	((uvm_physseg_t)(i))

static int
vm_physseg_index(uvm_physseg_t upm)
{

	if (upm < 0 || upm >= vm_nphysseg)
		return (-1);

	return (upm);
}
#endif

static struct vm_physseg *
vm_physseg_lookup(uvm_physseg_t upm)
{
	int i = vm_physseg_index(upm);

	return (i < 0 ? NULL : &vm_physmem[i]);
}

/*
 * Find the segment that has a frame, or -1.
 */
#if VM_PHYSSEG_MAX == 1

static int
vm_physseg_search(paddr_t pframe)
{

	/* "contig" case */
	if (vm_nphysseg == 1 && pframe >= vm_physmem[0].start &&
	    pframe < vm_physmem[0].end)
		return (0);

	return (-1);
}

#elif VM_PHYSSEG_STRAT == VM_PSTRAT_BSEARCH

static int
vm_physseg_search(paddr_t pframe)
{
	int lo = 0, hi = vm_nphysseg, mid;

	while (lo < hi) {
		mid = lo + (hi - lo) / 2;
		if (pframe < vm_physmem[mid].start)
			hi = mid;
		else if (pframe >= vm_physmem[mid].end)
			lo = mid + 1;
		else
			return (mid);
	}

	return (-1);
}

#elif VM_PHYSSEG_STRAT == VM_PSTRAT_BIGFIRST || \
      VM_PHYSSEG_STRAT == VM_PSTRAT_RANDOM

static int
vm_physseg_search(paddr_t pframe)
{
	struct vm_physseg *ps;
	int i;

	/* With the big ones in front this is over soon, as a rule. */
	for (i = 0, ps = vm_physmem; i < vm_nphysseg; i++, ps++) {
		if (pframe >= ps->start && pframe < ps->end)
			return (i);
	}

	return (-1);
}

#else
#error "VM_PHYSSEG_STRAT: unknown strategy"
#endif

static bool
vm_physseg_overlaps(paddr_t start, paddr_t end)
{
	int i;

	for (i = 0; i < vm_nphysseg; i++) {
		if (start < vm_physmem[i].end && vm_physmem[i].start < end)
			return (true);
	}

	return (false);
}

/*
 * Which element a new segment has to become.
 */
static int
vm_physseg_place(paddr_t start, paddr_t end)
{
	int i;

#if VM_PHYSSEG_MAX == 1
	i = 0;
#elif VM_PHYSSEG_STRAT == VM_PSTRAT_BSEARCH
	for (i = 0; i < vm_nphysseg; i++) {
		if (start < vm_physmem[i].start)
			break;
	}
#elif VM_PHYSSEG_STRAT == VM_PSTRAT_BIGFIRST
	for (i = 0; i < vm_nphysseg; i++) {
		if (end - start > vm_physmem[i].end - vm_physmem[i].start)
			break;
	}
#else
	i = vm_nphysseg;
#endif
	return (i);
}

static int
vm_physseg_insert(paddr_t start, paddr_t end, paddr_t avail_start,
    paddr_t avail_end, int free_list)
{
	struct vm_physseg *ps;
	int place;

	if (vm_nphysseg == VM_PHYSSEG_MAX) {
		printf("uvm_physseg: unable to load physical memory segment\n"
		    "\t%d segments allocated, ignoring 0x%" PRIxPADDR
		    " -> 0x%" PRIxPADDR "\n\tincrease VM_PHYSSEG_MAX\n",
		    VM_PHYSSEG_MAX, ptoa(start), ptoa(end));
		return (-1);
	}
	if (vm_physseg_overlaps(start, end)) {
		printf("uvm_physseg: 0x%" PRIxPADDR " -> 0x%" PRIxPADDR
		    " is there already\n", ptoa(start), ptoa(end));
		return (-1);
	}

	place = vm_physseg_place(start, end);
	memmove(&vm_physmem[place + 1], &vm_physmem[place],
	    (vm_nphysseg - place) * sizeof(vm_physmem[0]));
	vm_nphysseg++;

	ps = &vm_physmem[place];
	memset(ps, 0, sizeof(*ps));
	ps->start = start;
	ps->end = end;
	ps->avail_start = avail_start;
	ps->avail_end = avail_end;
	ps->free_list = free_list;

	return (place);
}

static void
vm_physseg_remove(int i)
{

	KASSERT(i >= 0 && i < vm_nphysseg);

	vm_nphysseg--;
	memmove(&vm_physmem[i], &vm_physmem[i + 1],
	    (vm_nphysseg - i) * sizeof(vm_physmem[0]));
	memset(&vm_physmem[vm_nphysseg], 0, sizeof(vm_physmem[0]));
}

/*
 * Initialization: once, from MD code, before anything is loaded.
 */
void
uvm_physseg_init(void)
{

	memset(vm_physmem, 0, sizeof(vm_physmem));
	vm_nphysseg = 0;
	vm_slab = NULL;
	vm_slabpages = 0;
}

/*
 * Boot time: memory comes ...
 */
uvm_physseg_t
uvm_page_physload(paddr_t start, paddr_t end, paddr_t avail_start,
    paddr_t avail_end, int free_list)
{
	int i;

	if (uvmexp.pagesize == 0)
		panic("uvm_page_physload: page size not set!");
	if (uvm.page_init_done)
		panic("uvm_page_physload: too late for more memory");
	if (free_list >= VM_NFREELIST || free_list < VM_FREELIST_DEFAULT)
		panic("uvm_page_physload: bad free list %d", free_list);
	if (start >= end)
		panic("uvm_page_physload: start >= end");

	i = vm_physseg_insert(start, end, avail_start, avail_end, free_list);
	if (i < 0)
		return (UVM_PHYSSEG_TYPE_INVALID);

	return (VM_PHYSSEG_HANDLE(i));
}

bool
uvm_physseg_plug(paddr_t pfn, size_t npages, uvm_physseg_t *upmp)
{
	int i;

	/* We have no vm_pages for these, and nowhere to get them. */
	if (uvm.page_init_done)
		return (false);

	if (npages == 0 || pfn + npages < pfn)
		return (false);

	i = vm_physseg_insert(pfn, pfn + npages, pfn, pfn + npages,
	    VM_FREELIST_DEFAULT);
	if (i < 0)
		return (false);
	if (upmp != NULL)
		*upmp = VM_PHYSSEG_HANDLE(i);

	return (true);
}

/*
 * ... and goes again.
 *
 * uvm_page_physunload takes one page that can go without leaving a hole:
 * the first of the segment or the last.  The caller may want any page that
 * is available; that is uvm_page_physunload_force, and what lies in front
 * of the page is lost to UVM with it.
 */
bool
uvm_page_physunload(uvm_physseg_t upm, int freelist, paddr_t *paddrp)
{
	struct vm_physseg *ps;

	if (uvm.page_init_done)
		panic("uvm_page_physunload: called after UVM init");

	ps = vm_physseg_lookup(upm);
	if (ps == NULL || ps->free_list != freelist)
		return (false);
	if (ps->avail_start >= ps->avail_end)
		return (false);

	if (ps->avail_start == ps->start) {
		*paddrp = ptoa(ps->avail_start);
		ps->avail_start++;
		ps->start++;
	} else if (ps->avail_end == ps->end) {
		ps->avail_end--;
		ps->end--;
		*paddrp = ptoa(ps->avail_end);
	} else
		return (false);

	if (ps->start == ps->end)
		vm_physseg_remove(vm_physseg_index(upm));

	return (true);
}

bool
uvm_page_physunload_force(uvm_physseg_t upm, int freelist, paddr_t *paddrp)
{
	struct vm_physseg *ps;

	if (uvm.page_init_done)
		panic("uvm_page_physunload_force: called after UVM init");

	ps = vm_physseg_lookup(upm);
	if (ps == NULL || ps->free_list != freelist)
		return (false);
	if (ps->avail_start >= ps->avail_end)
		return (false);

	*paddrp = ptoa(ps->avail_start);
	ps->avail_start++;
	ps->start = ps->avail_start;

	if (ps->start == ps->end)
		vm_physseg_remove(vm_physseg_index(upm));

	return (true);
}

bool
uvm_physseg_unplug(paddr_t pfn, size_t npages)
{
	struct vm_physseg *ps, old;
	paddr_t end = pfn + npages;
	int i;

	if (uvm.page_init_done || npages == 0 || end < pfn)
		return (false);

	i = vm_physseg_search(pfn);
	if (i < 0)
		return (false);
	ps = &vm_physmem[i];
	if (end > ps->end)
		return (false);

	if (pfn > ps->start && end < ps->end &&
	    vm_nphysseg == VM_PHYSSEG_MAX)
		return (false);		/* nowhere to put the other half */

	/*
	 * Take it out, and put in again what is left of it: that keeps the
	 * order of the array whatever the strategy.
	 */
	old = *ps;
	vm_physseg_remove(i);
	if (pfn > old.start)
		(void)vm_physseg_insert(old.start, pfn,
		    MIN(old.avail_start, pfn), MIN(old.avail_end, pfn),
		    old.free_list);
	if (end < old.end)
		(void)vm_physseg_insert(end, old.end,
		    MAX(old.avail_start, end), MAX(old.avail_end, end),
		    old.free_list);

	return (true);
}

/*
 * The page code hands us its array of vm_pages with the first segment, and
 * then asks for each segment's part of it.
 */
void
uvm_physseg_seg_chomp_slab(uvm_physseg_t upm, struct vm_page *pgs, size_t n)
{

	vm_slab = pgs;
	vm_slabpages = n;
}

struct vm_page *
uvm_physseg_seg_alloc_from_slab(uvm_physseg_t upm, size_t n)
{
	struct vm_page *pgs;

	if (vm_physseg_index(upm) < 0 || n == 0 || n > vm_slabpages)
		return (NULL);

	pgs = vm_slab;
	vm_slab += n;
	vm_slabpages -= n;
	memset(pgs, 0, n * sizeof(*pgs));

	return (pgs);
}

void
uvm_physseg_init_seg(uvm_physseg_t upm, struct vm_page *pgs)
{
	struct vm_physseg *ps = vm_physseg_lookup(upm);
	struct vm_page *pg;
	paddr_t pfn;

	KASSERT(ps != NULL);
	KASSERT(ps->pgs == NULL);
	KASSERT(pgs != NULL);

	ps->pgs = pgs;
	for (pfn = ps->start, pg = pgs; pfn < ps->end; pfn++, pg++) {
		pg->phys_addr = ptoa(pfn);
#ifdef __HAVE_VM_PAGE_MD
		VM_MDPAGE_INIT(pg);
#endif
		if (pfn < ps->avail_start || pfn >= ps->avail_end)
			continue;
		uvmexp.npages++;
		uvm_page_set_freelist(pg, uvm_page_lookup_freelist(pg));
		uvm_pagefree(pg);
	}
}

/*
 * Looking around.
 */
uvm_physseg_t
uvm_physseg_find(paddr_t pframe, psize_t *offsetp)
{
	int i = vm_physseg_search(pframe);

	if (i < 0)
		return (UVM_PHYSSEG_TYPE_INVALID);
	if (offsetp != NULL)
		*offsetp = pframe - vm_physmem[i].start;

	return (VM_PHYSSEG_HANDLE(i));
}

bool
uvm_physseg_valid_p(uvm_physseg_t upm)
{

	return (vm_physseg_index(upm) >= 0);
}

uvm_physseg_t
uvm_physseg_get_first(void)
{

	if (vm_nphysseg == 0)
		return (UVM_PHYSSEG_TYPE_INVALID_EMPTY);

	return (VM_PHYSSEG_HANDLE(0));
}

uvm_physseg_t
uvm_physseg_get_last(void)
{

	if (vm_nphysseg == 0)
		return (UVM_PHYSSEG_TYPE_INVALID_EMPTY);

	return (VM_PHYSSEG_HANDLE(vm_nphysseg - 1));
}

uvm_physseg_t
uvm_physseg_get_next(uvm_physseg_t upm)
{
	int i = vm_physseg_index(upm);

	if (i < 0)
		return (UVM_PHYSSEG_TYPE_INVALID);
	if (i == vm_nphysseg - 1)
		return (UVM_PHYSSEG_TYPE_INVALID_OVERFLOW);

	return (VM_PHYSSEG_HANDLE(i + 1));
}

uvm_physseg_t
uvm_physseg_get_prev(uvm_physseg_t upm)
{
	int i = vm_physseg_index(upm);

	if (i < 0)
		return (UVM_PHYSSEG_TYPE_INVALID);
	if (i == 0)
		return (UVM_PHYSSEG_TYPE_INVALID_EMPTY);

	return (VM_PHYSSEG_HANDLE(i - 1));
}

paddr_t
uvm_physseg_get_highest_frame(void)
{
	paddr_t end = 0;
	int i;

	for (i = 0; i < vm_nphysseg; i++)
		end = MAX(end, vm_physmem[i].end);

	return (end - 1);
}

paddr_t
uvm_physseg_get_start(uvm_physseg_t upm)
{
	struct vm_physseg *ps = vm_physseg_lookup(upm);

	return (ps != NULL ? ps->start : (paddr_t)-1);
}

paddr_t
uvm_physseg_get_end(uvm_physseg_t upm)
{
	struct vm_physseg *ps = vm_physseg_lookup(upm);

	return (ps != NULL ? ps->end : (paddr_t)-1);
}

paddr_t
uvm_physseg_get_avail_start(uvm_physseg_t upm)
{
	struct vm_physseg *ps = vm_physseg_lookup(upm);

	return (ps != NULL ? ps->avail_start : (paddr_t)-1);
}

paddr_t
uvm_physseg_get_avail_end(uvm_physseg_t upm)
{
	struct vm_physseg *ps = vm_physseg_lookup(upm);

	return (ps != NULL ? ps->avail_end : (paddr_t)-1);
}

void
uvm_physseg_set_avail_start(uvm_physseg_t upm, paddr_t avail_start)
{
	struct vm_physseg *ps = vm_physseg_lookup(upm);

	if (ps == NULL)
		return;
	KASSERT(avail_start >= ps->start && avail_start <= ps->avail_end);
	ps->avail_start = avail_start;
}

void
uvm_physseg_set_avail_end(uvm_physseg_t upm, paddr_t avail_end)
{
	struct vm_physseg *ps = vm_physseg_lookup(upm);

	if (ps == NULL)
		return;
	KASSERT(avail_end <= ps->end && avail_end >= ps->avail_start);
	ps->avail_end = avail_end;
}

struct vm_page *
uvm_physseg_get_pg(uvm_physseg_t upm, paddr_t idx)
{
	struct vm_physseg *ps = vm_physseg_lookup(upm);

	if (ps == NULL || ps->pgs == NULL)
		return (NULL);
	KASSERT(idx < ps->end - ps->start);

	return (&ps->pgs[idx]);
}

#ifdef __HAVE_PMAP_PHYSSEG
struct pmap_physseg *
uvm_physseg_get_pmseg(uvm_physseg_t upm)
{
	struct vm_physseg *ps = vm_physseg_lookup(upm);

	return (ps != NULL ? &ps->pmseg : NULL);
}
#endif

int
uvm_physseg_get_free_list(uvm_physseg_t upm)
{
	struct vm_physseg *ps = vm_physseg_lookup(upm);

	return (ps != NULL ? ps->free_list : -1);
}

u_int
uvm_physseg_get_start_hint(uvm_physseg_t upm)
{
	struct vm_physseg *ps = vm_physseg_lookup(upm);

	return (ps != NULL ? ps->start_hint : 0);
}

bool
uvm_physseg_set_start_hint(uvm_physseg_t upm, u_int start_hint)
{
	struct vm_physseg *ps = vm_physseg_lookup(upm);

	if (ps == NULL)
		return (false);
	ps->start_hint = start_hint;

	return (true);
}
