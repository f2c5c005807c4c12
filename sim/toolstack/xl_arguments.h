/* SPDX-License-Identifier: BSD-2-Clause */
/* What xl's sub-commands do with their arguments: find the domain that they name, and complain when some are missing. */
#ifndef SIM_TOOLSTACK_XL_ARGUMENTS_H
#define SIM_TOOLSTACK_XL_ARGUMENTS_H

#include "sim/toolstack/command.h"

/* Finds a domain as xl does: by its name, or any number. False: no such name, and xl's message was printed. */
bool xl_find_domain(struct command *, const char *text, unsigned *domid);
/* Prints xl's help for one sub-command, or for all (NULL). */
void xl_help(struct command *, const char *name);
/* Prints that there are fewer arguments than required (0: just the usage). Returns EXIT_USAGE. */
int xl_usage(struct command *, const char *name, int required);

#endif
