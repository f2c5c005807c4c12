/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Judging: compares what the scenario wants with what is, records both, and counts a difference as a failure of the run.
 * All failures of a scenario's own statements are counted here; broken invariants are counted by sim/invariants/.
 */
#ifndef HARNESS_RUN_JUDGE_H
#define HARNESS_RUN_JUDGE_H

#include "harness/language/scenario.h"
#include "sim/record/record.h"

struct runner;

/*
 * Records the expectation at that place of the scenario, and counts a failure unless ok. domid: of the domain that it is
 * about; DOMID_HOST: it is about none, or about more than one.
 */
void judge(struct runner *, unsigned domid, enum expect_about, bool ok, struct span where, const char *wanted,
    const char *seen);
/* judge for EXPECT_VIOLATION and EXPECT_CRASH: if ok, that invariant no longer counts against the run. domid as in judge; with
 * EXPECT_VIOLATION it is the one domain in which the invariant may be broken. */
void judge_waiver(struct runner *, unsigned domid, enum expect_about, bool ok, enum invariant,
    struct span where, const char *wanted, const char *seen);

/*
 * Judges the answer of a command (ST_TOOLSTACK, ST_GUEST) or of a called function of the guest's kernel (ST_CALL):
 * compares output and status with what the statement wants. A refusal that the scenario does not expect is a failure of
 * the statement's line. member: the domain of a group that answered, which is told then; "": the statement names it. The
 * command becomes the run's last one, which `expect refused` looks at.
 */
void judge_answer(struct runner *, const struct statement *, unsigned domid, const char *member, int status,
    const char *output);

#endif
