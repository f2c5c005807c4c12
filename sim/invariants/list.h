/* SPDX-License-Identifier: BSD-2-Clause */
/* The invariants' names and what each holds: the one table of them. X(ID, "name", "what holds") */
#ifndef SIM_INVARIANTS_LIST_H
#define SIM_INVARIANTS_LIST_H

#define INVARIANTS(X) \
    X(FRAME_CONSERVATION, "frame-conservation", \
        "free frames, frames owned by domains and overhead add up to the host's; each frame has one owner") \
    X(RESERVATION, "reservation", \
        "the reservation Xen counts is the number of frames the domain owns; no increase goes past the " \
        "maximum") \
    X(P2M_M2P, "p2m-m2p", \
        "a valid P2M entry names a frame of the domain, and the M2P of a frame in use names it back") \
    X(P2M_BOUNDS, "p2m-bounds", "nothing is written past the end of the P2M") \
    X(NO_ALIAS, "no-alias", "no frame is named by two pfns") \
    X(NO_LEAK, "no-leak", \
        "at rest every owned frame is named by a pfn of a plugged segment or of the boot image") \
    X(BACKED_BEFORE_USE, "backed-before-use", \
        "no page reaches the guest's allocator before its frame is bound and its M2P entry flushed") \
    X(ACCOUNTING, "accounting", \
        "managed pages are free, in use or ballooned; the counts of all memory follow what was plugged") \
    X(SEGMENTS, "segments", \
        "segments are sorted and disjoint, inside the P2M, and no page's structure serves two pfns") \
    X(ROLLBACK, "rollback", "a plug or unplug that failed leaves no trace") \
    X(NO_OVERSHOOT, "no-overshoot", "no reservation call moves past the target, or away from it") \
    X(FLOOR, "floor", \
        "the driver's minimum holds; its nodes, limits and messages agree with each other and with Xen") \
    X(LAST_TARGET_WINS, "last-target-wins", \
        "at rest the reservation is the last target accepted, or the driver said why and tries again") \
    X(PROGRESS, "progress", "rest comes in bounded time and calls; retries come at growing pauses") \
    X(ISOLATION, "isolation", \
        "no domain names another's frame; no frame leaves a domain with a workload's contents in it") \
    X(INTEGRITY, "integrity", "what a workload wrote, it reads back") \
    X(TOOLSTACK, "toolstack", \
        "after each accepted xl command target, static-max and the hypervisor's maximum agree") \
    X(GUEST_CONTAINED, "guest-contained", \
        "no panic, wild access, use of freed memory or misuse of an interface in the guest") \
    X(STALE_TRANSLATION, "stale-translation", \
        "no access through a mapping whose entry has changed, before it was flushed")

enum invariant {
#define X(id, name, holds) INVARIANT_##id,
    INVARIANTS(X)
#undef X
        NR_INVARIANTS
};

#endif
