/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The program's three standard streams, and the signals it was started with: streams are open before anything else is, and standard output written whole, or the exit code
 * says so. What is written is not looked at here.
 */
#ifndef HARNESS_BALLAST_STREAMS_H
#define HARNESS_BALLAST_STREAMS_H

#include <stdbool.h>

/* Called first. False, with a sentence: there is nowhere to write to. */
bool streams_begin(void);
/* Called last, with the exit code so far; returns the one to end with: ERROR when what was printed could not be written. */
int streams_end(int code);

#endif
