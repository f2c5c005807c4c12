/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * All pools at once.
 */
#ifndef KERN_POOL_H
#define KERN_POOL_H

#include <sys/types.h>

/* At rest: reports writes to free and idle objects. */
void pool_check_all(void);

/* How many pools there are, with those of caches. */
u_int pool_count(void);

/* May a pool have something to give back? */
bool pool_any_idle(void);

/*
 * Memory is short: what the idle objects of one more pool hold goes back. False
 * when all pools had their turn since the last false.
 */
bool pool_drain_next(void);

#endif /* !KERN_POOL_H */
