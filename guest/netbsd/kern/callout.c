/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * callout(9). Callouts run in the idle loop, as in a soft interrupt: they may
 * not sleep.
 */
#include "guest/netbsd/kern/callout.h"

#include <sys/param.h>
#include <sys/callout.h>

#include "guest/netbsd/kern/sleep.h"
#include "guest/netbsd/kern/spl.h"
#include "guest/netbsd/kern/thread.h"

#define CALLOUT_ALIVE	 0x63616c6cu
#define CALLOUT_PENDING	 0x0001
#define CALLOUT_FIRED	 0x0002
#define CALLOUT_INVOKING 0x0008

static struct callout *pending; /* the one that is due first comes first */

static void
callout_check(const callout_t *c)
{
	if (__predict_false(c->c_state != CALLOUT_ALIVE))
		panic("callout: used before callout_init or after "
		      "callout_destroy");
}

void
callout_init(callout_t *c, u_int flags)
{
	memset(c, 0, sizeof(*c));
	c->c_flags = flags & CALLOUT_MPSAFE;
	c->c_state = CALLOUT_ALIVE;
}

static bool
callout_unlink(callout_t *c)
{
	struct callout **link;

	for (link = &pending; *link != NULL; link = &(*link)->c_next) {
		if (*link == c) {
			*link = c->c_next;
			c->c_flags &= ~(u_int)CALLOUT_PENDING;
			return true;
		}
	}
	return false;
}

void
callout_destroy(callout_t *c)
{
	callout_check(c);
	if (c->c_flags & CALLOUT_PENDING)
		panic("callout_destroy: it is pending");
	c->c_state = 0;
}

void
callout_setfunc(callout_t *c, void (*func)(void *), void *arg)
{
	callout_check(c);
	KASSERT(func != NULL);
	c->c_func = func;
	c->c_arg = arg;
}

void
callout_schedule(callout_t *c, int ticks)
{
	struct callout **link;

	callout_check(c);
	KASSERT(c->c_func != NULL);
	(void)callout_unlink(c);
	c->c_due_ns = ticks_due_ns(MAX(ticks, 1));
	c->c_flags &= ~(u_int)CALLOUT_FIRED;
	c->c_flags |= CALLOUT_PENDING;
	for (link = &pending; *link != NULL && (*link)->c_due_ns <= c->c_due_ns;
	     link = &(*link)->c_next)
		continue;
	c->c_next = *link;
	*link = c;
}

void
callout_reset(callout_t *c, int ticks, void (*func)(void *), void *arg)
{
	callout_setfunc(c, func, arg);
	callout_schedule(c, ticks);
}

/* True: the callout had fired before it could be stopped. */
bool
callout_stop(callout_t *c)
{
	callout_check(c);
	return !callout_unlink(c) && (c->c_flags & CALLOUT_FIRED) != 0;
}

bool
callout_halt(callout_t *c, void *interlock __unused)
{
	return callout_stop(c);
}

bool
callout_expired(callout_t *c)
{
	return (c->c_flags & CALLOUT_FIRED) != 0;
}

bool
callout_pending(callout_t *c)
{
	return (c->c_flags & CALLOUT_PENDING) != 0;
}

bool
callout_active(callout_t *c)
{
	return (c->c_flags & (CALLOUT_PENDING | CALLOUT_FIRED)) != 0;
}

bool
callout_invoking(callout_t *c)
{
	return (c->c_flags & CALLOUT_INVOKING) != 0;
}

void
callout_ack(callout_t *c)
{
	c->c_flags &= ~(u_int)CALLOUT_INVOKING;
}

uint64_t
callout_next_ns(void)
{
	if (pending == NULL)
		return 0;
	callout_check(pending); /* the function may have freed it */
	return pending->c_due_ns;
}

void
callout_run(uint64_t now_ns)
{
	while (pending != NULL && pending->c_due_ns <= now_ns) {
		struct callout *c = pending;
		struct context_before before;
		void (*func)(void *) = c->c_func;

		pending = c->c_next;
		c->c_flags &= ~(u_int)CALLOUT_PENDING;
		c->c_flags |= CALLOUT_FIRED | CALLOUT_INVOKING;
		current_lwp->l_intr = true;
		context_begin(&before);
		func(c->c_arg);
		context_end(&before, "callout", "", (uintptr_t)func);
		current_lwp->l_intr = false;
	}
}
