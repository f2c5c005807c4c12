/* SPDX-License-Identifier: BSD-2-Clause */
/* The frames that wait for the first touch: those that came first go first. */
#include "sim/domain/pod_cache.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

#include "sim/array.h"
#include "sim/domain/claim.h"
#include "sim/domain/domain.h"
#include "sim/domain/physmap.h"
#include "sim/domain/reservation.h"
#include "sim/host/frame_table.h"
#include "sim/machine_state.h"

/* The single frames move to the front of their array once most of it lies before them. */
static void close_up(struct physmap *map)
{
    if (map->cache_first < 2 * map->cached_singles)
        return;
    if (map->cached_singles > 0)
        memmove(map->cache, map->cache + map->cache_first, map->cached_singles * sizeof *map->cache);
    map->cache_first = 0;
}

/* There is room for all frames one by one, so that 2 MiB can always be broken up. */
bool pod_cache_put(struct domain *d, uint64_t mfn, unsigned order)
{
    struct physmap *map = d->physmap;
    const uint64_t pages = 1ull << order;
    assert((order == 0 || order == PHYSMAP_2M_ORDER) && mfn % pages == 0);
    close_up(map);
    if (!ARRAY_ROOM(map->cache, map->cache_room, map->cache_first + map->cache_pages, pages) ||
        (order != 0 && !ARRAY_ONE_MORE(map->cache_2m, map->cache_2m_room, map->cached_2m))) {
        machine_lacks_memory(d->machine);
        return false;
    }
    if (order != 0)
        map->cache_2m[map->cached_2m++] = (uint32_t)mfn;
    else
        map->cache[map->cache_first + map->cached_singles++] = (uint32_t)mfn;
    map->cache_pages += pages;
    return true;
}

static uint64_t take_2m(struct physmap *map)
{
    const uint64_t mfn = map->cache_2m[0];
    assert(map->cached_2m > 0);
    map->cached_2m--;
    memmove(map->cache_2m, map->cache_2m + 1, map->cached_2m * sizeof *map->cache_2m);
    return mfn;
}

uint64_t pod_cache_get(struct physmap *map, unsigned order)
{
    uint64_t mfn = 0;
    if (order == 0 && map->cached_singles == 0 && map->cached_2m > 0) {
        mfn = take_2m(map);
        map->cache_first = 0;
        for (uint64_t i = 0; i < PHYSMAP_2M_PAGES; i++)
            map->cache[map->cached_singles++] = (uint32_t)(mfn + i);
    }
    if (order != 0 && map->cached_2m > 0) {
        mfn = take_2m(map);
    } else if (order == 0 && map->cached_singles > 0) {
        mfn = map->cache[map->cache_first++];
        map->cached_singles--;
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
    const uint64_t pages = 1ull << order;
    if (d->reservation_pages + pages > d->maximum_pages || !claim_allows(d, pages))
        return false;
    const uint64_t mfn = reservation_take_zeroed(d, order);
    if (mfn == 0)
        return false;
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
    while (map->cache_pages > pages) {
        const bool drops_2m = map->cache_pages - pages > PHYSMAP_2M_PAGES && map->cached_2m > 0;
        const unsigned order = drops_2m ? PHYSMAP_2M_ORDER : 0;
        const uint64_t mfn = pod_cache_get(map, order);
        for (uint64_t i = 0; i < 1ull << order; i++)
            drop_frame(d, mfn + i);
    }
    while (map->cache_pages < pages) {
        large = large && pages - map->cache_pages >= PHYSMAP_2M_PAGES && fetch(d, PHYSMAP_2M_ORDER);
        if (!large && !fetch(d, 0))
            return -ENOMEM;
    }
    assert(map->cache_pages == pages && pages <= d->reservation_pages);
    return 0;
}
