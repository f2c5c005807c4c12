/* SPDX-License-Identifier: BSD-2-Clause */
/* `settle`: all is brought to rest, each guest is audited, and the invariants judge what is judged at rest. */
#ifndef HARNESS_RUN_SETTLE_H
#define HARNESS_RUN_SETTLE_H

#include "harness/language/scenario.h"

struct runner;

void settle_statement(struct runner *, const struct statement *);
/*
 * Only the first part, which also ends the boot. within_ns 0: the bound is that of the invariant progress. False:
 * no rest was reached, and that is recorded as a failure.
 */
bool settle_reach_rest(struct runner *, uint64_t within_ns);

#endif
