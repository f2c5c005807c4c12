/* SPDX-License-Identifier: BSD-2-Clause */
/* The families guest-contained and integrity, and p2m-bounds of a write that was trapped. */
#ifndef SIM_INVARIANTS_CONTAINED_H
#define SIM_INVARIANTS_CONTAINED_H

#include "sim/invariants/checker.h"

void contained_ended(struct invariants *, struct watched *, const struct event *);
void contained_data_lost(struct invariants *, struct watched *, const struct event *);

#endif
