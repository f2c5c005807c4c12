/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rwlock(9). Readers may enter while a writer waits: with one CPU, no lock is
 * held for long.
 */
#include <sys/param.h>
#include <sys/rwlock.h>

#include "guest/netbsd/kern/thread.h"

#define RW_ALIVE 0x72776c6bu

static void
rw_check(const krwlock_t *rw)
{
	if (__predict_false(rw->rw_state != RW_ALIVE))
		panic("rwlock: used before rw_init or after rw_destroy");
}

void
rw_init(krwlock_t *rw)
{
	rw->rw_owner = NULL;
	rw->rw_readers = 0;
	rw->rw_state = RW_ALIVE;
}

void
rw_destroy(krwlock_t *rw)
{
	rw_check(rw);
	if (rw->rw_owner != NULL || rw->rw_readers != 0)
		panic("rwlock: destroyed while it is held");
	rw->rw_state = 0;
}

int
rw_tryenter(krwlock_t *rw, const krw_t op)
{
	rw_check(rw);
	if (rw->rw_owner != NULL)
		return 0;
	if (op == RW_READER) {
		rw->rw_readers++;
		return 1;
	}
	if (rw->rw_readers != 0)
		return 0;
	rw->rw_owner = current_lwp;
	return 1;
}

void
rw_enter(krwlock_t *rw, const krw_t op)
{
	rw_check(rw);
	if (rw->rw_owner == current_lwp)
		panic("rwlock: locking against myself");
	while (!rw_tryenter(rw, op))
		(void)thread_sleep(rw, "rwlock", 0);
}

void
rw_exit(krwlock_t *rw)
{
	rw_check(rw);
	if (rw->rw_owner == current_lwp)
		rw->rw_owner = NULL;
	else if (rw->rw_owner == NULL && rw->rw_readers > 0)
		rw->rw_readers--;
	else
		panic("rwlock: rw_exit by a thread that doesn't hold it");
	thread_wake_all(rw);
	schedule_point();
}

int
rw_tryupgrade(krwlock_t *rw)
{
	rw_check(rw);
	if (rw->rw_readers != 1)
		return 0;
	rw->rw_readers = 0;
	rw->rw_owner = current_lwp;
	return 1;
}

void
rw_downgrade(krwlock_t *rw)
{
	rw_check(rw);
	if (rw->rw_owner != current_lwp)
		panic("rwlock: rw_downgrade by a thread that doesn't write");
	rw->rw_owner = NULL;
	rw->rw_readers = 1;
	thread_wake_all(rw);
}

int
rw_read_held(krwlock_t *rw)
{
	return rw->rw_readers > 0;
}

int
rw_write_held(krwlock_t *rw)
{
	return rw->rw_owner == current_lwp;
}

int
rw_lock_held(krwlock_t *rw)
{
	return rw_read_held(rw) || rw_write_held(rw);
}
