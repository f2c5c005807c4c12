/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * condvar(9). Timeouts are in ticks; 0 waits without one.
 */
#ifndef _SYS_CONDVAR_H_
#define _SYS_CONDVAR_H_

#include <sys/types.h>
#include <sys/mutex.h>

/* The members are the runtime's own. */
typedef struct kcondvar {
	uint32_t cv_state;
	uint32_t cv_nwaiters;
	const char *cv_wmesg;
	const struct kmutex *cv_mutex; /* of those who wait */
} kcondvar_t;

#ifdef _KERNEL
void cv_init(kcondvar_t *, const char *);
void cv_destroy(kcondvar_t *);
void cv_wait(kcondvar_t *, kmutex_t *);
int cv_wait_sig(kcondvar_t *, kmutex_t *);
int cv_timedwait(kcondvar_t *, kmutex_t *, int);
int cv_timedwait_sig(kcondvar_t *, kmutex_t *, int);
void cv_signal(kcondvar_t *);
void cv_broadcast(kcondvar_t *);
bool cv_has_waiters(kcondvar_t *);
bool cv_is_valid(kcondvar_t *);
#endif

#endif /* !_SYS_CONDVAR_H_ */
