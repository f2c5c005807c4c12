/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * uvm_hotplug(9) in user space, written as the tests of NetBSD's own tree are:
 * this file is the kernel around uvm_physseg.c.  It says the options, brings
 * the types, macros and functions that the kernel would, some of them static,
 * and then includes the file.  It has to build as it is.
 *
 *	-DWITHOUT_HOTPLUG	the array, not the dynamic store
 *	-DVM_PHYSSEG_MAX=n	segments at boot; tests that need two of them
 *				are there when it is larger than 1
 *	-DSEGMENT_COUNT=expr	how the file itself counts its segments
 */

#include <sys/cdefs.h>
__RCSID("$Ballast: t_uvm_physseg.c $");

#include <assert.h>
#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <stdio.h>
#include <stdlib.h>
#include <stdarg.h>
#include <stddef.h>

#define	PRIxPADDR	"lx"
#define	PRIxPSIZE	"lx"
#define	PRIuPSIZE	"lu"
#define	PRIxVADDR	"lx"
#define	PRIxVSIZE	"lx"
#define	PRIuVSIZE	"lu"

#ifndef WITHOUT_HOTPLUG
#define UVM_HOTPLUG	/* segments come and go */
#endif
#define PMAP_STEAL_MEMORY
#define DEBUG		/* as a kernel with this option */

typedef unsigned long vaddr_t;
typedef unsigned long paddr_t;
typedef unsigned long psize_t;
typedef unsigned long vsize_t;

#include <uvm/uvm_page.h>

#define __HAVE_PMAP_PHYSSEG	/* uvm_physseg_get_pmseg() is there */

#include <uvm/uvm_physseg.h>

#ifdef __HAVE_PMAP_PHYSSEG
struct pmap_physseg {
	bool touched;
};
#endif

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
#define VM_PHYSSEG_MAX		1
#endif

#define PAGE_SHIFT		12
#define PAGE_SIZE		(1 << PAGE_SHIFT)
#define	PAGE_MASK		(PAGE_SIZE - 1)
#define atop(x)			(((paddr_t)(x)) >> PAGE_SHIFT)
#define ptoa(x)			(((paddr_t)(x)) << PAGE_SHIFT)

#define	mutex_enter(l)
#define	mutex_exit(l)

psize_t physmem;

struct uvmexp uvmexp;

/* What of UVM's own structure the segment code looks at. */
struct uvm {
	bool page_init_done;
} uvm;

#include <sys/kmem.h>

static int nalloc;	/* kmem_alloc and kmem_zalloc, less kmem_free */

void *
kmem_alloc(size_t size, km_flag_t flags)
{
	void *mem = malloc(size);

	nalloc += mem != NULL;
	return mem;
}

void *
kmem_zalloc(size_t size, km_flag_t flags)
{
	void *mem = kmem_alloc(size, flags);

	if (mem != NULL)
		memset(mem, 0, size);
	return mem;
}

void
kmem_free(void *mem, size_t size)
{
	nalloc--;
	free(mem);
}

/* Comes back in a build without DIAGNOSTIC. */
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

static int nfreed;	/* pages that were given to UVM */

static void
uvm_pagefree(struct vm_page *pg)
{
	nfreed++;
}

#if defined(UVM_HOTPLUG)
static int nreinit;	/* how often the page daemon was told */

static void
uvmpdpol_reinit(void)
{
	nreinit++;
}
#endif

#include "uvm/uvm_physseg.c"

#include <atf-c.h>

/* Megabytes 0, 1 and so on of a small machine. */
#define ONE_MEGABYTE	(1024 * 1024)
#define PAGES		((size_t)atop(ONE_MEGABYTE))
#define PFN(mb)		(atop(ONE_MEGABYTE) * (mb))

/*
 * The pages of an address, and of a page the address: the kernel's own are not
 * declared for a program.
 */
static struct vm_page *
uvm_phys_to_vm_page(paddr_t pa)
{
	psize_t off;
	uvm_physseg_t upm = uvm_physseg_find(atop(pa), &off);

	return upm == UVM_PHYSSEG_TYPE_INVALID ? NULL :
	    uvm_physseg_get_pg(upm, off);
}

static paddr_t
uvm_vm_page_to_phys(const struct vm_page *pg)
{
	return pg->phys_addr;
}

#define PHYS_TO_VM_PAGE(pa)	uvm_phys_to_vm_page(pa)
#define VM_PAGE_TO_PHYS(pg)	uvm_vm_page_to_phys(pg)

static int
segments(void)
{
#if defined(SEGMENT_COUNT)
	return (int)(SEGMENT_COUNT);
#else
	uvm_physseg_t upm;
	int n = 0;

	for (upm = uvm_physseg_get_first(); uvm_physseg_valid_p(upm);
	     upm = uvm_physseg_get_next(upm))
		n++;
	return n;
#endif
}

static void
setup(void)
{
	uvmexp.pagesize = PAGE_SIZE;
	uvmexp.npages = 0;
	uvm.page_init_done = false;
	nalloc = nfreed = 0;
	uvm_physseg_init();
}

/* What the page code does with the segments that it finds at boot. */
static struct vm_page *
page_init(size_t npages)
{
	struct vm_page *slab = calloc(npages, sizeof(*slab)), *pgs;
	uvm_physseg_t bank = uvm_physseg_get_first();
	size_t n;

	ATF_REQUIRE(slab != NULL);
	uvm_physseg_seg_chomp_slab(bank, slab, npages);
	for (; uvm_physseg_valid_p(bank); bank = uvm_physseg_get_next(bank)) {
		n = uvm_physseg_get_end(bank) - uvm_physseg_get_start(bank);
		pgs = uvm_physseg_seg_alloc_from_slab(bank, n);
		ATF_REQUIRE(pgs != NULL);
		uvm_physseg_init_seg(bank, pgs);
	}
	uvm.page_init_done = true;
	return slab;
}

ATF_TC(plug_at_boot);
ATF_TC_HEAD(plug_at_boot, tc)
{
	atf_tc_set_md_var(tc, "descr", "A plug at boot makes a segment, "
	    "and no page yet.");
}
ATF_TC_BODY(plug_at_boot, tc)
{
	uvm_physseg_t upm;

	setup();
	ATF_REQUIRE_EQ(0, segments());
	ATF_REQUIRE_EQ(true, uvm_physseg_plug(PFN(0), PAGES, &upm));
	ATF_REQUIRE_EQ(1, segments());
	ATF_REQUIRE_EQ(true, uvm_physseg_valid_p(upm));
	ATF_REQUIRE_EQ(PFN(0), uvm_physseg_get_start(upm));
	ATF_REQUIRE_EQ(PFN(1), uvm_physseg_get_end(upm));
	ATF_REQUIRE_EQ(PFN(1) - 1, uvm_physseg_get_highest_frame());
	ATF_REQUIRE_EQ(0, uvmexp.npages);
	ATF_REQUIRE_EQ(0, nalloc);
}

ATF_TC(pages_at_boot);
ATF_TC_HEAD(pages_at_boot, tc)
{
	atf_tc_set_md_var(tc, "descr", "The page code's pages are those of "
	    "the segment, and the available ones are free.");
}
ATF_TC_BODY(pages_at_boot, tc)
{
	struct vm_page *slab;

	setup();
	uvm_page_physload(PFN(1), PFN(2), PFN(1) + 4, PFN(2) - 2,
	    VM_FREELIST_FIRST16);
	slab = page_init(PAGES);
	ATF_CHECK_EQ((int)PAGES - 6, uvmexp.npages);
	ATF_CHECK_EQ((int)PAGES - 6, nfreed);
	ATF_CHECK(PHYS_TO_VM_PAGE(ptoa(PFN(1) + 7)) == slab + 7);
	ATF_CHECK_EQ(ptoa(PFN(1) + 7), VM_PAGE_TO_PHYS(slab + 7));
	ATF_CHECK(PHYS_TO_VM_PAGE(ptoa(PFN(2))) == NULL);
	ATF_CHECK_EQ(VM_FREELIST_FIRST16,
	    uvm_physseg_get_free_list(uvm_physseg_get_first()));
}

ATF_TC(boot_takes_pages);
ATF_TC_HEAD(boot_takes_pages, tc)
{
	atf_tc_set_md_var(tc, "descr", "uvm_page_physunload takes one page "
	    "of the free list.");
}
ATF_TC_BODY(boot_takes_pages, tc)
{
	uvm_physseg_t upm;
	paddr_t pa = 0;

	setup();
	upm = uvm_page_physload(PFN(1), PFN(2), PFN(1), PFN(2),
	    VM_FREELIST_DEFAULT);
	ATF_REQUIRE_EQ(false,
	    uvm_page_physunload(upm, VM_FREELIST_FIRST4G, &pa));
	ATF_REQUIRE_EQ(true,
	    uvm_page_physunload(upm, VM_FREELIST_DEFAULT, &pa));
	ATF_CHECK(atop(pa) >= PFN(1) && atop(pa) < PFN(2));
	ATF_CHECK_EQ(PAGES - 1, uvm_physseg_get_avail_end(upm) -
	    uvm_physseg_get_avail_start(upm));
}

ATF_TC(boot_moves_avail);
ATF_TC_HEAD(boot_moves_avail, tc)
{
	atf_tc_set_md_var(tc, "descr", "set_avail_start and set_avail_end.");
}
ATF_TC_BODY(boot_moves_avail, tc)
{
	uvm_physseg_t upm;

	setup();
	upm = uvm_page_physload(PFN(0), PFN(1), PFN(0), PFN(1),
	    VM_FREELIST_DEFAULT);
	uvm_physseg_set_avail_start(upm, PFN(0) + 3);
	uvm_physseg_set_avail_end(upm, PFN(1) - 5);
	ATF_CHECK_EQ(PFN(0) + 3, uvm_physseg_get_avail_start(upm));
	ATF_CHECK_EQ(PFN(1) - 5, uvm_physseg_get_avail_end(upm));
	ATF_CHECK_EQ(PFN(0), uvm_physseg_get_start(upm));
	ATF_CHECK_EQ(PFN(1), uvm_physseg_get_end(upm));
}

ATF_TC(start_hint);
ATF_TC_HEAD(start_hint, tc)
{
	atf_tc_set_md_var(tc, "descr", "The allocator's hint is kept.");
}
ATF_TC_BODY(start_hint, tc)
{
	uvm_physseg_t upm;

	setup();
	ATF_REQUIRE_EQ(true, uvm_physseg_plug(PFN(0), PAGES, &upm));
	ATF_CHECK_EQ(true, uvm_physseg_set_start_hint(upm, 12));
	ATF_CHECK_EQ(12, uvm_physseg_get_start_hint(upm));
	ATF_CHECK_EQ(false,
	    uvm_physseg_set_start_hint(UVM_PHYSSEG_TYPE_INVALID, 12));
}

#ifdef __HAVE_PMAP_PHYSSEG
ATF_TC(pmap_part);
ATF_TC_HEAD(pmap_part, tc)
{
	atf_tc_set_md_var(tc, "descr", "pmap has a part of each segment.");
}
ATF_TC_BODY(pmap_part, tc)
{
	uvm_physseg_t upm;

	setup();
	ATF_REQUIRE_EQ(true, uvm_physseg_plug(PFN(0), PAGES, &upm));
	ATF_REQUIRE(uvm_physseg_get_pmseg(upm) != NULL);
	uvm_physseg_get_pmseg(upm)->touched = true;
	ATF_CHECK(uvm_physseg_get_pmseg(uvm_physseg_find(3, NULL))->touched);
}
#endif

ATF_TC(invalid_handle);
ATF_TC_HEAD(invalid_handle, tc)
{
	atf_tc_set_md_var(tc, "descr", "What there is of no segment.");
}
ATF_TC_BODY(invalid_handle, tc)
{
	const uvm_physseg_t none = UVM_PHYSSEG_TYPE_INVALID;

	setup();
	ATF_CHECK(uvm_physseg_get_first() == UVM_PHYSSEG_TYPE_INVALID_EMPTY);
	ATF_REQUIRE_EQ(true, uvm_physseg_plug(PFN(1), PAGES, NULL));
	ATF_CHECK(uvm_physseg_find(PFN(2), NULL) == none);
	ATF_CHECK(uvm_physseg_find(PFN(1) - 1, NULL) == none);
	ATF_CHECK_EQ(false, uvm_physseg_valid_p(none));
	ATF_CHECK_EQ((paddr_t)-1, uvm_physseg_get_start(none));
	ATF_CHECK_EQ((paddr_t)-1, uvm_physseg_get_end(none));
	ATF_CHECK_EQ((paddr_t)-1, uvm_physseg_get_avail_start(none));
	ATF_CHECK_EQ((paddr_t)-1, uvm_physseg_get_avail_end(none));
}

#if VM_PHYSSEG_MAX > 1
ATF_TC(walk);
ATF_TC_HEAD(walk, tc)
{
	atf_tc_set_md_var(tc, "descr",
	    "Do first, next, prev and last go through all of them?\n"
	    "This test needs VM_PHYSSEG_MAX > 1.");
}
ATF_TC_BODY(walk, tc)
{
	uvm_physseg_t low, high;

	setup();
	high = uvm_page_physload(PFN(2), PFN(3), PFN(2), PFN(3),
	    VM_FREELIST_DEFAULT);
	low = uvm_page_physload(PFN(0), PFN(1), PFN(0), PFN(1),
	    VM_FREELIST_DEFAULT);
	ATF_REQUIRE(uvm_physseg_valid_p(high));
	ATF_REQUIRE(uvm_physseg_valid_p(low));
	low = uvm_physseg_find(PFN(0), NULL);
	high = uvm_physseg_find(PFN(2), NULL);
	ATF_REQUIRE_EQ(2, segments());
	ATF_CHECK(uvm_physseg_get_first() == low);
	ATF_CHECK(uvm_physseg_get_next(low) == high);
	ATF_CHECK(uvm_physseg_get_next(high) ==
	    UVM_PHYSSEG_TYPE_INVALID_OVERFLOW);
	ATF_CHECK(uvm_physseg_get_last() == high);
	ATF_CHECK(uvm_physseg_get_prev(high) == low);
	ATF_CHECK(uvm_physseg_get_prev(low) ==
	    UVM_PHYSSEG_TYPE_INVALID_EMPTY);
}
#endif

#if defined(UVM_HOTPLUG)
ATF_TC(plug_after_boot);
ATF_TC_HEAD(plug_after_boot, tc)
{
	atf_tc_set_md_var(tc, "descr", "A plug after boot brings pages of "
	    "its own, and frees them.");
}
ATF_TC_BODY(plug_after_boot, tc)
{
	struct vm_page *slab, *pg;
	uvm_physseg_t upm;

	setup();
	ATF_REQUIRE_EQ(true, uvm_physseg_plug(PFN(0), PAGES, NULL));
	slab = page_init(PAGES);
	ATF_REQUIRE_EQ((int)PAGES, nfreed);
	nreinit = 0;
	ATF_REQUIRE_EQ(true, uvm_physseg_plug(PFN(3), PAGES, &upm));
	ATF_REQUIRE_EQ(2, segments());
	ATF_CHECK_EQ(2 * (int)PAGES, uvmexp.npages);
	ATF_CHECK_EQ(2 * (int)PAGES, nfreed);
	ATF_CHECK_EQ(PFN(4) - 1, uvm_physseg_get_highest_frame());
	pg = PHYS_TO_VM_PAGE(ptoa(PFN(3) + 9));
	ATF_REQUIRE(pg != NULL);
	ATF_CHECK(pg < slab || pg >= slab + PAGES);
	ATF_CHECK_EQ(ptoa(PFN(3) + 9), VM_PAGE_TO_PHYS(pg));
	ATF_CHECK(pg == uvm_physseg_get_pg(upm, 9));
}

ATF_TC(unplug);
ATF_TC_HEAD(unplug, tc)
{
	atf_tc_set_md_var(tc, "descr", "Unplug from the middle, the ends, "
	    "and all of it.");
}
ATF_TC_BODY(unplug, tc)
{
	uvm_physseg_t upm;

	setup();
	ATF_REQUIRE_EQ(true, uvm_physseg_plug(PFN(0), PAGES, NULL));
	page_init(PAGES);
	ATF_REQUIRE_EQ(true, uvm_physseg_plug(PFN(3), PAGES, NULL));
	ATF_REQUIRE_EQ(true, uvm_physseg_unplug(PFN(3) + 64, 128));
	ATF_REQUIRE_EQ(3, segments());
	ATF_CHECK_EQ(2 * (int)PAGES - 128, uvmexp.npages);
	ATF_CHECK(PHYS_TO_VM_PAGE(ptoa(PFN(3) + 64)) == NULL);
	ATF_CHECK(PHYS_TO_VM_PAGE(ptoa(PFN(3) + 192)) != NULL);

	ATF_REQUIRE_EQ(true, uvm_physseg_unplug(PFN(3), 32));
	ATF_REQUIRE_EQ(3, segments());
	ATF_REQUIRE_EQ(true, uvm_physseg_unplug(PFN(3) + 32, 32));
	ATF_REQUIRE_EQ(2, segments());
	upm = uvm_physseg_find(PFN(3) + 192, NULL);
	ATF_REQUIRE(uvm_physseg_valid_p(upm));
	ATF_REQUIRE_EQ(true, uvm_physseg_unplug(PFN(3) + 192, 64));
	ATF_CHECK_EQ(false, uvm_physseg_valid_p(upm));
	ATF_CHECK_EQ(1, segments());
	ATF_CHECK_EQ((int)PAGES, uvmexp.npages);
}
#else
ATF_TC(unplug_at_boot);
ATF_TC_HEAD(unplug_at_boot, tc)
{
	atf_tc_set_md_var(tc, "descr", "Before the pages are made, memory "
	    "may go.");
}
ATF_TC_BODY(unplug_at_boot, tc)
{
	setup();
	ATF_REQUIRE_EQ(true, uvm_physseg_plug(PFN(0), PAGES, NULL));
	ATF_REQUIRE_EQ(true, uvm_physseg_unplug(PFN(0), PAGES));
	ATF_CHECK_EQ(0, segments());
}
#endif

#ifdef DIAGNOSTIC
ATF_TC(assertion_aborts);
ATF_TC_HEAD(assertion_aborts, tc)
{
	atf_tc_set_md_var(tc, "descr", "The page code has no page to give.");
}
ATF_TC_BODY(assertion_aborts, tc)
{
	setup();
	atf_tc_expect_signal(SIGABRT, "an assertion that fails");
	KASSERTMSG(segments() == 1, "%d segments\n", segments());
}

ATF_TC(panic_aborts);
ATF_TC_HEAD(panic_aborts, tc)
{
	atf_tc_set_md_var(tc, "descr", "A panic is an abort here.");
}
ATF_TC_BODY(panic_aborts, tc)
{
	atf_tc_expect_signal(SIGABRT, "a panic");
	panic("of %s", "this test");
}
#endif

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, plug_at_boot);
	ATF_TP_ADD_TC(tp, pages_at_boot);
	ATF_TP_ADD_TC(tp, boot_takes_pages);
	ATF_TP_ADD_TC(tp, boot_moves_avail);
	ATF_TP_ADD_TC(tp, start_hint);
#ifdef __HAVE_PMAP_PHYSSEG
	ATF_TP_ADD_TC(tp, pmap_part);
#endif
	ATF_TP_ADD_TC(tp, invalid_handle);
#if VM_PHYSSEG_MAX > 1
	ATF_TP_ADD_TC(tp, walk);
#endif
#if defined(UVM_HOTPLUG)
	ATF_TP_ADD_TC(tp, plug_after_boot);
	ATF_TP_ADD_TC(tp, unplug);
#else
	ATF_TP_ADD_TC(tp, unplug_at_boot);
#endif
#ifdef DIAGNOSTIC
	ATF_TP_ADD_TC(tp, assertion_aborts);
	ATF_TP_ADD_TC(tp, panic_aborts);
#endif
	return atf_no_error();
}
