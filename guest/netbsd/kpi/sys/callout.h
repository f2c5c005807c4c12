/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * callout(9): a function called once after so many ticks, in a context that
 * may not sleep.
 */
#ifndef _SYS_CALLOUT_H_
#define _SYS_CALLOUT_H_

#include <sys/types.h>
#include <sys/mutex.h>

#define CALLOUT_MPSAFE 0x0100

/* The members are the runtime's own. */
typedef struct callout {
	struct callout *c_next;
	void (*c_func)(void *);
	void *c_arg;
	uint64_t c_due_ns;
	u_int c_flags;
	uint32_t c_state;
} callout_t;

void callout_init(callout_t *, u_int);
void callout_destroy(callout_t *);
void callout_setfunc(callout_t *, void (*)(void *), void *);
void callout_reset(callout_t *, int, void (*)(void *), void *);
void callout_schedule(callout_t *, int);
bool callout_stop(callout_t *);
bool callout_halt(callout_t *, void *);
bool callout_expired(callout_t *);
bool callout_active(callout_t *);
bool callout_pending(callout_t *);
bool callout_invoking(callout_t *);
void callout_ack(callout_t *);

#endif /* !_SYS_CALLOUT_H_ */
