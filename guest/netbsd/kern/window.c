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

/* Map frames into the window's first pages, or (NULL) unmap them; false: Xen
 * knows no multicall. */
static bool
window_set(const uint64_t *mfns, u_int n)
{
	static multicall_entry_t calls[WINDOW_BATCH];

	KASSERT(n <= WINDOW_BATCH);
	for (u_int i = 0; i < n; i++) {
		calls[i].op = __HYPERVISOR_update_va_mapping;
		calls[i].args[0] = (vaddr_t)boot_block->window + i * PAGE_SIZE;
		calls[i].args[1] = mfns == NULL ? 0
						: mfns[i] << PAGE_SHIFT | PG_V |
						      PG_RW | PG_U | PG_M;
		calls[i].args[2] = UVMF_INVLPG;
	}
	if (xen_hypercall_quietly(
		__HYPERVISOR_multicall, (unsigned long)calls, n, 0, 0) != 0)
		return false;
	for (u_int i = 0; i < n; i++) {
		if (calls[i].result != 0)
			panic("pmap: frame %#lx: mapping refused: %ld",
			    mfns == NULL ? 0 : (u_long)mfns[i],
			    -(long)calls[i].result);
	}
	return true;
}

bool
window_zero(const uint64_t *mfns, u_int n)
{
	static bool unable;
	bool ok;

	KASSERT(n != 0 && n <= WINDOW_BATCH);
	if (unable || n > boot_block->window_pages)
		return false;
	if (port_call_quietly(PORT_FRAMES_ZERO, (unsigned long)mfns, n, 0, 0) ==
	    0)
		return true;
	if (!window_set(mfns, n)) {
		unable = true;
		return false;
	}
	ok = port_call_quietly(PORT_PAGES_WRITE,
		 (unsigned long)boot_block->window, 0, n, 0) == 0;
	unable = !ok;
	if (!window_set(NULL, n))
		panic("pmap: unmapping refused");
	return ok;
}
