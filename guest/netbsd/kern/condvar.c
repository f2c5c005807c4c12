/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * condvar(9). Waiters wake in the order in which they came. No wake-up is
 * spurious, none is lost.
 */
#include "guest/netbsd/kern/kern.h"

#include <sys/condvar.h>

#define CV_ALIVE	0x63766172u

void
cv_init(kcondvar_t *cv, const char *wmesg)
{
	KPI_CALL();
	KASSERT(wmesg != NULL);
	cv->cv_wmesg = wmesg;
	cv->cv_nwaiters = 0;
	cv->cv_tickets = 0;
	cv->cv_state = CV_ALIVE;
}

static void
cv_check(const kcondvar_t *cv)
{
	if (__predict_false(cv->cv_state != CV_ALIVE))
		panic("condvar: used before cv_init or after cv_destroy");
}

void
cv_destroy(kcondvar_t *cv)
{
	KPI_CALL();
	cv_check(cv);
	if (cv->cv_nwaiters != 0)
		panic("cv_destroy: %s has waiters", cv->cv_wmesg);
	cv->cv_state = 0;
}

static int
cv_sleep(kcondvar_t *cv, kmutex_t *mtx, uint64_t due_ns, const void *caller)
{
	int error;

	cv_check(cv);
	if (!mutex_owned(mtx))
		panic("cv_wait: %s: the mutex isn't held by this thread",
		    cv->cv_wmesg);
	/* A spin mutex that goes with the condition is let go of here. */
	if (current_lwp->l_intr ||
	    current_lwp->l_spin_held > (mtx->mtx_spin ? 1u : 0u))
		(void)thread_may_sleep("cv_wait");
	thread_note_sleep(caller);
	cv->cv_nwaiters++;
	/* Nothing runs between these two, whatever mutex_exit would allow. */
	current_lwp->l_intr = true;
	mutex_exit(mtx);
	current_lwp->l_intr = false;
	error = thread_sleep(cv, cv->cv_wmesg, due_ns);
	cv->cv_nwaiters--;
	mutex_enter(mtx);
	return error;
}

void
cv_wait(kcondvar_t *cv, kmutex_t *mtx)
{
	KPI_CALL();
	(void)cv_sleep(cv, mtx, 0, __builtin_return_address(0));
}

int
cv_wait_sig(kcondvar_t *cv, kmutex_t *mtx)
{
	KPI_CALL();
	return cv_sleep(cv, mtx, 0, __builtin_return_address(0));
}

int
cv_timedwait(kcondvar_t *cv, kmutex_t *mtx, int timo)
{
	KPI_CALL();
	return cv_sleep(cv, mtx, ticks_due_ns(timo),
	    __builtin_return_address(0));
}

int
cv_timedwait_sig(kcondvar_t *cv, kmutex_t *mtx, int timo)
{
	KPI_CALL();
	return cv_sleep(cv, mtx, ticks_due_ns(timo),
	    __builtin_return_address(0));
}

void
cv_signal(kcondvar_t *cv)
{
	KPI_CALL();
	cv_check(cv);
	if (cv->cv_nwaiters == 0)
		return;
	if (thread_wake_one(cv))
		schedule_point();
}

void
cv_broadcast(kcondvar_t *cv)
{
	KPI_CALL();
	cv_check(cv);
	if (cv->cv_nwaiters == 0)
		return;
	thread_wake_all(cv);
	schedule_point();
}

bool
cv_has_waiters(kcondvar_t *cv)
{
	return cv->cv_nwaiters != 0;
}

bool
cv_is_valid(kcondvar_t *cv)
{
	return cv->cv_state == CV_ALIVE;
}
