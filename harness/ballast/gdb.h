/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `ballast replay --gdb`: the replay runs in one process under gdb, which stops it at an event and shows
 * the guest there, in the driver's source. The commands that do it are in harness/ballast/ballast.gdb; this is
 * their other half. What a recording holds doesn't change by it.
 */
#ifndef HARNESS_BALLAST_GDB_H
#define HARNESS_BALLAST_GDB_H

#include "harness/ballast/options.h"
#include "sim/machine.h"

/* Becomes gdb on this program, asked for the same replay with --in-debugger. Returns only when it can't: the
 * exit code, and it has said why. */
int gdb_replay(const struct replay_options *);

/* gdb stops here. domid: of the event; text: the scenario, line: the one in charge, 0 none. */
void gdb_event(struct machine *, unsigned domid, uint64_t event, const char *text, uint32_t line);

#endif
