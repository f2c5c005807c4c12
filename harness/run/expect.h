/* SPDX-License-Identifier: BSD-2-Clause */
/* The statements that begin with `expect`. Each judges one expectation (harness/run/judge.h). */
#ifndef HARNESS_RUN_EXPECT_H
#define HARNESS_RUN_EXPECT_H

#include "harness/language/scenario.h"

struct runner;

/* Lets guests run if the statement has a time, `within` or `for`. */
void expect_condition(struct runner *, const struct statement *);
void expect_refused(struct runner *, const struct statement *); /* looks at the run's last command */
void expect_violation(struct runner *, const struct statement *);
/* How often the invariant was broken that the statement is about, in its domain where it names one. */
uint64_t expect_violation_count(const struct runner *, const struct statement *);
void expect_crash(struct runner *, const struct statement *);

#endif
