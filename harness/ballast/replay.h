/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Replaying files in worker processes, apart from the command line around it: the work that is done in
 * the worker, and which of many verdicts is the run's.
 */
#ifndef HARNESS_BALLAST_REPLAY_H
#define HARNESS_BALLAST_REPLAY_H

#include "harness/ballast/worker.h"

/* Reads and runs one file. What outcome points to lives until replay_file_done. */
struct replayed;
struct replayed *replay_file(
    const char *path, const struct run_options *, bool want_places, struct outcome *);
void replay_file_done(struct replayed *);

struct verdict_counts {
    unsigned pass, skip, error, fail, crash, timeout;
};
void verdict_count(struct verdict_counts *, enum verdict);
/* The exit code: the worst. A SKIP counts when it is strict, or when nothing passed. */
enum verdict verdict_worst(const struct verdict_counts *, bool strict);

#endif
