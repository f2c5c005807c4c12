/* SPDX-License-Identifier: BSD-2-Clause */
/* Parts of 2 MiB, in the order of their gfns. */
#include "sim/domain/physmap_far.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/array.h"

/* How many parts begin before a gfn or at it. */
static size_t parts_up_to(const struct physmap *map, uint64_t gfn)
{
    size_t low = 0, high = map->nr_far;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (map->far[middle]->first_gfn <= gfn)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct physmap_part *physmap_far_part(const struct physmap *map, uint64_t gfn)
{
    const size_t count = parts_up_to(map, gfn);
    if (count == 0 || gfn - map->far[count - 1]->first_gfn >= PHYSMAP_2M_PAGES)
        return NULL;
    return map->far[count - 1];
}

static bool add_part(struct physmap *map, uint64_t first_gfn)
{
    const size_t at = parts_up_to(map, first_gfn);
    assert(first_gfn >= PHYSMAP_NEAR && first_gfn % PHYSMAP_2M_PAGES == 0);
    assert(physmap_far_part(map, first_gfn) == NULL);
    if (map->nr_far == PHYSMAP_FAR_PARTS_MAX || !ARRAY_ONE_MORE(map->far, map->far_room, map->nr_far))
        return false;
    struct physmap_part *part = malloc(sizeof *part);
    if (part == NULL)
        return false;
    part->first_gfn = first_gfn;
    part->size = PHYSMAP_4K;
    memset(part->entry, 0xff, sizeof part->entry); /* PHYSMAP_NOTHING */
    memmove(map->far + at + 1, map->far + at, (map->nr_far - at) * sizeof(*map->far));
    map->far[at] = part;
    map->nr_far++;
    return true;
}

bool physmap_far_room(struct physmap *map, uint64_t gfn, uint64_t end)
{
    assert(PHYSMAP_NEAR <= gfn && end <= PHYSMAP_LIMIT);
    for (uint64_t first = gfn - gfn % PHYSMAP_2M_PAGES; first < end; first += PHYSMAP_2M_PAGES)
        if (physmap_far_part(map, first) == NULL && !add_part(map, first))
            return false;
    return true;
}

void physmap_far_free(struct physmap *map)
{
    for (size_t i = 0; i < map->nr_far; i++)
        free(map->far[i]);
    free(map->far);
}
