/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The invariants: after every event, those that the event can have broken are asked; at rest, all.
 * A broken one is recorded (REC_VIOLATION) and the run goes on. Checkers read records and look at the
 * machine through sim/inspect.h; they change neither. One file a family.
 */
#ifndef SIM_INVARIANTS_INVARIANTS_H
#define SIM_INVARIANTS_INVARIANTS_H

#include "sim/invariants/list.h"
#include "sim/inspect.h"

struct invariants;

struct invariants *invariants_new(struct machine *, struct recorder *); /* becomes the recorder's witness */
void invariants_free(struct invariants *);
void invariants_reset(struct invariants *); /* for another run of the same machine */

/* The machine is at rest and each domain's audit has been answered: judge all that is judged at rest. */
void invariants_at_rest(struct invariants *, uint64_t quiet_ns);
/* The run is over: writes REC_CHECKED for each. */
void invariants_finish(struct invariants *);

uint64_t invariant_asked(const struct invariants *, enum invariant);
uint64_t invariant_broken(const struct invariants *, enum invariant);
void invariants_stop_at_first(struct invariants *, bool);

/* progress is broken for good: a guest spins, and waiting for it has no sense. The run should end. */
bool invariants_hopeless(const struct invariants *);

const char *invariant_name(enum invariant);
const char *invariant_holds(enum invariant); /* one sentence */
bool invariant_by_name(const char *name, size_t bytes, enum invariant *);

/* For `ballast explain`: how and when it is checked, what it does not see, what usually breaks it, a message. */
struct invariant_explanation {
    const char *checked, *blind, *broken_by, *example;
};
const struct invariant_explanation *invariant_explain(enum invariant);

/* How long after the last push from outside a machine should be at rest: for a settle that names no time. */
uint64_t invariants_rest_bound_ns(const struct invariants *);

/* What a driver may declare of itself: a printed waiver, by intent. */
#endif
