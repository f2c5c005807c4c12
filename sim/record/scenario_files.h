/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A scenario's text may hold more than one file: behind its own lines stand those of files that it includes, each behind a
 * line `-- NAME --` where it was written so, or `++ NAME ++` where the file was read and put there. A recording keeps them
 * so, and its line numbers count through all of them.
 */
#ifndef SIM_RECORD_SCENARIO_FILES_H
#define SIM_RECORD_SCENARIO_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SCENARIO_NAME_BYTES_MAX 200u

/* Does the line begin a file? Then its name, not ended by a NUL. */
bool scenario_begins_file(const char *line, size_t bytes, const char **name, size_t *name_bytes);

struct scenario_place {
    const char *name; /* of the file that was read for it; NULL: the line is in the scenario's own file */
    size_t name_bytes;
    uint32_t line; /* in that file, from 1 */
};
/* Where a line of the whole text is. A line that begins a file, or isn't there, counts as of the file before it. */
struct scenario_place scenario_place_of(const char *text, size_t bytes, uint32_t line);

/*
 * The name of an included file as one would open it: names are relative to the folder of the scenario, whose path is given.
 * Standard input and what a shell opened is in the present folder.
 */
void scenario_file_path(
    const char *scenario_path, const char *name, size_t name_bytes, char *out, size_t out_bytes);

#endif
