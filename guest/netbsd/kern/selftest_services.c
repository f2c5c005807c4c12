/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of what needs a running kernel: threads and locks, callouts, sysctl,
 * XenStore, pages. They leave everything as they found it.
 */
#include "guest/netbsd/kern/selftest.h"

#include <sys/callout.h>
#include <sys/condvar.h>
#include <sys/kernel.h>
#include <sys/kthread.h>
#include <sys/malloc.h>
#include <sys/mutex.h>
#include <sys/pool.h>
#include <sys/rwlock.h>
#include <sys/sysctl.h>
#include <uvm/uvm.h>
#include <xen/xenbus.h>

#include "guest/lib/debug_port.h"
#include "guest/lib/window.h"
#include "guest/netbsd/kern/sleep.h"
#include "guest/netbsd/kern/sysctl.h"

/* Threads, mutexes, condition variables */
static kmutex_t lock;
static kcondvar_t cv;
static krwlock_t rw;
static int order, first_at, second_at, inside;

static void
waiter(void *arg)
{
	int *at = arg;

	mutex_enter(&lock);
	inside++;
	cv_wait(&cv, &lock);
	*at = ++order;
	mutex_exit(&lock);
	kthread_exit(0);
}

static struct lwp *
start_waiter(int *at, int wanted_inside)
{
	struct lwp *l = NULL;

	CHECK(kthread_create(PRI_NONE, KTHREAD_MPSAFE | KTHREAD_MUSTJOIN, NULL,
		  waiter, at, &l, "selftest") == 0);
	while (inside != wanted_inside)
		(void)kpause("selftst", false, 1, NULL);
	return l;
}

void
selftest_sync(void)
{
	struct lwp *first, *second;
	uint64_t before_ns;

	order = first_at = second_at = inside = 0;
	mutex_init(&lock, MUTEX_DEFAULT, IPL_NONE);
	cv_init(&cv, "selftest");
	first = start_waiter(&first_at, 1);
	second = start_waiter(&second_at, 2);
	CHECK(cv_has_waiters(&cv) && !mutex_owned(&lock));
	mutex_enter(&lock);
	CHECK(mutex_owned(&lock));
	cv_signal(&cv);
	mutex_exit(&lock);
	CHECK(kthread_join(first) == 0 && first_at == 1 && second_at == 0);
	mutex_enter(&lock);
	cv_broadcast(&cv);
	mutex_exit(&lock);
	CHECK(kthread_join(second) == 0 && second_at == 2);
	CHECK(!cv_has_waiters(&cv));

	mutex_enter(&lock);
	before_ns = port_clock_ns();
	CHECK(cv_timedwait(&cv, &lock, 3) == EWOULDBLOCK);
	CHECK(port_clock_ns() >= before_ns + 3 * NS_PER_TICK);
	CHECK(mutex_owned(&lock));
	mutex_exit(&lock);
	CHECK(tsleep(&order, PWAIT, "selftst", mstohz(20)) == EWOULDBLOCK);
	CHECK(mutex_tryenter(&lock) == 1);
	mutex_exit(&lock);
	cv_destroy(&cv);
	mutex_destroy(&lock);

	rw_init(&rw);
	rw_enter(&rw, RW_READER);
	CHECK(rw_tryenter(&rw, RW_READER) && !rw_tryenter(&rw, RW_WRITER));
	rw_exit(&rw);
	CHECK(rw_tryupgrade(&rw) && rw_write_held(&rw));
	CHECK(!rw_tryenter(&rw, RW_READER));
	rw_exit(&rw);
	CHECK(!rw_lock_held(&rw));
	rw_destroy(&rw);
}

/* callout(9) */
static void
count_call(void *arg)
{
	(*(int *)arg)++;
	CHECK(cpu_softintr_p());
}

void
selftest_callout(void)
{
	callout_t c;
	int calls = 0;

	callout_init(&c, CALLOUT_MPSAFE);
	callout_reset(&c, 2, count_call, &calls);
	CHECK(callout_pending(&c) && !callout_expired(&c));
	(void)kpause("selftst", false, 5, NULL);
	CHECK(calls == 1 && callout_expired(&c) && callout_stop(&c));
	callout_schedule(&c, 50);
	callout_schedule(&c, 2);
	CHECK(!callout_stop(&c) && !callout_pending(&c));
	(void)kpause("selftst", false, 60, NULL);
	CHECK(calls == 1);
	callout_destroy(&c);
}

/* sysctl(9) */
static int
at_most_ten(SYSCTLFN_ARGS)
{
	struct sysctlnode node = *rnode;
	u_quad_t value = *(u_quad_t *)rnode->sysctl_data;
	int error;

	node.sysctl_data = &value;
	error = sysctl_lookup(SYSCTLFN_CALL(&node));
	if (error != 0 || newp == NULL)
		return error;
	if (value > 10)
		return EPERM;
	*(u_quad_t *)rnode->sysctl_data = value;
	return 0;
}

void
selftest_sysctl(void)
{
	static u_quad_t ten = 3;
	struct sysctllog *log = NULL;
	const struct sysctlnode *dir = NULL, *node = NULL, *fixed = NULL;
	u_quad_t value = 0, wanted = 11;
	size_t bytes = sizeof(value);
	const char *bad;
	u_int level;

	CHECK(sysctl_createv(&log, 0, NULL, &dir, 0, CTLTYPE_NODE, "machdep",
		  NULL, NULL, 0, NULL, 0, CTL_MACHDEP, CTL_EOL) == 0);
	CHECK(sysctl_createv(&log, 0, &dir, &dir, 0, CTLTYPE_NODE, "selftest",
		  NULL, NULL, 0, NULL, 0, CTL_CREATE, CTL_EOL) == 0);
	CHECK(sysctl_createv(&log, 0, &dir, &node, CTLFLAG_READWRITE,
		  CTLTYPE_QUAD, "ten", NULL, at_most_ten, 0, &ten, 0,
		  CTL_CREATE, CTL_EOL) == 0);
	CHECK(
	    sysctl_createv(&log, 0, &dir, NULL, CTLFLAG_READWRITE, CTLTYPE_QUAD,
		"ten", NULL, NULL, 0, &ten, 0, CTL_CREATE, CTL_EOL) == EEXIST);
	CHECK(sysctl_createv(&log, 0, &dir, &fixed, CTLFLAG_IMMEDIATE,
		  CTLTYPE_INT, "fixed", NULL, NULL, 7, NULL, 0, CTL_CREATE,
		  CTL_EOL) == 0);
	CHECK(sysctl_by_name("machdep.selftest.ten", &bad, &level) == node);
	CHECK(sysctl_by_name("machdep.selftest.eleven", &bad, &level) == NULL);
	CHECK(level == 2 && strcmp(bad, "eleven") == 0);
	CHECK(sysctl_read_node(node, &value, &bytes) == 0 && value == 3);
	CHECK(bytes == sizeof(value));
	CHECK(sysctl_write_node(node, &wanted, sizeof(wanted)) == EPERM);
	CHECK(sysctl_write_node(node, &wanted, sizeof(int)) == EINVAL);
	wanted = 10;
	CHECK(sysctl_write_node(node, &wanted, sizeof(wanted)) == 0);
	CHECK(ten == 10);
	bytes = sizeof(int) - 1;
	CHECK(sysctl_read_node(fixed, &value, &bytes) == ENOMEM);
	CHECK(bytes == sizeof(int));
	CHECK(sysctl_write_node(fixed, &value, sizeof(int)) == EPERM);
	ten = 3;
	sysctl_teardown(&log);
	CHECK(sysctl_by_name("machdep.selftest", &bad, &level) == NULL);
	CHECK(sysctl_by_name("machdep.xen", &bad, &level) != NULL);
}

/* XenStore */
void
selftest_xenbus(void)
{
	struct xenbus_transaction *t;
	unsigned long long value = 0;
	unsigned int n = 0;
	char text[8], *copy, **names;

	CHECK(xenbus_read_ull(NULL, "memory", "target", &value, 10) == 0);
	CHECK(value != 0);
	CHECK(xenbus_read(NULL, "memory", "target", text, 2) == ENAMETOOLONG);
	CHECK(xenbus_read(NULL, "memory", "no-such-node", text, sizeof(text)) ==
	      ENOENT);
	CHECK(xenbus_exists(NULL, "memory", "target"));
	CHECK(!xenbus_exists(NULL, "memory", "no-such-node"));
	CHECK(xenbus_read_ull(NULL, "name", NULL, &value, 10) == EINVAL);
	if (xenbus_read(NULL, "name", NULL, &n, &copy) == 0) {
		CHECK(n != 0 && strlen(copy) == n);
		free(copy, M_DEVBUF);
	} else
		CHECK(false);
	CHECK(xenbus_directory(NULL, "memory", NULL, &n, &names) == 0);
	CHECK(n >= 2);
	xenbus_directory_free(n, names);

	t = xenbus_transaction_start();
	CHECK(t != NULL);
	CHECK(xenbus_printf(t, "data", "selftest", "%d", 42) == 0);
	CHECK(!xenbus_exists(NULL, "data", "selftest"));
	CHECK(xenbus_transaction_end(t, 0) == 0);
	CHECK(xenbus_read_ull(NULL, "data", "selftest", &value, 10) == 0);
	CHECK(value == 42);
	t = xenbus_transaction_start();
	CHECK(t != NULL && xenbus_rm(t, "data", "selftest") == 0);
	CHECK(xenbus_transaction_end(t, 1) == 0);
	CHECK(xenbus_exists(NULL, "data", "selftest"));
	CHECK(xenbus_rm(NULL, "data", "selftest") == 0);
	CHECK(!xenbus_exists(NULL, "data", "selftest"));
}

/* UVM's pages */
void
selftest_pages(void)
{
	int free_before = uvmexp.free;
	struct vm_page *pg, *zeroed;
	struct pglist list;
	u_int n = 0;

	pg = uvm_pagealloc(NULL, 0, NULL, 0);
	CHECK(pg != NULL && uvmexp.free == free_before - 1);
	CHECK(PHYS_TO_VM_PAGE(VM_PAGE_TO_PHYS(pg)) == pg);
	CHECK(uvm_pageismanaged(VM_PAGE_TO_PHYS(pg)) && !uvm_pageismanaged(0));
	CHECK(uvm_page_lookup_freelist(pg) == VM_FREELIST_DEFAULT);
	window_write(atop(VM_PAGE_TO_PHYS(pg)), 0x1234);
	CHECK(window_read(atop(VM_PAGE_TO_PHYS(pg))) == 0x1234);
	uvm_pagefree(pg);
	zeroed = uvm_pagealloc(NULL, 0, NULL, UVM_PGA_ZERO);
	CHECK(zeroed == pg); /* the page that was freed last comes first */
	CHECK(window_read(atop(VM_PAGE_TO_PHYS(zeroed))) == 0);
	uvm_pagefree(zeroed);

	CHECK(uvm_pglistalloc(3 * PAGE_SIZE, 0, ~0ul, 0, 0, &list, 3, 0) == 0);
	TAILQ_FOREACH (pg, &list, pageq.queue)
		n++;
	CHECK(n == 3 && uvmexp.free == free_before - 3);
	uvm_pglistfree(&list);
	CHECK(uvm_pglistalloc(PAGE_SIZE, 0, PAGE_SIZE, 0, 0, &list, 1, 0) ==
	      ENOMEM);
	CHECK(uvmexp.free == free_before);
}

/* The page daemon */
static int
page_ctor(void *arg __unused, void *object, int flags __unused)
{
	struct vm_page *pg = uvm_pagealloc(NULL, 0, NULL, 0);

	*(struct vm_page **)object = pg;
	return pg == NULL ? ENOMEM : 0;
}

static void
page_dtor(void *arg __unused, void *object)
{
	uvm_pagefree(*(struct vm_page **)object);
}

static void
take_pages(struct pglist *list, int until_free)
{
	struct vm_page *pg;

	while (uvmexp.free > until_free &&
	       (pg = uvm_pagealloc(NULL, 0, NULL, 0)) != NULL)
		TAILQ_INSERT_TAIL(list, pg, pageq.queue);
}

void
selftest_pressure(void)
{
	const uint64_t idle_before = counters.idle_pages;
	struct pglist list = TAILQ_HEAD_INITIALIZER(list);
	void *objects[16];
	pool_cache_t pc;
	int free_before;

	/* An earlier test may have woken it. */
	(void)kpause("selftst", false, 1, NULL);
	free_before = uvmexp.free;
	pc = pool_cache_init(sizeof(void *), 0, 0, 0, "selftest", NULL,
	    IPL_NONE, page_ctor, page_dtor, NULL);
	for (size_t i = 0; i < __arraycount(objects); i++)
		objects[i] = pool_cache_get(pc, PR_WAITOK);
	for (size_t i = 0; i < __arraycount(objects); i++)
		pool_cache_put(pc, objects[i]);
	CHECK(counters.idle_pages == idle_before + __arraycount(objects));

	/* Nothing is drained while pages are not short. */
	take_pages(&list, uvmexp.freemin);
	(void)kpause("selftst", false, 1, NULL);
	CHECK(counters.idle_pages == idle_before + __arraycount(objects));

	/* They are: what the objects held is free. */
	take_pages(&list, uvmexp.freemin - 2);
	(void)kpause("selftst", false, 1, NULL);
	CHECK(counters.idle_pages == 0);
	uvm_pglistfree(&list);
	pool_cache_destroy(pc);
	CHECK(uvmexp.free == free_before);
}
