/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What ends a run early by what is seen: an invariant that is broken beyond hope, a full recording, and the event
 * that --until or --stop-at-first asked for. In a debugger the run is shown there, and goes on.
 */
#ifndef HARNESS_RUN_STOPS_H
#define HARNESS_RUN_STOPS_H

#include <stdint.h>

struct record;
struct runner;

void stops_see(struct runner *, const struct record *, uint64_t event); /* observer */

#endif
