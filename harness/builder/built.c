/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads what build.c wrote: the paths in `built`, and in the images' description the hash of each file that is not ours. Both have
 * the files in the same order.
 */
#include "harness/builder/built.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/builder/build.h"
#include "harness/builder/contents.h"

static FILE *open_in(const char *folder, const char *name)
{
    char *path = NULL;
    FILE *file = asprintf(&path, "%s/%s", folder, name) < 0 ? NULL : fopen(path, "re");

    free(path);
    return file;
}

/* A line without its newline. False: there are no more. */
static bool read_line(FILE *in, char **line, size_t *room)
{
    const ssize_t bytes = getline(line, room, in);

    if (bytes > 0 && (*line)[bytes - 1] == '\n')
        (*line)[bytes - 1] = 0;
    return bytes > 0;
}

/* The hash in the next row about a file that is not ours. */
static bool read_hash(FILE *description, char **line, size_t *room, uint64_t *hash)
{
    while (read_line(description, line, room))
        if (sscanf(*line, "file %*s xxh64:%16" SCNx64, hash) == 1)
            return true;
    return false;
}

static bool has_changed(const char *path, uint64_t was)
{
    uint64_t hash;

    return hash_of_file(path, &hash) && hash != was;
}

static char *find_changed(FILE *built, FILE *description, struct words *options)
{
    char *file = NULL, *row = NULL, *changed = NULL;
    size_t file_room = 0, row_room = 0;
    uint64_t hash;

    read_line(built, &file, &file_room); /* its key */
    while (read_line(built, &file, &file_room) && read_hash(description, &row, &row_room, &hash)) {
        const char *blank = strchr(file, ' ');
        if (blank == NULL)
            continue;
        words_addf(options, "--%.*s", (int)(blank - file), file);
        words_add(options, blank + 1);
        if (changed == NULL && has_changed(blank + 1, hash))
            changed = strdup(blank + 1);
    }
    free(file);
    free(row);
    return changed;
}

char *built_changed(const char *folder, struct words *options)
{
    FILE *built = open_in(folder, BUILT_FILE), *description = open_in(folder, BUILT_DESCRIPTION);
    char *changed = built != NULL && description != NULL ? find_changed(built, description, options) : NULL;

    if (built != NULL)
        fclose(built);
    if (description != NULL)
        fclose(description);
    return changed;
}
