/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Populate-on-demand: a domain that boots with less memory than its E820 says. gfns without a frame get one
 * from a cache when they are touched; the guest's balloon driver has to give up as many as there are entries
 * beyond the cache before it touches them, or the domain ends. Behaviour read in Xen's p2m-pod.c; that the
 * calls work at all was measured.
 */
#define __XEN_TOOLS__ 1
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xen/memory.h>

#include "sim/internal.h"

#define SWEEP_LIMIT 1024u /* gfns looked at for a zeroed page when the cache is empty */

/* --- the cache --- */

static bool cache_put(struct domain *d, uint64_t mfn)
{
    struct physmap *map = d->physmap;
    if (map->cache_pages == map->cache_room) {
        uint64_t room = map->cache_room != 0 ? map->cache_room * 2u : 1024u;
        uint32_t *cache = realloc(map->cache, room * sizeof *cache);
        if (cache == NULL) {
            machine_lacks_memory(d->machine);
            return false;
        }
        map->cache = cache;
        map->cache_room = room;
    }
    map->cache[map->cache_pages++] = (uint32_t)mfn;
    return true;
}

long pod_set_cache(struct domain *d, uint64_t pages)
{
    struct physmap *map = d->physmap;
    struct host *host = &d->machine->host;
    assert(map != NULL);
    while (map->cache_pages > pages)
        frame_take(d, map->cache[--map->cache_pages], true);
    while (map->cache_pages < pages) {
        if (d->reservation_pages >= d->maximum_pages || !claim_allows(d, 1))
            return -ENOMEM;
        uint64_t mfn = host_take(host, 0);
        if (mfn == 0)
            return -ENOMEM;
        frame_give(d, mfn);
        host->frames[mfn].stamp = 0;
        if (!cache_put(d, mfn)) {
            frame_take(d, mfn, true);
            return -ENOMEM;
        }
    }
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

/* Assets beyond the liabilities go back to the host. */
static void release_surplus(struct domain *d)
{
    if (d->physmap->cache_pages > d->physmap->pod_entries)
        pod_set_cache(d, d->physmap->pod_entries);
    assert(d->physmap->cache_pages <= d->physmap->pod_entries);
}

/* --- entries --- */

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

/* The cache is empty: a page of zeros that the guest has is as good as none. */
static void sweep(struct domain *d)
{
    struct physmap *map = d->physmap;
    struct host *host = &d->machine->host;
    uint64_t looked = 0;
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
    /* Nothing is owed any more, or less is wanted: that is the balloon driver's to do. */
    if ((populated > 0 && map->pod_entries == 0) || pages < d->reservation_pages)
        return 0;
    uint64_t cache = pages - populated;
    if (populated > 0 && cache > map->pod_entries)
        cache = map->pod_entries;
    return pod_set_cache(d, cache);
}

long pod_target_op(struct domain *caller, bool set, unsigned long argument, struct hypercall_trace *trace)
{
    struct xen_pod_target ask;
    struct domain *d;
    char *guest = space_host(&caller->space, argument, sizeof ask, true);
    if (guest == NULL)
        return -EFAULT;
    memcpy(&ask, guest, sizeof ask);
    trace->asked = ask.target_pages;
    long error = hypercall_target(caller, ask.domid, &d);
    /* Xen looks what kind of domain it is before it looks who asks: measured. */
    if (error == 0 && d->physmap == NULL)
        error = -EINVAL;
    if (error == 0 && !caller->privileged)
        error = -EPERM;
    if (error == 0 && set)
        error = ask.target_pages > d->maximum_pages ? -EINVAL : pod_set_target(d, ask.target_pages);
    if (error != 0)
        return error;
    ask.tot_pages = d->reservation_pages;
    ask.pod_cache_pages = d->physmap->cache_pages;
    ask.pod_entries = d->physmap->pod_entries;
    memcpy(guest, &ask, sizeof ask);
    return 0;
}
