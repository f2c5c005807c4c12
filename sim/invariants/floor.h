/* SPDX-License-Identifier: BSD-2-Clause */
/* The family floor: the driver's own minimum, and what its nodes and messages say. */
#ifndef SIM_INVARIANTS_FLOOR_H
#define SIM_INVARIANTS_FLOOR_H

#include "sim/invariants/checker.h"

struct watched_floor {
    uint64_t kib[5], event[5]; /* by enum port_node, as the last audit read them; event 0: not read */
    uint64_t min_before_kib;   /* the minimum that the audit before the last one read; NO_TARGET: none */
    uint64_t first_max_kib;    /* the first that was ever read; NO_TARGET: none */
    bool max_judged;           /* the node max was compared once */
    uint64_t lowest_pages, lowest_event; /* reservation after the lowest decrease since the last rest */
    uint64_t said_target, said_current;  /* the numbers of the last message that had both */
    uint64_t said_event, said_pages, said_before_pages;
    /* The least and the most of the reservation since the target was written last: now, and at that message. */
    uint64_t least_pages, most_pages, since_event, said_least_pages, said_most_pages;
    bool said_in_pages;                          /* the message itself said its unit */
    bool said_short;                             /* it said that the target could not be reached */
    uint64_t said_attempt;                       /* the driver's attempt in which it was said */
    uint64_t bound_said, bound_kib, bound_event; /* of the last message that called a target out of bounds */
    bool bound_is_min;
    uint64_t clipped_from, clipped_to; /* of the last message about clipping; pages */
    uint64_t clipped_event;
    uint64_t asked, answered; /* of the last reservation call: extents; answered: 0 for an error */
};

void floor_clear(struct watched *);
void floor_note(struct watched *, const struct event *);
void floor_log(struct invariants *, struct watched *, const struct event *);
void floor_reservation_call(struct watched *, const struct event *);
void floor_rest(struct invariants *, struct watched *);

#endif
