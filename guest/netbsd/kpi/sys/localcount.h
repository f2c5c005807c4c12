/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * localcount(9): how many use a thing, and how to wait until nobody does.
 */
#ifndef _SYS_LOCALCOUNT_H_
#define _SYS_LOCALCOUNT_H_

#include <sys/types.h>
#include <sys/condvar.h>
#include <sys/mutex.h>

struct localcount {
	int64_t lc_count;
	bool lc_draining;
	bool lc_alive;
};

void localcount_init(struct localcount *);
void localcount_fini(struct localcount *);
void localcount_acquire(struct localcount *);
void localcount_release(struct localcount *, kcondvar_t *, kmutex_t *);
void localcount_drain(struct localcount *, kcondvar_t *, kmutex_t *);
uint32_t localcount_debug_refcnt(const struct localcount *);

#endif /* !_SYS_LOCALCOUNT_H_ */
