/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Struct pages of memory: they lie in a table of the runtime's (struct bridge), and the pages that real ones and their page tables
 * would take are taken. They are given back when memory is removed, or when adding it fails.
 */
#include <linux/memremap.h>
#include <linux/mm.h>
#include <linux/slab.h>

#include "bridge.h"
#include "runtime.h"

#define TABLE_PAGES	(PAGE_SIZE / sizeof(pte_t))
#define IN_ADDED_MEMORY (~0ul) /* in place of a pfn: the page is one of those that it describes */
#define OF_BOOT		(1ul << 63) /* beside a pfn: the page was taken before there was an allocator */

unsigned long vmemmap_bytes;

/* Which of the table's pages it is. */
static unsigned long index_of(unsigned long address)
{
	BUG_ON(address < vmemmap_base ||
	       address > vmemmap_base + bridge.direct_pages * sizeof(struct page));
	return (address - vmemmap_base) / PAGE_SIZE;
}

static void behind(unsigned long *pfn, void *page)
{
	*pfn = PFN_DOWN(__pa(page)) | (slab_is_available() ? 0 : OF_BOOT);
}

static void give(unsigned long *pfn)
{
	if (*pfn == 0)
		return;
	BUG_ON(vmemmap_bytes < PAGE_SIZE);
	vmemmap_bytes -= PAGE_SIZE;
	if (*pfn != IN_ADDED_MEMORY && *pfn & OF_BOOT)
		pages_free_reserved(pfn_to_page(*pfn & ~OF_BOOT));
	else if (*pfn != IN_ADDED_MEMORY)
		pages_give(pfn_to_page(*pfn), 0);
	*pfn = 0;
}

/* A page table is needed as long as it names a page. */
static bool table_is_empty(unsigned long table)
{
	const unsigned long all = bridge.direct_pages * sizeof(struct page) / PAGE_SIZE;
	const unsigned long end = min((table + 1) * TABLE_PAGES, all);

	for (unsigned long at = table * TABLE_PAGES; at < end; at++)
		if (bridge.struct_pfns[at] != 0)
			return false;
	return true;
}

int __meminit vmemmap_populate(unsigned long start, unsigned long end, int node,
			       struct vmem_altmap *altmap)
{
	const unsigned long last = index_of(end);

	for (unsigned long at = index_of(start); at < last; at++) {
		void *page = vmemmap_alloc_block_buf(PAGE_SIZE, node, altmap), *table;

		if (!page)
			return -ENOMEM;
		vmemmap_bytes += PAGE_SIZE;
		/* It is touched: where pages come on demand that counts, and in added memory there is none. */
		if (altmap || memory_comes_on_demand())
			bridge_use_page(PFN_DOWN(__pa(page)));
		if (altmap)
			bridge.struct_pfns[at] = IN_ADDED_MEMORY;
		else
			behind(&bridge.struct_pfns[at], page);
		if (bridge.struct_table_pfns[at / TABLE_PAGES] != 0)
			continue;
		table = vmemmap_alloc_block(PAGE_SIZE, node);
		if (!table)
			return -ENOMEM;
		vmemmap_bytes += PAGE_SIZE;
		behind(&bridge.struct_table_pfns[at / TABLE_PAGES], table);
	}
	return 0;
}

/* A part of the range may not have been populated: no page could be had for it. */
void vmemmap_free(unsigned long start, unsigned long end, struct vmem_altmap *altmap)
{
	const unsigned long first = index_of(start), last = index_of(end);

	if (altmap)
		vmem_altmap_free(altmap, last - first);
	for (unsigned long at = first; at < last; at++) {
		give(&bridge.struct_pfns[at]);
		if (((at + 1) % TABLE_PAGES == 0 || at + 1 == last) &&
		    table_is_empty(at / TABLE_PAGES))
			give(&bridge.struct_table_pfns[at / TABLE_PAGES]);
	}
}
