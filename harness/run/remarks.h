/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Remarks on a run that reached its end: what the scenario armed and what never came about, so that its verdict is about
 * less than it seems to be. And on one that was cut: that it was.
 */
#ifndef HARNESS_RUN_REMARKS_H
#define HARNESS_RUN_REMARKS_H

#include "harness/language/scenario.h"
#include "sim/record/record.h"

struct remarks;
struct runner;

struct remarks *remarks_new(void); /* NULL: no memory */
void remarks_free(struct remarks *);
void remarks_forget(struct remarks *); /* drops the last run's */

/* Where is counted what comes to a fault or an `on` of this line, until the run's end. NULL: no memory. */
struct fault_seen *remarks_seen(struct runner *, const struct statement *);
/* What this `on` or `every` holds was done. */
void remarks_done(struct runner *, const struct statement *);

/* Records a remark on the statement. */
void remarks_add(struct runner *, const struct statement *, enum remark_about, const char *text);
/* Records why the statement was not done; nothing more is said of it. */
void remarks_pass_over(struct runner *, const struct statement *, const char *text);
/* Of what the guests say of themselves, while they are still there: a real Xen ends with them. */
void remarks_look_inside(struct runner *);
/* Records those that can be made only now that the run is over; has anything failed? */
void remarks_finish(struct runner *, bool failed);
unsigned remarks_count(const struct runner *);

#endif
