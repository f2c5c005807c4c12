/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * once(9) and localcount(9): who comes first, and who goes last.
 */
#include <sys/param.h>
#include <sys/localcount.h>
#include <sys/once.h>

#include "guest/lib/debug_port.h"
#include "guest/netbsd/kern/thread.h"

enum { ONCE_NEW, ONCE_RUNS, ONCE_DONE };

int
__run_once(once_t *o, int (*func)(void))
{
	if (!thread_may_sleep("RUN_ONCE"))
		return EINVAL;
	o->o_refcnt++;
	while (o->o_status == ONCE_RUNS)
		(void)thread_sleep(o, "runonce", 0);
	if (o->o_status == ONCE_NEW) {
		o->o_status = ONCE_RUNS;
		o->o_error = func();
		o->o_status = ONCE_DONE;
		thread_wake_all(o);
	}
	KASSERT(o->o_status == ONCE_DONE);
	return o->o_error;
}

void
__fini_once(once_t *o, void (*func)(void))
{
	KASSERT(o->o_status == ONCE_DONE && o->o_refcnt > 0);
	if (--o->o_refcnt == 0) {
		func();
		o->o_status = ONCE_NEW;
	}
}

void
localcount_init(struct localcount *lc)
{
	*lc = (struct localcount){.lc_alive = true};
}

static bool
localcount_lives(const struct localcount *lc, const char *what)
{
	if (!lc->lc_alive)
		port_misuse("%s: before localcount_init or after "
			    "localcount_fini",
		    what);
	return lc->lc_alive;
}

void
localcount_fini(struct localcount *lc)
{
	if (!localcount_lives(lc, "localcount_fini"))
		return;
	if (!lc->lc_draining || lc->lc_count != 0)
		port_misuse("localcount_fini: it was not drained");
	lc->lc_alive = false;
}

void
localcount_acquire(struct localcount *lc)
{
	if (!localcount_lives(lc, "localcount_acquire"))
		return;
	if (lc->lc_draining)
		port_misuse("localcount_acquire: it is drained already");
	lc->lc_count++;
}

void
localcount_release(struct localcount *lc, kcondvar_t *cv, kmutex_t *mtx)
{
	if (!localcount_lives(lc, "localcount_release"))
		return;
	if (lc->lc_count == 0) {
		port_misuse("localcount_release: nobody has acquired it");
		return;
	}
	if (--lc->lc_count != 0 || !lc->lc_draining)
		return;
	mutex_enter(mtx);
	cv_broadcast(cv);
	mutex_exit(mtx);
}

void
localcount_drain(struct localcount *lc, kcondvar_t *cv, kmutex_t *mtx)
{
	if (!localcount_lives(lc, "localcount_drain"))
		return;
	KASSERT(mutex_owned(mtx));
	lc->lc_draining = true;
	while (lc->lc_count > 0)
		cv_wait(cv, mtx);
}

uint32_t
localcount_debug_refcnt(const struct localcount *lc)
{
	return (uint32_t)lc->lc_count;
}
