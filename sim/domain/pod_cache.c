/* SPDX-License-Identifier: BSD-2-Clause */
/* The frames that wait for the first touch: those that came last go first. */
#include "sim/domain/pod_cache.h"

#include <assert.h>
#include <errno.h>

#include "sim/array.h"
#include "sim/domain/claim.h"
#include "sim/domain/domain.h"
#include "sim/domain/physmap.h"
#include "sim/domain/reservation.h"
#include "sim/host/frame_table.h"
#include "sim/host/pool.h"
#include "sim/machine_state.h"

/* There is room for all frames one by one, so that 2 MiB can always be broken up. */
bool pod_cache_put(struct domain *d, uint64_t mfn, unsigned order)
{
    struct physmap *map = d->physmap;
    const uint64_t pages = 1ull << order;
    assert((order == 0 || order == PHYSMAP_2M_ORDER) && mfn % pages == 0);
    if (!ARRAY_ROOM(map->cache, map->cache_room, map->cache_pages, pages) ||
        (order != 0 && !ARRAY_ONE_MORE(map->cache_2m, map->cache_2m_room, map->cached_2m))) {
        machine_lacks_memory(d->machine);
        return false;
    }
    if (order != 0)
        map->cache_2m[map->cached_2m++] = (uint32_t)mfn;
    else
        map->cache[map->cached_singles++] = (uint32_t)mfn;
    map->cache_pages += pages;
    return true;
}

uint64_t pod_cache_get(struct physmap *map, unsigned order)
{
    uint64_t mfn = 0;
    if (order != 0 ? map->cached_2m > 0 : map->cached_2m > 0 && map->cached_singles == 0) {
        mfn = map->cache_2m[--map->cached_2m];
        for (uint64_t i = order != 0 ? 0 : PHYSMAP_2M_PAGES - 1u; i > 0; i--)
            map->cache[map->cached_singles++] = (uint32_t)(mfn + i);
    } else if (order == 0 && map->cached_singles > 0) {
        mfn = map->cache[--map->cached_singles];
    }
    map->cache_pages -= mfn != 0 ? 1ull << order : 0;
    assert(map->cache_pages == map->cached_singles + map->cached_2m * PHYSMAP_2M_PAGES);
    return mfn;
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

/* False: the host, the domain's maximum or a claim of another's does not allow it. */
static bool fetch(struct domain *d, unsigned order)
{
    struct host *host = &d->machine->host;
    const uint64_t pages = 1ull << order;
    if (d->reservation_pages + pages > d->maximum_pages || !claim_allows(d, pages))
        return false;
    const uint64_t mfn = pool_take(host, order);
    if (mfn == 0)
        return false;
    for (uint64_t i = 0; i < pages; i++) {
        reservation_add(d, mfn + i);
        host->frames[mfn + i].stamp = 0;
    }
    if (pod_cache_put(d, mfn, order))
        return true;
    for (uint64_t i = 0; i < pages; i++)
        reservation_remove(d, mfn + i, true);
    return false;
}

long pod_cache_set(struct domain *d, uint64_t pages)
{
    struct physmap *map = d->physmap;
    bool large = true;
    assert(map != NULL);
    while (map->cache_pages > pages)
        drop_frame(d, pod_cache_get(map, 0));
    while (map->cache_pages < pages) {
        large = large && pages - map->cache_pages >= PHYSMAP_2M_PAGES && fetch(d, PHYSMAP_2M_ORDER);
        if (!large && !fetch(d, 0))
            return -ENOMEM;
    }
    assert(map->cache_pages == pages && pages <= d->reservation_pages);
    return 0;
}
