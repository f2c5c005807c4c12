/* SPDX-License-Identifier: BSD-2-Clause */
/* The family no-leak, and the part of no-overshoot that is judged at rest: frames that are not used. */
#ifndef SIM_INVARIANTS_LEAK_H
#define SIM_INVARIANTS_LEAK_H

#include "sim/invariants/checker.h"

struct sweep;

struct watched_leak {
    uint64_t owed_pages;    /* how many frames the domain asked Xen to take back and Xen did not take */
    uint64_t refused_event; /* the last decrease_reservation that was answered short; 0: none */
    uint64_t owed_event;
};

void leak_clear(struct watched *);
void leak_suspended(struct watched *); /* it was saved: its frames are gone, owed ones too */
void leak_owed(struct watched *, const struct record_hypercall *, uint64_t event);
void leak_rest(struct invariants *, struct watched *, const struct sweep *);

#endif
