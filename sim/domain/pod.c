/* SPDX-License-Identifier: BSD-2-Clause */
/* Populate-on-demand: entries of the physmap without a frame, how they get one, and how frames are taken back. */
#include "sim/domain/pod.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>

#include "sim/domain/domain.h"
#include "sim/domain/memory_layout.h"
#include "sim/domain/physmap.h"
#include "sim/domain/pod_cache.h"
#include "sim/domain/reservation.h"
#include "sim/host/frame_table.h"
#include "sim/machine_state.h"

#define SWEEP_LIMIT 1024u /* gfns looked at for a zeroed page when the cache is empty */

/* --- entries --- */

static void name_frames(struct domain *d, uint64_t gfn, uint64_t mfn, unsigned order)
{
    for (uint64_t i = 0; i < 1ull << order; i++)
        d->machine->host.m2p[mfn + i] = gfn + i;
    physmap_set_extent(d->physmap, gfn, mfn, order);
}

/* A fresh extent of the host's, if it has one. */
static bool build_extent(struct domain *d, uint64_t gfn, unsigned order)
{
    const uint64_t mfn = reservation_take_zeroed(d, order);
    if (mfn == 0)
        return false;
    name_frames(d, gfn, mfn, order);
    return true;
}

static unsigned next_smaller(unsigned order)
{
    return order == PHYSMAP_1G_ORDER ? PHYSMAP_2M_ORDER : 0;
}

/*
 * As libxl does it: in extents of 1 GiB where there is room for them, else of 2 MiB, else page by page. What the host had
 * no large extents for once it has none for later.
 */
static void build_range(struct domain *d, uint64_t gfn, uint64_t end, unsigned *largest)
{
    while (gfn < end) {
        unsigned order = *largest;
        while (order > 0 && (gfn % (1ull << order) != 0 || end - gfn < 1ull << order))
            order = next_smaller(order);
        if (build_extent(d, gfn, order)) {
            gfn += 1ull << order;
        } else {
            assert(order > 0); /* so many frames are free */
            *largest = next_smaller(order);
        }
    }
}

static void promise_range(struct domain *d, uint64_t gfn, uint64_t end)
{
    d->physmap->pod_entries += end - gfn;
    while (gfn < end) {
        const bool whole = gfn % PHYSMAP_2M_PAGES == 0 && end - gfn >= PHYSMAP_2M_PAGES;
        physmap_set_extent(d->physmap, gfn, PHYSMAP_POD, whole ? PHYSMAP_2M_ORDER : 0);
        gfn += whole ? PHYSMAP_2M_PAGES : 1;
    }
}

/* The device model takes the frames of a frame buffer one by one. */
static bool build_frame_buffer(struct domain *d)
{
    for (uint64_t gfn = d->layout.frame_buffer_first; gfn < d->layout.frame_buffer_end; gfn++)
        if (!build_extent(d, gfn, 0))
            return false;
    return true;
}

bool pod_build(struct domain *d, uint64_t pages, uint64_t image_pages)
{
    const struct layout_ranges *memory = &d->layout.memory;
    const uint64_t promised = memory_layout_pages(&d->layout);
    unsigned largest = PHYSMAP_1G_ORDER;
    assert(d->physmap != NULL && d->physmap->pod_entries == 0);
    assert(image_pages <= pages && pages <= promised);
    if (memory_layout_end_gfn(&d->layout) > PHYSMAP_NEAR ||
        !physmap_room(d, 0, memory_layout_end_gfn(&d->layout)))
        return false;
    for (size_t i = 0; i < memory->count; i++)
        if (pages == promised)
            build_range(d, memory->at[i].first_pfn, memory->at[i].end_pfn, &largest);
        else
            promise_range(d, memory->at[i].first_pfn, memory->at[i].end_pfn);
    if (pages != promised && pod_cache_set(d, pages) != 0)
        return false;
    for (uint64_t gfn = 0; pages != promised && gfn < image_pages; gfn++)
        if (physmap_get(d->physmap, gfn) != PHYSMAP_NOTHING && pod_touch(d, gfn) == 0)
            return false;
    return build_frame_buffer(d);
}

/* The largest block that begins at a gfn and is not longer than what is left: Xen goes through an extent in such. */
static unsigned block_order(uint64_t gfn, uint64_t left)
{
    return (unsigned)__builtin_ctzll(gfn | left);
}

static long mark_block(struct domain *d, uint64_t gfn, unsigned order)
{
    struct physmap *map = d->physmap;
    const uint64_t pages = 1ull << order;
    uint64_t on_demand = 0;
    for (uint64_t i = 0; i < pages; i++) {
        if (physmap_get(map, gfn + i) < PHYSMAP_POD)
            return -EBUSY;
        on_demand += physmap_get(map, gfn + i) == PHYSMAP_POD;
    }
    physmap_set_extent(map, gfn, PHYSMAP_POD, order);
    map->pod_entries += pages - on_demand;
    assert(map->pod_entries >= pages);
    return 0;
}

long pod_mark(struct domain *d, uint64_t gfn, unsigned order)
{
    long error = 0;
    if (d->physmap == NULL)
        return -EINVAL;
    for (uint64_t left = 1ull << order; left > 0 && error == 0;) {
        const unsigned block = block_order(gfn, left);
        error = physmap_room(d, gfn, 1ull << block) ? mark_block(d, gfn, block) : -ENOMEM;
        gfn += 1ull << block;
        left -= 1ull << block;
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

/* The frames of a block, which lie in a row, go to the cache. */
static bool to_cache(struct domain *d, uint64_t gfn, unsigned order)
{
    struct host *host = &d->machine->host;
    const unsigned piece = order >= PHYSMAP_2M_ORDER ? PHYSMAP_2M_ORDER : 0;
    const uint64_t mfn = physmap_get(d->physmap, gfn);
    for (uint64_t i = 0; i < 1ull << order; i += 1ull << piece)
        if (!pod_cache_put(d, mfn + i, piece))
            return false;
    for (uint64_t i = 0; i < 1ull << order; i++) {
        frame_of(host, mfn + i)->stamp = 0;
        host->m2p[mfn + i] = PFN_NONE.pfn;
    }
    return true;
}

/*
 * 2 MiB of zeros, which need not be one mapping, become on demand again, with their frames in the cache. Stamps say
 * nothing of the image, which holds something.
 */
static bool reclaim_2m(struct domain *d, uint64_t gfn)
{
    struct physmap *map = d->physmap;
    const uint64_t first = physmap_get(map, gfn);
    if (gfn < d->image_pages || first >= PHYSMAP_POD || first % PHYSMAP_2M_PAGES != 0)
        return false;
    for (uint64_t i = 0; i < PHYSMAP_2M_PAGES; i++) {
        if (physmap_get(map, gfn + i) != first + i)
            return false;
        const struct frame *frame = frame_of(&d->machine->host, first + i);
        if (frame->stamp != 0 || frame->foreign != 0)
            return false;
    }
    if (!to_cache(d, gfn, PHYSMAP_2M_ORDER))
        return false;
    physmap_set_extent(map, gfn, PHYSMAP_POD, PHYSMAP_2M_ORDER);
    map->pod_entries += PHYSMAP_2M_PAGES;
    return true;
}

/* How much of a block Xen goes through at once: what one mapping has, and no more than the block. */
static unsigned step_order(const struct physmap *map, uint64_t gfn, unsigned block)
{
    const unsigned order = physmap_order(map, gfn);
    return order < block ? order : block;
}

static uint64_t give_up_block(struct domain *d, uint64_t gfn, unsigned order)
{
    struct physmap *map = d->physmap;
    const uint64_t pages = 1ull << order;
    uint64_t taken = 0;
    if (map->pod_entries == 0)
        return 0; /* and a cache that nothing needs stays as it is */
    struct found found = look_at_block(map, gfn, pages);
    bool steals = map->pod_entries > map->cache_pages;
    if (found.on_demand == 0 && !steals)
        return 0;
    if (steals && order < PHYSMAP_2M_ORDER && found.frames == pages &&
        reclaim_2m(d, gfn & ~(PHYSMAP_2M_PAGES - 1u)))
        found = (struct found){.on_demand = pages, .frames = 0};
    for (uint64_t i = 0, step; i < pages; i += step) {
        const unsigned once = step_order(map, gfn + i, order);
        const uint64_t entry = physmap_get(map, gfn + i);
        step = 1ull << once;
        if (entry == PHYSMAP_POD) {
            physmap_set_extent(map, gfn + i, PHYSMAP_NOTHING, once);
            map->pod_entries -= step;
            taken += step;
        } else if (entry != PHYSMAP_NOTHING && steals && to_cache(d, gfn + i, once)) {
            physmap_set_extent(map, gfn + i, PHYSMAP_NOTHING, once);
            taken += step;
            /* Asked again only behind a whole step, so that the cache may get more than is owed: measured, with one frame. */
            steals = map->pod_entries > map->cache_pages;
        }
    }
    assert(taken <= pages);
    if (map->cache_pages > map->pod_entries)
        pod_cache_set(d, map->pod_entries);
    return taken;
}

uint64_t pod_give_up(struct domain *d, uint64_t gfn, uint64_t pages)
{
    uint64_t taken = 0;
    for (uint64_t left = pages; left > 0;) {
        const unsigned block = block_order(gfn, left);
        taken += give_up_block(d, gfn, block);
        gfn += 1ull << block;
        left -= 1ull << block;
    }
    return taken;
}

/* --- touching --- */

/* The cache is empty: takes back frames of the guest that hold only zeros, as Xen does, and marks their gfns again. */
static void sweep(struct domain *d)
{
    struct physmap *map = d->physmap;
    uint64_t looked = 0;
    assert(map->cache_pages == 0);
    for (uint64_t gfn = map->entries;
         gfn-- > d->image_pages && looked < SWEEP_LIMIT && map->cache_pages == 0;) {
        uint64_t mfn = map->entry[gfn];
        if (mfn >= PHYSMAP_POD)
            continue;
        looked++;
        const struct frame *frame = frame_of(&d->machine->host, mfn);
        if (frame->stamp != 0 || frame->foreign != 0 || !to_cache(d, gfn, 0))
            continue;
        physmap_set(map, gfn, PHYSMAP_POD);
        map->pod_entries++;
    }
}

static void end_for_want_of_frames(struct domain *d)
{
    char why[96];
    snprintf(why, sizeof why, "out of populate-on-demand memory: %llu entries, and no page in the cache",
        (unsigned long long)d->physmap->pod_entries);
    if (d->state == DOMAIN_ALIVE)
        domain_crash(d, why);
}

/*
 * The mapping that the gfn is in gets its frames, 2 MiB of them when it is so large and the cache has them in one
 * piece; else it is shattered, and the gfn alone gets one.
 */
static void populate(struct domain *d, uint64_t gfn)
{
    struct physmap *map = d->physmap;
    const unsigned order = physmap_order(map, gfn) != 0 ? PHYSMAP_2M_ORDER : 0;
    uint64_t mfn = order != 0 ? pod_cache_get(map, order) : 0;
    const unsigned got = mfn != 0 ? order : 0;
    if (mfn == 0)
        mfn = pod_cache_get(map, 0);
    assert(mfn != 0 && map->pod_entries >= 1ull << got);
    map->pod_entries -= 1ull << got;
    name_frames(d, gfn & ~((1ull << got) - 1u), mfn, got);
}

uint64_t pod_touch(struct domain *d, uint64_t gfn)
{
    struct physmap *map = d->physmap;
    assert(map != NULL);
    if (physmap_get(map, gfn) == PHYSMAP_NOTHING)
        return 0;
    if (physmap_get(map, gfn) == PHYSMAP_POD) {
        if (map->cache_pages == 0)
            sweep(d);
        if (map->cache_pages == 0) {
            end_for_want_of_frames(d);
            return 0;
        }
        populate(d, gfn);
    }
    return physmap_get(map, gfn);
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
    return pod_cache_set(d, cache);
}
