/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Judging: what the scenario wants stands beside what is, both are recorded, and a difference is a failure of the
 * run. Only here does a run come to failures of the scenario's own making; the invariants' are theirs.
 */
#ifndef HARNESS_RUN_JUDGE_H
#define HARNESS_RUN_JUDGE_H

#include "harness/language/scenario.h"
#include "sim/record/record.h"

struct runner;

/* Records the expectation that stands at that place of the scenario; counts a failure unless ok. */
void judge(
    struct runner *, enum expect_about, bool ok, struct span where, const char *wanted, const char *seen);
/* The same of EXPECT_VIOLATION and EXPECT_CRASH: if ok, that invariant no longer counts against the run. */
void judge_waiver(struct runner *, enum expect_about, bool ok, enum invariant, struct span where,
    const char *wanted, const char *seen);

/*
 * What a command answered (ST_TOOLSTACK, ST_GUEST), or a function of the guest's kernel that was called (ST_CALL):
 * compared with what the statement says of its output and status; a refusal that it does not expect is a failure
 * of its line. It becomes the run's last command.
 */
void judge_answer(struct runner *, const struct statement *, int status, const char *output);

#endif
