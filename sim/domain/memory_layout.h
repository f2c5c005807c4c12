/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where the memory of a domain that Xen translates for lies when it is built, and what memory maps say of it. libxl builds a PVH
 * or an HVM guest, and Xen itself a PVH dom0. Read in their source; a dom0's is measured, too (docs/real-xen.md).
 */
#ifndef SIM_DOMAIN_MEMORY_LAYOUT_H
#define SIM_DOMAIN_MEMORY_LAYOUT_H

#include "sim/machine.h"

#define FRAME_BUFFER_PAGES_MAX \
    (0xc000u) /* of 4 KiB: as much as lies between a PC's devices and what is reserved for Xen */
#define LAYOUT_RANGES_MAX (MEMORY_RANGES_MAX + 2u) /* one of the host's may become three of dom0's */

struct layout_ranges {
    struct memory_range at[LAYOUT_RANGES_MAX]; /* in order */
    size_t count;
};

struct memory_layout {
    struct layout_ranges memory;   /* gfns that have a frame, or get one on demand */
    struct layout_ranges map;      /* what XENMEM_memory_map says */
    struct layout_ranges firmware; /* what an HVM guest hears of its firmware; of others: none */
    uint64_t frame_buffer_first, frame_buffer_end; /* gfns of an HVM guest's, which no map has as memory */
    struct layout_ranges
        kept; /* gfns whose frames its kernel leaves alone: that frame buffer, a dom0's ACPI tables */
    uint64_t left_out_pages; /* of the memory that its toolstack counts, and no gfn has */
};

/* A PVH guest of libxl's, with so many gfns for memory. */
void memory_layout_pvh(struct memory_layout *, uint64_t pages);
/* An HVM guest of libxl's: of `pages` as many as the frame buffer has are that. */
void memory_layout_hvm(struct memory_layout *, uint64_t pages, uint64_t frame_buffer_pages);
/* A PVH dom0, on a host with such a map. False: the map has less memory than that. */
bool memory_layout_dom0(
    struct memory_layout *, const struct memory_range *host, size_t nr_host, uint64_t pages);

uint64_t memory_layout_pages(const struct memory_layout *); /* of its memory, without a frame buffer */
uint64_t memory_layout_frame_buffer_pages(const struct memory_layout *);
uint64_t memory_layout_end_gfn(const struct memory_layout *);     /* behind the last gfn of both */
uint64_t memory_layout_map_end_gfn(const struct memory_layout *); /* behind all that its map names */

#endif
