/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Kernel threads: kthread(9), and the one CPU that they share. A thread runs
 * until it waits, or until the harness chooses another one at a
 * schedule_point(). Locks and condition variables are built on thread_sleep and
 * thread_wake_*.
 */
#include "guest/netbsd/kern/thread.h"

#include <sys/param.h>
#include <sys/intr.h>
#include <sys/kthread.h>
#include <xen/hypervisor.h>

#include "guest/lib/boot_block.h"
#include "guest/lib/debug_port.h"
#include "guest/lib/guards.h"
#include "guest/lib/stacks.h"
#include "guest/netbsd/kern/autoconf.h"
#include "guest/netbsd/kern/callout.h"
#include "guest/netbsd/kern/description.h"
#include "guest/netbsd/kern/driver.h"
#include "guest/netbsd/kern/evtchn.h"
#include "guest/netbsd/kern/spl.h"

/* Thread 0 is what boots. It becomes the idle loop. */
struct lwp lwps[NTHREADS + 1];
struct lwp_queue runnable_lwps = TAILQ_HEAD_INITIALIZER(runnable_lwps);
static struct lwp_queue sleeping = TAILQ_HEAD_INITIALIZER(sleeping);
static struct lwp *in_watch; /* runs a watch's function; NULL: none does */
struct lwp *current_lwp = &lwps[0];
static bool threads_started;
u_long schedule_by_seed;

struct lwp *
x86_curlwp(void)
{
	return current_lwp;
}

static struct cpu_info cpu0;
int ncpu = 1;

struct cpu_info *
x86_curcpu(void)
{
	cpu0.ci_curlwp = current_lwp;
	return &cpu0;
}

bool
cpu_intr_p(void)
{
	return current_lwp->l_intr;
}

bool
cpu_softintr_p(void)
{
	return current_lwp->l_intr;
}

void
thread_init(void)
{
	struct lwp *l = &lwps[0];

	KASSERT(current_lwp == l);
	(void)snprintf(l->l_name, sizeof(l->l_name), "idle");
	l->l_state = LWP_RUNNABLE;
	schedule_by_seed = boot_block->seeded_schedule != 0;
	KASSERT(TAILQ_EMPTY(&runnable_lwps));
}

void
thread_runs_watch(bool runs)
{
	KASSERT(runs == (in_watch == NULL));
	in_watch = runs ? current_lwp : NULL;
	counters.watch_interrupted = 0;
}

/* The counter tells of a watch's function that another thread keeps waiting. */
static void
count_interrupted_watch(const struct lwp *running)
{
	if (in_watch != NULL)
		counters.watch_interrupted =
		    in_watch != running && (in_watch->l_state == LWP_RUNNABLE ||
					       in_watch->l_in_xenstore);
}

static void
switch_to(struct lwp *next)
{
	struct lwp *self = current_lwp;

	if (next == self)
		return;
	KASSERT(next->l_state == LWP_RUNNABLE);
	current_lwp = next;
	count_interrupted_watch(next);
	stacks_switch(&self->l_sp, next->l_sp);
	KASSERT(current_lwp == self);
}

/*
 * Runs another thread. The caller has put the current one into a queue, or made
 * it a zombie.
 */
static void
switch_away(void)
{
	struct lwp *next = TAILQ_FIRST(&runnable_lwps);

	if (next != NULL)
		TAILQ_REMOVE(&runnable_lwps, next, l_queue);
	else
		next = &lwps[0];
	switch_to(next);
}

static void
make_runnable(struct lwp *l)
{
	KASSERT(l->l_state == LWP_SLEEPING);
	TAILQ_REMOVE(&sleeping, l, l_queue);
	l->l_state = LWP_RUNNABLE;
	l->l_wchan = NULL;
	l->l_due_ns = 0;
	TAILQ_INSERT_TAIL(&runnable_lwps, l, l_queue);
	count_interrupted_watch(current_lwp);
}

int
thread_sleep(const volatile void *wchan, const char *wmesg, uint64_t due_ns)
{
	struct lwp *l = current_lwp;

	if (l == &lwps[0])
		panic("%s: sleep in the idle loop", wmesg);
	KASSERT(l->l_state == LWP_RUNNABLE);
	l->l_state = LWP_SLEEPING;
	l->l_wchan = wchan;
	l->l_wmesg = wmesg;
	l->l_due_ns = due_ns;
	l->l_timed_out = false;
	TAILQ_INSERT_TAIL(&sleeping, l, l_queue);
	switch_away();
	KASSERT(l->l_state == LWP_RUNNABLE);
	return l->l_timed_out ? EWOULDBLOCK : 0;
}

/*
 * Tells that this thread is about to wait. A thread of the driver's is only
 * told of when the driver itself called the function that waits.
 */
void
thread_note_sleep(const void *return_address)
{
	bool by_driver = current_lwp->l_by_driver;

	if (by_driver && !driver_called(return_address))
		return;
	if (by_driver)
		guards_check(0);
	port_note(NOTE_SLEEP, by_driver ? 1 : 0, 0, 0);
}

/*
 * May this context wait? A real kernel with DIAGNOSTIC panics when it may not.
 */
bool
thread_may_sleep(const char *what)
{
	struct lwp *l = current_lwp;

	if (l->l_intr || l == &lwps[0]) {
		port_misuse("%s may sleep, and is called from an interrupt or "
			    "before threads run",
		    what);
		return false;
	}
	if (l->l_spin_held != 0) {
		port_misuse(
		    "%s may sleep, and is called with a spin mutex held", what);
		return false;
	}
	if (spl_level() != IPL_NONE) {
		port_misuse("%s may sleep, and is called with the interrupt "
			    "level raised",
		    what);
		return false;
	}
	return true;
}

bool
thread_wake_one(const volatile void *wchan)
{
	struct lwp *l;

	TAILQ_FOREACH (l, &sleeping, l_queue) {
		if (l->l_wchan == wchan) {
			make_runnable(l);
			return true;
		}
	}
	return false;
}

void
thread_wake_all(const volatile void *wchan)
{
	while (thread_wake_one(wchan))
		continue;
}

void
wakeup(const volatile void *ident)
{
	thread_wake_all(ident);
	schedule_point();
}

/* Wakes the threads whose timeouts are over. */
static void
wake_timeouts(uint64_t now_ns)
{
	struct lwp *l, *next;

	TAILQ_FOREACH_SAFE (l, &sleeping, l_queue, next) {
		if (l->l_due_ns == 0 || l->l_due_ns > now_ns)
			continue;
		l->l_timed_out = true;
		make_runnable(l);
	}
}

static uint64_t
next_timeout_ns(void)
{
	uint64_t due_ns = callout_next_ns();
	struct lwp *l;

	TAILQ_FOREACH (l, &sleeping, l_queue) {
		if (l->l_due_ns != 0 && (due_ns == 0 || l->l_due_ns < due_ns))
			due_ns = l->l_due_ns;
	}
	return due_ns;
}

/* No thread can run: waits for an event or for the nearest timeout. */
static void
idle_poll(void)
{
	evtchn_port_t ports[64];
	struct sched_poll poll;
	uint64_t due_ns = next_timeout_ns();

	memset(&poll, 0, sizeof(poll));
	set_xen_guest_handle(poll.ports, ports);
	poll.nr_ports = evtchn_poll_ports(ports, __arraycount(ports));
	poll.timeout = due_ns;
	if (HYPERVISOR_sched_op(SCHEDOP_poll, &poll) != 0)
		panic("SCHEDOP_poll failed");
}

/* Callouts and timeouts whose time has come, as a clock interrupt finds them. */
static void
timers_deliver(void)
{
	uint64_t now_ns;

	if (next_timeout_ns() == 0)
		return;
	now_ns = port_clock_ns();
	callout_run(now_ns);
	wake_timeouts(now_ns);
}

void
thread_idle_loop(void)
{
	KASSERT(current_lwp == &lwps[0]);
	threads_started = true;
	for (;;) {
		evtchn_deliver();
		timers_deliver();
		if (!TAILQ_EMPTY(&runnable_lwps))
			switch_away();
		else
			idle_poll();
	}
}

void
thread_yield(void)
{
	struct lwp *l = current_lwp;

	if (l == &lwps[0] || TAILQ_EMPTY(&runnable_lwps))
		return;
	TAILQ_INSERT_TAIL(&runnable_lwps, l, l_queue);
	switch_away();
}

void
yield(void)
{
	evtchn_deliver();
	thread_yield();
}

void
preempt(void)
{
	schedule_point();
}

/*
 * The harness is asked only where its answer matters: when another thread can
 * run, and this one may lose the CPU here. What interrupts the thread comes
 * first: events, and with a seed the clock, which otherwise waits until no
 * thread runs.
 */
void
schedule_choice(void)
{
	struct lwp *l = current_lwp;

	if (l == &lwps[0] || l->l_intr || l->l_spin_held != 0)
		return;
	if (schedule_by_seed && spl_level() != IPL_NONE)
		return;
	if (evtchn_any_pending())
		evtchn_deliver();
	if (schedule_by_seed)
		timers_deliver();
	if (TAILQ_EMPTY(&runnable_lwps))
		return;
	if (port_call(PORT_SCHEDULE, 0, 0, 0, 0) == 1)
		thread_yield();
}

/* kthread(9) */

static void
thread_begin(void)
{
	struct lwp *l = current_lwp;

	l->l_func(l->l_arg);
	panic("kthread %s: its function returned", l->l_name);
}

static void
prepare_stack(struct lwp *l)
{
	size_t k = (size_t)(l - lwps) - 1;
	char *top = boot_block->stacks + k * boot_block->stack_stride_bytes +
		    boot_block->stack_bytes;

	KASSERT(k < boot_block->nr_stacks);
	l->l_sp = stacks_prepare(top, thread_begin);
}

static struct lwp *
unused_lwp(void)
{
	u_int limit = MIN((u_int)NTHREADS, boot_block->nr_stacks);

	for (u_int i = 1; i <= limit; i++) {
		if (lwps[i].l_state == LWP_UNUSED)
			return &lwps[i];
	}
	return NULL;
}

bool
thread_driver_has_any(void)
{
	for (size_t i = 0; i < __arraycount(lwps); i++)
		if (lwps[i].l_state != LWP_UNUSED && lwps[i].l_by_driver)
			return true;
	return false;
}

int
thread_fault(const void *return_address)
{
	int error = 0;

	if (driver_called(return_address))
		error = port_fault(FAULT_SITE_KTHREAD_CREATE, 0, 0);
	if (error != 0)
		autoconf_refused(return_address);
	return error;
}

int
kthread_create(pri_t pri __unused, int flags, struct cpu_info *ci __unused,
    void (*func)(void *), void *arg, lwp_t **result, const char *fmt, ...)
{
	struct lwp *l;
	va_list ap;
	int error;

	KASSERT(func != NULL);
	error = thread_fault(__builtin_return_address(0));
	if (error != 0)
		return error;
	l = unused_lwp();
	if (l == NULL)
		return ENOMEM;
	va_start(ap, fmt);
	(void)vsnprintf(l->l_name, sizeof(l->l_name), fmt, ap);
	va_end(ap);
	l->l_func = func;
	l->l_arg = arg;
	l->l_flags = (u_int)flags;
	l->l_by_driver = BY_DRIVER();
	l->l_intr = false;
	l->l_spin_held = l->l_held = l->l_physseg_depth = 0;
	l->l_spl_got = (struct spl_got){.where = 0};
	l->l_wchan = NULL;
	l->l_due_ns = 0;
	prepare_stack(l);
	l->l_state = LWP_RUNNABLE;
	TAILQ_INSERT_TAIL(&runnable_lwps, l, l_queue);
	if (result != NULL)
		*result = l;
	if (threads_started)
		schedule_point();
	return 0;
}

/*
 * A thread that ends runs on its stack until the switch: before that only its
 * state changes, so that the stack is not given to another thread.
 */
void
kthread_exit(int ecode __unused)
{
	struct lwp *l = current_lwp;

	if (l->l_spin_held != 0)
		port_misuse("kthread_exit: %s holds a spin mutex", l->l_name);
	else if (l->l_held != 0)
		port_misuse("kthread_exit: %s holds a mutex", l->l_name);
	else if (spl_level() != IPL_NONE)
		port_misuse(
		    "kthread_exit: %s leaves the interrupt level raised",
		    l->l_name);
	spl_restore(IPL_NONE);
	if (l->l_flags & KTHREAD_MUSTJOIN) {
		l->l_state = LWP_ZOMBIE;
		thread_wake_all(l);
	} else
		l->l_state = LWP_UNUSED;
	switch_away();
	panic("kthread_exit: a thread that ended runs");
}

int
kthread_join(lwp_t *l)
{
	if ((l->l_flags & KTHREAD_MUSTJOIN) == 0) {
		port_misuse(
		    "kthread_join: %s has no KTHREAD_MUSTJOIN", l->l_name);
		return EINVAL;
	}
	if (l->l_state != LWP_ZOMBIE)
		thread_note_sleep(__builtin_return_address(0));
	while (l->l_state != LWP_ZOMBIE)
		(void)thread_sleep(l, "kthjoin", 0);
	l->l_state = LWP_UNUSED;
	return 0;
}
