/* SPDX-License-Identifier: BSD-2-Clause */
/* Populate-on-demand: entries of the physmap without a frame, and the cache of frames that wait for them. */
#include "sim/domain/pod.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>

#include "sim/array.h"
#include "sim/domain/claim.h"
#include "sim/domain/domain.h"
#include "sim/domain/physmap.h"
#include "sim/domain/reservation.h"
#include "sim/host/frame_table.h"
#include "sim/host/pool.h"
#include "sim/machine_state.h"

#define SUPERPAGE_PAGES 512u
#define SWEEP_LIMIT     1024u /* gfns looked at for a zeroed page when the cache is empty */

/* --- the cache --- */

static bool cache_put(struct domain *d, uint64_t mfn)
{
    struct physmap *map = d->physmap;
    if (!ARRAY_ONE_MORE(map->cache, map->cache_room, map->cache_pages)) {
        machine_lacks_memory(d->machine);
        return false;
    }
    map->cache[map->cache_pages++] = (uint32_t)mfn;
    return true;
}

/* A frame of the cache goes back to the host; one that dom0 maps, when dom0 unmaps it. */
static void drop_frame(struct domain *d, uint64_t mfn)
{
    struct frame *frame = frame_of(&d->machine->host, mfn);
    if (frame->foreign != 0)
        frame->flags |= FRAME_RELEASED;
    else
        reservation_remove(d, mfn, true);
}

/* Makes the cache hold so many frames. -ENOMEM: the host or the maximum doesn't allow it. */
static long set_cache(struct domain *d, uint64_t pages)
{
    struct physmap *map = d->physmap;
    struct host *host = &d->machine->host;
    assert(map != NULL);
    while (map->cache_pages > pages)
        drop_frame(d, map->cache[--map->cache_pages]);
    while (map->cache_pages < pages) {
        if (d->reservation_pages >= d->maximum_pages || !claim_allows(d, 1))
            return -ENOMEM;
        uint64_t mfn = pool_take(host, 0);
        if (mfn == 0)
            return -ENOMEM;
        reservation_add(d, mfn);
        host->frames[mfn].stamp = 0;
        if (!cache_put(d, mfn)) {
            reservation_remove(d, mfn, true);
            return -ENOMEM;
        }
    }
    assert(map->cache_pages == pages && pages <= d->reservation_pages);
    return 0;
}

/* --- entries --- */

bool pod_build(struct domain *d, uint64_t pages, uint64_t gfns, uint64_t image_pages)
{
    struct physmap *map = d->physmap;
    struct host *host = &d->machine->host;
    assert(map != NULL && map->map_pages == 0);
    assert(image_pages <= pages && pages <= gfns);
    if (!physmap_room(d, 0, gfns))
        return false;
    map->map_pages = gfns;
    uint64_t populated = pages < gfns ? image_pages : pages;
    for (uint64_t gfn = 0; gfn < populated; gfn++) {
        uint64_t mfn = pool_take(host, 0);
        assert(mfn != 0);
        reservation_add(d, mfn);
        host->frames[mfn].stamp = 0;
        host->m2p[mfn] = gfn;
        physmap_set(map, gfn, mfn);
    }
    for (uint64_t gfn = populated; gfn < gfns; gfn++)
        physmap_set(map, gfn, PHYSMAP_POD);
    map->pod_entries = gfns - populated;
    return map->pod_entries == 0 || set_cache(d, pages - populated) == 0;
}

/* The largest block that begins at a gfn and is not longer than what is left: Xen goes through an extent in such. */
static uint64_t block_at(uint64_t gfn, uint64_t left)
{
    const uint64_t both = gfn | left;
    return both & -both;
}

static long mark_block(struct domain *d, uint64_t gfn, uint64_t pages)
{
    struct physmap *map = d->physmap;
    for (uint64_t i = 0; i < pages; i++) {
        if (map->entry[gfn + i] < PHYSMAP_POD)
            return -EBUSY;
    }
    for (uint64_t i = 0; i < pages; i++) {
        map->pod_entries += map->entry[gfn + i] != PHYSMAP_POD;
        physmap_set(map, gfn + i, PHYSMAP_POD);
    }
    assert(map->pod_entries <= map->entries);
    return 0;
}

long pod_mark(struct domain *d, uint64_t gfn, unsigned order)
{
    long error = 0;
    if (d->physmap == NULL)
        return -EINVAL;
    if (!physmap_room(d, gfn, 1ull << order))
        return -ENOMEM;
    for (uint64_t left = 1ull << order; left > 0 && error == 0;) {
        const uint64_t pages = block_at(gfn, left);
        error = mark_block(d, gfn, pages);
        gfn += pages;
        left -= pages;
    }
    return error;
}

void pod_replaced(struct domain *d, uint64_t gfn)
{
    struct physmap *map = d->physmap;
    const uint64_t entry = physmap_get(map, gfn);
    if (entry == PHYSMAP_POD) {
        assert(map->pod_entries > 0);
        map->pod_entries--;
    } else if (entry != PHYSMAP_NOTHING) {
        d->machine->host.m2p[entry] = PFN_NONE.pfn; /* it stays the domain's, and has no gfn any more */
    }
}

/* What is at the gfns of a block. */
struct found {
    uint64_t on_demand, frames;
};

static struct found look_at_block(const struct physmap *map, uint64_t gfn, uint64_t pages)
{
    struct found found = {0, 0};
    for (uint64_t i = 0; i < pages; i++) {
        const uint64_t entry = physmap_get(map, gfn + i);
        found.on_demand += entry == PHYSMAP_POD;
        found.frames += entry < PHYSMAP_POD;
    }
    return found;
}

/* A whole superpage of zeros, in one piece, becomes on demand again, with its frames in the cache. */
static bool reclaim_superpage(struct domain *d, uint64_t gfn)
{
    struct physmap *map = d->physmap;
    const struct host *host = &d->machine->host;
    const uint64_t first = physmap_get(map, gfn);
    if (first >= PHYSMAP_POD || first % SUPERPAGE_PAGES != 0)
        return false;
    for (uint64_t i = 0; i < SUPERPAGE_PAGES; i++) {
        if (physmap_get(map, gfn + i) != first + i)
            return false;
        const struct frame *frame = frame_of(host, first + i);
        if (frame->stamp != 0 || frame->foreign != 0)
            return false;
    }
    for (uint64_t i = 0; i < SUPERPAGE_PAGES && cache_put(d, first + i); i++) {
        host->m2p[first + i] = PFN_NONE.pfn;
        map->entry[gfn + i] = PHYSMAP_POD;
        map->pod_entries++;
    }
    return true;
}

/* The frame of a gfn that is given up goes to the cache, which holds fewer than there are entries. */
static bool steal(struct domain *d, uint64_t gfn)
{
    struct host *host = &d->machine->host;
    const uint64_t mfn = d->physmap->entry[gfn];
    if (!cache_put(d, mfn))
        return false;
    d->physmap->entry[gfn] = PHYSMAP_NOTHING;
    frame_of(host, mfn)->stamp = 0;
    host->m2p[mfn] = PFN_NONE.pfn;
    return true;
}

static uint64_t give_up_block(struct domain *d, uint64_t gfn, uint64_t pages)
{
    struct physmap *map = d->physmap;
    uint64_t taken = 0;
    if (map->pod_entries == 0)
        return 0; /* and a cache that nothing needs stays as it is */
    struct found found = look_at_block(map, gfn, pages);
    bool steals = map->pod_entries > map->cache_pages;
    if (found.on_demand == 0 && !steals)
        return 0;
    if (steals && pages < SUPERPAGE_PAGES && found.frames == pages &&
        reclaim_superpage(d, gfn & ~(SUPERPAGE_PAGES - 1u)))
        found = (struct found){.on_demand = pages, .frames = 0};
    for (uint64_t i = 0; i < pages; i++) {
        const uint64_t entry = physmap_get(map, gfn + i);
        if (entry == PHYSMAP_POD) {
            map->entry[gfn + i] = PHYSMAP_NOTHING;
            map->pod_entries--;
            taken++;
        } else if (entry != PHYSMAP_NOTHING && steals) {
            taken += steal(d, gfn + i);
            /* Asked again only here, so one frame too many may go the way of the cache: measured. */
            steals = map->pod_entries > map->cache_pages;
        }
    }
    assert(taken <= pages);
    if (map->cache_pages > map->pod_entries)
        set_cache(d, map->pod_entries);
    return taken;
}

uint64_t pod_give_up(struct domain *d, uint64_t gfn, uint64_t pages)
{
    uint64_t taken = 0;
    for (uint64_t left = pages; left > 0;) {
        const uint64_t block = block_at(gfn, left);
        taken += give_up_block(d, gfn, block);
        gfn += block;
        left -= block;
    }
    return taken;
}

/* --- touching --- */

/* The cache is empty: takes back frames of the guest that hold only zeros, as Xen does, and marks their gfns again. */
static void sweep(struct domain *d)
{
    struct physmap *map = d->physmap;
    struct host *host = &d->machine->host;
    uint64_t looked = 0;
    assert(map->cache_pages == 0);
    for (uint64_t gfn = map->entries;
         gfn-- > d->image_pages && looked < SWEEP_LIMIT && map->cache_pages == 0;) {
        uint64_t mfn = map->entry[gfn];
        if (mfn >= PHYSMAP_POD)
            continue;
        looked++;
        const struct frame *frame = frame_of(host, mfn);
        if (frame->stamp != 0 || frame->foreign != 0 || !cache_put(d, mfn))
            continue;
        host->m2p[mfn] = PFN_NONE.pfn;
        map->entry[gfn] = PHYSMAP_POD;
        map->pod_entries++;
    }
}

uint64_t pod_touch(struct domain *d, uint64_t gfn)
{
    struct physmap *map = d->physmap;
    assert(map != NULL);
    uint64_t mfn = physmap_get(map, gfn);
    if (mfn < PHYSMAP_POD)
        return mfn;
    if (mfn == PHYSMAP_NOTHING)
        return 0;
    if (map->cache_pages == 0)
        sweep(d);
    if (map->cache_pages == 0) {
        char why[96];
        snprintf(why, sizeof why, "out of populate-on-demand memory: %llu entries, and no page in the cache",
            (unsigned long long)map->pod_entries);
        if (d->state == DOMAIN_ALIVE)
            domain_crash(d, why);
        return 0;
    }
    assert(map->pod_entries > 0);
    mfn = map->cache[--map->cache_pages];
    map->entry[gfn] = mfn;
    map->pod_entries--;
    d->machine->host.m2p[mfn] = gfn;
    return mfn;
}

/* --- the target --- */

long pod_set_target(struct domain *d, uint64_t pages)
{
    const struct physmap *map = d->physmap;
    assert(d->reservation_pages >= map->cache_pages);
    uint64_t populated = d->reservation_pages - map->cache_pages;
    /* No gfn waits for a frame any more, or fewer pages are wanted: the balloon driver has to do the rest. */
    if ((populated > 0 && map->pod_entries == 0) || pages < d->reservation_pages)
        return 0;
    uint64_t cache = pages - populated;
    if (populated > 0 && cache > map->pod_entries)
        cache = map->pod_entries;
    return set_cache(d, cache);
}
