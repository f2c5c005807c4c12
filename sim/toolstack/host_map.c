/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The memory map of a PV domain with e820_host=1 (libxl's e820_sanitize). Devices lie where the host has them, so that they
 * can be passed through. Memory ends at the first one at the latest; the rest of it, with all that may come later, follows
 * behind 4 GiB, or behind the last device. Where memory ends before the first device, the range between them is unusable, or
 * a kernel would look for room for devices there.
 */
#include "sim/toolstack/host_map.h"

#include <assert.h>

#define LOW_PAGES  (1ull << 8)  /* 1 MiB: what the host has there is of no interest */
#define HIGH_PAGES (1ull << 20) /* 4 GiB */

struct guest_map {
    struct memory_range *ranges;
    size_t count;
    bool full;
};

static void add(struct guest_map *map, uint64_t first_pfn, uint64_t end_pfn, enum memory_type type)
{
    assert(first_pfn < end_pfn);
    map->full |= map->count == MEMORY_RANGES_MAX;
    if (!map->full)
        map->ranges[map->count++] = (struct memory_range){first_pfn, end_pfn, type};
}

static bool is_taken(const struct memory_range *range)
{
    return range->first_pfn > LOW_PAGES && range->type != MEMORY_RAM;
}

size_t host_map_for_guest(const struct memory_range *host, size_t nr_host, uint64_t memory_pages,
    uint64_t more_pages, struct memory_range *ranges)
{
    struct guest_map map = {.ranges = ranges};
    uint64_t devices_first = UINT64_MAX, devices_end = 0, memory_end = memory_pages, unusable_end;

    assert(memory_pages > 0);
    for (size_t i = 0; i < nr_host; i++) {
        if (!is_taken(&host[i]) || host[i].type == MEMORY_UNUSABLE)
            continue;
        if (host[i].first_pfn < devices_first)
            devices_first = host[i].first_pfn;
        if (host[i].end_pfn > devices_end)
            devices_end = host[i].end_pfn;
    }
    if (memory_end > devices_first)
        memory_end = devices_first;
    add(&map, 0, memory_end, MEMORY_RAM);
    unusable_end = devices_end != 0 ? devices_first : memory_end;
    if (unusable_end > memory_end)
        add(&map, memory_end, unusable_end, MEMORY_UNUSABLE);
    for (size_t i = 0; i < nr_host; i++)
        if (is_taken(&host[i]) && host[i].end_pfn > unusable_end)
            add(&map, host[i].first_pfn, host[i].end_pfn, host[i].type);
    more_pages += memory_pages - memory_end;
    if (more_pages > 0) {
        const uint64_t first_pfn = devices_end > HIGH_PAGES ? devices_end : HIGH_PAGES;
        add(&map, first_pfn, first_pfn + more_pages, MEMORY_RAM);
    }
    return map.full ? 0 : map.count;
}
