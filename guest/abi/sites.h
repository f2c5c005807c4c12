/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fault sites that Xen has: each place where a scenario's `fault` may refuse, and what a refusal may be
 * there. It is the one table that the language, the model, the docs and `ballast list faults` read, and it
 * holds no behaviour. At most of them a call is refused: it has done nothing, or as many extents as a short answer says, and
 * it always returns. At the others (GONE, LATER) nobody calls; something that Xen or xenstored tells a domain does not come,
 * comes late, or comes twice.
 *
 * A kernel's own sites are in its description (guest/abi/kernel.h): its runtime asks over the debug port, before the call,
 * whether it is to be refused.
 *
 *   X(ID, "name", CLASS, ANSWER, NUMBER, BARS, "what a refusal looks like", "why the interface allows it")
 *
 * CLASS  INTERFACE: a real machine can do it. HOSTILE: no real one was seen to do it; only a scenario that names it gets it.
 * ANSWER SHORT: a refusal may say how many extents are done, short=. ERRNO: it may say an error number,
 *        errno=. GONE: what would come does not. LATER: it may say how much later something comes, by=.
 * NUMBER the error number of a refusal without errno=, the milliseconds of one without by=; 0 where there is neither.
 * BARS   what a refusal keeps a driver from: MOVING toward its target, READING its target, HEARING that there is a new one,
 *        or none of it (NOTHING).
 */
#ifndef GUEST_ABI_SITES_H
#define GUEST_ABI_SITES_H

#define FAULT_SITES(X) \
    X(INCREASE_RESERVATION, "increase_reservation", INTERFACE, SHORT, 0, MOVING, \
        "returns short= extents (0)", \
        "measured on Xen 4.17: a host or a maximum that runs out answers short, never negative") \
    X(POPULATE_PHYSMAP, "populate_physmap", INTERFACE, SHORT, 0, MOVING, "returns short= extents (0)", \
        "measured on Xen 4.17: as increase_reservation") \
    X(DECREASE_RESERVATION, "decrease_reservation", INTERFACE, SHORT, 0, MOVING, \
        "returns short= extents (0)", "measured on Xen 4.17: stops at the first frame it can't release") \
    X(INCREASE_RESERVATION_ERRNO, "increase_reservation.errno", HOSTILE, ERRNO, ENOMEM, MOVING, \
        "returns -errno=", "no Xen was seen to answer negative here") \
    X(DECREASE_RESERVATION_ERRNO, "decrease_reservation.errno", HOSTILE, ERRNO, ENOMEM, MOVING, \
        "returns -errno=", "no Xen was seen to answer negative here") \
    X(MMU_UPDATE, "mmu_update", HOSTILE, ERRNO, EINVAL, MOVING, "returns -errno= (EINVAL)", \
        "measured on Xen 4.17: fails only for a frame that isn't the caller's") \
    X(XENSTORE_READ, "xenstore.read", INTERFACE, ERRNO, EAGAIN, READING, "error errno= (EAGAIN)", \
        "xenstore protocol: any request may be answered by XS_ERROR") \
    X(XENSTORE_WRITE, "xenstore.write", INTERFACE, ERRNO, EAGAIN, NOTHING, "error errno= (EAGAIN)", \
        "xenstore protocol: any request may be answered by XS_ERROR; quota gives E2BIG, ENOSPC") \
    X(XENSTORE_WATCH, "xenstore.watch", INTERFACE, ERRNO, E2BIG, NOTHING, "error errno= (E2BIG)", \
        "xenstore protocol: quota of watches") \
    X(EVTCHN_LOST, "evtchn.lost", HOSTILE, GONE, 0, HEARING, "a notification does not come", \
        "Xen loses none; but a driver that hears of the next one should not depend on each") \
    X(EVTCHN_LATE, "evtchn.late", INTERFACE, LATER, 1000, HEARING, "a notification comes by= (1s) later", \
        "no interface says how soon a vcpu, or dom0, gets its turn") \
    X(EVTCHN_DOUBLED, "evtchn.doubled", INTERFACE, LATER, 1, NOTHING, \
        "a notification comes, and once more by= (1ms) later", \
        "xenstored notifies for room in the ring, too, and any domain may on its end of a channel") \
    X(XENSTORE_EVENT_LOST, "xenstore.event.lost", INTERFACE, GONE, 0, HEARING, \
        "a watch event does not come", \
        "xenstored drops what is past a quota and, since XSA-326, events left unread for 20 s") \
    X(XENSTORE_EVENT_LATE, "xenstore.event.late", INTERFACE, LATER, 1000, HEARING, \
        "a watch event comes by= (1s) later, others before it", \
        "xenstore protocol: says nothing of when, nor of the order among watches") \
    X(XENSTORE_EVENT_DOUBLED, "xenstore.event.doubled", INTERFACE, LATER, 1, NOTHING, \
        "a watch event comes, and once more by= (1ms) later", \
        "xenstore protocol: a watch may fire without a change") \
    X(XENSTORED_UPDATE, "xenstored.update", INTERFACE, LATER, 1000, HEARING, \
        "xenstored stops here and goes on by= (1s) later; nothing is lost", \
        "xenstore-control live-update: a new xenstored takes over rings, watches and transactions") \
    X(XENSTORED_RESTART, "xenstored.restart", HOSTILE, LATER, 1000, HEARING, \
        "xenstored dies here and is back by= (1s) later; the nodes are, watches and answers are not", \
        "a daemon can be killed; what comes back, no interface says")

/* Numbers in recordings: Xen's from 0, and a new row comes last; a kernel's own always from the same number. */
enum fault_site {
#define X(id, name, class, answer, number, bars, refusal, source) FAULT_SITE_##id,
    FAULT_SITES(X)
#undef X
        NR_FAULT_SITES_OF_XEN,
    FAULT_SITE_OF_KERNEL = 24 /* the first of a kernel's own, in the order of its rows */
};

#define FAULT_SITES_MAX 64u /* a bit each: PORT_FAULT_MASK */
_Static_assert(NR_FAULT_SITES_OF_XEN <= FAULT_SITE_OF_KERNEL, "Xen's sites are in front of a kernel's");

#endif
