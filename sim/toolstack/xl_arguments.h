/* SPDX-License-Identifier: BSD-2-Clause */
/* What xl's sub-commands do with their arguments: the domain they name, and what is said when some are missing. */
#ifndef SIM_TOOLSTACK_XL_ARGUMENTS_H
#define SIM_TOOLSTACK_XL_ARGUMENTS_H

#include "sim/toolstack/command.h"

/* What xl takes for a domain: a name, or any number. False, with its text: no such name. */
bool xl_find_domain(struct command *, const char *text, unsigned *domid);
/* xl help, of one sub-command, or of all (NULL). */
void xl_help(struct command *, const char *name);
/* There are fewer arguments than required (0: something else is wrong with them). EXIT_USAGE. */
int xl_usage(struct command *, const char *name, int required);

#endif
