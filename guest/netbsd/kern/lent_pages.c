/* SPDX-License-Identifier: BSD-2-Clause */
/* Pages that are plugged by hand, with frames that pages of UVM's lend. */
#include "guest/netbsd/kern/lent_pages.h"

#include <sys/param.h>
#include <uvm/uvm.h>
#include <uvm/uvm_physseg.h>
#include <xen/xenpmap.h>

#include "guest/lib/debug_port.h"
#include "guest/netbsd/kern/pmap.h"

/* Their frames are the new pages'. */
static struct vm_page *lent[LENT_PAGES_MAX];
static struct vm_page *plugged[LENT_PAGES_MAX];
static paddr_t first, end_before;

static void
bind(paddr_t pa, paddr_t ma)
{
	xpmap_ptom_map(pa, ma);
	xpq_queue_machphys_update(ma, pa);
}

/* Moves the frames of the lent pages to the pfns from there on. */
static void
lend(paddr_t pfn, size_t pages)
{
	for (size_t i = 0; i < pages; i++) {
		const paddr_t pa = VM_PAGE_TO_PHYS(lent[i]);
		const paddr_t ma = xpmap_ptom_masked(pa);

		xpmap_ptom_unmap(pa);
		bind(ptoa(pfn + i), ma);
	}
	xpq_flush_queue();
}

static void
take_back(paddr_t pfn, size_t pages)
{
	for (size_t i = 0; i < pages; i++) {
		const paddr_t pa = ptoa(pfn + i), ma = xpmap_ptom_masked(pa);

		xpmap_ptom_unmap(pa);
		bind(VM_PAGE_TO_PHYS(lent[i]), ma);
	}
	xpq_flush_queue();
}

static void
free_pages(struct vm_page **list, size_t pages)
{
	while (pages > 0)
		uvm_pagefree(list[--pages]);
}

/* Takes pages off UVM. It returns how many there were. */
static size_t
take_pages(struct vm_page **list, size_t pages)
{
	size_t n = 0;

	while (n < pages && (list[n] = uvm_pagealloc(NULL, 0, NULL, 0)) != NULL)
		n++;
	return n;
}

/*
 * Takes the pages that were just plugged: what was freed last, UVM gives
 * first. False: others have some of them.
 */
static bool
take_plugged(paddr_t pfn, size_t pages)
{
	const size_t n = take_pages(plugged, pages);
	bool all = n == pages;

	for (size_t i = 0; i < n; i++)
		all &= atop(VM_PAGE_TO_PHYS(plugged[i])) - pfn < pages;
	if (!all)
		free_pages(plugged, n);
	return all;
}

static void
sort_plugged(size_t pages)
{
	for (size_t i = 0; i < pages; i++)
		while (atop(VM_PAGE_TO_PHYS(plugged[i])) != first + i) {
			const size_t at =
			    atop(VM_PAGE_TO_PHYS(plugged[i])) - first;
			struct vm_page *const pg = plugged[at];

			if (pg == plugged[i])
				panic("two pages at pfn 0x%lx",
				    (u_long)(first + at));
			plugged[at] = plugged[i];
			plugged[i] = pg;
		}
}

const char *
lent_plug(size_t pages, size_t hole, bool *lost)
{
	const size_t n = take_pages(lent, pages);

	KASSERT(pages > 0 && pages <= LENT_PAGES_MAX);
	*lost = false;
	if (n < pages) {
		free_pages(lent, n);
		return "there are too few free pages";
	}
	end_before = pmap_pa_end;
	first = atop(end_before) + hole;
	lend(first, pages);
	pmap_pa_end = ptoa(first + pages);
	if (!uvm_physseg_plug(first, pages, NULL)) {
		lent_return(pages);
		return "plug returned false";
	}
	*lost = !take_plugged(first, pages);
	if (*lost)
		return "UVM did not give the plugged pages first";
	sort_plugged(pages);
	return NULL;
}

paddr_t
lent_first(void)
{
	return first;
}

struct vm_page *
lent_page(size_t i)
{
	return plugged[i];
}

void
lent_return(size_t pages)
{
	KASSERT(pages > 0 && pages <= LENT_PAGES_MAX);
	pmap_pa_end = end_before;
	take_back(first, pages);
	free_pages(lent, pages);
}

void
lent_leave(size_t pages)
{
	KASSERT(pages > 0 && pages <= LENT_PAGES_MAX);
	free_pages(plugged, pages);
	counters.lent_pages += pages;
}
