/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Event channels, in the place of drivers/xen/events. Xen's upcalls stay masked: pending bits are looked at in the idle
 * loop and at schedule points. An irq's number is that of the port that it had first.
 */
#include <linux/interrupt.h>
#include <xen/events.h>
#include <xen/interface/event_channel.h>
#include <xen/interface/xen.h>
#include <asm/xen/hypercall.h>

#include "bridge.h"
#include "runtime.h"

#define NR_PORTS 256

static struct {
	irq_handler_t handler;
	void *argument;
	unsigned int irq;
} handlers[NR_PORTS]; /* by port */
static bool delivering;

static struct shared_info *shared(void)
{
	return bridge.shared_info;
}

void events_init(void)
{
	shared()->vcpu_info[0].evtchn_upcall_mask = 1;
}

int bind_evtchn_to_irqhandler(evtchn_port_t port, irq_handler_t handler, unsigned long irqflags,
			      const char *name, void *argument)
{
	struct evtchn_unmask unmask = {.port = port};

	BUG_ON(port == 0 || port >= NR_PORTS || handlers[port].handler);
	handlers[port].handler = handler;
	handlers[port].argument = argument;
	handlers[port].irq = port;
	BUG_ON(HYPERVISOR_event_channel_op(EVTCHNOP_unmask, &unmask) != 0);
	return port;
}

/* After a restore. The port may be one that another irq had before: that one is rebound as well, and the two change places. */
void rebind_evtchn_irq(evtchn_port_t port, int irq)
{
	struct evtchn_unmask unmask = {.port = port};
	unsigned int from = 0;

	while (from < NR_PORTS &&
	       (!handlers[from].handler || handlers[from].irq != (unsigned int)irq))
		from++;
	BUG_ON(port == 0 || port >= NR_PORTS || from == NR_PORTS);
	swap(handlers[port], handlers[from]);
	BUG_ON(HYPERVISOR_event_channel_op(EVTCHNOP_unmask, &unmask) != 0);
}

void unbind_from_irqhandler(unsigned int irq, void *argument)
{
	for (unsigned int port = 0; port < NR_PORTS; port++)
		if (handlers[port].irq == irq)
			handlers[port].handler = NULL;
}

static unsigned long pending(unsigned int word)
{
	return READ_ONCE(shared()->evtchn_pending[word]) & ~READ_ONCE(shared()->evtchn_mask[word]);
}

bool events_any_pending(void)
{
	for (unsigned int word = 0; word < NR_PORTS / BITS_PER_LONG; word++)
		if (pending(word) != 0)
			return true;
	return false;
}

void events_deliver(void)
{
	unsigned long bits;

	if (delivering)
		return;
	delivering = true;
	shared()->vcpu_info[0].evtchn_upcall_pending = 0;
	shared()->vcpu_info[0].evtchn_pending_sel = 0;
	for (unsigned int word = 0; word < NR_PORTS / BITS_PER_LONG; word++) {
		while ((bits = pending(word)) != 0) {
			const unsigned int port = word * BITS_PER_LONG + __builtin_ctzl(bits);

			clear_bit(port, (unsigned long *)shared()->evtchn_pending);
			if (handlers[port].handler)
				(void)handlers[port].handler(handlers[port].irq,
							     handlers[port].argument);
		}
	}
	delivering = false;
}

unsigned int events_ports(u32 *ports, unsigned int room)
{
	unsigned int n = 0;

	for (unsigned int port = 1; port < NR_PORTS && n < room; port++)
		if (handlers[port].handler)
			ports[n++] = port;
	return n;
}

/* --- the agent's own channel --- */

static irqreturn_t agent_interrupt(int irq, void *what)
{
	thread_wake_all(what);
	return IRQ_HANDLED;
}

static int agent_irq;
static bool agent_waits;

static evtchn_port_t agent_channel(void)
{
	struct evtchn_alloc_unbound channel = {.dom = DOMID_SELF};

	BUG_ON(HYPERVISOR_event_channel_op(EVTCHNOP_alloc_unbound, &channel) != 0);
	return channel.port;
}

void linux_agent_wait(void)
{
	if (agent_irq == 0) {
		agent_irq = bind_evtchn_to_irqhandler(agent_channel(), agent_interrupt, 0, "agent",
						      &agent_irq);
		bridge_publish_agent(agent_irq);
		return; /* a command may have come before the channel was there */
	}
	agent_waits = true;
	thread_sleep_on(&agent_irq);
	agent_waits = false;
}

bool agent_is_idle(void)
{
	return agent_waits;
}

void events_resume(void)
{
	const evtchn_port_t port = agent_channel();

	events_init();
	rebind_evtchn_irq(port, agent_irq);
	bridge_publish_agent(port);
}
