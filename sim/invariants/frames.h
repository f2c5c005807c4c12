/* SPDX-License-Identifier: BSD-2-Clause */
/* The families frame-conservation and reservation: Xen's own bookkeeping. */
#ifndef SIM_INVARIANTS_FRAMES_H
#define SIM_INVARIANTS_FRAMES_H

#include "sim/invariants/checker.h"

struct sweep;

struct run_frames {
    uint64_t owned_pages; /* sum of all reservations when they were looked at last */
    uint64_t moved_pages; /* since the host's free frames were counted last */
};

void frames_watch(struct invariants *, struct watched *); /* a domain came: its reservation is read */
void frames_recount(struct invariants *);                 /* one went: the sum is made anew */
void frames_reservation_call(struct invariants *, struct watched *, const struct event *);
void frames_rest(struct invariants *);
void frames_rest_domain(struct invariants *, struct watched *, const struct sweep *);

#endif
