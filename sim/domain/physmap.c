/* SPDX-License-Identifier: BSD-2-Clause */
/* The table from gfns to frames: it grows with the highest gfn that was ever set. */
#include "sim/domain/physmap.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/domain/domain.h"
#include "sim/machine_state.h"
#include "sim/record/recorder.h"

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

void physmap_set(struct physmap *map, uint64_t gfn, uint64_t entry)
{
    assert(gfn < map->entries);
    map->entry[gfn] = entry;
    if (entry != PHYSMAP_NOTHING && gfn > map->highest_gfn)
        map->highest_gfn = gfn;
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
    const struct record_note note = {.note = NOTE_P2M, .a = entries, .b = map->entries};
    const bool watched = map->entry != NULL && map->entries != 0;
    map->entry = table;
    map->entries = entries;
    if (watched && !kernel_lacks_p2m(d->config.kernel))
        recorder_append(
            d->machine->recorder, REC_NOTE, d->domid, d->machine->now_ns, &note, sizeof note, NULL, 0, 0);
    assert(map->entries <= PHYSMAP_LIMIT && map->entry[wanted - 1u] == PHYSMAP_NOTHING);
    return true;
}
