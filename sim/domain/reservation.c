/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The counts of a domain's frames, and each frame's entry. Most calls move many plain frames at once: for such rows there
 * are functions of their own, without which the times in docs/performance.md can't be reached.
 */
#include "sim/domain/reservation.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "sim/domain/claim.h"
#include "sim/domain/domain.h"
#include "sim/host/frame_table.h"
#include "sim/host/pool.h"
#include "sim/host/zombie.h"
#include "sim/machine_state.h"

#define MFN_ALL_BITS 0xffffffffffull /* of an entry of a page table */

void reservation_add(struct domain *d, uint64_t mfn)
{
    struct host *host = &d->machine->host;
    struct frame *frame = frame_of(host, mfn);
    assert(frame->owner == 0 && frame->mappings == 0 && frame->foreign == 0);

    frame->state = frame_plain(d->domid);
    host->m2p[mfn] = PFN_NONE.pfn;
    uint64_t window = (mfn - HOST_FIRST_MFN) >> WINDOW_BITS;
    assert(window < d->window_room);
    d->window_pages[window]++;
    if (window < d->window_first)
        d->window_first = window;
    if (window > d->window_last)
        d->window_last = window;
    d->reservation_pages++;
    if (d->claim_pages != 0)
        claim_moved(d, true);
}

uint64_t reservation_take_zeroed(struct domain *d, unsigned order)
{
    struct host *host = &d->machine->host;
    const uint64_t mfn = pool_take(host, order), before = d->reservation_pages;
    for (uint64_t i = 0; mfn != 0 && i < 1ull << order; i++) {
        reservation_add(d, mfn + i);
        frame_of(host, mfn + i)->stamp = 0;
    }
    assert(d->reservation_pages == before + (mfn != 0 ? 1ull << order : 0));
    return mfn;
}

/* Neighbours in the list mostly lie in one window, so its count is raised once for a row of them. */
void reservation_add_many(struct domain *d, const uint32_t *mfns, size_t count)
{
    struct host *host = &d->machine->host;
    struct frame *frames = host->frames;
    uint64_t *m2p = host->m2p;
    const uint32_t state = frame_plain(d->domid);
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

void reservation_remove(struct domain *d, uint64_t mfn, bool scrub)
{
    struct host *host = &d->machine->host;
    struct frame *frame = frame_of(host, mfn);
    assert(frame->owner == d->domid && frame->foreign == 0);
    assert(d->reservation_pages > 0 && d->window_pages[window_number((uint32_t)mfn)] > 0);

    if (scrub)
        frame->stamp = 0;
    frame->mappings = 0;
    host->m2p[mfn] = PFN_NONE.pfn;
    d->window_pages[(mfn - HOST_FIRST_MFN) >> WINDOW_BITS]--;
    d->reservation_pages--;
    pool_put(host, mfn);
    d->machine->frames_came_back = true;
    if (d->claim_pages != 0)
        claim_moved(d, false);
}

bool reservation_shares(const struct domain *d, uint64_t mfn)
{
    return mfn == d->overhead.mfn[0] && !d->shared_info_given_up;
}

/* A page of Xen's heap does not go. But nothing maps that of a domain in which nothing runs: then nobody has a right to it. */
static bool release_shared_info(struct domain *d, uint64_t mfn)
{
    const bool shares = reservation_shares(d, mfn);
    d->shared_info_given_up = d->shared_info_given_up || (shares && d->empty);
    return shares;
}

void reservation_give_back(struct domain *d, uint64_t mfn)
{
    struct machine *m = d->machine;
    const uint32_t number = (uint32_t)mfn;
    if (m->frame_hook != NULL)
        m->frame_hook(m->frame_hook_context, d, &number, 1);
    reservation_remove(d, mfn, m->config.scrub_domheap);
}

bool reservation_release(struct domain *d, uint64_t mfn, uint64_t *freed_pages)
{
    struct host *host = &d->machine->host;
    if (!frame_owned_by(host, mfn, d->domid))
        return release_shared_info(d, mfn);
    struct frame *frame = frame_of(host, mfn);
    assert(!(frame->flags & FRAME_LISTED));
    if (frame->mappings != 0 || frame->foreign != 0) {
        frame->flags |= FRAME_RELEASED;
        return true;
    }
    reservation_give_back(d, mfn);
    (*freed_pages)++;
    return true;
}

size_t reservation_release_many(struct domain *d, const char *list, size_t count, uint32_t *mfns)
{
    struct machine *m = d->machine;
    struct host *host = &m->host;
    struct frame *frames = host->frames;
    const uint64_t end_mfn = host->end_mfn;
    const uint32_t plain = frame_plain(d->domid);
    size_t freed = 0;
    assert(d->zombie == NULL && d->physmap == NULL);
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
    pool_put_many(host, d->window_pages, mfns, freed);
    m->frames_came_back = m->frames_came_back || freed != 0;
    for (size_t k = 0; k < freed && d->claim_pages != 0; k++)
        claim_moved(d, false);
    return freed;
}

/* What is wrong with a frame's number, whoever is to own it: an error number, or 0. */
static int number_is_wrong(const struct host *host, uint64_t mfn)
{
    if (mfn >= host->end_mfn)
        return mfn == MFN_ALL_BITS ? EINVAL : EPERM; /* measured */
    const struct frame *frame = frame_of(host, mfn);
    if (mfn < HOST_FIRST_MFN || (frame->owner == OWNER_XEN && !(frame->flags & FRAME_RELEASED)))
        return EPERM; /* a dying domain's frame is another one's, not Xen's */
    return 0;
}

int reservation_map_dying(struct host *host, const struct zombie *owner, uint64_t mfn)
{
    const int wrong = number_is_wrong(host, mfn);
    if (wrong != 0 || !zombie_has(host, owner, mfn))
        return wrong != 0 ? wrong : EBUSY;
    zombie_mapped(host, owner, mfn);
    return 0;
}

int reservation_map(struct domain *owner, uint64_t mfn, bool foreign)
{
    struct host *host = &owner->machine->host;
    const int wrong = number_is_wrong(host, mfn);
    if (wrong != 0)
        return wrong;
    struct frame *frame = frame_of(host, mfn);
    /* A frame given up while it was mapped can be mapped once more, until the last of its mappings goes: measured. */
    if (frame->owner != owner->domid)
        return EBUSY;
    assert(frame->mappings < UINT16_MAX && frame->foreign < UINT16_MAX);
    if (foreign)
        frame->foreign++;
    else
        frame->mappings++;
    assert(frame->mapped != 0);
    return 0;
}

bool reservation_unmap(struct machine *m, uint64_t mfn, bool foreign)
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
        reservation_give_back(m->by_id[frame->owner], mfn);
    return true;
}

void reservation_unmap_foreign(struct domain *d)
{
    for (uint64_t slot = 0; slot < SPACE_WINDOW_PAGES; slot++) {
        if (d->window_mfn[slot] == 0 || !d->window_foreign[slot])
            continue;
        reservation_unmap(d->machine, d->window_mfn[slot], true);
        d->window_mfn[slot] = 0;
    }
}

void reservation_end(struct domain *d, uint64_t mfn)
{
    struct host *host = &d->machine->host;
    struct frame *frame = frame_of(host, mfn);
    assert(frame->owner == d->domid);
    if (frame->foreign == 0) {
        reservation_remove(d, mfn, true);
        return;
    }
    assert(d->zombie != NULL && d->reservation_pages > 0 && d->claim_pages == 0);
    zombie_keep(host, d->zombie, mfn);
    d->window_pages[(mfn - HOST_FIRST_MFN) >> WINDOW_BITS]--;
    d->reservation_pages--;
}
