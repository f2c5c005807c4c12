/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The part of a physmap for gfns from PHYSMAP_NEAR on. No memory of a guest's lies there, but it may ask for a page at any gfn that Xen's
 * tables can name. So there are entries for those 2 MiB only in which a page was ever asked for. It knows no domain.
 */
#ifndef SIM_DOMAIN_PHYSMAP_FAR_H
#define SIM_DOMAIN_PHYSMAP_FAR_H

#include "sim/domain/physmap.h"

/* 64 MiB of entries. A guest that asks for pages at ever other gfns must not have all memory of the machine that it is simulated on. */
#define PHYSMAP_FAR_PARTS_MAX (1u << 14)

/* The gfns from first_gfn on, which is a multiple of 2 MiB. */
struct physmap_part {
    uint64_t first_gfn;
    uint64_t entry[PHYSMAP_2M_PAGES];
    uint8_t size;
};

/* The one that a gfn lies in; NULL: there is none. */
struct physmap_part *physmap_far_part(const struct physmap *, uint64_t gfn);
/* There are parts for [gfn, end), in which nothing is when they are new. False: no memory, or there would be too many. */
bool physmap_far_room(struct physmap *, uint64_t gfn, uint64_t end);
void physmap_far_free(struct physmap *);

#endif
