/* SPDX-License-Identifier: BSD-2-Clause */
/* `settle`: lets guests run until all is at rest, audits each guest, and has the invariants judge. */
#ifndef HARNESS_RUN_SETTLE_H
#define HARNESS_RUN_SETTLE_H

#include "harness/language/scenario.h"

struct runner;

void settle_statement(struct runner *, const struct statement *);
/* The boot's: only waits for rest. */
void settle_boot(struct runner *);
/*
 * The one that ends every scenario, unless its last statement was one: what was typed last is judged, too. If rest does
 * not come, that is remarked, and no failure: a scenario that wants rest says so.
 */
void settle_at_end(struct runner *);

#endif
