/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The invariants: after every event those that the event can have broken are asked, and at rest all of them. A broken
 * one is recorded (REC_VIOLATION), and the run goes on. Checkers read records and look at the machine through
 * sim/inspect.h; they change neither. Each family of invariants has a file of its own.
 */
#ifndef SIM_INVARIANTS_INVARIANTS_H
#define SIM_INVARIANTS_INVARIANTS_H

#include "sim/invariants/list.h"
#include "sim/inspect.h"

struct invariants;

struct invariants *invariants_new(struct machine *, struct recorder *); /* becomes the recorder's witness */
void invariants_free(struct invariants *);
void invariants_reset(struct invariants *); /* for another run of the same machine */

/* The machine is at rest and each domain's audit has been answered: all that is judged at rest is judged. */
void invariants_at_rest(struct invariants *);
/* The run is over: writes how often each was asked and broken (REC_CHECKED). */
void invariants_finish(struct invariants *);

uint64_t invariant_asked(const struct invariants *, enum invariant);
uint64_t invariant_broken(const struct invariants *, enum invariant);
/* How many of them by kernels whose description waives it (guest/abi/kernel.h). */
uint64_t invariant_broken_by_intent(const struct invariants *, enum invariant);

/* The same counts for one domain. A domain that was built again under its name is the same one here. */
struct breaker {
    char domain[32]; /* "": the host, or a domain that is gone */
    unsigned domid;  /* under which it broke something last; DOMID_HOST: none */
    uint64_t broken[NR_INVARIANTS], by_intent[NR_INVARIANTS];
    bool expected[NR_INVARIANTS]; /* the scenario says that it does */
};
/* Those that broke anything, in the order in which they did first. NULL: there are no more. */
const struct breaker *invariants_breaker(const struct invariants *, size_t nth);
const struct breaker *invariants_breaker_named(const struct invariants *, const char *domain); /* or NULL */
void invariants_expect(struct invariants *, const char *domain, enum invariant); /* which it has broken */
void invariants_stop_at_first(struct invariants *, bool); /* the machine stops at the first violation */
/* True: a driver whose work for a page grows is not hopeless. One that spins is. */
void invariants_keep_going(struct invariants *, bool);

/* A guest spins without getting anywhere, and the run should end. The invariant progress has been broken then. */
bool invariants_hopeless(const struct invariants *);

/* The run has a remark whose place in the driver a reader wants to see, though it may have passed. */
bool invariants_remarked(const struct invariants *);

/* How long after the last push from outside a machine should be at rest: for a settle that names no time. */
uint64_t invariants_rest_bound_ns(const struct invariants *);

#endif
