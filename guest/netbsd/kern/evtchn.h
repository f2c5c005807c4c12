/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Event channels below <xen/evtchn.h>. Events are delivered in the idle loop,
 * and where a thread may lose the CPU.
 */
#ifndef KERN_EVTCHN_H
#define KERN_EVTCHN_H

#include <sys/types.h>
#include <xen-public/xen.h>
#include <xen-public/event_channel.h>

void evtchn_init(void);
void evtchn_resume(void); /* after a restore: no port is what it was */

evtchn_port_t evtchn_alloc_unbound(void); /* one that dom0 may bind to */
void evtchn_send(evtchn_port_t);
void evtchn_deliver(void); /* runs the handlers of what is pending */
bool evtchn_any_pending(void);

/* The ports that have handlers, as many as there is room for. */
u_int evtchn_poll_ports(evtchn_port_t *, u_int room);

#endif /* !KERN_EVTCHN_H */
