/* SPDX-License-Identifier: BSD-2-Clause */
/* Maps pages into the boot block's window for the time of one call. The P2M says which frame a page has. */
#include "guest/lib/window.h"
#include "guest/abi/paging.h"
#include "guest/lib/assert.h"
#include "guest/lib/boot_block.h"
#include "guest/lib/debug_port.h"
#include "guest/lib/services.h"

#include <xen/xen.h>

static unsigned long entry_of(uint64_t mfn)
{
    return mfn << PAGE_SHIFT_BITS | PTE_PRESENT | PTE_WRITABLE | PTE_ACCESSED | PTE_DIRTY;
}

/* Maps a page into the window's first one. */
static unsigned long map(uint64_t pfn)
{
    unsigned long va = (unsigned long)boot_block->window;
    uint64_t mfn, entries;
    const uint64_t *p2m = kernel_p2m(&entries);
    long error;

    if (pfn >= entries)
        panic("window: page %#lx is behind the end of the P2M", pfn);
    mfn = p2m[pfn];
    if (mfn == P2M_NO_FRAME)
        panic("window: page %#lx has no frame", pfn);
    error = xen_hypercall(__HYPERVISOR_update_va_mapping, va, entry_of(mfn), UVMF_INVLPG, 0);
    if (error != 0)
        panic("window: page %#lx, frame %#lx: mapping refused: %ld", pfn, mfn, -error);
    return va;
}

static void unmap(unsigned long va)
{
    long error = xen_hypercall(__HYPERVISOR_update_va_mapping, va, 0, UVMF_INVLPG, 0);

    if (error != 0)
        panic("window: unmapping refused: %ld", -error);
}

void window_write(uint64_t pfn, uint64_t stamp)
{
    unsigned long va = map(pfn);

    (void)port_call(PORT_PAGE_WRITE, va, stamp, 0, 0);
    unmap(va);
}

uint64_t window_read(uint64_t pfn)
{
    unsigned long va = map(pfn);
    uint64_t stamp = (uint64_t)port_call(PORT_PAGE_READ, va, 0, 0, 0);

    unmap(va);
    return stamp;
}

/* Maps frames into the window's first pages, or (NULL) unmaps them. False: Xen has no multicall. */
static bool set_all(const uint64_t *mfns, unsigned n)
{
    static multicall_entry_t calls[WINDOW_BATCH];

    for (unsigned i = 0; i < n; i++) {
        calls[i].op = __HYPERVISOR_update_va_mapping;
        calls[i].args[0] = (unsigned long)boot_block->window + i * PAGE_BYTES;
        calls[i].args[1] = mfns == NULL ? 0 : entry_of(mfns[i]);
        calls[i].args[2] = UVMF_INVLPG;
    }
    if (xen_hypercall_quietly(__HYPERVISOR_multicall, (unsigned long)calls, n, 0, 0) != 0)
        return false;
    for (unsigned i = 0; i < n; i++) {
        if (calls[i].result != 0)
            panic("window: frame %#lx: mapping refused: %ld", mfns == NULL ? 0 : mfns[i],
                -(long)calls[i].result);
    }
    return true;
}

bool window_zero(const uint64_t *mfns, unsigned n)
{
    static bool unable; /* it was tried, and no way of zeroing many at once works here */
    bool ok;

    ASSERT(n != 0 && n <= WINDOW_BATCH);
    if (unable || n > boot_block->window_pages)
        return false;
    if (port_call_quietly(PORT_FRAMES_ZERO, (unsigned long)mfns, n, UVMF_INVLPG, 0) == 0)
        return true;
    if (!set_all(mfns, n)) {
        unable = true;
        return false;
    }
    ok = port_call_quietly(PORT_PAGES_WRITE, (unsigned long)boot_block->window, 0, n, 0) == 0;
    unable = !ok;
    if (!set_all(NULL, n))
        panic("window: unmapping refused");
    return ok;
}
