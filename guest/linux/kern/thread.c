/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads, and the one CPU that they share: schedule(), timeouts, kthreads. A thread runs until it waits, or until
 * the harness chooses another at a schedule point. A timeout ends one jiffy after it is due, as the first level of
 * the timer wheel rounds it; the wheel's coarser levels are not modelled.
 */
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/list.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/sched/debug.h>
#include <linux/freezer.h>
#include <xen/interface/sched.h>
#include <asm/xen/hypercall.h>

#include "guest/lib/stacks.h"

#include "bridge.h"
#include "runtime.h"

#define NR_THREADS  12
#define NEVER	    (~0ul)
#define JIFFY_NS    (NSEC_PER_SEC / HZ)
#define NORMAL_PRIO 120

struct thread {
	struct task_struct task;
	unsigned long sp;
	unsigned long due_jiffies; /* NEVER: no timeout */
	struct list_head queue;	   /* in `runnable`, or empty */
	const void *what;	   /* that it sleeps on; NULL: a state of Linux's */
	int (*function)(void *);
	void *argument;
	bool used, of_driver;
	bool idle; /* it sleeps, or slept until now, where a signal may wake it: it has nothing under way */
};

static struct thread threads[NR_THREADS]; /* thread 0 boots, and becomes the idle loop */
static struct signal_struct signals;
static LIST_HEAD(runnable);
struct task_struct *current_task = &threads[0].task;
static struct thread *of_watches; /* calls the functions that wait for changes in xenstore */
volatile unsigned long jiffies;
#ifdef LINUX_LONG_PREEMPT_COUNT
unsigned long __preempt_count;
#else
int __preempt_count;
#endif
struct pcpu_hot pcpu_hot;

static struct thread *this_thread(void)
{
	return container_of(current_task, struct thread, task);
}

void clock_follow(void)
{
	jiffies = port_clock_ns() / JIFFY_NS;
}

#ifndef LINUX_INLINE_MSECS
unsigned int jiffies_to_msecs(const unsigned long count)
{
	return (unsigned int)(count * (JIFFY_NS / NSEC_PER_MSEC));
}
#endif

static void thread_prepare(struct thread *t, const char *name)
{
	memset(t, 0, sizeof(*t));
	strscpy(t->task.comm, name, sizeof(t->task.comm));
	t->task.prio = t->task.static_prio = t->task.normal_prio = NORMAL_PRIO;
	t->task.signal = &signals;
	t->task.pid = (int)(t - threads);
	t->due_jiffies = NEVER;
	t->used = true;
	INIT_LIST_HEAD(&t->queue);
}

void threads_init(void)
{
	thread_prepare(&threads[0], "swapper");
	threads[0].task.flags = PF_KTHREAD;
}

static void switch_away(void)
{
	struct thread *self = this_thread(), *next = &threads[0];

	if (!list_empty(&runnable)) {
		next = list_first_entry(&runnable, struct thread, queue);
		list_del_init(&next->queue);
	}
	if (next == self)
		return;
	current_task = &next->task;
	stacks_switch(&self->sp, next->sp);
	BUG_ON(this_thread() != self);
}

/* Only the boot thread may come here before there are others: it waits by running them. */
static void wait_as_idle(void);

void schedule(void)
{
	struct thread *t = this_thread();

	if (t == &threads[0]) {
		wait_as_idle();
		return;
	}
	if (READ_ONCE(t->task.__state) == TASK_RUNNING)
		list_add_tail(&t->queue, &runnable);
	else
		bridge_note_sleep(t->of_driver);
	t->idle = (READ_ONCE(t->task.__state) & TASK_INTERRUPTIBLE) != 0;
	switch_away();
	t->idle = false;
}

/* Does another thread run while such a function is not done, be it that xenstore has not answered it yet? */
int linux_watch_interrupted(void)
{
	const struct thread *t = of_watches;

	if (!t || &t->task == current_task || t->idle)
		return 0;
	return READ_ONCE(t->task.__state) == TASK_RUNNING || (!t->what && t->due_jiffies == NEVER);
}

static void make_runnable(struct thread *t)
{
	t->what = NULL;
	t->due_jiffies = NEVER;
	WRITE_ONCE(t->task.__state, TASK_RUNNING);
	if (&t->task != current_task && t != &threads[0] && list_empty(&t->queue))
		list_add_tail(&t->queue, &runnable);
}

int wake_up_process(struct task_struct *task)
{
	struct thread *t = container_of(task, struct thread, task);

	if (READ_ONCE(task->__state) == TASK_RUNNING)
		return 0;
	make_runnable(t);
	return 1;
}

int default_wake_function(wait_queue_entry_t *entry, unsigned int mode, int flags, void *key)
{
	struct task_struct *task = entry->private;

	if (!(READ_ONCE(task->__state) & mode))
		return 0;
	return wake_up_process(task);
}

void thread_sleep_on(const void *what)
{
	struct thread *t = this_thread();

	BUG_ON(t == &threads[0]);
	t->what = what;
	WRITE_ONCE(t->task.__state, TASK_UNINTERRUPTIBLE);
	schedule();
}

void thread_wake_all(const void *what)
{
	for (unsigned int i = 0; i < NR_THREADS; i++)
		if (threads[i].used && threads[i].what == what)
			make_runnable(&threads[i]);
}

signed long schedule_timeout(signed long timeout)
{
	struct thread *t = this_thread();
	unsigned long due;

	if (timeout == MAX_SCHEDULE_TIMEOUT) {
		schedule();
		return timeout;
	}
	clock_follow();
	due = jiffies + timeout;
	t->due_jiffies = due + 1;
	schedule();
	t->due_jiffies = NEVER;
	clock_follow();
	return jiffies >= due ? 0 : (signed long)(due - jiffies);
}

signed long schedule_timeout_interruptible(signed long timeout)
{
	__set_current_state(TASK_INTERRUPTIBLE);
	return schedule_timeout(timeout);
}

signed long schedule_timeout_uninterruptible(signed long timeout)
{
	__set_current_state(TASK_UNINTERRUPTIBLE);
	return schedule_timeout(timeout);
}

static unsigned long next_due(void)
{
	unsigned long due = NEVER;

	for (unsigned int i = 0; i < NR_THREADS; i++)
		if (threads[i].used && threads[i].due_jiffies < due)
			due = threads[i].due_jiffies;
	return due;
}

static void timers_deliver(void)
{
	if (next_due() == NEVER)
		return;
	clock_follow();
	for (unsigned int i = 0; i < NR_THREADS; i++)
		if (threads[i].used && threads[i].due_jiffies <= jiffies)
			make_runnable(&threads[i]);
}

/* No thread can run: waits for an event or for the nearest timeout. */
static void idle_poll(void)
{
	evtchn_port_t ports[64];
	struct sched_poll poll = {.nr_ports = events_ports(ports, ARRAY_SIZE(ports))};
	const unsigned long due = next_due();

	set_xen_guest_handle(poll.ports, ports);
	poll.timeout = due == NEVER ? 0 : due * JIFFY_NS;
	if (HYPERVISOR_sched_op(SCHEDOP_poll, &poll) != 0)
		panic("SCHEDOP_poll failed");
}

static void idle_step(void)
{
	events_deliver();
	timers_deliver();
	if (!list_empty(&runnable))
		switch_away();
	else
		idle_poll();
}

static void wait_as_idle(void)
{
	while (READ_ONCE(threads[0].task.__state) != TASK_RUNNING)
		idle_step();
}

void threads_idle(void)
{
	BUG_ON(this_thread() != &threads[0]);
	for (;;)
		idle_step();
}

void linux_yield(void)
{
	if (this_thread() != &threads[0] && !list_empty(&runnable))
		schedule();
}

/* Where a kernel that is preempted at such places could lose the CPU. The harness is asked only where another can run. */
void linux_schedule_point(void)
{
	if (this_thread() == &threads[0] || preempt_count() != 0 || irqs_disabled() ||
	    READ_ONCE(current->__state) != TASK_RUNNING)
		return;
	if (events_any_pending())
		events_deliver();
	if (bridge.seeded_schedule)
		timers_deliver();
	if (!list_empty(&runnable) && bridge_schedule())
		schedule();
}

int __cond_resched(void)
{
	linux_schedule_point();
	return 0;
}

/* --- kthreads --- */

static void thread_begin(void)
{
	struct thread *t = this_thread();

	(void)t->function(t->argument);
	t->used = false;
	WRITE_ONCE(t->task.__state, TASK_DEAD);
	switch_away();
	BUG();
}

static struct thread *unused_thread(void)
{
	for (unsigned int i = 1; i < NR_THREADS && i <= bridge.nr_stacks; i++)
		if (!threads[i].used)
			return &threads[i];
	return NULL;
}

struct task_struct *kthread_create_on_node(int (*function)(void *), void *data, int node,
					   const char name[], ...)
{
	struct thread *t = unused_thread();
	char *top;
	int error;

	error = bridge_fault(BRIDGE_KTHREAD, 0, 0);
	if (error)
		return ERR_PTR(-error);
	if (!t)
		return ERR_PTR(-ENOMEM);
	thread_prepare(t, name);
	t->task.flags = PF_KTHREAD | PF_NOFREEZE;
	t->task.__state = TASK_UNINTERRUPTIBLE;
	t->function = function;
	t->argument = data;
	t->of_driver = strcmp(name, "xen-balloon") == 0;
	if (strcmp(name, "xenwatch") == 0)
		of_watches = t;
	top = bridge.stacks + (t - threads - 1) * bridge.stack_stride_bytes + bridge.stack_bytes;
	t->sp = stacks_prepare(top, thread_begin);
	return &t->task;
}

bool kthread_should_stop(void)
{
	return false; /* nobody here stops a thread */
}

/* A kernel thread that may be frozen sleeps where it says so. What a user of the guest has typed is done with. */
bool threads_can_freeze(void)
{
	for (unsigned int i = 1; i < NR_THREADS; i++)
		if (threads[i].used && !(threads[i].task.flags & PF_NOFREEZE) &&
		    !(READ_ONCE(threads[i].task.__state) & TASK_FREEZABLE))
			return false;
	return agent_is_idle();
}

bool set_freezable(void)
{
	current->flags &= ~PF_NOFREEZE;
	return false;
}
