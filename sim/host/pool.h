/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The pool of the host's free frames. A frame that is taken has no owner yet: whoever takes it makes it somebody's
 * (sim/domain/reservation.h), or puts it back with pool_return.
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
/* Single frames, as if taken one by one; how many there were. */
size_t pool_take_singles(struct host *, uint32_t *mfns, size_t count);

/* One frame comes back; its entry is kept but for the owner, so that its page still holds what it held. */
void pool_put(struct host *, uint64_t mfn);
/* Many that have no owner any more come back, with their M2P entries. window_pages counts what their owner has in
 * each window, and is lowered. */
void pool_put_many(struct host *, uint32_t *window_pages, const uint32_t *mfns, size_t count);
/* A block that was taken and not used. */
void pool_return(struct host *, uint64_t mfn, unsigned order);

uint64_t pool_count_free(const struct host *);   /* by walking: for whoever doubts free_pages */
uint64_t pool_window_bytes(const struct host *); /* of memory for what is known of windows */

#endif
