/* SPDX-License-Identifier: BSD-2-Clause */
/* The table from gfns to frames: it grows with the highest gfn that was ever set. Sizes cost a byte for 512 gfns. */
#include "sim/domain/physmap.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/domain/domain.h"
#include "sim/domain/physmap_far.h"
#include "sim/host/pool.h"
#include "sim/machine_state.h"
#include "sim/record/recorder.h"

#define PARTS_OF_1G (PHYSMAP_1G_PAGES / PHYSMAP_2M_PAGES)

struct physmap *physmap_new(void)
{
    return calloc(1, sizeof(struct physmap));
}

void physmap_free(struct physmap *map)
{
    if (map == NULL)
        return;
    physmap_far_free(map);
    free(map->entry);
    free(map->size);
    free(map->cache);
    free(map->cache_2m);
    free(map->pool);
    free(map);
}

bool physmap_take_pool(struct domain *d, uint64_t pages)
{
    struct host *host = &d->machine->host;
    struct physmap *map = d->physmap;
    assert(map->pool == NULL && pages <= host->free_pages);
    map->pool = pages != 0 ? malloc(pages * sizeof *map->pool) : NULL;
    if (map->pool == NULL)
        return pages == 0;
    map->pool_pages = pool_take_singles(host, map->pool, pages);
    assert(map->pool_pages == pages);
    overhead_begin(host, map->pool, map->pool_pages);
    return true;
}

void physmap_give_pool_back(struct domain *d)
{
    struct physmap *map = d->physmap;
    overhead_end(&d->machine->host, map->pool, map->pool_pages);
    map->pool_pages = 0;
}

/* The entries of a gfn and of those behind it in the same 2 MiB. NULL: there is no room for them. */
static inline uint64_t *entry_at(const struct physmap *map, uint64_t gfn)
{
    if (gfn < PHYSMAP_NEAR)
        return gfn < map->entries ? &map->entry[gfn] : NULL;
    struct physmap_part *part = physmap_far_part(map, gfn);
    return part != NULL ? &part->entry[gfn % PHYSMAP_2M_PAGES] : NULL;
}

/* The size of the 2 MiB that it is in. NULL: the same. */
static inline uint8_t *size_at(const struct physmap *map, uint64_t gfn)
{
    if (gfn < PHYSMAP_NEAR)
        return gfn < map->entries ? &map->size[gfn >> PHYSMAP_2M_ORDER] : NULL;
    struct physmap_part *part = physmap_far_part(map, gfn);
    return part != NULL ? &part->size : NULL;
}

uint64_t physmap_get(const struct physmap *map, uint64_t gfn)
{
    const uint64_t *entry = entry_at(map, gfn);
    return entry != NULL ? *entry : PHYSMAP_NOTHING;
}

/* --- room --- */

/* Both tables become so long; what is new in them is NOTHING. False: no memory, and they are as they were. */
static bool lengthen(struct physmap *map, uint64_t entries)
{
    const uint64_t parts = map->entries / PHYSMAP_2M_PAGES;
    assert(entries % PHYSMAP_2M_PAGES == 0 && entries > map->entries);
    uint8_t *size = realloc(map->size, entries / PHYSMAP_2M_PAGES);
    if (size == NULL)
        return false;
    map->size = size;
    uint64_t *entry = realloc(map->entry, entries * sizeof *entry);
    if (entry == NULL)
        return false;
    memset(size + parts, PHYSMAP_4K, entries / PHYSMAP_2M_PAGES - parts);
    memset(entry + map->entries, 0xff, (entries - map->entries) * sizeof *entry);
    map->entry = entry;
    map->entries = entries;
    return true;
}

/* The table reaches so far. */
static bool near_room(struct domain *d, uint64_t end)
{
    struct physmap *map = d->physmap;
    const uint64_t before = map->entries;
    assert(end <= PHYSMAP_NEAR);
    if (end <= before)
        return true;
    uint64_t entries = before != 0 ? before : 1024u;
    while (entries < end)
        entries *= 2u;
    if (!lengthen(map, entries))
        return false;
    const struct record_note note = {.note = NOTE_P2M, .a = entries, .b = before};
    if (before != 0 && !kernel_lacks_p2m(d->config.kernel))
        recorder_append(
            d->machine->recorder, REC_NOTE, d->domid, d->machine->now_ns, &note, sizeof note, NULL, 0, 0);
    assert(map->entries <= PHYSMAP_NEAR && map->entry[end - 1u] == PHYSMAP_NOTHING);
    return true;
}

bool physmap_room(struct domain *d, uint64_t gfn, uint64_t pages)
{
    assert(d->physmap != NULL);
    if (!physmap_can_name(gfn, pages))
        return false;
    const uint64_t end = gfn + pages, near_end = end < PHYSMAP_NEAR ? end : PHYSMAP_NEAR;
    if ((gfn >= near_end || near_room(d, near_end)) &&
        (end <= PHYSMAP_NEAR || physmap_far_room(d->physmap, gfn > PHYSMAP_NEAR ? gfn : PHYSMAP_NEAR, end)))
        return true;
    machine_lacks_memory(d->machine);
    return false;
}

/* --- entries, and the sizes in which they are mapped --- */

/* The mapping that a gfn is in gives way to smaller ones, of the given size or less. */
static void shatter(struct physmap *map, uint64_t gfn, enum physmap_size size)
{
    uint8_t *own = size_at(map, gfn);
    if (*own == PHYSMAP_1G && size < PHYSMAP_1G) {
        const uint64_t first = gfn & ~(PHYSMAP_1G_PAGES - 1u);
        assert(
            *size_at(map, first) == PHYSMAP_1G && *size_at(map, first + PHYSMAP_1G_PAGES - 1u) == PHYSMAP_1G);
        for (uint64_t i = 0; i < PHYSMAP_1G_PAGES; i += PHYSMAP_2M_PAGES)
            *size_at(map, first + i) = PHYSMAP_2M;
    }
    if (*own == PHYSMAP_2M && size < PHYSMAP_2M)
        *own = PHYSMAP_IN_PIECES;
}

void physmap_set(struct physmap *map, uint64_t gfn, uint64_t entry)
{
    uint64_t *own = entry_at(map, gfn);
    assert(own != NULL);
    shatter(map, gfn, PHYSMAP_4K);
    *own = entry;
    if (entry != PHYSMAP_NOTHING && gfn > map->highest_gfn)
        map->highest_gfn = gfn;
}

/* The largest size of a mapping that begins here and is no longer than what is left. */
static unsigned largest_order(uint64_t gfn, uint64_t entry, uint64_t left)
{
    const uint64_t all = gfn | left | (entry < PHYSMAP_POD ? entry : 0);
    if (all % PHYSMAP_1G_PAGES == 0)
        return PHYSMAP_1G_ORDER;
    return all % PHYSMAP_2M_PAGES == 0 ? PHYSMAP_2M_ORDER : 0;
}

/* One mapping of 1 GiB or 2 MiB. */
static void set_large(struct physmap *map, uint64_t gfn, uint64_t entry, unsigned order)
{
    const uint64_t pages = 1ull << order;
    const enum physmap_size size = order == PHYSMAP_1G_ORDER ? PHYSMAP_1G : PHYSMAP_2M;
    assert(gfn % pages == 0 && entry_at(map, gfn + pages - 1u) != NULL);
    shatter(map, gfn, size);
    for (uint64_t i = 0; i < pages; i += PHYSMAP_2M_PAGES) {
        uint64_t *entries = entry_at(map, gfn + i);
        for (uint64_t k = 0; k < PHYSMAP_2M_PAGES; k++)
            entries[k] = entry < PHYSMAP_POD ? entry + i + k : entry;
        *size_at(map, gfn + i) = (uint8_t)(entry != PHYSMAP_NOTHING ? size : PHYSMAP_4K);
    }
    if (entry != PHYSMAP_NOTHING && gfn + pages - 1u > map->highest_gfn)
        map->highest_gfn = gfn + pages - 1u;
}

void physmap_set_extent(struct physmap *map, uint64_t gfn, uint64_t entry, unsigned order)
{
    for (uint64_t left = 1ull << order; left > 0;) {
        const unsigned one = largest_order(gfn, entry, left);
        if (one == 0)
            physmap_set(map, gfn, entry);
        else
            set_large(map, gfn, entry, one);
        gfn += 1ull << one;
        entry += entry < PHYSMAP_POD ? 1ull << one : 0;
        left -= 1ull << one;
    }
}

/* --- counting --- */

unsigned physmap_order(const struct physmap *map, uint64_t gfn)
{
    const uint8_t *size = size_at(map, gfn);
    if (size == NULL)
        return 0;
    return *size == PHYSMAP_1G ? PHYSMAP_1G_ORDER : *size == PHYSMAP_2M ? PHYSMAP_2M_ORDER : 0;
}

static bool has_frames(const uint64_t *entry)
{
    for (uint64_t i = 0; i < PHYSMAP_2M_PAGES; i++)
        if (entry[i] < PHYSMAP_POD)
            return true;
    return false;
}

/* Counts 2 MiB. What is a part of 1 GiB counts as 1 GiB here. */
static void count_part(struct physmap_sizes *sizes, enum physmap_size size, const uint64_t *entry)
{
    if (size == PHYSMAP_IN_PIECES) {
        sizes->shattered_2m += has_frames(entry);
    } else if (size != PHYSMAP_4K && entry[0] < PHYSMAP_POD) {
        sizes->whole_2m += size == PHYSMAP_2M;
        sizes->whole_1g += size == PHYSMAP_1G;
    }
}

struct physmap_sizes physmap_count_sizes(const struct physmap *map)
{
    struct physmap_sizes sizes = {0, 0, 0};
    for (uint64_t gfn = 0; gfn < map->entries; gfn += PHYSMAP_2M_PAGES)
        count_part(&sizes, map->size[gfn >> PHYSMAP_2M_ORDER], map->entry + gfn);
    for (size_t i = 0; i < map->nr_far; i++)
        count_part(&sizes, map->far[i]->size, map->far[i]->entry);
    assert(sizes.whole_1g % PARTS_OF_1G == 0);
    sizes.whole_1g /= PARTS_OF_1G;
    return sizes;
}
