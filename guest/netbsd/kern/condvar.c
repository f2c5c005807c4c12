/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * condvar(9). Waiters wake in the order in which they came. There are no
 * spurious wake-ups.
 */
#include <sys/param.h>
#include <sys/condvar.h>
#include <sys/intr.h>
#include <sys/mutex.h>

#include "guest/lib/debug_port.h"
#include "guest/netbsd/kern/mutex.h"
#include "guest/netbsd/kern/sleep.h"
#include "guest/netbsd/kern/spl.h"
#include "guest/netbsd/kern/thread.h"

#define CV_ALIVE 0x63766172u

void
cv_init(kcondvar_t *cv, const char *wmesg)
{
	KASSERT(wmesg != NULL);
	cv->cv_wmesg = wmesg;
	cv->cv_nwaiters = 0;
	cv->cv_mutex = NULL;
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
	cv_check(cv);
	if (cv->cv_nwaiters != 0)
		panic("cv_destroy: %s has waiters", cv->cv_wmesg);
	cv->cv_state = 0;
}

/*
 * A thread that waits gives up the mutex that goes with the condition. It may
 * hold no other one.
 */
static void
cv_check_held(const kcondvar_t *cv, const kmutex_t *mtx)
{
	struct lwp *l = current_lwp;

	/* cv_sleep lets go of a spin mutex that goes with the condition. */
	if (l->l_intr || l->l_spin_held > (mtx->mtx_spin ? 1u : 0u))
		(void)thread_may_sleep("cv_wait");
	else if (l->l_held > (mtx->mtx_by_driver ? 1u : 0u))
		port_misuse("cv_wait: %s: another mutex is held over the wait",
		    cv->cv_wmesg);
	else if (spl_level() > (mtx->mtx_spin ? mtx->mtx_ipl : IPL_NONE) ||
		 (mtx->mtx_spin && mtx->mtx_oldspl != IPL_NONE))
		port_misuse("cv_wait: %s: the interrupt level is raised over "
			    "the wait",
		    cv->cv_wmesg);
	if (cv->cv_nwaiters != 0 && cv->cv_mutex != mtx)
		port_misuse("cv_wait: %s: others wait with another mutex",
		    cv->cv_wmesg);
}

static int
cv_sleep(kcondvar_t *cv, kmutex_t *mtx, uint64_t due_ns, const void *caller)
{
	bool by_driver = mtx->mtx_by_driver != 0;
	int error, level;

	schedule_point_of_seed();
	cv_check(cv);
	if (!mutex_owned(mtx))
		panic("cv_wait: %s: the mutex isn't held by this thread",
		    cv->cv_wmesg);
	cv_check_held(cv, mtx);
	thread_note_sleep(caller);
	cv->cv_mutex = mtx;
	cv->cv_nwaiters++;
	/*
	 * No other thread may run between the count and the sleep, though
	 * mutex_exit would let it: an interrupt context is not preempted.
	 */
	current_lwp->l_intr = true;
	mutex_exit(mtx);
	current_lwp->l_intr = false;
	level = spl_level();
	spl_restore(
	    IPL_NONE); /* a level that is still raised must not keep others from running */
	error = thread_sleep(cv, cv->cv_wmesg, due_ns);
	spl_restore(level);
	cv->cv_nwaiters--;
	mutex_enter_for(mtx, by_driver);
	return error;
}

void
cv_wait(kcondvar_t *cv, kmutex_t *mtx)
{
	(void)cv_sleep(cv, mtx, 0, __builtin_return_address(0));
}

int
cv_wait_sig(kcondvar_t *cv, kmutex_t *mtx)
{
	return cv_sleep(cv, mtx, 0, __builtin_return_address(0));
}

int
cv_timedwait(kcondvar_t *cv, kmutex_t *mtx, int timo)
{
	return cv_sleep(
	    cv, mtx, ticks_due_ns(timo), __builtin_return_address(0));
}

int
cv_timedwait_sig(kcondvar_t *cv, kmutex_t *mtx, int timo)
{
	return cv_sleep(
	    cv, mtx, ticks_due_ns(timo), __builtin_return_address(0));
}

/*
 * condvar(9): who wakes a waiter holds the mutex that goes with the condition.
 * One that has let it go just before has changed the condition with it; else
 * the waiter may have found it unchanged, and falls asleep only now.
 */
static void
cv_check_wake(const kcondvar_t *cv, const char *what)
{
	if (mutex_owned(cv->cv_mutex) || current_lwp->l_let_go == cv->cv_mutex)
		return;
	port_misuse("%s: %s: the mutex that the waiters gave up isn't held",
	    what, cv->cv_wmesg);
}

void
cv_signal(kcondvar_t *cv)
{
	cv_check(cv);
	schedule_point_of_seed();
	if (cv->cv_nwaiters == 0)
		return;
	cv_check_wake(cv, "cv_signal");
	if (thread_wake_one(cv))
		schedule_point();
}

void
cv_broadcast(kcondvar_t *cv)
{
	cv_check(cv);
	schedule_point_of_seed();
	if (cv->cv_nwaiters == 0)
		return;
	cv_check_wake(cv, "cv_broadcast");
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
