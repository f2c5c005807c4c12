/* SPDX-License-Identifier: BSD-2-Clause */
/* Frames of Xen's for one domain: taken as it comes to need them, given back together. */
#include "sim/host/overhead.h"

#include <assert.h>

#include "sim/host/frame_table.h"
#include "sim/host/pool.h"

void overhead_begin(struct host *host, const uint32_t *mfns, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert(frame_of(host, mfns[i])->owner == 0);
        frame_of(host, mfns[i])->owner = OWNER_XEN;
        host->m2p[mfns[i]] = PFN_NONE.pfn;
    }
    host->overhead_pages += count;
    assert(host->overhead_pages <= host->pages);
}

void overhead_end(struct host *host, const uint32_t *mfns, size_t count)
{
    assert(host->overhead_pages >= count);
    host->overhead_pages -= count;
    while (count > 0)
        pool_put(host, mfns[--count]);
}

void overhead_take(struct host *host, struct overhead *overhead, unsigned pages)
{
    uint32_t *const fresh = overhead->mfn + overhead->count;
    assert(overhead->count + pages <= DOMAIN_OVERHEAD_LIMIT);
    for (unsigned i = 0; i < pages; i++) {
        fresh[i] = (uint32_t)pool_take(host, 0);
        assert(fresh[i] != 0);
    }
    overhead_begin(host, fresh, pages);
    overhead->count += pages;
}

void overhead_give_back(struct host *host, struct overhead *overhead)
{
    overhead_end(host, overhead->mfn, overhead->count);
    overhead->count = 0;
}
