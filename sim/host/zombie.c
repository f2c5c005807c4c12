/* SPDX-License-Identifier: BSD-2-Clause */
/* Zombies: an array in struct host. The entry of a zombie's frame says whose it is, in `order`. */
#include "sim/host/zombie.h"

#include <assert.h>

#include "sim/host/frame_table.h"
#include "sim/host/pool.h"

_Static_assert(ZOMBIES_LIMIT <= UINT8_MAX + 1u, "which zombie stands in a frame's order");

struct zombie *zombie_begin(struct host *host, const struct dying *dying)
{
    unsigned at = 0;

    while (at < ZOMBIES_LIMIT && host->zombies[at].frames > 0)
        at++;
    assert(at < ZOMBIES_LIMIT);
    assert(host->zombies[at].overhead.count == 0);
    host->zombies[at].dying = *dying;
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

bool zombie_end(struct zombie *zombie, struct overhead *overhead)
{
    if (zombie->frames == 0)
        return false;
    assert(zombie->overhead.count == 0 && overhead->count > 0);
    zombie->overhead = *overhead;
    overhead->count = 0;
    return true;
}

struct zombie *zombie_of(struct host *host, unsigned domid)
{
    for (unsigned at = 0; at < ZOMBIES_LIMIT; at++)
        if (host->zombies[at].frames > 0 && host->zombies[at].dying.domid == domid)
            return &host->zombies[at];
    return NULL;
}

bool zombie_has(const struct host *host, const struct zombie *zombie, uint64_t mfn)
{
    if (mfn >= host->end_mfn)
        return false;
    const struct frame *frame = frame_of(host, mfn);
    return frame->owner == OWNER_XEN && (frame->flags & FRAME_RELEASED) &&
           frame->order == (uint8_t)(zombie - host->zombies);
}

void zombie_mapped(struct host *host, const struct zombie *zombie, uint64_t mfn)
{
    struct frame *frame = frame_of(host, mfn);

    assert(zombie_has(host, zombie, mfn) && frame->foreign > 0 && frame->foreign < UINT16_MAX);
    frame->foreign++;
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
    overhead_give_back(host, &zombie->overhead);
}
