/* SPDX-License-Identifier: BSD-2-Clause */
/* Zombies: an array in struct host. The entry of a zombie's frame says whose it is, in `order`. */
#include "sim/host/zombie.h"

#include <assert.h>

#include "sim/host/frame_table.h"
#include "sim/host/pool.h"

_Static_assert(ZOMBIES_LIMIT <= UINT8_MAX + 1u, "which zombie stands in a frame's order");

struct zombie *zombie_begin(struct host *host)
{
    unsigned at = 0;

    while (at < ZOMBIES_LIMIT && host->zombies[at].frames > 0)
        at++;
    assert(at < ZOMBIES_LIMIT);
    assert(host->zombies[at].nr_overhead == 0);
    return &host->zombies[at];
}

void zombie_keep(struct host *host, struct zombie *zombie, uint64_t mfn)
{
    struct frame *frame = frame_of(host, mfn);

    assert(frame->foreign > 0 && frame->owner != OWNER_XEN);
    frame->mappings = 0;
    frame->owner = OWNER_XEN;
    frame->flags |= FRAME_RELEASED;
    frame->order = (uint8_t)(zombie - host->zombies);
    zombie->frames++;
    host->overhead_pages++;
    assert(host->overhead_pages <= host->pages);
}

bool zombie_end(struct zombie *zombie, const uint32_t *overhead_mfn, unsigned nr_overhead)
{
    if (zombie->frames == 0)
        return false;
    assert(zombie->nr_overhead == 0 && nr_overhead <= DOMAIN_OVERHEAD_LIMIT);
    for (unsigned i = 0; i < nr_overhead; i++)
        zombie->overhead_mfn[i] = overhead_mfn[i];
    zombie->nr_overhead = nr_overhead;
    return true;
}

void zombie_unmapped(struct host *host, uint64_t mfn)
{
    struct frame *frame = frame_of(host, mfn);
    struct zombie *zombie = &host->zombies[frame->order];

    assert(frame->owner == OWNER_XEN && zombie->frames > 0);
    frame->stamp = 0;
    frame->order = 0;
    host->overhead_pages--;
    pool_put(host, mfn);
    if (--zombie->frames > 0)
        return;
    assert(host->overhead_pages >= zombie->nr_overhead);
    host->overhead_pages -= zombie->nr_overhead;
    while (zombie->nr_overhead > 0)
        pool_put(host, zombie->overhead_mfn[--zombie->nr_overhead]);
}
