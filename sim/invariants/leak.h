/* SPDX-License-Identifier: BSD-2-Clause */
/* The family no-leak, and no-overshoot's part at rest: frames that nobody uses. */
#ifndef SIM_INVARIANTS_LEAK_H
#define SIM_INVARIANTS_LEAK_H

#include "sim/invariants/checker.h"

struct sweep;

struct watched_leak {
    uint64_t owed_pages; /* that the domain asked Xen to take back, and that Xen did not take */
    uint64_t owed_event;
};

void leak_clear(struct watched *);
void leak_suspended(struct watched *); /* its frames are gone, whether Xen wanted them or not */
void leak_owed(struct watched *, const struct record_hypercall *, uint64_t event);
void leak_rest(struct invariants *, struct watched *, const struct sweep *);

#endif
