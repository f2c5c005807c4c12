/* SPDX-License-Identifier: BSD-2-Clause */
/* Which of many files' verdicts is that of `ballast replay`. */
#ifndef HARNESS_BALLAST_VERDICTS_H
#define HARNESS_BALLAST_VERDICTS_H

#include "harness/run/runner.h"

struct verdict_counts {
    unsigned pass, skip, error, fail, crash, timeout;
};

void verdicts_add(struct verdict_counts *, enum verdict);
/* The exit code: the worst. A SKIP counts when it is strict, or when nothing passed. */
enum verdict verdicts_worst(const struct verdict_counts *, bool strict);

#endif
