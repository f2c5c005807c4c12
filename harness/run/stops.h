/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reasons to end a run early that are seen in the records: a guest that spins (invariants_hopeless), a full recording, and
 * the event that --until or --stop-at-first asked for. With a debugger that event is shown, and the run goes on.
 */
#ifndef HARNESS_RUN_STOPS_H
#define HARNESS_RUN_STOPS_H

#include <stdint.h>

struct record;
struct runner;

void stops_see(struct runner *, const struct record *, uint64_t event); /* observer */

#endif
