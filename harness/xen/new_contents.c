/* SPDX-License-Identifier: BSD-2-Clause */
/* Fills the new pages of a translated domain by way of the conductor, which maps one after the other. */
#include "harness/xen/new_contents.h"

#include <assert.h>

#include "sim/inspect.h"

void new_contents_even_out(
    struct xen_run *run, const struct domain *domain, unsigned domid, uint64_t gfn, uint64_t order)
{
    const uint64_t va = conductor_window_va(run->conductor, PV_WINDOW_OWN),
                   flags = PTE_PRESENT | PTE_WRITABLE | PTE_USER | PTE_ACCESSED | PTE_DIRTY;

    assert(order <= ORDER_LIMIT);
    for (uint64_t page = gfn; page < gfn + (1ull << order); page++) {
        const mfn_t mfn = domain_p2m(domain, PFN(page));

        if (mfn.mfn == MFN_NONE.mfn) /* another extent of the same call has replaced it */
            continue;
        if (conductor_hypercall(run->conductor, __HYPERVISOR_update_va_mapping_otherdomain, va,
                page << PAGE_SHIFT_BITS | flags, UVMF_INVLPG, domid) == 0)
            conductor_page_write(run->conductor, va, frame_stamp(run->machine, mfn));
    }
    conductor_hypercall(run->conductor, __HYPERVISOR_update_va_mapping, va, 0, UVMF_INVLPG, 0);
}
