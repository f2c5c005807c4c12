/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a domain's pages are when Xen translates for it (PVH, HVM): its guest names gfns and never sees a frame's
 * number. This is the table only; pod.h has gfns that get their frame when they are first touched.
 */
#ifndef SIM_DOMAIN_PHYSMAP_H
#define SIM_DOMAIN_PHYSMAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct domain;

#define PHYSMAP_LIMIT   (1ull << 26) /* gfns: 256 GiB */
#define PHYSMAP_NOTHING UINT64_MAX
#define PHYSMAP_POD     (UINT64_MAX - 1u) /* a frame will be there when it is touched */

struct physmap {
    uint64_t *entry;      /* by gfn: an mfn, PHYSMAP_NOTHING or PHYSMAP_POD */
    uint64_t entries;     /* in the table; what lies behind is NOTHING */
    uint64_t highest_gfn; /* that ever had a frame, or was to get one on demand */
    uint64_t map_pages;   /* what its E820 says it has; 0: it was given none */

    uint64_t pod_entries; /* how many gfns are PHYSMAP_POD */
    uint32_t *cache;      /* frames that wait for the first touch of a gfn: the domain's own */
    size_t cache_pages, cache_room;
};

struct physmap *physmap_new(void); /* empty; NULL: no memory */
void physmap_free(struct physmap *);
uint64_t physmap_get(const struct physmap *, uint64_t gfn);
void physmap_set(struct physmap *, uint64_t gfn, uint64_t entry); /* there is room for it */
/* The gfns [gfn, gfn + pages) can be set from now on. False: there are no such gfns, or no memory. */
bool physmap_room(struct domain *, uint64_t gfn, uint64_t pages);

#endif
