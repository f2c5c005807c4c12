/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Counts the calls of domains at the fault sites that the scenario asks about with `calls SITE`. At other sites nothing is
 * counted, so a scenario that doesn't ask costs nothing.
 */
#ifndef HARNESS_RUN_CALLS_H
#define HARNESS_RUN_CALLS_H

#include "harness/language/scenario.h"

struct calls;
struct runner;

struct calls *calls_new(void); /* NULL: no memory */
void calls_free(struct calls *);
void calls_forget(struct calls *); /* drops the last run's counts */

void calls_built(struct runner *, struct domain *); /* observer */
void calls_settled(struct runner *);                /* a settle has ended: the counts begin anew */
/* Since the last settle ended, as for the lines of the log. False: nothing is counted there. */
bool calls_count(const struct runner *, const struct domain *, enum fault_site, uint64_t *number);

#endif
