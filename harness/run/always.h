/* SPDX-License-Identifier: BSD-2-Clause */
/* `always`: a condition that is asked after every event, from its line to the run's end. */
#ifndef HARNESS_RUN_ALWAYS_H
#define HARNESS_RUN_ALWAYS_H

#include "harness/language/scenario.h"

struct always;
struct record;
struct runner;

struct always *always_new(void); /* NULL: no memory */
void always_free(struct always *);
void always_forget(struct always *); /* drops the last run's conditions */

void always_statement(struct runner *, const struct statement *);
void always_see(struct runner *, const struct record *, uint64_t event); /* observer */
void always_finish(struct runner *); /* at the end of the run: judges the conditions that held all the time */

#endif
