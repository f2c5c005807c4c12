/* SPDX-License-Identifier: BSD-2-Clause */
/* The verdict of `ballast replay`, made from those of its files. */
#ifndef HARNESS_BALLAST_VERDICTS_H
#define HARNESS_BALLAST_VERDICTS_H

#include "harness/run/runner.h"

#define EXIT_NOT_COMPILED 8

/* All exit codes that there are. docs/ballast.1 has the same table, and a test compares them. */
struct exit_code {
    int code;
    const char *means;
};
#define NR_EXIT_CODES 8
extern const struct exit_code exit_codes[NR_EXIT_CODES];

struct verdict_counts {
    unsigned pass, skip, error, fail, crash, timeout, cut;
};

/* Does the text begin with a verdict's name? The length of that; 0: no. */
size_t verdicts_name_bytes(const char *text);
void verdicts_add(struct verdict_counts *, enum verdict);
/* The worst one, which is the exit code. A SKIP counts with strict, or when nothing passed. A CUT is worse than that, and
 * better than what says that something is wrong. */
enum verdict verdicts_worst(const struct verdict_counts *, bool strict);
/* Of one run on two machines: did one of them pass and the other not? What was not judged on both parts nobody. */
bool verdicts_part(enum verdict, enum verdict);

#endif
