/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Memory that Xen may give later: in newer versions a list that arch/x86/xen/enlighten.c keeps, which is not linked here. Where
 * setup.c has it itself, as older ones do, that is taken.
 */
#include <linux/init.h>
#include <linux/kernel.h>
#include <linux/memblock.h>
#include <linux/pfn.h>
#include <xen/page.h>
#include "xen-ops.h"

#include "runtime.h"

__weak struct xen_memory_region xen_extra_mem[XEN_EXTRA_MEM_MAX_REGIONS];
__weak unsigned long xen_released_pages;

void xen_add_extra_mem(unsigned long start_pfn, unsigned long n_pfns);
void __weak xen_add_extra_mem(unsigned long start_pfn, unsigned long n_pfns)
{
	struct xen_memory_region *region = xen_extra_mem, *end = region + XEN_EXTRA_MEM_MAX_REGIONS;

	BUG_ON(n_pfns == 0);
	while (region < end && region->n_pfns != 0 &&
	       region->start_pfn + region->n_pfns != start_pfn)
		region++;
	if (region == end)
		panic("there is no room for another region of extra memory");
	if (region->n_pfns == 0)
		region->start_pfn = start_pfn;
	region->n_pfns += n_pfns;
	memblock_reserve(PFN_PHYS(start_pfn), PFN_PHYS(n_pfns));
}

/* Where ACPI's tables would be in the way of the kernel: none are. */
void xen_do_remap_nonram(void);
void __weak xen_do_remap_nonram(void)
{
}
