/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * memmap-on-memory-2021: added memory holds its own page structures, as Oscar Salvador's MHP_MEMMAP_ON_MEMORY has it, in Linux since
 * 5.14 of 2021. It is the answer to a fear of 2010: a small guest whose page structures fill it.
 *
 * Otherwise as hotplug-2010: a whole memory block is populated, added and put online. Its first pages are page structures, so that
 * adding it takes next to nothing of what there was. Linux allows it where a block's structures fill blocks of the allocator, which
 * are 4 MiB here (2 MiB in a kernel with huge pages): blocks of 256 MiB do (`memory_block=256m`), those of 128 MiB don't, and then
 * the structures come out of the memory that there is.
 */
#include <linux/memory.h>
#include <linux/memory_hotplug.h>
#include <linux/mm.h>

#include "guest/abi/design.h"
#include "guest/linux/designs/design.h"
#include "guest/linux/kern/runtime.h"

DESIGN("memmap-on-memory-2021", "2021-04",
       "as hotplug-2010, by memory blocks that hold their own page structures");
WAIVER("no-overshoot", "a block that may not go online goes back with the frames in which its page "
		       "structures were");

void design_start(void)
{
	BUG_ON(set_online_page_callback(design_online_backed) != 0);
	parameters_late("memory_hotplug.memmap_on_memory=1");
}

void design_use(struct page *page, xen_pfn_t frame)
{
	design_map_and_free(page, frame);
}

/* One block, for only a block by itself may hold its structures. */
unsigned long design_grow(unsigned long pages)
{
	const unsigned long bytes = memory_block_size_bytes(), block = PHYS_PFN(bytes);
	const bool inside = mhp_supports_memmap_on_memory(bytes);

	if (pages < block)
		return 0;
	pr_info("page structures of %lu MiB lie in %s\n", bytes >> 20,
		inside ? "these themselves" : "the memory that there is");
	return design_plug_online(block, inside ? MHP_MEMMAP_ON_MEMORY : MHP_NONE);
}
