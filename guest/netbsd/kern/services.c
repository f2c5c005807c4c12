/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the guests' library asks of this kernel (guest/lib/services.h). The
 * panic is in console.c.
 */
#include <sys/param.h>
#include <uvm/uvm.h>

#include "guest/lib/debug_port.h"
#include "guest/lib/services.h"
#include "guest/netbsd/kern/pdaemon.h"
#include "guest/netbsd/kern/pmap.h"
#include "guest/netbsd/kern/thread.h"

/*
 * Counters of UVM's own change with each page: they are copied when the harness
 * may read them. It is told first which table it will find to be the P2M.
 */
void
kernel_update_counters(void)
{
	counters.free_pages = (uint64_t)uvmexp.free;
	counters.total_pages = (uint64_t)uvmexp.npages;
	counters.present_pages = physmem;
	counters.memory_end_pfn = atop(pmap_pa_end);
	counters.draining = pdaemon_wanted();
	p2m_follow();
}

const uint64_t *
kernel_p2m(uint64_t *entries)
{
	p2m_follow();
	*entries = p2m_entries;
	return p2m_told;
}

void
kernel_written_after_free(size_t bytes)
{
	port_misuse("kmem: %zu bytes were written to after kmem_free", bytes);
}

void
kernel_schedule_point(void)
{
	schedule_point();
}

void
kernel_yield(void)
{
	thread_yield();
}

size_t workload_pages;

/* The library's kernel_page is a struct vm_page. */
static struct vm_page *
vm_page_of(const struct kernel_page *page)
{
	return __UNCONST(page);
}

struct kernel_page *
kernel_page_take(void)
{
	struct vm_page *pg = uvm_pagealloc(NULL, 0, NULL, 0);

	if (pg != NULL)
		workload_pages++;
	return (struct kernel_page *)pg;
}

void
kernel_page_give(struct kernel_page *page)
{
	KASSERT(workload_pages > 0);
	workload_pages--;
	uvm_pagefree(vm_page_of(page));
}

uint64_t
kernel_page_pfn(const struct kernel_page *page)
{
	return atop(vm_page_of(page)->phys_addr);
}

struct kernel_page **
kernel_page_link(struct kernel_page *page)
{
	return (struct kernel_page **)&TAILQ_NEXT(
	    vm_page_of(page), pageq.queue);
}

uint64_t *
kernel_page_word(struct kernel_page *page)
{
	return (uint64_t *)&vm_page_of(page)->offset;
}

uint64_t
kernel_free_pages(void)
{
	return (uint64_t)uvmexp.free;
}
