/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which scenarios a name on the command line stands for: a file; all in a folder; or `-`, standard input. What is in them is
 * not looked at here.
 */
#ifndef HARNESS_BALLAST_SCENARIO_FILES_H
#define HARNESS_BALLAST_SCENARIO_FILES_H

#include "harness/builder/words.h"

/* A scenario whose text came through a pipe, and can't be read again. */
struct scenario_input {
    size_t which; /* of the names */
    char *text;
    size_t bytes;
};

struct scenario_files {
    struct words names; /* as the user is told of them */
    struct scenario_input *inputs;
    size_t nr_inputs;
};

/* Adds all that the name stands for. False, with a sentence in error; also for a folder without a scenario. */
bool scenario_files_add(struct scenario_files *, const char *name, char *error, size_t error_bytes);
/* NULL: the name is that of a file. */
const struct scenario_input *scenario_files_input(const struct scenario_files *, size_t which);
void scenario_files_free(struct scenario_files *);

#endif
