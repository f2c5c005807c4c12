/* SPDX-License-Identifier: BSD-2-Clause */
/* The entries of a direct map: which frame each page of it maps. */
#include "sim/hypercall/direct_map.h"

#include <assert.h>
#include <errno.h>

#include "guest/abi/paging.h"
#include "sim/domain/domain.h"
#include "sim/domain/reservation.h"
#include "sim/machine_state.h"

bool direct_map_page(const struct domain *d, unsigned long va, uint64_t *page)
{
    if (!space_has_direct(&d->space))
        return false;
    *page = (va - space_direct_va(&d->space)) >> PAGE_SHIFT_BITS;
    return *page < d->space.direct_pages;
}

long direct_map_update(struct domain *d, uint64_t page, uint64_t pte, struct hypercall_trace *trace)
{
    uint32_t *mapped = &d->space.direct_mfn[page];
    const uint64_t mfn = (pte & PTE_MFN_MASK) >> PAGE_SHIFT_BITS;
    assert(page < d->space.direct_pages);
    if (d->physmap != NULL)
        return 0; /* the domain is translated and has its own page tables: Xen counts no reference */
    if (pte & PTE_PRESENT) {
        const int error = reservation_map(d, mfn, false);
        if (error != 0)
            return -error;
        d->direct_built_pages++;
    }
    const uint32_t before = *mapped;
    *mapped = pte & PTE_PRESENT ? (uint32_t)mfn : 0;
    d->vain_exits = 0;
    if (before != 0 && reservation_unmap(d->machine, before, false)) {
        trace->record = true;
        if (machine_frame_room(d->machine, trace->nr_frames + 1u))
            d->machine->frame_list[trace->nr_frames++] = before;
    }
    return 0;
}
