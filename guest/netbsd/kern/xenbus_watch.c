/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Watches. The ring's reader queues events, and a thread of their own calls the
 * watches' functions, one at a time, so that these may ask the store
 * themselves.
 */
#include "guest/netbsd/kern/xenbus_watch.h"

#include <sys/param.h>
#include <sys/kthread.h>
#include <xen/xenbus.h>

#include "guest/lib/debug_port.h"
#include "guest/lib/heap.h"
#include "guest/netbsd/kern/autoconf.h"
#include "guest/netbsd/kern/driver.h"
#include "guest/netbsd/kern/spl.h"
#include "guest/netbsd/kern/thread.h"
#include "guest/netbsd/kern/xenbus_comms.h"

#define NWATCHES 32

/* The token of a watch is its index here. */
static struct xenbus_watch *watches[NWATCHES];
static struct xenbus_watch *being_called;
static struct lwp *watch_lwp;
static bool driver_watches; /* the driver has asked for one */

struct watch_event {
	SIMPLEQ_ENTRY(watch_event) link;
	char *payload; /* path, NUL, token, NUL */
	size_t bytes;
};
static SIMPLEQ_HEAD(, watch_event) events = SIMPLEQ_HEAD_INITIALIZER(events);

static struct xenbus_watch *
watch_of(const char *token)
{
	u_long k = strtoul(token, NULL, 10);

	return k < NWATCHES ? watches[k] : NULL;
}

static const char *
token_of(const struct watch_event *ev)
{
	return ev->payload + strlen(ev->payload) + 1;
}

static void
event_free(struct watch_event *ev)
{
	xenbus_free_reply(ev->payload, ev->bytes);
	heap_put(ev, sizeof(*ev));
}

void
xenbus_watch_arrived(char *payload, size_t bytes)
{
	bool zeroed;
	struct watch_event *ev = heap_get(sizeof(*ev), &zeroed);

	if (ev == NULL)
		panic("xenbus: no memory for a watch event");
	if (strlen(payload) + 1 >= bytes)
		panic("xenbus: a watch event without a token");
	ev->payload = payload;
	ev->bytes = bytes;
	SIMPLEQ_INSERT_TAIL(&events, ev, link);
	thread_wake_all(&events);
}

/* The function may free the watch that it was called for. */
static void
call_watch(struct xenbus_watch *watch, const char **vec)
{
	uintptr_t function = (uintptr_t)watch->xbw_callback;
	struct context_before before;
	char node[64];

	(void)snprintf(node, sizeof(node), "%s", watch->node);
	counters.watch_function = (uint64_t)function;
	context_begin(&before);
	thread_runs_watch(true);
	watch->xbw_callback(watch, vec, 2);
	thread_runs_watch(false);
	context_end(&before, "watch ", node, function);
}

static void
watch_thread(void *arg __unused)
{
	for (;;) {
		struct watch_event *ev = SIMPLEQ_FIRST(&events);
		const char *vec[2];

		if (ev == NULL) {
			(void)thread_sleep(&events, "evtsq", 0);
			continue;
		}
		SIMPLEQ_REMOVE_HEAD(&events, link);
		vec[XS_WATCH_PATH] = ev->payload;
		vec[XS_WATCH_TOKEN] = token_of(ev);
		being_called = watch_of(vec[XS_WATCH_TOKEN]);
		if (being_called != NULL) {
			schedule_point_of_seed();
			call_watch(being_called, vec);
		}
		being_called = NULL;
		thread_wake_all(&being_called);
		event_free(ev);
		schedule_point();
	}
}

void
xenbus_watch_init(void)
{
	if (kthread_create(PRI_NONE, KTHREAD_MPSAFE, NULL, watch_thread, NULL,
		&watch_lwp, "xenwatch") != 0)
		panic("xenbus: no watch thread");
	KASSERT(watch_lwp != NULL);
}

static int
watch_request(uint32_t type, const struct xenbus_watch *watch, u_int k)
{
	char token[12];
	const char *parts[2] = {watch->node, token};
	size_t bytes[2];

	(void)snprintf(token, sizeof(token), "%u", k);
	bytes[0] = strlen(watch->node) + 1;
	bytes[1] = strlen(token) + 1;
	return xenbus_request(type, 0, parts, bytes, 2, NULL, NULL);
}

/*
 * The store fires each watch once when it is set, so that changes made while
 * the guest slept are seen.
 */
void
xenbus_watch_resume(void)
{
	for (u_int k = 0; k < NWATCHES; k++) {
		if (watches[k] != NULL &&
		    watch_request(XS_WATCH, watches[k], k) != 0)
			printf("xenbus: watch %s is lost\n", watches[k]->node);
	}
}

/* The store fires a new watch once by itself. */
int
register_xenbus_watch(struct xenbus_watch *watch)
{
	u_int k, room = NWATCHES;
	int error;

	if (BY_DRIVER())
		driver_watches = true;
	KASSERT(watch->node != NULL);
	KASSERT(watch->xbw_callback != NULL);
	for (k = 0; k < NWATCHES; k++) {
		if (watches[k] == watch)
			panic("register_xenbus_watch: %s is registered already",
			    watch->node);
		if (watches[k] == NULL && room == NWATCHES)
			room = k;
	}
	if (room == NWATCHES)
		return ENOSPC;
	watches[room] = watch;
	error = watch_request(XS_WATCH, watch, room);
	if (error != 0)
		watches[room] = NULL;
	if (error != 0 && BY_DRIVER())
		autoconf_refused(__builtin_return_address(0));
	return error;
}

/*
 * When this returns, the watch's function is not running and will not be called
 * again.
 */
void
unregister_xenbus_watch(struct xenbus_watch *watch)
{
	struct watch_event *ev, *next;
	u_int k;

	for (k = 0; k < NWATCHES && watches[k] != watch; k++)
		continue;
	if (k == NWATCHES)
		panic("unregister_xenbus_watch: not registered");
	if (watch_request(XS_UNWATCH, watch, k) != 0)
		printf("xenbus: failed to release watch %s\n", watch->node);
	SIMPLEQ_FOREACH_SAFE(ev, &events, link, next)
	{
		if (watch_of(token_of(ev)) == watch) {
			SIMPLEQ_REMOVE(&events, ev, watch_event, link);
			event_free(ev);
		}
	}
	watches[k] = NULL;
	while (being_called == watch && current_lwp != watch_lwp)
		(void)thread_sleep(&being_called, "xsunwat", 0);
}

bool
xenbus_driver_has_watch(void)
{
	for (u_int k = 0; k < NWATCHES; k++)
		if (watches[k] != NULL &&
		    driver_called(
			(const void *)(uintptr_t)watches[k]->xbw_callback))
			return true;
	return false;
}

bool
xenbus_driver_watches(void)
{
	return driver_watches;
}
