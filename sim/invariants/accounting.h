/* SPDX-License-Identifier: BSD-2-Clause */
/* The family accounting: the kernel's page counters. */
#ifndef SIM_INVARIANTS_ACCOUNTING_H
#define SIM_INVARIANTS_ACCOUNTING_H

#include "sim/invariants/checker.h"

struct sweep;

struct watched_accounting {
    bool has_base;
    struct port_counters base; /* as they were when the driver attached */
    uint64_t plug_event;       /* of the first plug or unplug since the counters were last seen right */
    int64_t plugged_pages;     /* plugged less unplugged since the base */
    uint64_t failures, idle_failures; /* at the last look */
    uint64_t kept_event; /* since it more allocations are live than in the base; 0: there aren't */
    /* Since the last rest at which its segments were walked: pages without a frame then, frames taken, the first plug, and
     * whether it gave any frame up. */
    uint64_t waiting_pages, taken_pages, first_plug_event;
    bool gave;
};

void accounting_clear(struct watched *);
void accounting_base(struct invariants *, struct watched *); /* does nothing when there is one */
void accounting_moved(struct watched *);                     /* by a reservation call */
void accounting_plug_begin(struct invariants *, struct watched *);
void accounting_plugged(struct watched *, int64_t pages); /* below 0: unplugged */
void accounting_plug_ended(struct watched *, uint64_t event);
/* Compares the counters. by_driver: the driver's thread is about to sleep, so what changed since its last sleep was its
 * doing. */
void accounting_look(struct invariants *, struct watched *, bool by_driver);
void accounting_live(struct watched *, uint64_t event);
void accounting_rest(struct invariants *, struct watched *, const struct sweep *);

#endif
