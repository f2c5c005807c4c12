/* SPDX-License-Identifier: BSD-2-Clause */
/* The families frame-conservation and reservation: Xen's own bookkeeping. */
#ifndef SIM_INVARIANTS_FRAMES_H
#define SIM_INVARIANTS_FRAMES_H

#include "sim/invariants/checker.h"

struct sweep;

struct run_frames {
    uint64_t owned_pages; /* the sum of all reservations when they were last looked at */
    uint64_t moved_pages; /* how many moved since the host's free frames were last counted */
};

void frames_watch(struct invariants *, struct watched *); /* a new domain: reads its reservation */
void frames_recount(struct invariants *);                 /* a domain is gone: makes the sum anew */
void frames_reservation_call(struct invariants *, struct watched *, const struct event *);
void frames_on_behalf(struct invariants *, struct watched *); /* dom0 called, which may act for any domain */
/* A toolstack has done a command, which may have moved its reservation. Only counts are brought up to date. */
void frames_follow(struct invariants *, struct watched *);
void frames_rest(struct invariants *);
void frames_rest_domain(struct invariants *, struct watched *, const struct sweep *);

#endif
