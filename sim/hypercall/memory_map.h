/* SPDX-License-Identifier: BSD-2-Clause */
/* XENMEM_memory_map and XENMEM_machine_memory_map: an E820 of the domain's or of the host's. */
#ifndef SIM_HYPERCALL_MEMORY_MAP_H
#define SIM_HYPERCALL_MEMORY_MAP_H

#include "sim/hypercall/call.h"

struct domain;
struct machine;
struct memory_range;

/* The layout is the BIOS's (E820); no public header of Xen's has it. */
struct e820_entry {
    uint64_t start_bytes, size_bytes;
    uint32_t type;
} __attribute__((packed));

long memory_map(struct domain *, bool of_the_host, unsigned long argument, struct hypercall_trace *);
/* The host's own map, MEMORY_RANGES_MAX ranges at most, in whole pages: a page that is memory in part is not memory. */
size_t memory_map_of_host(const struct machine *, struct memory_range *);

#endif
