/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Threads, the one CPU that they share, and the queues that they wait in.
 * Everything that waits in this kernel waits in thread_sleep().
 */
#ifndef KERN_THREAD_H
#define KERN_THREAD_H

#include <sys/param.h>
#include <sys/proc.h>
#include <sys/queue.h>
#include <xen/hypervisor.h>

#include "guest/netbsd/kern/spl.h"

#define NTHREADS 16 /* kthreads at a time, at most */

struct lwp {
	unsigned long l_sp; /* of stacks_switch, while it does not run */
	enum { LWP_UNUSED, LWP_RUNNABLE, LWP_SLEEPING, LWP_ZOMBIE } l_state;
	TAILQ_ENTRY(lwp) l_queue; /* of runnable ones, or of sleepers */
	const volatile void *l_wchan;
	const char *l_wmesg;
	uint64_t l_due_ns; /* a sleeper's timeout, 0 none */
	bool l_timed_out;
	bool l_by_driver;   /* a driver created it */
	bool l_intr;	    /* an interrupt or a callout runs on it */
	bool l_in_xenstore; /* it waits for an answer of xenstore's */
	u_int l_flags;	    /* KTHREAD_* */
	u_int l_spin_held;
	u_int l_held;	      /* adaptive mutexes that a driver entered */
	const void *l_let_go; /* the mutex that it exited last */
	struct spl_got l_spl_got;
	u_int
	    l_physseg_depth; /* calls into physseg code that it is inside of */
	void (*l_func)(void *);
	void *l_arg;
	char l_name[24];
};
TAILQ_HEAD(lwp_queue, lwp);

extern struct lwp lwps[NTHREADS + 1]; /* the first is the idle loop */
extern struct lwp *current_lwp;
extern struct lwp_queue runnable_lwps; /* but for the one that runs */

void thread_init(void);
void thread_idle_loop(void) __dead;
bool thread_driver_has_any(void); /* a thread that the driver created */
void thread_yield(void);

/* The current thread begins to run a watch's function, or is done with it. */
void thread_runs_watch(bool);

/* A seed chooses who runs: then the harness is asked at each such place, else only at some. */
extern u_long schedule_by_seed; /* 1: yes */

/* Sleeps on a channel until due_ns (0: for ever). 0, or EWOULDBLOCK. */
int thread_sleep(
    const volatile void *wchan, const char *wmesg, uint64_t due_ns);
bool thread_wake_one(const volatile void *wchan);
void thread_wake_all(const volatile void *wchan);

/* False, and misuse that is told: this is no context that may wait. */
bool thread_may_sleep(const char *what);

/* A fault that is injected where the driver's code at that address asks for a thread: an errno, or 0. */
int thread_fault(const void *return_address);

/* Tells the harness that this thread is about to wait, if its own code did it. */
void thread_note_sleep(const void *return_address);

/* Asks the harness whether this thread loses the CPU here. */
void schedule_choice(void);

/* Not 0: there is one. This is asked for each page that moves: a branch for all. */
static __inline uintptr_t
schedule_reasons(void)
{
	return (uintptr_t)TAILQ_FIRST(&runnable_lwps) | schedule_by_seed |
	       HYPERVISOR_shared_info->vcpu_info[0].evtchn_upcall_pending;
}

static __inline bool
schedule_wanted(void)
{
	return __predict_false(schedule_reasons() != 0);
}

/* A place where a real kernel could be interrupted, and be preempted. */
static __inline void
schedule_point(void)
{
	if (schedule_wanted())
		schedule_choice();
}

/* A place of the same kind that is used only when a seed chooses who runs. */
static __inline void
schedule_point_of_seed(void)
{
	if (__predict_false(schedule_by_seed))
		schedule_choice();
}

#endif /* !KERN_THREAD_H */
