/* SPDX-License-Identifier: BSD-2-Clause */
/* The table from gfns to frames: it grows with the highest gfn that was ever set. Sizes cost a byte for 512 gfns. */
#include "sim/domain/physmap.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/domain/domain.h"
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

uint64_t physmap_get(const struct physmap *map, uint64_t gfn)
{
    return gfn < map->entries ? map->entry[gfn] : PHYSMAP_NOTHING;
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

bool physmap_room(struct domain *d, uint64_t gfn, uint64_t pages)
{
    struct physmap *map = d->physmap;
    assert(map != NULL);
    if (gfn >= PHYSMAP_LIMIT || pages > PHYSMAP_LIMIT - gfn)
        return false;
    const uint64_t wanted = gfn + pages, before = map->entries;
    if (wanted <= before)
        return true;
    uint64_t entries = before != 0 ? before : 1024u;
    while (entries < wanted)
        entries *= 2u;
    if (!lengthen(map, entries)) {
        machine_lacks_memory(d->machine);
        return false;
    }
    const struct record_note note = {.note = NOTE_P2M, .a = entries, .b = before};
    if (before != 0 && !kernel_lacks_p2m(d->config.kernel))
        recorder_append(
            d->machine->recorder, REC_NOTE, d->domid, d->machine->now_ns, &note, sizeof note, NULL, 0, 0);
    assert(map->entries <= PHYSMAP_LIMIT && map->entry[wanted - 1u] == PHYSMAP_NOTHING);
    return true;
}

/* --- entries, and the sizes in which they are mapped --- */

/* The mapping that a gfn is in gives way to smaller ones, of the given size or less. */
static void shatter(struct physmap *map, uint64_t gfn, enum physmap_size size)
{
    const uint64_t part = gfn >> PHYSMAP_2M_ORDER;
    if (map->size[part] == PHYSMAP_1G && size < PHYSMAP_1G) {
        const uint64_t first = part & ~(PARTS_OF_1G - 1u);
        assert(map->size[first] == PHYSMAP_1G && map->size[first + PARTS_OF_1G - 1u] == PHYSMAP_1G);
        memset(map->size + first, PHYSMAP_2M, PARTS_OF_1G);
    }
    if (map->size[part] == PHYSMAP_2M && size < PHYSMAP_2M)
        map->size[part] = PHYSMAP_IN_PIECES;
}

void physmap_set(struct physmap *map, uint64_t gfn, uint64_t entry)
{
    assert(gfn < map->entries);
    shatter(map, gfn, PHYSMAP_4K);
    map->entry[gfn] = entry;
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
    const uint64_t pages = 1ull << order, part = gfn >> PHYSMAP_2M_ORDER;
    const enum physmap_size size = order == PHYSMAP_1G_ORDER ? PHYSMAP_1G : PHYSMAP_2M;
    assert(gfn % pages == 0 && gfn + pages <= map->entries);
    shatter(map, gfn, size);
    for (uint64_t i = 0; i < pages; i++)
        map->entry[gfn + i] = entry < PHYSMAP_POD ? entry + i : entry;
    memset(map->size + part, (int)(entry != PHYSMAP_NOTHING ? size : PHYSMAP_4K), pages >> PHYSMAP_2M_ORDER);
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
    assert(gfn < map->entries);
    const enum physmap_size size = map->size[gfn >> PHYSMAP_2M_ORDER];
    return size == PHYSMAP_1G ? PHYSMAP_1G_ORDER : size == PHYSMAP_2M ? PHYSMAP_2M_ORDER : 0;
}

static bool has_frames(const struct physmap *map, uint64_t gfn)
{
    for (uint64_t i = 0; i < PHYSMAP_2M_PAGES; i++)
        if (map->entry[gfn + i] < PHYSMAP_POD)
            return true;
    return false;
}

struct physmap_sizes physmap_count_sizes(const struct physmap *map)
{
    struct physmap_sizes sizes = {0, 0, 0};
    uint64_t parts_of_1g = 0;
    for (uint64_t gfn = 0; gfn < map->entries; gfn += PHYSMAP_2M_PAGES) {
        const enum physmap_size size = map->size[gfn >> PHYSMAP_2M_ORDER];
        if (size == PHYSMAP_IN_PIECES)
            sizes.shattered_2m += has_frames(map, gfn);
        else if (size != PHYSMAP_4K && map->entry[gfn] < PHYSMAP_POD) {
            sizes.whole_2m += size == PHYSMAP_2M;
            parts_of_1g += size == PHYSMAP_1G;
        }
    }
    assert(parts_of_1g % PARTS_OF_1G == 0);
    sizes.whole_1g = parts_of_1g / PARTS_OF_1G;
    return sizes;
}
