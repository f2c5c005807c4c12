/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The host's memory: its frames, the M2P, the pool of free frames, and what is left of destroyed domains. This file has
 * the structs only: a frame's entry is in frame_table.h, taking and returning free frames in pool.h, what is left of
 * destroyed domains in zombie.h. Nothing in sim/host/ knows more of a domain than its number.
 */
#ifndef SIM_HOST_HOST_H
#define SIM_HOST_HOST_H

#include "sim/host/overhead.h"
#include "sim/types.h"

#define HOST_FIRST_MFN 16384ull /* frames below it are Xen's and dom0's own, and no concern of the model */
#define WINDOW_BITS    14u
#define WINDOW_FRAMES  (1ull << WINDOW_BITS)
#define ZOMBIES_LIMIT  64u /* each holds at least one page of dom0's window, which has no more than that */

struct frame;  /* frame_table.h */
struct window; /* pool.c */

/* What Xen still knows of a destroyed domain of which something is left. */
struct dying {
    unsigned domid, nr_ports;
    uint64_t maximum_pages, highest_gfn;
    bool translated;
    unsigned vcpu_pages; /* that its vcpu would still take; 0: it has one */
};

/* What is left of a destroyed domain; see zombie.h. */
struct zombie {
    struct dying dying;
    uint32_t frames; /* that dom0 still maps; 0: not in use */
    struct overhead overhead;
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
    uint64_t extents_left;   /* how many of an order above 0 it may still give: see machine_limit_extents */
    struct zombie zombies[ZOMBIES_LIMIT];

    /*
     * The pool. It is cut into windows, numbered from HOST_FIRST_MFN on; the untouched ones are
     * [window_low, window_high). Single frames are taken from the lowest untouched window upwards, blocks from the
     * highest downwards.
     */
    uint64_t seed;
    struct window *window; /* what is known of each */
    uint64_t windows, window_low, window_high;
    uint32_t heads[ORDER_LIMIT + 1]; /* mfn of the first free block of each order, 0: none */

    /* The window right below window_low is handed out frame by frame, in an order that a permutation gives. */
    bool window_open;
    uint32_t window_next, window_mask; /* the next index into the permutation, and its mask */
    uint32_t window_key[3];            /* of the permutation */
    uint32_t window_group;             /* the group of frames that the last index lay in */
};

#endif
