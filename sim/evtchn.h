/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Event channels: a domain's ports, and the pending bits that its guest sees in shared_info. No upcall is ever
 * made: a guest finds its bits when SCHEDOP_poll or SCHEDOP_block returns. The hypercall is in
 * sim/hypercall/evtchn_op.h.
 */
#ifndef SIM_EVTCHN_H
#define SIM_EVTCHN_H

#include <stdbool.h>

struct domain;
struct machine;

/* A port that is closed; Xen makes EVTCHN_PORTS_AT_ONCE more, if there is none. -ENOSPC, -ENOMEM: there is none. */
int evtchn_free_port(struct domain *);
struct domain *evtchn_domain(struct machine *, unsigned number_for_guests); /* NULL: there is none */
int evtchn_bind_store(struct domain *);                                     /* the port of xenstore's ring */
/* The port's pending bit is set and recorded, and the domain woken, if it waits for that; or a fault loses it, or lets it
 * happen later. */
void evtchn_raise(struct domain *, unsigned port);
void evtchn_raise_now(struct domain *, unsigned port); /* whatever faults there are */
/* What raising does for a port that isn't masked: the guest sees in vcpu_info that some port is pending. False: it saw
 * that before. */
bool evtchn_announce(struct domain *, unsigned port);
bool evtchn_pending(const struct domain *, unsigned port);
/* Makes the other end of an interdomain channel unbound again; for a port of another kind it does nothing. */
void evtchn_unbind_remote(struct domain *, unsigned port);
void evtchn_unbind_all_remotes(struct domain *);

#endif
