/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host's memory: its frames, the M2P, the pool of free ones, and what is left of destroyed domains. The shape
 * only: frames are in frame_table.h, where free ones come from in pool.h, the rest of the dead in zombie.h. Nothing
 * in sim/host/ knows what a domain is but its number.
 */
#ifndef SIM_HOST_HOST_H
#define SIM_HOST_HOST_H

#include "sim/types.h"

#define HOST_FIRST_MFN 16384ull /* frames below it are Xen's and dom0's own, and no concern of the model */
#define WINDOW_BITS    14u
#define WINDOW_FRAMES  (1ull << WINDOW_BITS)
#define ZOMBIES_LIMIT  64u /* each holds at least one page of dom0's window, which has no more than that */

struct frame;  /* frame_table.h */
struct window; /* pool.c */

/* What is left of a destroyed domain; see zombie.h. */
struct zombie {
    uint32_t frames; /* that dom0 still maps; 0: not in use */
    unsigned nr_overhead;
    uint32_t overhead_mfn[DOMAIN_OVERHEAD_PAGES];
};

struct host {
    /* Tables by mfn, for all of [0, end_mfn), end_mfn being HOST_FIRST_MFN + pages. */
    struct frame *frames;
    uint64_t *m2p;             /* writable */
    const uint64_t *m2p_guest; /* the same memory, as guests see it: read-only */
    size_t frames_bytes, m2p_bytes;
    uint64_t end_mfn;
    bool huge; /* the tables are in huge pages, as far as there are any */

    uint64_t pages, free_pages;
    uint64_t overhead_pages; /* held for domains' structures */
    uint64_t claimed_pages;  /* promised to domains, and not yet given */
    uint64_t extents_left;   /* of an order above 0: no end (UINT64_MAX), unless real_xen.h says otherwise */
    struct zombie zombies[ZOMBIES_LIMIT];

    /*
     * The pool. It is cut into windows, numbered from HOST_FIRST_MFN on; those that nobody touched are
     * [window_low, window_high). Single frames are taken from the lowest of them upwards, blocks from the highest
     * downwards.
     */
    uint64_t seed;
    struct window *window; /* what is known of each */
    uint64_t windows, window_low, window_high;
    uint32_t heads[ORDER_LIMIT + 1]; /* mfn of the first free block of each order, 0: none */

    /* While the window below window_low is being handed out, in an order that a permutation makes: */
    bool window_open;
    uint32_t window_next, window_mask; /* the next index into the permutation, and its mask */
    uint32_t window_key[3];            /* of the permutation */
    uint32_t window_group;             /* the group of frames that the last index lay in */
};

#endif
