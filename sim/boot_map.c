/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * XENMEM_memory_map of a domain whose boot memory has holes. Others have none to tell, as a PV domain on Xen
 * has none unless its toolstack sets one (e820_host=1).
 */
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <xen/memory.h>

#include "sim/internal.h"

#define E820_RAM 1u

struct e820_entry { /* as PCs have it: 20 bytes */
    uint64_t address_bytes, size_bytes;
    uint32_t type;
} __attribute__((packed));

long boot_map_tell(struct domain *d, unsigned long argument)
{
    const struct domain_config *config = &d->config;
    struct xen_memory_map map;
    void *guest = space_host(&d->space, argument, sizeof map, true);
    if (config->nr_boot_ranges == 0)
        return -ENOSYS;
    if (guest == NULL)
        return -EFAULT;
    memcpy(&map, guest, sizeof map);
    if (map.nr_entries < config->nr_boot_ranges)
        return -EINVAL;

    struct e820_entry entries[BOOT_RANGES_MAX];
    for (size_t i = 0; i < config->nr_boot_ranges; i++) {
        const struct boot_range *range = &config->boot_map[i];
        assert(range->first_pfn < range->end_pfn);
        entries[i] = (struct e820_entry) {
            .address_bytes = range->first_pfn << PAGE_SHIFT_BITS,
            .size_bytes = (range->end_pfn - range->first_pfn) << PAGE_SHIFT_BITS,
            .type = E820_RAM,
        };
    }
    size_t bytes = config->nr_boot_ranges * sizeof entries[0];
    void *buffer = space_host(&d->space, (uintptr_t)map.buffer.p, bytes, true);
    if (buffer == NULL)
        return -EFAULT;
    memcpy(buffer, entries, bytes);
    map.nr_entries = (unsigned)config->nr_boot_ranges;
    memcpy(guest, &map, sizeof map);
    return 0;
}
