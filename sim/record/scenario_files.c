/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds the files in a scenario's text, and how they are called. */
#include "sim/record/scenario_files.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define MARK_BYTES 3u

static bool is_marked(const char *line, size_t bytes, const char before[], const char behind[])
{
    return memcmp(line, before, MARK_BYTES) == 0 &&
           memcmp(line + bytes - MARK_BYTES, behind, MARK_BYTES) == 0;
}

bool scenario_begins_file(const char *line, size_t bytes, const char **name, size_t *name_bytes)
{
    assert(line != NULL || bytes == 0);
    if (bytes <= 2 * MARK_BYTES || bytes - 2 * MARK_BYTES > SCENARIO_NAME_BYTES_MAX ||
        !(is_marked(line, bytes, "-- ", " --") || is_marked(line, bytes, "++ ", " ++")))
        return false;
    *name = line + MARK_BYTES;
    *name_bytes = bytes - 2 * MARK_BYTES;
    return (*name)[0] != ' ' && (*name)[*name_bytes - 1] != ' ';
}

struct scenario_place scenario_place_of(const char *text, size_t bytes, uint32_t line)
{
    struct scenario_place place = {.line = 0};
    const char *at = text, *const end = text + bytes;

    for (uint32_t number = 1; number <= line; number++) {
        const char *newline = at < end ? memchr(at, '\n', (size_t)(end - at)) : NULL;
        const char *stop = newline != NULL ? newline : end, *name;
        size_t name_bytes;
        if (number < line && at < stop && *at == '+' &&
            scenario_begins_file(at, (size_t)(stop - at), &name, &name_bytes))
            place = (struct scenario_place){.name = name, .name_bytes = name_bytes};
        else
            place.line++;
        at = newline != NULL ? newline + 1 : end;
    }
    return place;
}

void scenario_file_path(
    const char *scenario_path, const char *name, size_t name_bytes, char *out, size_t out_bytes)
{
    const char *slash = strrchr(scenario_path, '/');
    const bool opened =
        strncmp(scenario_path, "/dev/", 5) == 0 || strncmp(scenario_path, "/proc/self/fd/", 14) == 0;
    const size_t folder = slash == NULL || opened ? 0 : (size_t)(slash - scenario_path) + 1;

    assert(out_bytes > 0);
    snprintf(out, out_bytes, "%.*s%.*s", (int)folder, scenario_path, (int)name_bytes, name);
}
