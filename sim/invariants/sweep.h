/* SPDX-License-Identifier: BSD-2-Clause */
/* A walk over the whole P2M of one domain, at rest, and what it found, for the families that judge it. */
#ifndef SIM_INVARIANTS_SWEEP_H
#define SIM_INVARIANTS_SWEEP_H

#include "sim/invariants/checker.h"

struct sweep {
    const struct ranges *allowed; /* set by the caller: the pfns that may name a frame; NULL: any */
    const struct ranges *kept;    /* boot memory of the kernel's own, in no segment */
    uint64_t named_pages;         /* frames of the domain that an allowed pfn names */
    uint64_t owned_pages;         /* frames of the domain that any pfn names */
    uint64_t unbacked_pages;      /* allowed pfns above the image with no frame */
    uint64_t unbacked_first;
    struct numbers odd; /* named frames whose M2P names another pfn or none; sorted; the caller's to free */
};
void sweep_domain(struct invariants *, struct watched *, struct sweep *);

#endif
