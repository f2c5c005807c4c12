/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table from gfns to frames of a domain that Xen translates for. It grows with the highest gfn that was
 * ever set; what a gfn without a frame means is pod.c's matter.
 */
#define __XEN_TOOLS__ 1
#include <stdlib.h>
#include <string.h>

#include "sim/internal.h"

struct physmap *physmap_new(void)
{
    return calloc(1, sizeof(struct physmap));
}

void physmap_free(struct physmap *map)
{
    if (map == NULL)
        return;
    free(map->entry);
    free(map->cache);
    free(map);
}

uint64_t physmap_get(const struct physmap *map, uint64_t gfn)
{
    return gfn < map->entries ? map->entry[gfn] : PHYSMAP_NOTHING;
}

bool physmap_room(struct domain *d, uint64_t gfn, uint64_t pages)
{
    struct physmap *map = d->physmap;
    assert(map != NULL);
    if (gfn >= PHYSMAP_LIMIT || pages > PHYSMAP_LIMIT - gfn)
        return false;
    uint64_t wanted = gfn + pages;
    if (wanted <= map->entries)
        return true;
    uint64_t entries = map->entries != 0 ? map->entries : 1024u;
    while (entries < wanted)
        entries *= 2u;
    uint64_t *table = realloc(map->entry, entries * sizeof *table);
    if (table == NULL) {
        machine_lacks_memory(d->machine);
        return false;
    }
    memset(table + map->entries, 0xff, (entries - map->entries) * sizeof *table);
    map->entry = table;
    map->entries = entries;
    return true;
}

bool physmap_build(struct domain *d, uint64_t pages, uint64_t gfns, uint64_t image_pages)
{
    struct physmap *map = d->physmap;
    struct host *host = &d->machine->host;
    assert(map != NULL && map->entries == 0);
    assert(image_pages <= pages && pages <= gfns);
    if (!physmap_room(d, 0, gfns))
        return false;
    map->map_pages = gfns;
    uint64_t populated = pages < gfns ? image_pages : pages;
    for (uint64_t gfn = 0; gfn < populated; gfn++) {
        uint64_t mfn = host_take(host, 0);
        assert(mfn != 0);
        frame_give(d, mfn);
        host->frames[mfn].stamp = 0;
        host->m2p[mfn] = gfn;
        map->entry[gfn] = mfn;
    }
    for (uint64_t gfn = populated; gfn < gfns; gfn++)
        map->entry[gfn] = PHYSMAP_POD;
    map->pod_entries = gfns - populated;
    return map->pod_entries == 0 || pod_set_cache(d, pages - populated) == 0;
}
