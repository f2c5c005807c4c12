/* SPDX-License-Identifier: BSD-2-Clause */
/* xenstore-read, xenstore-write and the other command-line tools of xenstore. */
#ifndef SIM_TOOLSTACK_XENSTORE_TOOLS_H
#define SIM_TOOLSTACK_XENSTORE_TOOLS_H

#include "sim/toolstack/command.h"

int xenstore_tool_run(struct command *); /* -1: argv[0] is none of them */

#endif
