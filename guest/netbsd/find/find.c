/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A segment file alone, for measuring (guest/abi/segment_finder.h): memory that
 * is only handed out, and no pages of UVM's.
 */
#include <sys/param.h>
#include <sys/kmem.h>
#include <uvm/uvm.h>

#include "guest/abi/segment_finder.h"

#define ARENA_BYTES (64ul << 20)

struct uvm uvm;
struct uvmexp uvmexp;
psize_t physmem;

static char arena[ARENA_BYTES] __attribute__((aligned(16)));
static size_t arena_used;

void *
kmem_zalloc(size_t size, km_flag_t flags __unused)
{
	void *p = arena + arena_used;

	size = roundup2(size, 16);
	if (size > sizeof(arena) - arena_used)
		return NULL;
	arena_used += size;
	return p;
}

void *
kmem_alloc(size_t size, km_flag_t flags)
{
	return kmem_zalloc(size, flags);
}

void
kmem_free(void *p __unused, size_t size __unused)
{
}

void
mutex_destroy(kmutex_t *lock __unused)
{
}

void
uvm_pagefree(struct vm_page *pg __unused)
{
}

void
uvmpdpol_reinit(void)
{
}

static bool
plug(uint64_t pfn, uint64_t pages)
{
#ifdef UVM_HOTPLUG
	/* As after boot, when segments come out of kmem(9). */
	if (!uvm.page_init_done)
		uvm_physseg_init();
	uvm.page_init_done = true;
#else
	if (uvm_physseg_get_first() == UVM_PHYSSEG_TYPE_INVALID_EMPTY)
		uvm_physseg_init();
#endif
	return uvm_physseg_plug(pfn, pages, NULL);
}

static uint64_t
find(uint64_t pfn)
{
	psize_t offset;

	return uvm_physseg_find(pfn, &offset) == UVM_PHYSSEG_TYPE_INVALID
		   ? SEGMENT_FINDER_NONE
		   : offset;
}

__attribute__((visibility("default")))
const struct segment_finder segment_finder = {plug, find};
