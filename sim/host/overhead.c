/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames of Xen's for one domain: taken as it comes to need them, given back together. */
#include "sim/host/overhead.h"

#include <assert.h>

#include "sim/host/frame_table.h"
#include "sim/host/pool.h"

void overhead_take(struct host *host, struct overhead *overhead, unsigned pages)
{
    assert(overhead->count + pages <= DOMAIN_OVERHEAD_LIMIT);
    for (unsigned i = 0; i < pages; i++) {
        const uint64_t mfn = pool_take(host, 0);
        assert(mfn != 0);
        frame_of(host, mfn)->owner = OWNER_XEN;
        host->m2p[mfn] = PFN_NONE.pfn;
        overhead->mfn[overhead->count++] = (uint32_t)mfn;
    }
    host->overhead_pages += pages;
}

void overhead_give_back(struct host *host, struct overhead *overhead)
{
    assert(host->overhead_pages >= overhead->count);
    host->overhead_pages -= overhead->count;
    while (overhead->count > 0)
        pool_put(host, overhead->mfn[--overhead->count]);
}
