/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The pool of the host's free frames. A frame that is taken has no owner yet: the caller gives it one
 * (sim/domain/reservation.h) or puts it back with pool_return.
 */
#ifndef SIM_HOST_POOL_H
#define SIM_HOST_POOL_H

#include "sim/host/host.h"

/* A host of so many frames, all of them free; the seed decides in which order they come. False: no memory. */
bool pool_init(struct host *, uint64_t pages, uint64_t seed);
void pool_fini(struct host *);
/* All free and untouched again, as after pool_init; costs what was touched. */
bool pool_reset(struct host *, uint64_t pages, uint64_t seed);

/* First mfn of a free block of 2^order frames, 0 when there is none. */
uint64_t pool_take(struct host *, unsigned order);
/* The same, of frames whose addresses have at most so many bits; 0 bits: of any. */
uint64_t pool_take_below(struct host *, unsigned order, unsigned address_bits);
/* Takes single frames, the same as one by one; returns how many it got. */
size_t pool_take_singles(struct host *, uint32_t *mfns, size_t count);

/* One frame comes back. Its entry keeps all but the owner, so that its page still holds what it held. */
void pool_put(struct host *, uint64_t mfn);
/*
 * Many frames that have no owner any more come back, and their M2P entries become invalid. window_pages counts how
 * many frames their former owner has in each window; the counts are lowered.
 */
void pool_put_many(struct host *, uint32_t *window_pages, const uint32_t *mfns, size_t count);
/* A block that was taken and not used. */
void pool_return(struct host *, uint64_t mfn, unsigned order);

uint64_t pool_count_free(const struct host *);   /* by walking over all frames, to check free_pages */
uint64_t pool_window_bytes(const struct host *); /* the size of the array of windows */

#endif
