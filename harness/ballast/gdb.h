/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `ballast replay --gdb`: the replay runs in one process under gdb, which stops it at an event and shows the guest there,
 * in the driver's source. gdb's commands are in harness/ballast/ballast.gdb; here is what they need in this program. The
 * recording is the same as without gdb.
 */
#ifndef HARNESS_BALLAST_GDB_H
#define HARNESS_BALLAST_GDB_H

#include "harness/ballast/options.h"
#include "sim/machine.h"

/* Executes gdb in place of this program, for the same replay with --in-debugger. Returns only when that fails: the exit
 * code; it has printed why. */
int gdb_replay(const struct replay_options *);

/* gdb stops here. domid: the event's; text: the scenario's; line: the scenario's line in charge, 0: none. */
void gdb_event(struct machine *, unsigned domid, uint64_t event, const char *text, uint32_t line);

#endif
