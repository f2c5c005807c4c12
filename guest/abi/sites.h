/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The fault sites that Xen has: each place where a scenario's `fault` may refuse, and what a refusal may be
 * there. It is the one table that the language, the model, the docs and `ballast list faults` read, and it
 * holds no behaviour. A refused call has done nothing, or as many extents as a short answer says. A call at one of
 * these sites always returns.
 *
 * A kernel's own sites are in its description (guest/abi/kernel.h): its runtime asks
 * over the debug port, before the call, whether it is to be refused.
 *
 *   X(ID, "name", CLASS, ANSWER, ERROR, BARS, "what a refusal looks like", "why the interface allows it")
 *
 * CLASS  INTERFACE: a real machine can do it. HOSTILE: no real one was seen to do it; only a scenario that names it gets it.
 * ANSWER SHORT: a refusal may say how many extents are done, short=. ERRNO: it may say an error number,
 *        errno=.
 * ERROR  the error number of a refusal without errno=; 0 where the call answers short.
 * BARS   what a refusal keeps a driver from: MOVING toward its target, READING its target, or neither (NOTHING).
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
        "xenstore protocol: quota of watches")

/* Numbers in recordings: Xen's from 0, and a new row comes last; a kernel's own always from the same number. */
enum fault_site {
#define X(id, name, class, answer, error, bars, refusal, source) FAULT_SITE_##id,
    FAULT_SITES(X)
#undef X
        NR_FAULT_SITES_OF_XEN,
    FAULT_SITE_OF_KERNEL = 24 /* the first of a kernel's own, in the order of its rows */
};

#define FAULT_SITES_MAX 64u /* a bit each: PORT_FAULT_MASK */
_Static_assert(NR_FAULT_SITES_OF_XEN <= FAULT_SITE_OF_KERNEL, "Xen's sites are in front of a kernel's");

#endif
