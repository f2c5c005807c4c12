/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xl and its sub-commands. Each runs with its own name in argv[0] and its arguments behind it, and gives its exit
 * status; xl_commands.h is their table.
 */
#ifndef SIM_TOOLSTACK_XL_H
#define SIM_TOOLSTACK_XL_H

#include "sim/toolstack/command.h"
#include "sim/toolstack/xl_commands.h"

int xl_run(struct command *); /* argv[0] is "xl" */

/* xl_ID of each row of xl_commands.h; in xl_memory.c, xl_lifecycle.c and xl_info.c. */
#define X(id, name, usage, description, facts) int xl_##id(struct command *);
XL_COMMANDS(X)
#undef X

#endif
