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

#define SWEEP_LIMIT 1024u /* gfns looked at for a zeroed page when the cache is empty */

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

/* Makes the cache hold so many frames. -ENOMEM: the host or the maximum doesn't allow it. */
static long set_cache(struct domain *d, uint64_t pages)
{
    struct physmap *map = d->physmap;
    struct host *host = &d->machine->host;
    assert(map != NULL);
    while (map->cache_pages > pages)
        reservation_remove(d, map->cache[--map->cache_pages], true);
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

bool pod_steal(struct domain *d, uint64_t mfn)
{
    struct physmap *map = d->physmap;
    const struct frame *frame = frame_of(&d->machine->host, mfn);
    if (frame->foreign != 0 || map->pod_entries <= map->cache_pages || !cache_put(d, mfn))
        return false;
    struct host *host = &d->machine->host;
    frame_of(host, mfn)->stamp = 0;
    host->m2p[mfn] = PFN_NONE.pfn;
    return true;
}

/* Gives frames of the cache back to the host that no populate-on-demand gfn needs. */
static void release_surplus(struct domain *d)
{
    if (d->physmap->cache_pages > d->physmap->pod_entries)
        set_cache(d, d->physmap->pod_entries);
    assert(d->physmap->cache_pages <= d->physmap->pod_entries);
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
        map->entry[gfn] = mfn;
    }
    for (uint64_t gfn = populated; gfn < gfns; gfn++)
        map->entry[gfn] = PHYSMAP_POD;
    map->pod_entries = gfns - populated;
    return map->pod_entries == 0 || set_cache(d, pages - populated) == 0;
}

long pod_mark(struct domain *d, uint64_t gfn, unsigned order)
{
    struct physmap *map = d->physmap;
    uint64_t pages = 1ull << order, marked = 0;
    if (map == NULL)
        return -EINVAL;
    if (!physmap_room(d, gfn, pages))
        return -ENOMEM;
    for (uint64_t i = 0; i < pages; i++) {
        if (map->entry[gfn + i] < PHYSMAP_POD)
            return -EBUSY;
    }
    for (uint64_t i = 0; i < pages; i++) {
        marked += map->entry[gfn + i] != PHYSMAP_POD;
        map->entry[gfn + i] = PHYSMAP_POD;
    }
    map->pod_entries += marked;
    assert(map->pod_entries <= map->entries);
    return 0;
}

uint64_t pod_give_up(struct domain *d, uint64_t gfn, uint64_t pages)
{
    struct physmap *map = d->physmap;
    uint64_t given = 0;
    for (uint64_t i = 0; i < pages; i++) {
        if (physmap_get(map, gfn + i) != PHYSMAP_POD)
            continue;
        map->entry[gfn + i] = PHYSMAP_NOTHING;
        given++;
    }
    assert(map->pod_entries >= given);
    map->pod_entries -= given;
    release_surplus(d);
    return given;
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
