/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values of options on the command line. A refusal names the option and says what its value may be. What an option does
 * is up to its command.
 */
#ifndef HARNESS_BALLAST_OPTION_VALUE_H
#define HARNESS_BALLAST_OPTION_VALUE_H

#include <popt.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads a decimal number. text NULL: the option wasn't given, and *number stays. False, with a sentence in error. */
bool option_number(const char *option, const char *text, uint64_t least, uint64_t most, uint64_t *number,
    char *error, size_t error_bytes);

/* Makes a sentence of popt's error code `result`. command is as the user types it: "ballast replay". */
void option_refused(const struct poptOption *table, poptContext context, int result, const char *command,
    char *error, size_t error_bytes);

#endif
