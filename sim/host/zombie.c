/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What stays of a destroyed domain while dom0 maps frames of it: those frames, and Xen's structures for the
 * domain. Both go at the last unmap (measured). They count as overhead; the domain's number is free at once.
 */
#include "sim/internal.h"

void zombie_begin(struct domain *d)
{
    struct host *host = &d->machine->host;
    unsigned at = 0;

    assert(d->zombie == NULL);
    while (host->zombies[at].frames > 0)
        at++;
    assert(at < ZOMBIES_LIMIT); /* each holds one page of dom0's window, or more */
    d->zombie = &host->zombies[at];
}

void zombie_keeps(struct domain *d, uint64_t mfn)
{
    struct host *host = &d->machine->host;
    struct frame *frame = frame_of(host, mfn);

    assert(d->zombie != NULL && frame->foreign > 0);
    frame->mappings = 0;
    frame->owner = OWNER_XEN;
    frame->flags |= FRAME_RELEASED;
    frame->order = (uint8_t)(d->zombie - host->zombies);
    d->zombie->frames++;
    host->overhead_pages++;
}

void zombie_end(struct domain *d)
{
    struct zombie *zombie = d->zombie;

    d->zombie = NULL;
    if (zombie->frames == 0)
        return;
    for (unsigned i = 0; i < d->nr_overhead; i++)
        zombie->overhead_mfn[i] = d->overhead_mfn[i];
    zombie->nr_overhead = d->nr_overhead;
    d->nr_overhead = 0;
    assert(zombie->nr_overhead <= OVERHEAD_PAGES);
}

void zombie_unmapped(struct host *host, uint64_t mfn)
{
    struct frame *frame = frame_of(host, mfn);
    struct zombie *zombie = &host->zombies[frame->order];

    assert(frame->owner == OWNER_XEN && zombie->frames > 0);
    frame->stamp = 0;
    frame->order = 0;
    host->overhead_pages--;
    host_put(host, mfn);
    if (--zombie->frames > 0)
        return;
    assert(host->overhead_pages >= zombie->nr_overhead);
    host->overhead_pages -= zombie->nr_overhead;
    while (zombie->nr_overhead > 0)
        host_put(host, zombie->overhead_mfn[--zombie->nr_overhead]);
}
