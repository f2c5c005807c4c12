/* SPDX-License-Identifier: BSD-2-Clause */
/* The family no-overshoot: which targets are current, and does a reservation call keep to them? */
#ifndef SIM_INVARIANTS_TARGET_H
#define SIM_INVARIANTS_TARGET_H

#include "sim/invariants/checker.h"

/* last_target.c uses it, too; the members from log_event on are its own. */
struct watched_target {
    uint64_t kib, event;          /* last read by the guest; NO_TARGET: never */
    uint64_t before_kib;          /* the target before it */
    uint64_t rival_kib;           /* one that its reader may have set behind it; NO_TARGET: none */
    uint64_t read_attempt;        /* the driver's attempt in which the last one was read */
    uint64_t least_kib, most_kib; /* the least and the most of the targets since the last reservation call */
    uint64_t call_pages;          /* that the present call moved before Xen preempted it */
    uint64_t step_pages;          /* that were moved since an older target became out of date */
    uint64_t written_event;       /* when the node was last written, by anyone */
    uint64_t told_event;          /* when a user of the guest gave the last one, past XenStore; 0: never */

    uint64_t log_event;       /* of the last console line that may be a reason */
    uint64_t refused_event;   /* the last refusal that could end: short call, fault, failed allocation */
    uint64_t refused_attempt; /* the driver's attempt in which that was */
    uint32_t refused_subop;   /* the reservation call that was refused, or NO_SUBOP */
    uint64_t unread_event;    /* of a reading of memory/target that was refused, and not made up for */
    uint64_t
        unheard_event; /* a fault that kept from it that there is a target; 0: none, or it was made up for */
    uint32_t unheard_port;    /* whose notification that was; 0: it was another thing */
    bool watches_lost;        /* xenstored forgot its watches, and it has set none since */
    uint64_t silent_since_ns; /* of the first rest that saw it short of this target; NEVER_NS: none did */
    uint64_t clear_since_ns;  /* since when nothing stands in the way; NEVER_NS: something does */
};

void target_clear(struct watched *);
bool target_is_rival(const struct watched *, uint64_t pages); /* are so many what the target's rival wants? */
/* How many KiB the domain has for Xen when it has so many for its toolstack, as memory/target counts them. */
uint64_t target_of_node(const struct watched *, uint64_t kib);
void target_look(struct watched *, uint64_t event); /* has the guest read its target anew? */
void target_told(struct invariants *, struct watched *, const struct event *);
void target_xenstore(struct invariants *, const struct event *);
/* unused_back: how many of the pages that the call gave back were never used. */
void target_reservation_call(
    struct invariants *, struct watched *, const struct event *, uint64_t unused_back);

#endif
