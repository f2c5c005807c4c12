/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Messages to and from XenStore over the shared ring. One request is under way
 * at a time. A thread reads what comes: answers go to the one that waits, watch
 * events to xenbus_watch.c.
 */
#include "guest/netbsd/kern/xenbus_comms.h"

#include <sys/param.h>
#include <sys/kthread.h>
#include <sys/mutex.h>
#include <xen/evtchn.h>
#include <xen/xenbus.h>

#include "guest/lib/boot_block.h"
#include "guest/lib/heap.h"
#include "guest/netbsd/kern/evtchn.h"
#include "guest/netbsd/kern/thread.h"
#include "guest/netbsd/kern/xenbus_watch.h"

#define PAYLOAD_MAX XENSTORE_PAYLOAD_MAX

static struct xenstore_domain_interface *ring;
static evtchn_port_t ring_port;
static kmutex_t request_lock;
static char ring_event; /* slept on while the ring is empty or full */

static struct {
	bool waiting;
	uint32_t req_id;
	uint32_t type;
	char *payload; /* NULL until the answer has arrived */
	size_t bytes;
} answer;

static int
ring_interrupt(void *arg __unused)
{
	thread_wake_all(&ring_event);
	return 1;
}

/* Allocates room for a message and a NUL behind it. */
static char *
message_alloc(size_t bytes)
{
	bool zeroed;
	char *p = heap_get(bytes + 1, &zeroed);

	if (p == NULL)
		panic("xenbus: no memory for a message of %zu bytes", bytes);
	p[bytes] = '\0';
	return p;
}

void
xenbus_free_reply(char *payload, size_t bytes)
{
	if (payload != NULL)
		heap_put(payload, bytes + 1);
}

/*
 * Both indices count bytes since the beginning, modulo 2^32: they differ by the
 * ring's size at most.
 */
static void
check_indices(uint32_t prod, uint32_t cons)
{
	if (prod - cons > XENSTORE_RING_SIZE)
		panic("xenbus: the ring's indices are broken");
}

static void
ring_write(const char *data, size_t bytes)
{
	while (bytes != 0) {
		uint32_t prod = ring->req_prod, cons = ring->req_cons;
		uint32_t at = MASK_XENSTORE_IDX(prod);
		size_t n = XENSTORE_RING_SIZE - at;

		check_indices(prod, cons);
		n = MIN(n, XENSTORE_RING_SIZE - (prod - cons));
		n = MIN(n, bytes);
		if (n == 0) {
			evtchn_send(ring_port);
			(void)thread_sleep(&ring_event, "xswrite", 0);
			continue;
		}
		memcpy(ring->req + at, data, n);
		__atomic_thread_fence(__ATOMIC_RELEASE);
		ring->req_prod = prod + (uint32_t)n;
		data += n;
		bytes -= n;
	}
}

static void
ring_read(char *data, size_t bytes)
{
	while (bytes != 0) {
		uint32_t prod = ring->rsp_prod, cons = ring->rsp_cons;
		uint32_t at = MASK_XENSTORE_IDX(cons);
		size_t n = XENSTORE_RING_SIZE - at;
		bool was_full = prod - cons == XENSTORE_RING_SIZE;

		check_indices(prod, cons);
		n = MIN(n, prod - cons);
		n = MIN(n, bytes);
		if (n == 0) {
			(void)thread_sleep(&ring_event, "xsread", 0);
			continue;
		}
		__atomic_thread_fence(__ATOMIC_ACQUIRE);
		memcpy(data, ring->rsp + at, n);
		__atomic_thread_fence(__ATOMIC_RELEASE);
		ring->rsp_cons = cons + (uint32_t)n;
		if (was_full)
			evtchn_send(ring_port);
		data += n;
		bytes -= n;
	}
}

static void
reader_thread(void *arg __unused)
{
	for (;;) {
		struct xsd_sockmsg msg;
		char *payload;

		ring_read((char *)&msg, sizeof(msg));
		if (msg.len > PAYLOAD_MAX)
			panic("xenbus: a message of %u bytes", msg.len);
		payload = message_alloc(msg.len);
		ring_read(payload, msg.len);
		if (msg.type == XS_WATCH_EVENT) {
			xenbus_watch_arrived(payload, msg.len);
			schedule_point_of_seed();
			continue;
		}
		if (!answer.waiting || msg.req_id != answer.req_id)
			panic("xenbus: an answer that nobody waits for");
		answer.type = msg.type;
		answer.payload = payload;
		answer.bytes = msg.len;
		thread_wake_all(&answer);
		schedule_point_of_seed();
	}
}

static int
error_by_name(const char *name)
{
	for (size_t i = 0; i < __arraycount(xsd_errors); i++) {
		if (strcmp(name, xsd_errors[i].errstring) == 0)
			return xsd_errors[i].errnum;
	}
	return EINVAL;
}

/* Makes a request and waits for its answer. */
int
xenbus_request(uint32_t type, uint32_t tx_id, const char *const *parts,
    const size_t *part_bytes, u_int nparts, char **reply, size_t *reply_bytes)
{
	static uint32_t next_id;
	struct xsd_sockmsg msg = {.type = type, .tx_id = tx_id};
	int error = 0;

	for (u_int i = 0; i < nparts; i++)
		msg.len += (uint32_t)part_bytes[i];
	if (msg.len > PAYLOAD_MAX)
		return E2BIG;
	mutex_enter(&request_lock);
	msg.req_id = ++next_id;
	answer.waiting = true;
	answer.req_id = msg.req_id;
	answer.payload = NULL;
	ring_write((const char *)&msg, sizeof(msg));
	for (u_int i = 0; i < nparts; i++)
		ring_write(parts[i], part_bytes[i]);
	evtchn_send(ring_port);
	current_lwp->l_in_xenstore = true;
	while (answer.payload == NULL)
		(void)thread_sleep(&answer, "xsreply", 0);
	current_lwp->l_in_xenstore = false;
	answer.waiting = false;
	if (answer.type == XS_ERROR)
		error = error_by_name(answer.payload);
	else if (answer.type != type)
		error = EIO;
	if (error == 0 && reply != NULL) {
		*reply = answer.payload;
		*reply_bytes = answer.bytes;
	} else
		xenbus_free_reply(answer.payload, answer.bytes);
	mutex_exit(&request_lock);
	return error;
}

static void
ring_bind(void)
{
	ring_port = boot_block->start_info->store_evtchn;
	KASSERT(ring_port != 0);
	(void)event_set_handler(
	    (int)ring_port, ring_interrupt, NULL, IPL_TTY, "xenbus");
}

/*
 * Waits until what was asked is answered, and lets nobody ask anything until
 * xenbus_resume, or xenbus_suspend_cancelled: after a restore no answer comes.
 */
void
xenbus_suspend(void)
{
	mutex_enter(&request_lock);
	KASSERT(!answer.waiting);
}

void
xenbus_suspend_cancelled(void)
{
	mutex_exit(&request_lock);
}

/*
 * After a restore the ring is empty and the store has forgotten the domain's
 * watches. They are set again before anything else is asked.
 */
void
xenbus_resume(void)
{
	KASSERT(!answer.waiting);
	ring_bind();
	mutex_exit(&request_lock);
	xenbus_watch_resume();
}

void
xenbus_init(void)
{
	ring = boot_block->xenstore;
	KASSERT(ring != NULL);
	mutex_init(&request_lock, MUTEX_DEFAULT, IPL_NONE);
	ring_bind();
	if (kthread_create(PRI_NONE, KTHREAD_MPSAFE, NULL, reader_thread, NULL,
		NULL, "xenbus") != 0)
		panic("xenbus: no reader thread");
	xenbus_watch_init();
}
