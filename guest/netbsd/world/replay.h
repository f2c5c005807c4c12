/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The kernel around a segment file in the tests that `ballast check-segments
 * --atf` writes: memory that can be refused, pages, uvm_page_init, and what has
 * to be true of each frame. It includes the segment file itself.
 */
#ifndef BALLAST_REPLAY_H
#define BALLAST_REPLAY_H

#define _KERNEL /* the kernel's own struct uvm and panic */
#include <sys/param.h>
#include <uvm/uvm.h>

#include <atf-c.h>
#include <stdlib.h>
#include <string.h>

#include "uvm_physseg.c"

/* A program with one test. */
#define REPLAY_TEST(name)                                                      \
	ATF_TC(name);                                                          \
	ATF_TC_HEAD(name, tc)                                                  \
	{                                                                      \
		atf_tc_set_md_var(tc, "descr", "found in a small world");      \
	}                                                                      \
	ATF_TC_BODY(name, tc);                                                 \
	ATF_TP_ADD_TCS(tp)                                                     \
	{                                                                      \
		ATF_TP_ADD_TC(tp, name);                                       \
		return atf_no_error();                                         \
	}                                                                      \
	ATF_TC_BODY(name, tc)

#define REPLAY_ZONE	 16
#define REPLAY_ZONE_BYTE 0xfd

/* ---- kmem(9) ---- */

static struct {
	size_t live;	  /* bytes that the file holds */
	unsigned request; /* of this call */
	unsigned refused; /* the request that is refused; 0: none */
} replay_memory;

static inline void
replay_refuse(unsigned request)
{
	replay_memory.request = 0;
	replay_memory.refused = request;
}

void *
kmem_alloc(size_t bytes, km_flag_t flags)
{
	char *block;

	if (++replay_memory.request == replay_memory.refused) {
		ATF_CHECK_MSG((flags & KM_SLEEP) == 0, "it waits for memory");
		return NULL;
	}
	block = malloc(bytes + 3 * REPLAY_ZONE);
	ATF_REQUIRE(block != NULL);
	memcpy(block, &bytes, sizeof(bytes));
	memset(block + REPLAY_ZONE, REPLAY_ZONE_BYTE, bytes + 2 * REPLAY_ZONE);
	memset(block + 2 * REPLAY_ZONE, 0xa5, bytes);
	replay_memory.live += bytes;
	return block + 2 * REPLAY_ZONE;
}

void *
kmem_zalloc(size_t bytes, km_flag_t flags)
{
	void *memory = kmem_alloc(bytes, flags);

	return memory == NULL ? NULL : memset(memory, 0, bytes);
}

void
kmem_free(void *memory, size_t bytes)
{
	unsigned char *block = (unsigned char *)memory - 2 * REPLAY_ZONE;
	size_t allocated;

	memcpy(&allocated, block, sizeof(allocated));
	ATF_CHECK_EQ_MSG(allocated, bytes, "kmem_free of another size");
	for (size_t b = 0; b < REPLAY_ZONE; b++) {
		ATF_CHECK_EQ(block[REPLAY_ZONE + b], REPLAY_ZONE_BYTE);
		ATF_CHECK_EQ(
		    block[2 * REPLAY_ZONE + allocated + b], REPLAY_ZONE_BYTE);
	}
	replay_memory.live -= allocated;
	free(block);
}

/* ---- pages ---- */

void
uvm_pagefree(struct vm_page *pg)
{
	ATF_CHECK_MSG((pg->flags & PG_FREE) == 0, "it is free");
	ATF_CHECK_MSG(pg->flags == 0 && pg->uobject == NULL &&
			  pg->uanon == NULL && pg->wire_count == 0 &&
			  pg->loan_count == 0,
	    "it has flags, an owner, wires or loans");
	pg->flags = PG_FREE;
	uvmexp.free++;
}

/* What the other free pages are for does not matter: these are unused. */
static inline void
replay_take(paddr_t pfn, size_t pages)
{
	for (paddr_t f = pfn; f < pfn + pages; f++) {
		psize_t offset = 0;
		const uvm_physseg_t upm = uvm_physseg_find(f, &offset);
		struct vm_page *pg =
		    !uvm.page_init_done || upm == UVM_PHYSSEG_TYPE_INVALID
			? NULL
			: uvm_physseg_get_pg(upm, offset);

		if (pg != NULL && (pg->flags & PG_FREE) != 0) {
			pg->flags &= ~(uint32_t)PG_FREE;
			uvmexp.free--;
		}
	}
}

static inline void
replay_give(paddr_t pfn, size_t pages)
{
	for (paddr_t f = pfn; f < pfn + pages; f++) {
		psize_t offset = 0;
		const uvm_physseg_t upm = uvm_physseg_find(f, &offset);

		if (uvm.page_init_done && upm != UVM_PHYSSEG_TYPE_INVALID &&
		    f >= uvm_physseg_get_avail_start(upm) &&
		    f < uvm_physseg_get_avail_end(upm)) {
			uvm_physseg_get_pg(upm, offset)->flags |= PG_FREE;
			uvmexp.free++;
		}
	}
}

/* ---- operations ---- */

static inline bool
replay_plug(paddr_t pfn, size_t pages)
{
	return uvm_physseg_plug(pfn, pages, NULL);
}

static inline bool
replay_unplug(paddr_t pfn, size_t pages)
{
	bool done;

	replay_take(pfn, pages);
	done = uvm_physseg_unplug(pfn, pages);
	if (!done)
		replay_give(pfn, pages);
	return done;
}

static inline bool
replay_load(paddr_t start, paddr_t end, paddr_t avail_start, paddr_t avail_end,
    int list)
{
	return uvm_page_physload(start, end, avail_start, avail_end, list) !=
	       UVM_PHYSSEG_TYPE_INVALID;
}

static inline bool
replay_unload(paddr_t frame, bool force)
{
	const uvm_physseg_t upm = uvm_physseg_find(frame, NULL);
	const int list = uvm_physseg_get_free_list(upm);
	paddr_t address;

	return force ? uvm_page_physunload_force(upm, list, &address)
		     : uvm_page_physunload(upm, list, &address);
}

static inline void
replay_boot(int npages_before)
{
	size_t pages = 0;
	struct vm_page *slab, *pgs;
	uvm_physseg_t upm;

	for (upm = uvm_physseg_get_first(); uvm_physseg_valid_p(upm);
	     upm = uvm_physseg_get_next(upm))
		pages += uvm_physseg_get_end(upm) - uvm_physseg_get_start(upm);
	slab = calloc(pages, sizeof(*slab));
	ATF_REQUIRE(slab != NULL);
	physmem = pages;
	uvmexp.npages = npages_before;
	upm = uvm_physseg_get_first();
	uvm_physseg_seg_chomp_slab(upm, slab, pages);
	for (; uvm_physseg_valid_p(upm); upm = uvm_physseg_get_next(upm)) {
		pages = uvm_physseg_get_end(upm) - uvm_physseg_get_start(upm);
		pgs = uvm_physseg_seg_alloc_from_slab(upm, pages);
		ATF_REQUIRE(pgs != NULL);
		uvm_physseg_init_seg(upm, pgs);
	}
	uvm.page_init_done = true;
}

/* ---- what has to hold ---- */

/* Of the frames [base, base + n): a letter for each. -: no segment has it; a:
 * available; u: not available; A, U: the same, on free list 1. */
static inline void
replay_expect(paddr_t base, const char *frames, int npages, psize_t pages)
{
	size_t walked = 0, there = 0;

	for (paddr_t f = base; frames[f - base] != 0; f++) {
		const char letter = frames[f - base];
		psize_t offset = 0;
		const uvm_physseg_t upm = uvm_physseg_find(f, &offset);

		ATF_CHECK_EQ_MSG(upm != UVM_PHYSSEG_TYPE_INVALID, letter != '-',
		    "find of %#lx", f);
		if (upm == UVM_PHYSSEG_TYPE_INVALID || letter == '-')
			continue;
		there++;
		ATF_CHECK(uvm_physseg_valid_p(upm));
		ATF_CHECK_EQ(offset, f - uvm_physseg_get_start(upm));
		ATF_CHECK(f < uvm_physseg_get_end(upm));
		ATF_CHECK_EQ_MSG(f >= uvm_physseg_get_avail_start(upm) &&
				     f < uvm_physseg_get_avail_end(upm),
		    letter == 'a' || letter == 'A', "is %#lx available?", f);
		ATF_CHECK_EQ(uvm_physseg_get_free_list(upm),
		    letter == 'A' || letter == 'U');
		if (uvm.page_init_done)
			ATF_CHECK_EQ(uvm_physseg_get_pg(upm, offset)->phys_addr,
			    ptoa(f));
	}
	for (uvm_physseg_t upm = uvm_physseg_get_first();
	     uvm_physseg_valid_p(upm) && walked <= there;
	     upm = uvm_physseg_get_next(upm))
		walked += uvm_physseg_get_end(upm) - uvm_physseg_get_start(upm);
	ATF_CHECK_EQ_MSG(walked, there, "a walk meets other frames");
	if (uvm.page_init_done) {
		ATF_CHECK_EQ(uvmexp.npages, npages);
		ATF_CHECK_EQ(physmem, pages);
	}
}

/* All that uvm_hotplug(9) says of an invalid handle. */
static inline void
replay_expect_invalid(void)
{
	const uvm_physseg_t upm = UVM_PHYSSEG_TYPE_INVALID;

	ATF_CHECK(!uvm_physseg_valid_p(upm));
	ATF_CHECK_EQ(uvm_physseg_get_start(upm), (paddr_t)-1);
	ATF_CHECK_EQ(uvm_physseg_get_end(upm), (paddr_t)-1);
	ATF_CHECK_EQ(uvm_physseg_get_avail_start(upm), (paddr_t)-1);
	ATF_CHECK_EQ(uvm_physseg_get_avail_end(upm), (paddr_t)-1);
	ATF_CHECK(!uvm_physseg_set_start_hint(upm, 1));
	ATF_CHECK(uvm_physseg_get_next(upm) == UVM_PHYSSEG_TYPE_INVALID);
	ATF_CHECK(uvm_physseg_get_prev(upm) == UVM_PHYSSEG_TYPE_INVALID);
}

/*
 * Plugs and unplugs a range three times: whole, in three pieces, or with a
 * request for memory refused. Memory that is held may not grow each time.
 */
static inline void
replay_expect_no_leak(paddr_t pfn, size_t pages, int how)
{
	size_t live[4] = {replay_memory.live};

	for (int turn = 1; turn < 4; turn++) {
		replay_refuse(how >= 2 ? (unsigned)how - 1 : 0);
		(void)replay_plug(pfn, pages);
		replay_refuse(0);
		if (how == 1 && pages > 2) {
			(void)replay_unplug(pfn + 1, pages - 2);
			(void)replay_unplug(pfn, 1);
			(void)replay_unplug(pfn + pages - 1, 1);
		} else
			(void)replay_unplug(pfn, pages);
		live[turn] = replay_memory.live;
	}
	ATF_CHECK_MSG(
	    live[3] <= live[2] || live[2] <= live[1] || live[1] <= live[0],
	    "%zu, %zu, %zu and %zu bytes are held", live[0], live[1], live[2],
	    live[3]);
}

#endif
