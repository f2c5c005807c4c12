/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Statements that hold another: `on` and `every`. What they hold is done in the middle of a guest's call, or
 * when its moment has come, while the run waits for something else. Inside run*.c only.
 */
#ifndef HARNESS_RUN_RUN_TRIGGERS_H
#define HARNESS_RUN_RUN_TRIGGERS_H

#include <stddef.h>
#include <stdint.h>

#include "harness/language/scenario.h"

struct runner;
struct fault_set;

struct on { /* armed, until its call came; every= never ends */
    const struct statement *statement;
    struct fault_set *calls; /* counts as a fault would: its refusal is our sign */
    bool at_return;
    bool came; /* the call is entered, and has not returned */
};

struct every {
    const struct statement *statement;
    uint64_t next_ns, end_ns;
};

struct typed { /* a held command for a guest, judged when its answer comes */
    const struct statement *statement;
    unsigned domid;
    bool given;
};

struct triggers {
    struct on *on;
    struct every *every;
    struct typed *typed;
    size_t nr_on, on_room, nr_every, every_room, nr_typed, typed_room;
    uint64_t random; /* of d[rand] */
};

void triggers_forget(struct runner *); /* of the last run */
void triggers_free(struct runner *);
/* A domain is built: it has to tell of the sites that an `on` waits at. */
void triggers_watch_domain(struct runner *, struct domain *);
/* Does what is due by now. */
void triggers_do(struct runner *);
uint64_t triggers_next_ns(const struct runner *); /* UINT64_MAX: nothing will be due */
uint64_t triggers_end_ns(const struct runner *);  /* of the last `every`; 0 when there is none */
/* A guest's agent answered; true when the command was a held one. */
bool triggers_answered(struct runner *, unsigned domid, int status, const char *output);
bool triggers_busy(const struct runner *, unsigned domid); /* a held command is under way in it */

/* A command's text with each NAME[rand] replaced by a domain of the group. False: there is no such group. */
bool triggers_choose(struct runner *, const char *text, char *out, size_t out_bytes);

void runner_on(struct runner *, const struct statement *, const struct statement *next);
void runner_every(struct runner *, const struct statement *, const struct statement *next);

#endif
