/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Pages for the kernel's own memory. Their contents are never looked at, so
 * they aren't mapped: they are counted, and kept from everybody else. Before
 * UVM has pages, memory is the boot image's and nothing is paid.
 */
#include "guest/netbsd/kern/kernel_memory.h"

#include <sys/param.h>
#include <uvm/uvm.h>

#include "guest/lib/debug_port.h"
#include "guest/netbsd/kern/pdaemon.h"
#include "guest/netbsd/kern/uvm_page.h"

/* The pages that are taken, the latest first. */
struct page_stack {
	struct vm_page *top;
	size_t pages;
};
static struct page_stack taken, set_aside;

static size_t small_bytes; /* of allocations that share pages */
static size_t small_pages; /* those pages */

static void
push(struct page_stack *stack, struct vm_page *pg)
{
	TAILQ_NEXT(pg, pageq.queue) = stack->top;
	stack->top = pg;
	stack->pages++;
}

static struct vm_page *
pop(struct page_stack *stack)
{
	struct vm_page *pg = stack->top;

	if (pg == NULL)
		return NULL;
	KASSERT(stack->pages > 0);
	stack->top = TAILQ_NEXT(pg, pageq.queue);
	stack->pages--;
	return pg;
}

/* How many pages may be had, with the reserve left alone. */
static size_t
pages_to_have(void)
{
	return (size_t)MAX(uvmexp.free - uvmexp.reserve_kernel, 0);
}

static void
take(size_t pages)
{
	KASSERT(pages <= pages_to_have());
	taken.pages +=
	    pages; /* first: another thread may run before this returns */
	page_take_many(pages, &taken.top);
}

size_t
kernel_pages_taken(void)
{
	return taken.pages + set_aside.pages;
}

/* A page that was unplugged under the kernel's memory is not there to be given
 * back. */
static void
give_one(void)
{
	struct vm_page *pg = pop(&taken);

	if (pg != NULL)
		page_give_back(pg);
}

bool
kernel_pages_take(size_t pages, bool wait)
{
	if (!uvm.page_init_done)
		return true;
	if (!wait && pages > pages_to_have()) {
		uvm_kick_pdaemon();
		return false;
	}
	for (;;) {
		const size_t n = MIN(pages, pages_to_have());

		take(n);
		pages -= n;
		if (pages == 0)
			return true;
		KASSERT(wait);
		page_wait("kmem");
	}
}

void
kernel_pages_give(size_t pages)
{
	KASSERT(uvm.page_init_done || pages == 0);
	while (pages-- > 0)
		give_one();
}

/*
 * A page is taken when the pages so far do not hold the bytes. Others may take
 * and give while this waits, so that is asked anew for each page.
 */
static bool
small_take(size_t bytes, bool wait)
{
	while (howmany(small_bytes + bytes, (size_t)PAGE_SIZE) > small_pages) {
		if (pages_to_have() == 0) {
			uvm_kick_pdaemon();
			if (!wait)
				return false;
			page_wait("kmem");
			continue;
		}
		small_pages++;
		take(1);
	}
	small_bytes += bytes;
	return true;
}

static void
small_give(size_t bytes)
{
	KASSERT(bytes <= small_bytes);
	small_bytes -= bytes;
	while (howmany(small_bytes, (size_t)PAGE_SIZE) < small_pages) {
		small_pages--;
		give_one();
	}
}

bool
kernel_bytes_take(size_t bytes, bool wait)
{
	if (!uvm.page_init_done)
		return true;
	if (bytes >= PAGE_SIZE)
		return kernel_pages_take(
		    howmany(bytes, (size_t)PAGE_SIZE), wait);
	return small_take(roundup2(bytes, sizeof(uint64_t)), wait);
}

void
kernel_bytes_give(size_t bytes)
{
	KASSERT(uvm.page_init_done);
	if (bytes >= PAGE_SIZE)
		kernel_pages_give(howmany(bytes, (size_t)PAGE_SIZE));
	else
		small_give(roundup2(bytes, sizeof(uint64_t)));
	page_wake(); /* a smaller one may fit now, without a page */
}

void
kernel_memory_failed(void)
{
	counters.allocation_failures++;
	if (counters.idle_pages != 0 && !pdaemon_wanted())
		counters.idle_failures++;
}

void
kernel_pages_unplug(paddr_t start, paddr_t end)
{
	struct page_stack all = taken;
	struct vm_page *pg, *kept = NULL;

	KASSERT(set_aside.top == NULL);
	taken = (struct page_stack){NULL, 0};
	/* Twice turned round, the others are in their order again. */
	while ((pg = pop(&all)) != NULL) {
		const paddr_t pfn = atop(pg->phys_addr);

		if (pfn >= start && pfn < end) {
			push(&set_aside, pg);
			continue;
		}
		TAILQ_NEXT(pg, pageq.queue) = kept;
		kept = pg;
	}
	while ((pg = kept) != NULL) {
		kept = TAILQ_NEXT(pg, pageq.queue);
		push(&taken, pg);
	}
}

void
kernel_pages_unplugged(bool ok)
{
	struct vm_page *pg;

	if (ok && set_aside.pages != 0) {
		port_misuse("uvm_physseg_unplug: %zu pages of the range are "
			    "the kernel's own memory",
		    set_aside.pages);
		set_aside = (struct page_stack){NULL, 0};
	}
	while ((pg = pop(&set_aside)) != NULL)
		push(&taken, pg);
}
