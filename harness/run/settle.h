/* SPDX-License-Identifier: BSD-2-Clause */
/* `settle`: lets guests run until all is at rest, audits each guest, and has the invariants judge. */
#ifndef HARNESS_RUN_SETTLE_H
#define HARNESS_RUN_SETTLE_H

#include "harness/language/scenario.h"

struct runner;

void settle_statement(struct runner *, const struct statement *);
/*
 * Only the first part of it, which is also used at the end of the boot. within_ns 0: the bound of the invariant progress
 * holds. False: rest was not reached, which is recorded as a failure.
 */
bool settle_reach_rest(struct runner *, uint64_t within_ns);

#endif
