/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * workqueue(9): one thread for each queue, since there is one CPU. A thread of
 * a driver's queue counts as the driver's own: it sleeps when no work is left.
 */
#include <sys/param.h>
#include <sys/kthread.h>
#include <sys/workqueue.h>

#include "guest/lib/debug_port.h"
#include "guest/lib/heap.h"
#include "guest/netbsd/kern/driver.h"
#include "guest/netbsd/kern/spl.h"
#include "guest/netbsd/kern/thread.h"

struct workqueue {
	struct work *wq_first, *wq_last; /* linked by wk_dummy */
	struct work *wq_running;	 /* not to be looked into */
	void (*wq_func)(struct work *, void *);
	void *wq_arg;
	struct lwp *wq_lwp;
	bool wq_ends;
	char wq_name[24];
};

static struct work *
next_of(const struct work *wk)
{
	return wk->wk_dummy;
}

static void
workqueue_thread(void *arg)
{
	struct workqueue *wq = arg;
	struct context_before before;

	for (;;) {
		struct work *wk = wq->wq_first;

		if (wk == NULL && wq->wq_ends)
			break;
		if (wk == NULL) {
			port_note(
			    NOTE_SLEEP, current_lwp->l_by_driver ? 1 : 0, 0, 0);
			(void)thread_sleep(wq, wq->wq_name, 0);
			continue;
		}
		wq->wq_first = next_of(wk);
		wk->wk_dummy = NULL;
		wq->wq_running = wk;
		context_begin(&before);
		wq->wq_func(wk, wq->wq_arg);
		context_end(
		    &before, "work of ", wq->wq_name, (uintptr_t)wq->wq_func);
		wq->wq_running = NULL;
		thread_wake_all(&wq->wq_running);
		schedule_point();
	}
	kthread_exit(0);
}

int
workqueue_create(struct workqueue **wqp, const char *name,
    void (*func)(struct work *, void *), void *arg, pri_t prio,
    int ipl __unused, int flags)
{
	struct workqueue *wq;
	bool zeroed;
	int error;

	KASSERT(func != NULL);
	error = thread_fault(__builtin_return_address(0));
	if (error != 0)
		return error;
	wq = heap_get(sizeof(*wq), &zeroed);
	if (wq == NULL)
		return ENOMEM;
	*wq = (struct workqueue){.wq_func = func, .wq_arg = arg};
	(void)snprintf(wq->wq_name, sizeof(wq->wq_name), "%s", name);
	error = kthread_create(prio,
	    KTHREAD_MUSTJOIN | (flags & WQ_MPSAFE ? KTHREAD_MPSAFE : 0), NULL,
	    workqueue_thread, wq, &wq->wq_lwp, "%s", wq->wq_name);
	if (error != 0) {
		heap_put(wq, sizeof(*wq));
		return error;
	}
	wq->wq_lwp->l_by_driver = BY_DRIVER();
	*wqp = wq;
	return 0;
}

void
workqueue_enqueue(
    struct workqueue *wq, struct work *wk, struct cpu_info *ci __unused)
{
	const struct work *other;

	KASSERT(!wq->wq_ends);
	for (other = wq->wq_first; other != NULL; other = next_of(other)) {
		if (other == wk) {
			port_misuse("workqueue_enqueue: this work of %s waits "
				    "already",
			    wq->wq_name);
			return;
		}
	}
	wk->wk_dummy = NULL;
	if (wq->wq_first == NULL)
		wq->wq_first = wk;
	else
		wq->wq_last->wk_dummy = wk;
	wq->wq_last = wk;
	if (thread_wake_one(wq))
		schedule_point();
}

static bool
waits_or_runs(const struct workqueue *wq, const struct work *wk)
{
	const struct work *other;

	for (other = wq->wq_first; other != NULL; other = next_of(other))
		if (other == wk)
			return true;
	return wq->wq_running == wk;
}

/* A queue's own function may call it for its own work, and does not wait. */
void
workqueue_wait(struct workqueue *wq, struct work *wk)
{
	if (current_lwp == wq->wq_lwp)
		return;
	while (waits_or_runs(wq, wk))
		(void)thread_sleep(&wq->wq_running, "wqwait", 0);
}

void
workqueue_destroy(struct workqueue *wq)
{
	KASSERT(current_lwp != wq->wq_lwp);
	wq->wq_ends = true;
	(void)thread_wake_one(wq);
	(void)kthread_join(wq->wq_lwp);
	KASSERT(wq->wq_first == NULL);
	heap_put(wq, sizeof(*wq));
}
