/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * XENMEM_machine_memory_map, the host's own E820, for dom0; and XENMEM_memory_map, what the toolstack has given the domain: one
 * for which Xen translates always has it, and a PV one to which nobody has given any is told -ENOSYS (measured, for dom0 too).
 */
#include "sim/hypercall/memory_map.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <xen/memory.h>

#include "sim/domain/domain.h"
#include "sim/machine_state.h"

#define MAP_MAX BOOT_RANGES_MAX
static_assert(MAP_MAX >= LAYOUT_RANGES_MAX, "a map that a toolstack gives fits");

#define LOW_RAM_BYTES    0x9fc00ull
#define LEGACY_END_BYTES 0x100000ull
#define BIOS_START_BYTES 0xf0000ull

struct map {
    struct e820_entry entry[MAP_MAX];
    unsigned entries;
};

static void add(struct map *map, uint64_t start, uint64_t end, enum memory_type type)
{
    assert(map->entries < MAP_MAX);
    assert(start < end);
    map->entry[map->entries++] = (struct e820_entry){start, end - start, type};
}

static void describe_ranges(const struct memory_range *ranges, size_t count, struct map *map)
{
    for (size_t i = 0; i < count; i++)
        add(map, ranges[i].first_pfn << PAGE_SHIFT_BITS, ranges[i].end_pfn << PAGE_SHIFT_BITS,
            ranges[i].type);
}

static void describe_host(const struct machine *m, struct map *map)
{
    describe_ranges(m->config.host_map, m->config.nr_host_ranges, map);
    if (map->entries != 0)
        return;
    add(map, 0, LOW_RAM_BYTES, MEMORY_RAM);
    add(map, LOW_RAM_BYTES, 0xa0000, MEMORY_RESERVED);
    add(map, BIOS_START_BYTES, LEGACY_END_BYTES, MEMORY_RESERVED);
    add(map, LEGACY_END_BYTES, m->host.end_mfn << PAGE_SHIFT_BITS, MEMORY_RAM);
}

size_t memory_map_of_host(const struct machine *m, struct memory_range *ranges)
{
    struct map map = {.entries = 0};
    describe_host(m, &map);
    assert(map.entries > 0 && map.entries <= MEMORY_RANGES_MAX);
    for (unsigned i = 0; i < map.entries; i++) {
        const struct e820_entry *entry = &map.entry[i];
        const uint64_t start = entry->start_bytes, end = start + entry->size_bytes;
        const bool memory = entry->type == MEMORY_RAM;
        ranges[i].first_pfn = (memory ? round_up(start, PAGE_BYTES) : start) >> PAGE_SHIFT_BITS;
        ranges[i].end_pfn = (memory ? end : round_up(end, PAGE_BYTES)) >> PAGE_SHIFT_BITS;
        ranges[i].type = (enum memory_type)entry->type;
        assert(ranges[i].first_pfn < ranges[i].end_pfn);
    }
    return map.entries;
}

/* Boot memory with holes, as a scenario's boot-map has it. */
static void describe_boot_map(const struct domain_config *config, struct map *map)
{
    for (size_t i = 0; i < config->nr_boot_ranges; i++)
        add(map, config->boot_map[i].first_pfn << PAGE_SHIFT_BITS,
            config->boot_map[i].end_pfn << PAGE_SHIFT_BITS, MEMORY_RAM);
}

long memory_map(struct domain *d, bool of_the_host, unsigned long argument, struct hypercall_trace *trace)
{
    struct xen_memory_map ask;
    struct map map = {.entries = 0};
    if (of_the_host && !d->privileged)
        return -EPERM;
    char *guest = space_host(&d->space, argument, sizeof ask, true);
    if (guest == NULL)
        return -EFAULT;
    memcpy(&ask, guest, sizeof ask);
    trace->asked = ask.nr_entries;
    if (of_the_host)
        describe_host(d->machine, &map);
    else if (d->layout.map.count != 0)
        describe_ranges(d->layout.map.at, d->layout.map.count, &map);
    else if (d->config.nr_boot_ranges != 0)
        describe_boot_map(&d->config, &map);
    else if (d->config.nr_memory_ranges != 0)
        describe_ranges(d->config.memory_map, d->config.nr_memory_ranges, &map);
    else
        return -ENOSYS;

    /* The host's map must fit as a whole, or only the count is wanted; a guest's is cut. */
    if (of_the_host && ask.buffer.p != NULL && ask.nr_entries < map.entries)
        return -EINVAL;
    unsigned told = of_the_host || map.entries < ask.nr_entries ? map.entries : ask.nr_entries;
    if (ask.buffer.p != NULL) {
        void *buffer = space_host(&d->space, (uintptr_t)ask.buffer.p, told * sizeof map.entry[0], true);
        if (buffer == NULL)
            return -EFAULT;
        memcpy(buffer, map.entry, told * sizeof map.entry[0]);
    }
    ask.nr_entries = told;
    memcpy(guest, &ask, sizeof ask);
    return 0;
}
