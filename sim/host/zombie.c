/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stays of a destroyed domain while dom0 maps frames of it: those frames, and Xen's structures for the
 * domain. Both go at the last unmap (measured). They count as overhead; the domain's number is free at once.
 */
#include "sim/internal.h"

void ghost_begin(struct domain *d)
{
    struct host *host = &d->machine->host;
    unsigned at = 0;

    assert(d->ghost == NULL);
    while (host->ghosts[at].frames > 0)
        at++;
    assert(at < GHOSTS_LIMIT); /* each holds one page of dom0's window, or more */
    d->ghost = &host->ghosts[at];
}

void ghost_keeps(struct domain *d, uint64_t mfn)
{
    struct host *host = &d->machine->host;
    struct frame *frame = frame_of(host, mfn);

    assert(d->ghost != NULL && frame->foreign > 0);
    frame->mappings = 0;
    frame->owner = OWNER_XEN;
    frame->flags |= FRAME_RELEASED;
    frame->order = (uint8_t)(d->ghost - host->ghosts);
    d->ghost->frames++;
    host->overhead_pages++;
}

void ghost_end(struct domain *d)
{
    struct ghost *ghost = d->ghost;

    d->ghost = NULL;
    if (ghost->frames == 0)
        return;
    for (unsigned i = 0; i < d->nr_overhead; i++)
        ghost->overhead_mfn[i] = d->overhead_mfn[i];
    ghost->nr_overhead = d->nr_overhead;
    d->nr_overhead = 0;
    assert(ghost->nr_overhead <= OVERHEAD_PAGES);
}

void ghost_unmapped(struct host *host, uint64_t mfn)
{
    struct frame *frame = frame_of(host, mfn);
    struct ghost *ghost = &host->ghosts[frame->order];

    assert(frame->owner == OWNER_XEN && ghost->frames > 0);
    frame->stamp = 0;
    frame->order = 0;
    host->overhead_pages--;
    host_put(host, mfn);
    if (--ghost->frames > 0)
        return;
    assert(host->overhead_pages >= ghost->nr_overhead);
    host->overhead_pages -= ghost->nr_overhead;
    while (ghost->nr_overhead > 0)
        host_put(host, ghost->overhead_mfn[--ghost->nr_overhead]);
}
