/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Frames of the host, one by one: whose each is, how often it is mapped, and how it leaves a domain.
 * Where a free frame comes from is the pool's matter (host.c).
 */
#include <errno.h>
#include <string.h>

#include "sim/internal.h"

bool frame_table_init(struct host *host, uint64_t host_pages)
{
    assert(host->frames == NULL && host->m2p == NULL);
    assert(host_pages > 0);
    host->end_mfn = HOST_FIRST_MFN + host_pages;
    if (host->end_mfn > UINT32_MAX) /* frame numbers are 32 bits wide in recordings */
        return false;
    host->frames_bytes = host->end_mfn * sizeof(struct frame);
    host->m2p_bytes = host->end_mfn * sizeof(uint64_t);
    host->frames = space_pages(host->frames_bytes);
    const void *m2p_guest = NULL;
    host->m2p = space_pages_shared(host->m2p_bytes, &m2p_guest);
    host->m2p_guest = m2p_guest;
    if (host->frames != NULL && host->m2p != NULL)
        return true;
    frame_table_free(host);
    return false;
}

void frame_table_free(struct host *host)
{
    space_pages_free(host->frames, host->frames_bytes);
    space_pages_shared_free(host->m2p, host->m2p_guest, host->m2p_bytes);
    host->frames = NULL;
    host->m2p = NULL;
    host->m2p_guest = NULL;
}

void frame_table_huge(struct host *host)
{
    assert(host->frames != NULL && host->m2p_guest != NULL);
    if (host->huge)
        return;
    host->huge = true;
    space_huge(host->frames, host->frames_bytes);
    space_huge(host->m2p, host->m2p_bytes);
    space_huge((void *)(uintptr_t)host->m2p_guest, host->m2p_bytes);
}

void frame_give(struct domain *d, uint64_t mfn)
{
    struct host *host = &d->machine->host;
    struct frame *frame = frame_of(host, mfn);
    assert(frame->owner == 0 && frame->mappings == 0 && frame->foreign == 0);

    frame->state = FRAME_STATE(d->domid, 0, 0);
    host->m2p[mfn] = PFN_NONE.pfn;
    uint64_t window = (mfn - HOST_FIRST_MFN) >> WINDOW_BITS;
    d->window_pages[window]++;
    if (window < d->window_first)
        d->window_first = window;
    if (window > d->window_last)
        d->window_last = window;
    d->reservation_pages++;
    if (d->claim_pages != 0)
        claim_moved(d, true);
}

/* Neighbours in the list mostly lie in one window: what is known of it is put down once for a row of them. */
void frames_give(struct domain *d, const uint32_t *mfns, size_t count)
{
    struct host *host = &d->machine->host;
    struct frame *frames = host->frames;
    uint64_t *m2p = host->m2p;
    const uint32_t state = FRAME_STATE(d->domid, 0, 0);
    size_t i = 0;
    while (i < count) {
        uint32_t mfn = mfns[i];
        const uint64_t window = window_number(mfn);
        const size_t begin = i;
        do {
            struct frame *frame = &frames[mfn];
            assert((frame->owner | frame->mapped) == 0);
            frame->state = state;
            m2p[mfn] = PFN_NONE.pfn;
        } while (++i < count && window_number(mfn = mfns[i]) == window);
        assert(window < d->window_room);
        d->window_pages[window] += (uint32_t)(i - begin);
        if (window < d->window_first)
            d->window_first = window;
        if (window > d->window_last)
            d->window_last = window;
    }
    d->reservation_pages += count;
    for (size_t k = 0; k < count && d->claim_pages != 0; k++)
        claim_moved(d, true);
}

void frame_take(struct domain *d, uint64_t mfn, bool scrub)
{
    struct host *host = &d->machine->host;
    struct frame *frame = frame_of(host, mfn);
    assert(frame->owner == d->domid && frame->foreign == 0);
    assert(d->reservation_pages > 0);

    if (scrub)
        frame->stamp = 0;
    frame->mappings = 0;
    host->m2p[mfn] = PFN_NONE.pfn;
    d->window_pages[(mfn - HOST_FIRST_MFN) >> WINDOW_BITS]--;
    d->reservation_pages--;
    host_put(host, mfn);
    if (d->claim_pages != 0)
        claim_moved(d, false);
}

/* A page of Xen's own heap that it shares with the domain: may be named, never leaves. */
static bool is_shared_info(const struct domain *d, uint64_t mfn)
{
    return mfn == d->overhead_mfn[0];
}

/* By its own doing, not by its end. */
void frame_leaves(struct domain *d, uint64_t mfn)
{
    struct machine *m = d->machine;
    const uint32_t number = (uint32_t)mfn;
    if (m->frame_hook != NULL)
        m->frame_hook(m->frame_hook_context, d, &number, 1);
    frame_take(d, mfn, m->config.scrub_domheap);
}

bool frame_release(struct domain *d, uint64_t mfn, uint64_t *freed_pages)
{
    struct host *host = &d->machine->host;
    if (!frame_owned_by(host, mfn, d->domid))
        return is_shared_info(d, mfn);
    struct frame *frame = frame_of(host, mfn);
    if (frame->mappings != 0 || frame->foreign != 0) {
        frame->flags |= FRAME_RELEASED;
        return true;
    }
    frame_leaves(d, mfn);
    (*freed_pages)++;
    return true;
}

size_t frames_release(struct domain *d, const char *list, size_t count, uint32_t *mfns)
{
    struct machine *m = d->machine;
    struct host *host = &m->host;
    struct frame *frames = host->frames;
    const uint64_t end_mfn = host->end_mfn;
    const uint32_t plain = FRAME_STATE(d->domid, 0, 0);
    size_t freed = 0;
    for (; freed < count; freed++) {
        uint64_t mfn;
        memcpy(&mfn, list + freed * sizeof mfn, sizeof mfn);
        if (mfn >= end_mfn || frames[mfn].state != plain || frames[mfn].mapped != 0)
            break;
        frames[mfn].state = 0; /* named twice, it isn't plain the second time */
        mfns[freed] = (uint32_t)mfn;
    }
    if (m->frame_hook != NULL && freed != 0)
        m->frame_hook(m->frame_hook_context, d, mfns, freed);
    for (size_t k = 0; k < freed && m->config.scrub_domheap; k++)
        frames[mfns[k]].stamp = 0;
    assert(d->reservation_pages >= freed);
    d->reservation_pages -= freed;
    host_put_many(host, d->window_pages, mfns, freed);
    for (size_t k = 0; k < freed && d->claim_pages != 0; k++)
        claim_moved(d, false);
    return freed;
}

int frame_map(struct domain *owner, uint64_t mfn, bool foreign)
{
    struct host *host = &owner->machine->host;
    if (mfn >= host->end_mfn)
        return EINVAL;
    struct frame *frame = frame_of(host, mfn);
    if (mfn < HOST_FIRST_MFN || frame->owner == OWNER_XEN)
        return EPERM;
    /* A frame given up while it was mapped can be mapped once more, until the last of its mappings goes: measured. */
    if (frame->owner != owner->domid)
        return EBUSY;
    assert(frame->mappings < UINT16_MAX && frame->foreign < UINT16_MAX);
    if (foreign)
        frame->foreign++;
    else
        frame->mappings++;
    return 0;
}

bool frame_unmap(struct machine *m, uint64_t mfn, bool foreign)
{
    struct frame *frame = frame_of(&m->host, mfn);
    assert(frame->owner != 0);
    assert(foreign ? frame->foreign > 0 : frame->mappings > 0);
    if (foreign)
        frame->foreign--;
    else
        frame->mappings--;
    if (frame->mappings != 0 || frame->foreign != 0 || !(frame->flags & FRAME_RELEASED))
        return false;
    if (frame->owner == OWNER_XEN)
        zombie_unmapped(&m->host, mfn);
    else
        frame_leaves(m->by_id[frame->owner], mfn);
    return true;
}

void frame_end(struct domain *d, uint64_t mfn)
{
    struct host *host = &d->machine->host;
    struct frame *frame = frame_of(host, mfn);
    assert(frame->owner == d->domid);
    if (frame->foreign == 0) {
        frame_take(d, mfn, true);
        return;
    }
    assert(d->reservation_pages > 0 && d->claim_pages == 0);
    zombie_keeps(d, mfn);
    d->window_pages[(mfn - HOST_FIRST_MFN) >> WINDOW_BITS]--;
    d->reservation_pages--;
}
