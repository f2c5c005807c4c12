/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a scenario may choose where a real kernel's machine would decide: ballast.NAME= on the command line, which a choice of
 * the kernel's description puts there.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memory.h>
#include <linux/moduleparam.h>
#include <linux/pfn.h>
#include <linux/sizes.h>
#include <asm/setup.h>

#include "runtime.h"

#undef MODULE_PARAM_PREFIX
#define MODULE_PARAM_PREFIX "ballast."

static uint memory_block_mib;
module_param(memory_block_mib, uint, 0444);

/*
 * A 32-bit kernel maps only the first part of memory, and its own memory is there: page structures, and what it allocates. Processes and
 * files may have the rest. Here that is a zone for the kernel: ZONE_DMA32 ends where low memory does, and ZONE_NORMAL stands for
 * i386's ZONE_HIGHMEM. Without a word of it all memory is low, as on x86-64.
 */
static unsigned long low_pages = ~0ul;

unsigned long low_memory_pages(void)
{
	return low_pages;
}

static int __init set_low_memory(char *value)
{
	low_pages = PHYS_PFN(memparse(value, NULL));
	return 0;
}
early_param("ballast.lowmem", set_low_memory);

/*
 * x86's own rule for a guest: a section, as long as memory ends below 64 GiB; from there on the largest block of up to 2 GiB to
 * which its end is aligned.
 */
unsigned long memory_block_size_bytes(void)
{
	static unsigned long block;

	if (block == 0 && memory_block_mib != 0) {
		block = memory_block_mib * SZ_1M;
		if (block < MIN_MEMORY_BLOCK_SIZE || block > 64ul * SZ_1G ||
		    (block & (block - 1)) != 0)
			panic("no memory block can have %u MiB", memory_block_mib);
	} else if (block == 0) {
		block = PFN_PHYS(max_pfn) < 64ul * SZ_1G ? MIN_MEMORY_BLOCK_SIZE : 2ul * SZ_1G;
		while (block > MIN_MEMORY_BLOCK_SIZE && PFN_PHYS(max_pfn) % block != 0)
			block /= 2;
	}
	return block;
}
