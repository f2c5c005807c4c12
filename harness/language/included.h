/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The files that a scenario includes, as parts of its text (sim/record/scenario_files.h). What the text doesn't hold yet is
 * read from the scenario's folder and put behind it, so that the text alone is the whole scenario: in a recording, in a
 * bundle, through a pipe.
 */
#ifndef HARNESS_LANGUAGE_INCLUDED_H
#define HARNESS_LANGUAGE_INCLUDED_H

#include "harness/language/scenario.h"

/* A file in a scenario's text: its lines. */
struct included_file {
    const char *start, *end;
    uint32_t first_line; /* its first line's number in the whole text */
};

/* The scenario's own lines. */
struct included_file included_root(const char *text, size_t bytes);
bool included_find(const char *text, size_t bytes, const char *name, struct included_file *);

/*
 * The name by which the text knows a file that the file `from` ("": the scenario itself) calls `name`: relative to the
 * scenario's folder. NULL: it may be included; else why not.
 */
const char *included_name(
    const char *from, const char *name, size_t name_bytes, char out[SCENARIO_NAME_BYTES_MAX + 1]);

/*
 * A copy of the text with all files behind it that it includes and that could be read, ended by a NUL; to be freed. What can't
 * be read is left out, for the parser complains of it where it is included. NULL: no memory.
 */
char *included_all(const char *path, const char *text, size_t bytes, size_t *all_bytes);

#endif
