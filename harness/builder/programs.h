/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs other programs, compilers above all, several at a time. No shell stands between: each argument arrives as it
 * is. What a program prints is kept in a file, and its caller shows it.
 */
#ifndef HARNESS_BUILDER_PROGRAMS_H
#define HARNESS_BUILDER_PROGRAMS_H

#include "harness/builder/words.h"

struct program {
    struct words arguments; /* the program first, found along PATH */
    const char *folder;     /* where it runs; NULL: here */
    char *said;             /* the file that takes what it prints */
    bool succeeded;
    int error; /* it could not be started: errno */
};

/* Runs them all, but those without arguments, at most so many at a time, and waits for each. */
void programs_run(struct program *, size_t count, size_t at_a_time);

#endif
