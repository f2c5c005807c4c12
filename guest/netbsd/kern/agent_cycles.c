/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `plug-cycles CYCLES PAGES`: each cycle plugs so many pages behind the end of
 * memory, takes them from UVM, and unplugs them. A page of UVM's lends each of
 * them its frame meanwhile, so that no driver and no hypervisor has a part in
 * it: what is left afterwards is what segment code did not free. The output is
 * how many cycles went through; the status is 1 when the line can't be
 * understood or there is no room.
 */
#include <sys/param.h>
#include <uvm/uvm.h>
#include <uvm/uvm_physseg.h>
#include <xen/xenpmap.h>

#include "guest/lib/output.h"
#include "guest/netbsd/kern/agent.h"
#include "guest/netbsd/kern/pmap.h"

#define PAGES_MAX 1024

static struct vm_page *lent[PAGES_MAX]; /* their frames are the new pages' */
static struct vm_page *plugged[PAGES_MAX];

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

/* NULL, or what was refused. */
static const char *
cycle(paddr_t pfn, size_t pages)
{
	const paddr_t end = pmap_pa_end;
	const char *refused = NULL;
	const size_t n = take_pages(lent, pages);

	if (n < pages) {
		free_pages(lent, n);
		return "there are too few free pages";
	}
	lend(pfn, pages);
	pmap_pa_end = ptoa(pfn + pages);
	if (!uvm_physseg_plug(pfn, pages, NULL))
		refused = "plug returned false";
	else if (!take_plugged(pfn, pages))
		return "UVM did not give the plugged pages first";
	else if (!uvm_physseg_unplug(pfn, pages))
		return "unplug returned false";
	pmap_pa_end = end;
	take_back(pfn, pages);
	free_pages(lent, pages);
	return refused;
}

int
agent_plug_cycles(struct output *out, const char *args)
{
	char word[24];
	u_long cycles, pages, done;
	const paddr_t pfn = atop(pmap_pa_end);
	const char *refused = NULL;

	args = text_word(args, word, sizeof(word));
	cycles = strtoul(word, NULL, 0);
	(void)text_word(args, word, sizeof(word));
	pages = strtoul(word, NULL, 0);
	if (cycles == 0 || pages == 0 || pages > PAGES_MAX) {
		output_printf(out,
		    "usage: plug-cycles CYCLES PAGES, at most %d pages\n",
		    PAGES_MAX);
		return 1;
	}
	if (pfn + pages > p2m_entries) {
		output_printf(out, "plug-cycles: the P2M ends at page %lu\n",
		    (u_long)p2m_entries);
		return 1;
	}
	for (done = 0; done < cycles && refused == NULL; done++)
		refused = cycle(pfn, pages);
	if (refused != NULL)
		output_printf(
		    out, "plug-cycles: %s in cycle %lu\n", refused, done);
	else
		output_printf(out, "%lu\n", done);
	return 0;
}
