/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A test that knows the kernel's headers, brings all of its functions itself,
 * static, and names the segment file by its place in the tree.  What is here
 * wins, whatever the headers are that come before it.
 */
#include <sys/param.h>
#include <sys/systm.h>
#include <sys/kernel.h>
#include <sys/mutex.h>
#include <sys/condvar.h>
#include <lib/libkern/libkern.h>
#include <uvm/uvm.h>
#include <uvm/uvm_extern.h>
#include <uvm/uvm_param.h>
#include <uvm/uvm_pdaemon.h>
#include <uvm/uvm_pdpolicy.h>
#include <uvm/uvm_pglist.h>
#include <uvm/uvm_physseg.h>
#include <atf-c.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

struct uvm {
	long before;
	bool page_init_done;
	long after;
} uvm;

struct uvmexp uvmexp;
psize_t physmem;
static kmutex_t uvm_pageqlock;

static int called;

static void
panic(const char *format, ...)
{
	called++;
	abort();
}

static void
kern_assert(const char *format, ...)
{
	called++;
	abort();
}

static void
uvm_pagefree(struct vm_page *pg)
{
	called++;
}

static void
uvmpdpol_reinit(void)
{
	called++;
}

static int
uvm_page_lookup_freelist(struct vm_page *pg)
{
	return pg->free_list;
}

static void
uvm_page_set_freelist(struct vm_page *pg, int free_list)
{
	pg->free_list = (uint16_t)free_list;
}

static void
mutex_init(kmutex_t *lock, kmutex_type_t type, int ipl)
{
	memset(lock, 0, sizeof(*lock));
}

static void
mutex_destroy(kmutex_t *lock)
{
	called++;
}

static void
mutex_enter(kmutex_t *lock)
{
	called++;
}

static void
mutex_exit(kmutex_t *lock)
{
	called++;
}

static int
splraiseipl(int ipl)
{
	return 0;
}

static void
splx(int ipl)
{
	called++;
}

#include "../../../sys/uvm/uvm_physseg.c"

#define PAGES	16

static struct vm_page pages[PAGES];

ATF_TC(own_functions);
ATF_TC_HEAD(own_functions, tc)
{
	atf_tc_set_md_var(tc, "descr", "The functions of the test are called.");
}
ATF_TC_BODY(own_functions, tc)
{
	uvm_physseg_t upm;

	uvmexp.pagesize = PAGE_SIZE;
	uvm_physseg_init();
	upm = uvm_page_physload(0, PAGES, 0, PAGES, VM_FREELIST_DEFAULT);
	uvm_physseg_seg_chomp_slab(upm, pages, PAGES);
	uvm_physseg_init_seg(upm,
	    uvm_physseg_seg_alloc_from_slab(upm, PAGES));
	ATF_CHECK(called >= PAGES);
	ATF_CHECK_EQ(PAGES, uvmexp.npages);
	uvm.page_init_done = true;
	ATF_CHECK_EQ(0, uvm.before);
	ATF_CHECK_EQ(0, uvm.after);
	(void)kern_assert;
	(void)splraiseipl(0);
	(void)uvm_page_lookup_freelist(pages);
	(void)uvm_pageqlock;
}

ATF_TP_ADD_TCS(tp)
{
	ATF_TP_ADD_TC(tp, own_functions);
	return atf_no_error();
}
