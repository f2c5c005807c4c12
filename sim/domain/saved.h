/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A saved domain's pages: which pfns had a frame, and what was in them. Everything else that is saved, its P2M and heap
 * among it, simply stays in the memory that stands for the domain's own (space.h).
 */
#ifndef SIM_DOMAIN_SAVED_H
#define SIM_DOMAIN_SAVED_H

#include <stdint.h>

#include "sim/domain/space.h"

struct saved_page {
    uint64_t pfn, stamp;
    uint64_t mfn; /* its new frame, once it is restored */
};

struct saved {
    struct saved_page *page;
    uint64_t pages;
    uint64_t target_pages, static_max_pages; /* for the toolstack that will restore it */
    uint64_t window_pfn[SPACE_WINDOW_PAGES]; /* the page that each entry of the window maps; ~0: none */
};

struct saved *saved_new(uint64_t room_pages); /* no pages yet; NULL: no memory */
void saved_free(struct saved *);

#endif
