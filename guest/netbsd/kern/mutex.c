/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mutex(9). There is one CPU, and a thread that holds a spin mutex does not
 * give it up: a spin mutex that is found held is a mistake. Adaptive ones are
 * waited for.
 */
#include "guest/netbsd/kern/mutex.h"

#include <sys/param.h>
#include <sys/mutex.h>
#include <sys/kmem.h>

#include "guest/netbsd/kern/driver.h"
#include "guest/netbsd/kern/spl.h"
#include "guest/netbsd/kern/thread.h"

static void
mutex_misused(const kmutex_t *mtx, const char *what)
{
	struct lwp *owner = mtx->mtx_owner;

	panic("mutex: %s (thread %s, owner %s)", what, current_lwp->l_name,
	    owner == NULL ? "none" : owner->l_name);
}

static void
mutex_check(const kmutex_t *mtx)
{
	if (__predict_true(mtx->mtx_state == __MUTEX_ALIVE))
		return;
	if (mtx->mtx_state == __MUTEX_DEAD)
		panic("mutex: used after mutex_destroy");
	panic("mutex: used before mutex_init");
}

void
mutex_destroy(kmutex_t *mtx)
{
	mutex_check(mtx);
	if (mtx->mtx_owner != NULL)
		mutex_misused(mtx, "destroyed while it is held");
	mtx->mtx_state = __MUTEX_DEAD;
}

static void
mutex_take(kmutex_t *mtx, bool by_driver)
{
	KASSERT(mtx->mtx_owner == NULL);
	mtx->mtx_owner = current_lwp;
	if (mtx->mtx_spin) {
		mtx->mtx_oldspl = (uint8_t)splraiseipl(mtx->mtx_ipl);
		current_lwp->l_spin_held++;
	} else if (by_driver) {
		mtx->mtx_by_driver = 1;
		current_lwp->l_held++;
	}
}

/*
 * Callers other than the driver say whether it is a driver's mutex that they
 * give back to it.
 */
void
mutex_enter_for(kmutex_t *mtx, bool by_driver)
{
	mutex_check(mtx);
	schedule_point_of_seed();
	if (mtx->mtx_owner == current_lwp)
		mutex_misused(mtx, "locking against myself");
	if (mtx->mtx_spin) {
		if (mtx->mtx_owner != NULL)
			mutex_misused(
			    mtx, "a spin mutex is held by a thread that waits");
		mutex_take(mtx, by_driver);
		return;
	}
	if (current_lwp->l_intr)
		mutex_misused(mtx, "an interrupt enters an adaptive mutex");
	if (mtx->mtx_owner != NULL && current_lwp->l_spin_held != 0)
		mutex_misused(mtx, "waiting with a spin mutex held");
	while (mtx->mtx_owner != NULL) {
		mtx->mtx_waiters++;
		(void)thread_sleep(mtx, "mutex", 0);
		mtx->mtx_waiters--;
	}
	mutex_take(mtx, by_driver);
	schedule_point_of_seed();
}

void
mutex_enter(kmutex_t *mtx)
{
	bool by_driver = BY_DRIVER();

	if (by_driver && !mtx->mtx_spin && spl_level() != IPL_NONE)
		(void)thread_may_sleep("mutex_enter of an adaptive mutex");
	mutex_enter_for(mtx, by_driver);
}

void
mutex_exit(kmutex_t *mtx)
{
	mutex_check(mtx);
	if (mtx->mtx_owner != current_lwp)
		mutex_misused(
		    mtx, "mutex_exit by a thread that doesn't hold it");
	mtx->mtx_owner = NULL;
	current_lwp->l_let_go = mtx;
	if (mtx->mtx_spin) {
		KASSERT(current_lwp->l_spin_held > 0);
		current_lwp->l_spin_held--;
		splx(mtx->mtx_oldspl);
		return;
	}
	if (mtx->mtx_by_driver) {
		KASSERT(current_lwp->l_held > 0);
		mtx->mtx_by_driver = 0;
		current_lwp->l_held--;
	}
	if (mtx->mtx_waiters != 0)
		(void)thread_wake_one(mtx);
	schedule_point();
}

int
mutex_tryenter(kmutex_t *mtx)
{
	mutex_check(mtx);
	if (mtx->mtx_owner != NULL)
		return 0;
	mutex_take(mtx, BY_DRIVER());
	return 1;
}

void
mutex_spin_enter(kmutex_t *mtx)
{
	mutex_check(mtx);
	if (!mtx->mtx_spin)
		mutex_misused(mtx, "mutex_spin_enter on an adaptive mutex");
	mutex_enter(mtx);
}

void
mutex_spin_exit(kmutex_t *mtx)
{
	mutex_check(mtx);
	if (!mtx->mtx_spin)
		mutex_misused(mtx, "mutex_spin_exit on an adaptive mutex");
	mutex_exit(mtx);
}

int
mutex_owned(const kmutex_t *mtx)
{
	return mtx->mtx_owner == current_lwp;
}

int
mutex_ownable(const kmutex_t *mtx)
{
	mutex_check(mtx);
	if (mtx->mtx_owner == current_lwp)
		mutex_misused(mtx, "locking against myself");
	return 1;
}

struct lwp *
mutex_owner(const kmutex_t *mtx)
{
	return mtx->mtx_owner;
}

/* mutex_obj(9): a mutex with a reference count. */
struct kmutexobj {
	kmutex_t mo_lock;
	u_int mo_refs;
};

kmutex_t *
mutex_obj_alloc(kmutex_type_t type, int ipl)
{
	struct kmutexobj *mo;

	mo = kmem_alloc(sizeof(*mo), KM_SLEEP);
	mutex_init(&mo->mo_lock, type, ipl);
	mo->mo_refs = 1;
	return &mo->mo_lock;
}

void
mutex_obj_hold(kmutex_t *lock)
{
	struct kmutexobj *mo = (struct kmutexobj *)lock;

	KASSERT(mo->mo_refs > 0);
	mo->mo_refs++;
}

bool
mutex_obj_free(kmutex_t *lock)
{
	struct kmutexobj *mo = (struct kmutexobj *)lock;

	KASSERT(mo->mo_refs > 0);
	if (--mo->mo_refs > 0)
		return false;
	mutex_destroy(&mo->mo_lock);
	kmem_free(mo, sizeof(*mo));
	return true;
}
