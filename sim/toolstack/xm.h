/* SPDX-License-Identifier: BSD-2-Clause */
/* xm, the toolstack before xl, with xend as its daemon. */
#ifndef SIM_TOOLSTACK_XM_H
#define SIM_TOOLSTACK_XM_H

#include "sim/toolstack/command.h"

int xm_run(struct command *); /* argv[0] is "xm" */

int xm_mem_set(struct command *); /* in xl_memory.c, beside xl's, which do the same by other rules */
int xm_mem_max(struct command *);

#endif
