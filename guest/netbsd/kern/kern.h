/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The runtime's inside: what the files of kern/ share. Driver files never
 * include it; what they may know is in kpi/.
 */
#ifndef KERN_KERN_H
#define KERN_KERN_H

/* All of it is in one image: no name is looked up elsewhere. */
#ifndef KERN_IN_USER_SPACE /* make atf: beside a C library */
#pragma GCC visibility push(hidden)
#endif

#include <sys/param.h>
#include <sys/systm.h>
#include <sys/queue.h>
#include <sys/proc.h>
#include <xen/xen.h>
#include <xen-public/event_channel.h>

#include "guest/lib/debug_port.h"
#include "guest/lib/format.h"
#include "guest/lib/heap.h"
#include "guest/lib/output.h"
#include "guest/lib/page_notes.h"
#include "guest/lib/poison.h"
#include "guest/lib/quarantine.h"
#include "guest/lib/services.h"
#include "guest/lib/window.h"

#define NS_PER_TICK (1000000000ull / (u_int)hz)
#define NTHREADS    16

void shutdown_init(void);
bool autoconf_suspend(void);
bool autoconf_resume(void);
void evtchn_resume(void);
void xenbus_resume(void);
void xenbus_watch_resume(void);
void agent_resume(void);
paddr_t boot_end_pfn(void); /* start.c: behind its boot memory */

/*
 * Whose code called? The driver's objects lie between these two.
 */
extern const char __start_driver_text[], __stop_driver_text[];
extern uintptr_t driver_text, driver_text_bytes; /* start.c: the same */

static __inline bool
driver_called(const void *return_address)
{
	return (uintptr_t)return_address - driver_text < driver_text_bytes;
}
#define BY_DRIVER() driver_called(__builtin_return_address(0))

/* thread.c */
struct lwp {
	uint64_t l_sp; /* switch.S: while it doesn't run */
	enum { LWP_UNUSED, LWP_RUNNABLE, LWP_SLEEPING, LWP_ZOMBIE } l_state;
	TAILQ_ENTRY(lwp) l_queue; /* of runnable ones, or of sleepers */
	const volatile void *l_wchan;
	const char *l_wmesg;
	uint64_t l_due_ns; /* a sleeper's timeout, 0 none */
	bool l_timed_out;
	bool l_by_driver; /* a driver created it */
	bool l_intr;	  /* an interrupt or a callout runs on it */
	u_int l_flags;	  /* KTHREAD_* */
	u_int l_spin_held;
	u_int l_held; /* adaptive mutexes that a driver entered */
	u_int l_physseg_depth;
	void (*l_func)(void *);
	void *l_arg;
	char l_name[24];
};
TAILQ_HEAD(lwp_queue, lwp);

extern struct lwp lwps[NTHREADS + 1]; /* the first is the idle loop */
extern struct lwp *current_lwp;

static __inline bool
in_physseg(void)
{
	return current_lwp->l_physseg_depth != 0;
}

void thread_init(void);
void thread_idle_loop(void) __dead;
void thread_yield(void);
/* Sleep on a channel until due_ns (0: for ever). 0, or EWOULDBLOCK. */
int thread_sleep(const volatile void *, const char *, uint64_t);
bool thread_wake_one(const volatile void *);
void thread_wake_all(const volatile void *);
bool thread_may_sleep(const char *);
void thread_note_sleep(const void *);
void schedule_choice(void);
extern struct lwp_queue runnable_lwps;

static __inline bool
schedule_wanted(void)
{
	return __predict_false(
	    !TAILQ_EMPTY(&runnable_lwps) ||
	    HYPERVISOR_shared_info->vcpu_info[0].evtchn_upcall_pending != 0);
}

/* A place where a real kernel could be interrupted, and be preempted. */
static __inline void
schedule_point(void)
{
	if (schedule_wanted())
		schedule_choice();
}
uint64_t ticks_due_ns(int);
bool spl_blocks_events(void);
/* After a driver's function: is all as before? Tells what isn't, mends the level. */
struct context_before {
	int level;
	u_int held, spin_held;
};
void context_begin(struct context_before *);
void context_end(const struct context_before *, const char *, const char *);
int spl_level(void);
void spl_restore(int);

/* mutex.c */
struct kmutex;
void mutex_enter_for(struct kmutex *, bool);

/* evtchn.c */
void evtchn_init(void);
void evtchn_deliver(void);
bool evtchn_any_pending(void);
evtchn_port_t evtchn_alloc_unbound(void);
void evtchn_send(evtchn_port_t);
u_int evtchn_poll_ports(evtchn_port_t *, u_int);

/* callout.c */
uint64_t callout_next_ns(void); /* 0: none */
void callout_run(uint64_t);

/* log.c */
void console_flush(void);
void console_write(const char *, size_t);

/* pool.c: was anything written to an object that nobody has? */
void pools_check(void);

/* pmap.c */
void pmap_init_boot(void);
/* The loop that follows, eight rounds at once: of pages there are many. */
#ifdef __clang__
#define UNROLLED _Pragma("unroll 8")
#else
#define UNROLLED _Pragma("GCC unroll 8")
#endif

/* uvm_page.c */
void page_segments_changed(paddr_t, psize_t);

/* wrap.c */
void physseg_enter(void);
void physseg_leave(void);

/* xenbus_comms.c, xenbus_watch.c */
void xenbus_init(void);
void xenbus_watch_init(void);
struct xsd_sockmsg;
int xenbus_request(uint32_t, uint32_t, const char *const *, const size_t *,
    u_int, char **, size_t *);
void xenbus_free_reply(char *, size_t);
void xenbus_watch_arrived(char *, size_t);

/* autoconf.c */
bool autoconf_attach(void);

/* sysctl.c */
struct sysctlnode;
void sysctl_tree_init(void);
const struct sysctlnode *sysctl_by_name(const char *, const char **, u_int *);
int sysctl_read_node(const struct sysctlnode *, void *, size_t *);
int sysctl_write_node(const struct sysctlnode *, const void *, size_t);

/* audit.c */
void audit(void);
void audit_segments(void);
extern uint64_t physseg_changes; /* plugs and unplugs, tried ones too */

/* agent*.c, selftest*.c */
void agent_init(void);
int agent_sysctl(struct output *, const char *);
int agent_call(struct output *, const char *);
int agent_selftest(struct output *, const char *);
int agent_misbehave(struct output *, const char *);

#endif /* !KERN_KERN_H */
