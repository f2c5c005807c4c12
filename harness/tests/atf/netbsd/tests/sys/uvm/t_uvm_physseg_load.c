/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How long it takes to find a page among many segments, in the manner of the
 * tests of NetBSD's own tree.  The other order of things: what pmap has of a
 * segment comes first, and kmem(9) is a few macros.
 */

#include <sys/cdefs.h>
__RCSID("$Ballast: t_uvm_physseg_load.c $");

#define __HAVE_PMAP_PHYSSEG

#ifdef __HAVE_PMAP_PHYSSEG
struct pmap_physseg {
	int nothing;
};
#endif

#include <assert.h>
#include <stdbool.h>
#include <string.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdarg.h>
#include <stddef.h>
#include <time.h>

#define	PRIxPADDR	"lx"
#define	PRIxPSIZE	"lx"
#define	PRIuPSIZE	"lu"
#define	PRIxVADDR	"lx"
#define	PRIxVSIZE	"lx"
#define	PRIuVSIZE	"lu"

#define UVM_HOTPLUG
#define PMAP_STEAL_MEMORY
#define DEBUG

typedef unsigned long vaddr_t;
typedef unsigned long paddr_t;
typedef unsigned long psize_t;
typedef unsigned long vsize_t;

#include <uvm/uvm_physseg.h>
#include <uvm/uvm_page.h>

#ifndef DIAGNOSTIC
#define	KASSERTMSG(e, msg, ...)	/* NOTHING */
#define	KASSERT(e)		/* NOTHING */
#else
#define	KASSERT(a)		assert(a)
#define	KASSERTMSG(exp, ...)	printf(__VA_ARGS__); assert((exp))
#endif

#define VM_PHYSSEG_STRAT	VM_PSTRAT_BSEARCH

#define VM_NFREELIST		4
#define VM_FREELIST_DEFAULT	0
#define VM_FREELIST_FIRST16	3
#define VM_FREELIST_FIRST1G	2
#define VM_FREELIST_FIRST4G	1

#if !defined(VM_PHYSSEG_MAX)
#define VM_PHYSSEG_MAX		32
#endif

#define PAGE_SIZE		4096
#define PAGE_SHIFT		12
#define atop(x)			(((paddr_t)(x)) >> PAGE_SHIFT)

#define	mutex_enter(l)
#define	mutex_exit(l)

#define	_SYS_KMEM_H_		/* the kernel's own is not wanted */
#define kmem_alloc(size, flags)	malloc(size)
#define kmem_zalloc(size, flags) calloc(1, size)
#define kmem_free(p, size)	free(p)

psize_t physmem;

struct uvmexp uvmexp;

struct uvm {
	bool page_init_done;
} uvm;

static void
panic(const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vprintf(fmt, ap);
	printf("\n");
	va_end(ap);
	KASSERT(false);
}

static void
uvm_pagefree(struct vm_page *pg)
{
	return;
}

#if defined(UVM_HOTPLUG)
static void
uvmpdpol_reinit(void)
{
	return;
}
#endif

#include "uvm/uvm_physseg.c"

#include <atf-c.h>

#define STEP	8	/* frames in a segment */

static struct vm_page *
uvm_phys_to_vm_page(paddr_t pa)
{
	paddr_t off;
	uvm_physseg_t upm = uvm_physseg_find(atop(pa), &off);

	if (upm != UVM_PHYSSEG_TYPE_INVALID)
		return uvm_physseg_get_pg(upm, off);
	return NULL;
}

#define PHYS_TO_VM_PAGE(pa)	uvm_phys_to_vm_page(pa)

/* As many segments as there may be at boot, and addresses all over them. */
static void
look_up(int calls)
{
	const paddr_t end = VM_PHYSSEG_MAX * STEP;
	struct vm_page *slab = calloc(end, sizeof(*slab));
	int found = 0;

	ATF_REQUIRE(slab != NULL);
	uvmexp.pagesize = PAGE_SIZE;
	uvmexp.npages = 0;
	uvm.page_init_done = false;
	uvm_physseg_init();
	for (paddr_t i = 0; i < end; i += STEP)
		uvm_page_physload(i, i + STEP, i, i + STEP,
		    VM_FREELIST_DEFAULT);
	uvm_physseg_seg_chomp_slab(uvm_physseg_get_first(), slab, end);
	for (uvm_physseg_t upm = uvm_physseg_get_first();
	     uvm_physseg_valid_p(upm); upm = uvm_physseg_get_next(upm))
		uvm_physseg_init_seg(upm,
		    uvm_physseg_seg_alloc_from_slab(upm, STEP));
	uvm.page_init_done = true;
	ATF_REQUIRE_EQ((int)end, uvmexp.npages);

	srandom((unsigned)time(NULL));
	for (int i = 0; i < calls; i++) {
		const paddr_t pa = (paddr_t)random() % (paddr_t)ctob(end);

		found += PHYS_TO_VM_PAGE(pa) != NULL;
	}
	ATF_CHECK_EQ(calls, found);
}

ATF_TC(calls_1K);
ATF_TC_HEAD(calls_1K, tc)
{
	atf_tc_set_md_var(tc, "descr", "A load of uvm_phys_to_vm_page() with \
	    1000 calls.");
}
ATF_TC_BODY(calls_1K, tc)
{
	look_up(1000);
}

ATF_TC(calls_100K);
ATF_TC_HEAD(calls_100K, tc)
{
	atf_tc_set_md_var(tc, "descr", "A load of uvm_phys_to_vm_page() with \
	    100,000 calls.");
}
ATF_TC_BODY(calls_100K, tc)
{
	look_up(100000);
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, calls_1K);
	ATF_TP_ADD_TC(tp, calls_100K);
	return atf_no_error();
}
