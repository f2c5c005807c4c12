/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Page contents: pages are mapped into the boot block's window, written or
 * read, and unmapped. No mapping outlives the call that made it: a frame that
 * is still mapped can't go back to Xen.
 */
#include "guest/netbsd/kern/kern.h"

#include <uvm/uvm_extern.h>
#include <xen/hypervisor.h>
#include <xen/xenpmap.h>

vaddr_t
window_map(paddr_t pa)
{
	vaddr_t va = (vaddr_t)boot_block->window;
	paddr_t pfn = atop(pa);
	unsigned long mfn;
	int error;

	if (pfn >= boot_block->p2m_entries)
		panic("pmap: page %#lx is behind the end of the P2M", pfn);
	mfn = xpmap_phys_to_machine_mapping[pfn];
	if (mfn == INVALID_P2M_ENTRY)
		panic("pmap: page %#lx has no frame", pfn);
	error = HYPERVISOR_update_va_mapping(va,
	    ((unsigned long)mfn << PAGE_SHIFT) | PG_V | PG_RW | PG_U | PG_M,
	    UVMF_INVLPG);
	if (error != 0)
		panic("pmap: page %#lx, frame %#lx: mapping refused: %d", pfn,
		    mfn, -error);
	return va;
}

void
window_unmap(vaddr_t va)
{
	int error = HYPERVISOR_update_va_mapping(va, 0, UVMF_INVLPG);

	if (error != 0)
		panic("pmap: unmapping refused: %d", -error);
}

/* A page's contents are one 64-bit pattern, or (0) nothing but zeros. */
void
window_write(paddr_t pa, uint64_t stamp)
{
	vaddr_t va = window_map(pa);

	(void)port_call(PORT_PAGE_WRITE, va, stamp, 0, 0);
	window_unmap(va);
}

uint64_t
window_read(paddr_t pa)
{
	vaddr_t va = window_map(pa);
	uint64_t stamp = (uint64_t)port_call(PORT_PAGE_READ, va, 0, 0, 0);

	window_unmap(va);
	return stamp;
}

/* The window's pages, each with a frame to map, and to be unmapped. */
multicall_entry_t window_maps[WINDOW_BATCH];
static multicall_entry_t window_unmaps[WINDOW_BATCH];

static void
window_prepare(multicall_entry_t *calls, u_int n)
{
	for (u_int i = 0; i < n; i++) {
		calls[i].op = __HYPERVISOR_update_va_mapping;
		calls[i].args[0] = (vaddr_t)boot_block->window + i * PAGE_SIZE;
		calls[i].args[2] = UVMF_INVLPG;
	}
}

/* Map or unmap the window's first pages; false: Xen knows no multicall. */
static bool
window_set(const multicall_entry_t *calls, u_int n)
{
	unsigned long refused = 0;

	if (xen_hypercall_quietly(__HYPERVISOR_multicall,
	    (unsigned long)calls, n, 0, 0) != 0)
		return false;
	UNROLLED
	for (u_int i = 0; i < n; i++)
		refused |= (unsigned long)calls[i].result;
	for (u_int i = 0; refused != 0 && i < n; i++) {
		if (calls[i].result != 0)
			panic("pmap: frame %#lx: mapping refused: %ld",
			    (u_long)calls[i].args[1] >> PAGE_SHIFT,
			    -(long)calls[i].result);
	}
	return true;
}

bool
window_zero(u_int n)
{
	static bool prepared, unable;
	bool ok;

	KASSERT(n != 0 && n <= WINDOW_BATCH);
	if (unable || n > boot_block->window_pages)
		return false;
	if (!prepared) {
		window_prepare(window_maps, WINDOW_BATCH);
		window_prepare(window_unmaps, WINDOW_BATCH);
		prepared = true;
	}
	if (!window_set(window_maps, n)) {
		unable = true;
		return false;
	}
	ok = port_call_quietly(PORT_PAGES_WRITE,
	    (unsigned long)boot_block->window, 0, n, 0) == 0;
	unable = !ok;
	if (!window_set(window_unmaps, n))
		panic("pmap: unmapping refused");
	return ok;
}
