/* SPDX-License-Identifier: BSD-2-Clause */
/* The memory map that libxl makes of the host's own for a PV domain with e820_host=1. */
#ifndef SIM_TOOLSTACK_HOST_MAP_H
#define SIM_TOOLSTACK_HOST_MAP_H

#include "sim/machine.h"

/*
 * Writes the map of a domain that boots with memory_pages and may get more_pages later. Returns its number of ranges, which
 * is 0 when there are more than MEMORY_RANGES_MAX.
 */
size_t host_map_for_guest(const struct memory_range *host, size_t nr_host, uint64_t memory_pages,
    uint64_t more_pages, struct memory_range *map);

#endif
