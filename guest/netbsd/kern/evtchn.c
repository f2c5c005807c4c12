/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Event channels. Upcalls of Xen's stay masked: pending bits are looked at in
 * the idle loop, and wherever a real kernel could be interrupted.
 */
#include "guest/netbsd/kern/evtchn.h"

#include <sys/param.h>
#include <xen/evtchn.h>
#include <xen/hypervisor.h>

#include "guest/netbsd/kern/spl.h"
#include "guest/netbsd/kern/thread.h"

#define NPORTS 256
#define NBITS  64

static struct handler {
	int (*func)(void *);
	void *arg;
} handlers[NPORTS];
static u_int
    words; /* of the pending bitmap, up to the last one that has a handler */

void
evtchn_init(void)
{
	KASSERT(HYPERVISOR_shared_info != NULL);
	HYPERVISOR_shared_info->vcpu_info[0].evtchn_upcall_mask = 1;
}

/*
 * After a restore all ports are gone. Those who had one allocate another and
 * set their handlers again.
 */
void
evtchn_resume(void)
{
	memset(handlers, 0, sizeof(handlers));
	words = 0;
	HYPERVISOR_shared_info->vcpu_info[0].evtchn_upcall_mask = 1;
}

int
event_set_handler(int port, int (*func)(void *), void *arg, int level __unused,
    const char *name)
{
	if (port <= 0 || port >= NPORTS)
		panic("event_set_handler: %s: port %d", name, port);
	KASSERT(handlers[port].func == NULL);
	handlers[port].func = func;
	handlers[port].arg = arg;
	words = MAX(words, (u_int)port / NBITS + 1);
	hypervisor_unmask_event((u_int)port);
	return 0;
}

int
event_remove_handler(int port, int (*func)(void *), void *arg)
{
	if (port <= 0 || port >= NPORTS || handlers[port].func != func ||
	    handlers[port].arg != arg)
		return ENOENT;
	hypervisor_mask_event((u_int)port);
	handlers[port].func = NULL;
	return 0;
}

void
hypervisor_mask_event(unsigned int port)
{
	__atomic_or_fetch(&HYPERVISOR_shared_info->evtchn_mask[port / NBITS],
	    1ul << (port % NBITS), __ATOMIC_SEQ_CST);
}

void
hypervisor_unmask_event(unsigned int port)
{
	evtchn_op_t op = {.cmd = EVTCHNOP_unmask};

	op.u.unmask.port = port;
	(void)HYPERVISOR_event_channel_op(&op);
}

void
hypervisor_clear_event(unsigned int port)
{
	__atomic_and_fetch(
	    &HYPERVISOR_shared_info->evtchn_pending[port / NBITS],
	    ~(1ul << (port % NBITS)), __ATOMIC_SEQ_CST);
}

void
hypervisor_notify_via_evtchn(unsigned int port)
{
	evtchn_send(port);
}

void
evtchn_send(evtchn_port_t port)
{
	evtchn_op_t op = {.cmd = EVTCHNOP_send};

	op.u.send.port = port;
	(void)HYPERVISOR_event_channel_op(&op);
}

/* Allocates a port that dom0 may bind to. */
evtchn_port_t
evtchn_alloc_unbound(void)
{
	evtchn_op_t op = {.cmd = EVTCHNOP_alloc_unbound};

	op.u.alloc_unbound.dom = DOMID_SELF;
	op.u.alloc_unbound.remote_dom = 0;
	if (HYPERVISOR_event_channel_op(&op) != 0)
		panic("evtchn: no port to be had");
	return op.u.alloc_unbound.port;
}

static unsigned long
pending_of(u_int word)
{
	return HYPERVISOR_shared_info->evtchn_pending[word] &
	       ~HYPERVISOR_shared_info->evtchn_mask[word];
}

bool
evtchn_any_pending(void)
{
	unsigned long any = 0;

	for (u_int word = 0; word < words; word++)
		any |= pending_of(word);
	return any != 0;
}

static void
handle(struct handler handler)
{
	struct context_before before;

	if (handler.func == NULL)
		return;
	context_begin(&before);
	(void)handler.func(handler.arg);
	context_end(
	    &before, "the handler of an event", "", (uintptr_t)handler.func);
}

/* Runs the handlers of pending events, as an interrupt would. */
void
evtchn_deliver(void)
{
	unsigned long bits;
	bool before = current_lwp->l_intr;

	if (spl_blocks_events() || before)
		return;
	HYPERVISOR_shared_info->vcpu_info[0].evtchn_upcall_pending = 0;
	HYPERVISOR_shared_info->vcpu_info[0].evtchn_pending_sel = 0;
	current_lwp->l_intr = true;
	for (u_int word = 0; word < words; word++) {
		while ((bits = pending_of(word)) != 0) {
			u_int port = word * NBITS + (u_int)__builtin_ctzl(bits);

			hypervisor_clear_event(port);
			handle(handlers[port]);
		}
	}
	current_lwp->l_intr = before;
}

/* Lists the ports that have handlers, as SCHEDOP_poll wants them. */
u_int
evtchn_poll_ports(evtchn_port_t *ports, u_int room)
{
	u_int n = 0;

	for (u_int port = 1; port < words * NBITS && n < room; port++) {
		if (handlers[port].func != NULL)
			ports[n++] = port;
	}
	return n;
}
