/* SPDX-License-Identifier: BSD-2-Clause */
/* What a scenario needs of the kernels that it runs: `needs FEATURE` behind a domain. */
#ifndef HARNESS_RUN_NEEDS_H
#define HARNESS_RUN_NEEDS_H

#include <stdbool.h>

struct runner;

/* False: a kernel lacks something, and the run is skipped with a sentence that says what. */
bool needs_are_met(struct runner *);

#endif
