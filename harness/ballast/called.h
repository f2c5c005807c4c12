/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How this program was called, so that what it tells a user to type next can be pasted as it stands: its own name, and
 * the guests that it was given. Also the environment's names that it knows, for a misspelt one would change nothing.
 */
#ifndef HARNESS_BALLAST_CALLED_H
#define HARNESS_BALLAST_CALLED_H

#include <stdbool.h>

void called_as(const char *program);
const char *called_program(void);
/* The user is in another folder than this process: what is printed has whole paths. */
void called_from_elsewhere(void);
/* "build/ballast replay --guest FOLDER --kernel K --xen X", quoted for a shell; a malloc'd string, or NULL. */
char *called_command(const char *kernel, const char *xen, bool keep_going);

/* False with a sentence on standard error when a name begins with BALLAST_ and is none of ours. */
bool called_environment_is_known(void);

#endif
