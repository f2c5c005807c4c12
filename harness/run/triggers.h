/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Statements that hold another one: `on` does it when a guest makes a certain call, `every` does it periodically. Commands
 * of dom0, faults and heals are done at once, even in the middle of a guest's call. A command inside a guest is given to
 * its agent as soon as that is free, and judged when it answers.
 */
#ifndef HARNESS_RUN_TRIGGERS_H
#define HARNESS_RUN_TRIGGERS_H

#include "harness/language/scenario.h"

struct record;
struct runner;
struct triggers;

struct triggers *triggers_new(void); /* NULL: no memory */
void triggers_free(struct runner *);
void triggers_forget(struct runner *); /* drops the last run's */

void triggers_on(struct runner *, const struct statement *);
void triggers_every(struct runner *, const struct statement *);

/* Observer: judges what an agent answered to a held command; does what is due; makes a new domain tell of its calls. */
void triggers_see(struct runner *, const struct record *, uint64_t event);
void triggers_act(struct runner *);
uint64_t triggers_due_ns(const struct runner *); /* when an `every` comes next; UINT64_MAX: never */
void triggers_built(struct runner *, struct domain *);

void triggers_end_every(struct runner *);        /* the scenario's last line is reached */
uint64_t triggers_end_ns(const struct runner *); /* of the last `every`; 0 when there is none */

#endif
