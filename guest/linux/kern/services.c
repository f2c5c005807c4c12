/* SPDX-License-Identifier: BSD-2-Clause */
/* What the guests' library asks of this kernel (guest/lib/services.h). The panic is in console.c. */
#include "guest/lib/debug_port.h"
#include "guest/lib/services.h"
#include "guest/linux/kern/bridge.h"

void kernel_update_counters(void)
{
	counters.free_pages = linux_free_pages();
	counters.managed_pages = linux_managed_pages();
	counters.total_pages = linux_total_pages();
	counters.heap_live = linux_live_allocations();
	counters.never_online_pages = linux_never_online_pages();
	counters.watch_interrupted = (uint64_t)linux_watch_interrupted();
}

const uint64_t *kernel_p2m(uint64_t *entries)
{
	*entries = bridge.direct_pages;
	return bridge.p2m;
}

void kernel_schedule_point(void)
{
	linux_schedule_point();
}

void kernel_yield(void)
{
	linux_yield();
}

struct kernel_page *kernel_page_take(void)
{
	return linux_page_take();
}

void kernel_page_give(struct kernel_page *page)
{
	linux_page_give(page);
}

uint64_t kernel_page_pfn(const struct kernel_page *page)
{
	return linux_page_pfn(page);
}

struct kernel_page **kernel_page_link(struct kernel_page *page)
{
	return (struct kernel_page **)linux_page_link(page);
}

uint64_t *kernel_page_word(struct kernel_page *page)
{
	return linux_page_word(page);
}

uint64_t kernel_free_pages(void)
{
	return linux_free_pages();
}
