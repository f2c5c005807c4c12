/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Event channels of guests on the real Xen. A call about them is answered by the model and then by Xen: result, structure
 * and the bits that Xen shares with each guest are compared. The model writes these bits where Xen does, so they are put
 * back in between.
 */
#ifndef HARNESS_XEN_GUEST_EVENTS_H
#define HARNESS_XEN_GUEST_EVENTS_H

#include "harness/xen/guest_call.h"

struct guest_events; /* what there was before a call, and what the model made of it */

/* Before the model answers. NULL: no memory, or the model alone answers (the guest speaks to xenstore). */
struct guest_events *guest_events_begin(struct xen_guest *, const struct guest_call *);
/* The model has answered: keeps what it wrote, and puts back what there was. */
void guest_events_put_back(struct guest_events *);
/* Xen has answered, too. Frees. */
void guest_events_compare(struct guest_events *, struct xen_guest *, const struct guest_call *);
void guest_events_drop(struct guest_events *); /* NULL is fine */

/* --- SCHEDOP_poll of a probe with a time at which it ends --- */

/* Is it put to Xen, too? Other kernels wait for events that only the model raises. */
bool guest_events_polls(const struct xen_guest *, const struct guest_call *);
/* The model has answered: for so many ns Xen is to wait, 0: its time is past, PV_POLL_EVENT_NS: it waits in the model; and notes what
 * the model did. */
uint64_t guest_events_poll_ns(struct xen_guest *, const struct guest_call *);
/* The guest waits on both, and in the model no more: what ended it must be the same. Then it does not wait on Xen, either. */
void guest_events_poll_ends(struct xen_guest *);
void guest_events_compare_poll(struct xen_guest *, int64_t xen_result, bool xen_waited);

#endif
