/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Waiting: lets guests run up to a moment of virtual time, or until something that is waited for has happened. Each record
 * is shown to the invariants, then to the observers (harness/run/run.h), which also do what becomes due.
 */
#ifndef HARNESS_RUN_WAIT_H
#define HARNESS_RUN_WAIT_H

#include "harness/language/scenario.h"

struct runner;
struct wait;

/* What a wait ends with, if it comes before the moment. */
enum awaited_event {
    AWAIT_NOTHING,
    AWAIT_REST,          /* the machine is at rest, for QUIET_NS, and nothing is due in that time */
    AWAIT_COMMAND,       /* the agent of the domain has answered its command */
    AWAIT_HELD_COMMAND,  /* the same for a command that `on` or `every` holds */
    AWAIT_SAVE,          /* the domain is saved, as xl save asked for */
    AWAIT_CONDITION,     /* the condition holds; it is checked after every event */
    AWAIT_CONDITION_END, /* it holds no more */
};

struct awaited {
    enum awaited_event what;
    unsigned domid;
    const struct condition *condition;
};

enum went { WENT_TIME, WENT_REST, WENT_CAME_ABOUT, WENT_OVER /* the run is */ };

struct wait *wait_new(void); /* NULL: no memory */
void wait_free(struct wait *);

enum went wait_until(struct runner *, uint64_t until_ns, struct awaited);
/* The event with which what was waited for last came about; 0: it did not. */
uint64_t wait_event(const struct runner *);
/* Called by observers: if this is what is waited for, guests stop and the wait ends. */
void wait_came_about(struct runner *, enum awaited_event, unsigned domid);

/* Becomes the recorder's witness in place of the invariants, and passes each record on to them first. */
void wait_watch(struct runner *);
void wait_unwatch(struct runner *); /* before the machine and its invariants are freed */

#endif
