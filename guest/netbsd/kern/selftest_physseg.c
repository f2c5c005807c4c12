/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `selftest physseg`: what uvm_hotplug(9) promises of the segment file,
 * including what only the boot code of a port calls. For that the kernel
 * pretends to be booting. The segments lie far behind memory, none of their
 * pages is ever free, and at the end all is as it was. It tests the segment
 * file and not the runtime, so `selftest` alone leaves it out.
 */
#include "guest/netbsd/kern/selftest.h"

#include <uvm/uvm.h>

bool __real_uvm_physseg_plug(paddr_t, size_t, uvm_physseg_t *);
bool __real_uvm_physseg_unplug(paddr_t, size_t);

/* Weak, since segment files of other years lack some of them. */
#pragma weak uvm_page_physunload
#pragma weak uvm_page_physunload_force
#pragma weak uvm_physseg_get_prev
#pragma weak uvm_physseg_get_last
#pragma weak uvm_physseg_set_avail_start
#pragma weak uvm_physseg_set_avail_end
#pragma weak uvm_physseg_get_start_hint
#pragma weak uvm_physseg_set_start_hint
#pragma weak uvm_physseg_get_free_list
#pragma weak uvm_physseg_get_pg
#pragma weak uvm_physseg_seg_chomp_slab
#pragma weak uvm_physseg_seg_alloc_from_slab

#define FAR	 0x10000000ul /* a pfn behind all memory */
#define NO_FRAME ((paddr_t)-1)
#define NOBODY	 UVM_PHYSSEG_TYPE_INVALID

static uvm_physseg_t
load(paddr_t start, paddr_t end, paddr_t avail_start, paddr_t avail_end)
{
	return uvm_page_physload(
	    start, end, avail_start, avail_end, VM_FREELIST_DEFAULT);
}

static bool
loads(paddr_t start, paddr_t end, paddr_t avail_start, paddr_t avail_end)
{
	return uvm_physseg_valid_p(load(start, end, avail_start, avail_end));
}

static bool
unload(uvm_physseg_t upm, paddr_t *pa)
{
	return uvm_page_physunload(upm, VM_FREELIST_DEFAULT, pa);
}

static bool
unload_force(uvm_physseg_t upm, paddr_t *pa)
{
	return uvm_page_physunload_force(upm, VM_FREELIST_DEFAULT, pa);
}

static void
check_looking(void)
{
	uvm_physseg_t first = uvm_physseg_get_first();
	uvm_physseg_t last = uvm_physseg_get_last();
	paddr_t start = uvm_physseg_get_start(first);
	paddr_t end = uvm_physseg_get_end(first);
	u_int hint = uvm_physseg_get_start_hint(first);

	CHECK(uvm_physseg_valid_p(first) && uvm_physseg_valid_p(last));
	CHECK(!uvm_physseg_valid_p(NOBODY));
	CHECK(!uvm_physseg_valid_p(uvm_physseg_get_prev(first)));
	CHECK(!uvm_physseg_valid_p(uvm_physseg_get_next(last)));
	CHECK(!uvm_physseg_valid_p(uvm_physseg_get_prev(NOBODY)));
	CHECK(!uvm_physseg_valid_p(uvm_physseg_get_next(NOBODY)));
	CHECK(uvm_physseg_find(start, NULL) == first);
	CHECK(uvm_physseg_get_start(NOBODY) == NO_FRAME);
	CHECK(uvm_physseg_get_end(NOBODY) == NO_FRAME);
	CHECK(uvm_physseg_get_avail_start(first) == start);
	CHECK(uvm_physseg_get_avail_start(NOBODY) == NO_FRAME);
	CHECK(uvm_physseg_get_avail_end(first) == end);
	CHECK(uvm_physseg_get_avail_end(NOBODY) == NO_FRAME);
	CHECK(uvm_physseg_get_pg(first, 0) != NULL);
	CHECK(uvm_physseg_get_pg(first, end - start) == NULL);
	CHECK(uvm_physseg_get_pg(NOBODY, 0) == NULL);
	CHECK(uvm_physseg_get_free_list(first) == VM_FREELIST_DEFAULT);
	CHECK(uvm_physseg_get_free_list(NOBODY) == -1);
	CHECK(uvm_physseg_set_start_hint(first, 7));
	CHECK(uvm_physseg_get_start_hint(first) == 7);
	CHECK(uvm_physseg_set_start_hint(first, hint));
	CHECK(!uvm_physseg_set_start_hint(NOBODY, 7));
	CHECK(uvm_physseg_get_start_hint(NOBODY) == (u_int)-1);
}

/* What only boot code may do must be refused after boot. */
static void
check_too_late(void)
{
	uvm_physseg_t first = uvm_physseg_get_first();
	paddr_t start = uvm_physseg_get_start(first);
	paddr_t end = uvm_physseg_get_end(first), pa = 1;

	CHECK(!loads(FAR, FAR + 1, FAR, FAR + 1));
	CHECK(!unload(first, &pa) && !unload_force(first, &pa) && pa == 1);
	uvm_physseg_set_avail_start(first, start + 1);
	uvm_physseg_set_avail_end(first, end - 1);
	CHECK(uvm_physseg_get_avail_start(first) == start);
	CHECK(uvm_physseg_get_avail_end(first) == end);
	/* Counts of pages that overflow an int, and an address. */
	CHECK(!__real_uvm_physseg_plug(FAR, 1ul << 40, NULL));
	CHECK(!__real_uvm_physseg_plug(1ul << 53, 1, NULL));
	CHECK(!__real_uvm_physseg_unplug(FAR, 1ul << 53));
}

static void
check_load(void)
{
	paddr_t boot = uvm_physseg_get_start(uvm_physseg_get_first());
	paddr_t f = FAR;

	CHECK(!loads(f + 8, f + 8, f + 8, f + 8));
	CHECK(!loads(f, 1ul << 53, f, f + 8));
	CHECK(!loads(f, f + 8, f - 1, f + 8));
	CHECK(!loads(f, f + 8, f + 5, f + 4));
	CHECK(!loads(f, f + 8, f, f + 9));
	CHECK(!loads(boot, boot + 1, boot, boot + 1));
	CHECK(!uvm_physseg_valid_p(uvm_page_physload(f, f + 8, f, f + 8, -1)));
	CHECK(!uvm_physseg_valid_p(
	    uvm_page_physload(f, f + 8, f, f + 8, VM_NFREELIST)));
}

/* Pages taken back from both ends while the kernel boots. */
static void
check_unload(void)
{
	uvm_physseg_t last = uvm_physseg_get_last();
	uvm_physseg_t upm = load(FAR, FAR + 8, FAR + 2, FAR + 6);
	paddr_t pa = 0;

	CHECK(uvm_physseg_get_next(last) == upm);
	CHECK(uvm_physseg_get_prev(upm) == last);
	CHECK(uvm_physseg_get_pg(upm, 0) == NULL);
	uvm_physseg_set_avail_start(NOBODY, FAR);
	uvm_physseg_set_avail_end(NOBODY, FAR);
	uvm_physseg_set_avail_start(upm, FAR - 1);
	uvm_physseg_set_avail_start(upm, FAR + 7);
	CHECK(uvm_physseg_get_avail_start(upm) == FAR + 2);
	uvm_physseg_set_avail_start(upm, FAR);
	CHECK(uvm_physseg_get_avail_start(upm) == FAR);
	uvm_physseg_set_avail_end(upm, FAR - 1);
	uvm_physseg_set_avail_end(upm, FAR + 9);
	CHECK(uvm_physseg_get_avail_end(upm) == FAR + 6);
	uvm_physseg_set_avail_end(upm, FAR + 8);
	CHECK(uvm_physseg_get_avail_end(upm) == FAR + 8);

	CHECK(!unload(NOBODY, &pa) && !unload_force(NOBODY, &pa));
	CHECK(!uvm_page_physunload(upm, VM_FREELIST_DEFAULT + 1, &pa));
	CHECK(unload(upm, &pa) && pa == ptoa(FAR));
	uvm_physseg_set_avail_start(upm, FAR + 2);
	CHECK(unload(upm, &pa) && pa == ptoa(FAR + 7));
	uvm_physseg_set_avail_end(upm, FAR + 6);
	CHECK(!unload(
	    upm, &pa)); /* neither its first nor its last page is available */
	CHECK(unload_force(upm, &pa) && pa == ptoa(FAR + 2));
	CHECK(uvm_physseg_get_start(upm) == FAR + 3);
	for (paddr_t i = FAR + 3; i < FAR + 6; i++)
		CHECK(unload_force(upm, &pa) && pa == ptoa(i));
	CHECK(!unload(upm, &pa) && !unload_force(upm, &pa));
	CHECK(__real_uvm_physseg_unplug(FAR + 6, 1));
	CHECK(!uvm_physseg_valid_p(upm));
	CHECK(uvm_physseg_get_last() == last);

	/* A segment must be gone when its last page is unloaded. */
	upm = load(FAR, FAR + 1, FAR, FAR + 1);
	CHECK(unload(upm, &pa) && !uvm_physseg_valid_p(upm));
}

/* A page that is in use must stay. */
static void
check_busy(struct vm_page *pg, paddr_t pfn)
{
	struct vm_page before = *pg;

	pg->flags |= PG_FREE;
	CHECK(!__real_uvm_physseg_unplug(pfn, 1));
	pg->flags = before.flags;
	pg->uobject = (void *)pg;
	CHECK(!__real_uvm_physseg_unplug(pfn, 1));
	pg->uobject = NULL;
	pg->uanon = (void *)pg;
	CHECK(!__real_uvm_physseg_unplug(pfn, 1));
	pg->uanon = NULL;
	pg->wire_count = 1;
	CHECK(!__real_uvm_physseg_unplug(pfn, 1));
	pg->wire_count = 0;
	pg->loan_count = 1;
	CHECK(!__real_uvm_physseg_unplug(pfn, 1));
	pg->loan_count = 0;
}

/* One slab, pages allocated from it, and a hole cut into it. */
static void
check_pages(void)
{
	static struct vm_page own[8], other[4];
	uvm_physseg_t upm = load(FAR, FAR + 8, FAR, FAR), above;
	u_long physmem_before = (u_long)physmem;
	psize_t off = 99;
	paddr_t pa;

	memset(own, 0, sizeof(own));
	uvm_physseg_seg_chomp_slab(uvm_physseg_get_first(), other, 4);
	uvm_physseg_seg_chomp_slab(upm, own, 8);
	CHECK(uvm_physseg_seg_alloc_from_slab(NOBODY, 1) == NULL);
	CHECK(uvm_physseg_seg_alloc_from_slab(upm, 0) == NULL);
	CHECK(uvm_physseg_seg_alloc_from_slab(upm, 9) == NULL);
	CHECK(uvm_physseg_seg_alloc_from_slab(upm, 2) == own);
	CHECK(uvm_physseg_seg_alloc_from_slab(upm, 6) == own + 2);
	CHECK(uvm_physseg_seg_alloc_from_slab(upm, 4) == other);
	uvm_physseg_init_seg(upm, own);
	uvm_physseg_init_seg(upm, other);
	CHECK(uvm_physseg_get_pg(upm, 0) == own);
	CHECK(VM_PAGE_TO_PHYS(&own[7]) == ptoa(FAR + 7));
	CHECK(!unload(upm, &pa));
	check_busy(&own[3], FAR + 3);

	CHECK(__real_uvm_physseg_unplug(FAR + 2, 2));
	CHECK(!uvm_physseg_valid_p(uvm_physseg_find(FAR + 2, NULL)));
	above = uvm_physseg_find(FAR + 4, &off);
	CHECK(off == 0 && uvm_physseg_get_pg(above, 0) == &own[4]);
	CHECK((u_long)physmem == physmem_before - 2);
	CHECK(__real_uvm_physseg_unplug(FAR + 7, 1));
	CHECK(__real_uvm_physseg_unplug(FAR + 4, 3));
	CHECK(__real_uvm_physseg_unplug(FAR, 2));
	CHECK((u_long)physmem == physmem_before - 8);
	physmem += 8; /* loaded behind the segments that boot had counted */
}

/*
 * Plugged before the page code has started, and when the array of boot is full.
 */
static void
check_plug(void)
{
	uvm_physseg_t upm = NOBODY;
	paddr_t at = FAR + 10;

	CHECK(__real_uvm_physseg_plug(FAR, 4, &upm));
	CHECK(uvm_physseg_get_start(upm) == FAR);
	CHECK(!__real_uvm_physseg_plug(FAR + 3, 2, NULL));
	CHECK(!__real_uvm_physseg_unplug(FAR - 1, 1));
	for (; loads(at, at + 1, at, at + 1); at += 2)
		CHECK(at < FAR + 10 + 2 * VM_PHYSSEG_MAX);
	CHECK(at > FAR + 10);
	CHECK(!__real_uvm_physseg_plug(at, 1, NULL));
	CHECK(!__real_uvm_physseg_unplug(FAR + 1, 1));
	CHECK(uvm_physseg_get_end(upm) == FAR + 4);
	while ((at -= 2) >= FAR + 10)
		CHECK(__real_uvm_physseg_unplug(at, 1));
	CHECK(__real_uvm_physseg_unplug(FAR, 4));

	/* Below another segment; the lower one is removed first. */
	CHECK(loads(FAR + 4, FAR + 6, FAR + 4, FAR + 6));
	CHECK(loads(FAR, FAR + 2, FAR, FAR + 2));
	CHECK(__real_uvm_physseg_unplug(FAR, 2));
	CHECK(uvm_physseg_get_highest_frame() == FAR + 5);
	CHECK(__real_uvm_physseg_unplug(FAR + 4, 2));
}

void
selftest_physseg(void)
{
	paddr_t highest = uvm_physseg_get_highest_frame();

	check_looking();
	check_too_late();
	uvm.page_init_done = false;
	check_load();
	check_unload();
	check_pages();
	check_plug();
	uvm.page_init_done = true;
	CHECK(uvm_physseg_get_highest_frame() == highest);
}
