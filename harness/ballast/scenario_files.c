/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeps what comes through a pipe, for it can be read only once; folders are folder_files.c's. */
#include "harness/ballast/scenario_files.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/ballast/file.h"
#include "harness/ballast/folder_files.h"
#include "harness/language/scenario.h"

/* Is it standard input, or another pipe that the caller has opened for us? */
static bool is_opened_already(const char *name)
{
    return strcmp(name, "-") == 0 || file_is_opened(name);
}

/* Reads to the end, or to where it is too long for a scenario, as the parser will say. NULL: errno says why. */
static char *read_all(int from, size_t *bytes)
{
    const size_t room = (size_t)SCENARIO_BYTES_MAX + 2;
    char *text = malloc(room);
    ssize_t got = text != NULL ? 1 : -1;

    for (*bytes = 0; got > 0 && *bytes<room; *bytes += got> 0 ? (size_t)got : 0)
        do
            got = read(from, text + *bytes, room - *bytes);
        while (got < 0 && errno == EINTR);
    if (got >= 0)
        return text;
    free(text);
    return NULL;
}

static bool add_input(struct scenario_files *files, const char *name, const char *text, size_t bytes)
{
    struct scenario_input *more = realloc(files->inputs, (files->nr_inputs + 1) * sizeof *more);
    char *copy = malloc(bytes + 1);

    if (more != NULL)
        files->inputs = more;
    if (more == NULL || copy == NULL) {
        free(copy);
        return false;
    }
    memcpy(copy, text, bytes);
    copy[bytes] = 0;
    files->inputs[files->nr_inputs++] = (struct scenario_input){files->names.count, copy, bytes};
    words_add(&files->names, name);
    return !files->names.failed;
}

/* What is named a second time was read to its end the first time. */
static bool keep_text(struct scenario_files *files, const char *name, char *error, size_t error_bytes)
{
    const char *slash = strrchr(name, '/');
    const int from = slash == NULL || strcmp(slash, "/stdin") == 0 ? STDIN_FILENO : atoi(slash + 1);
    size_t bytes;

    for (size_t f = 0; f < files->nr_inputs; f++) {
        const struct scenario_input *input = &files->inputs[f];
        if (strcmp(files->names.list[input->which], name) == 0)
            return add_input(files, name, input->text, input->bytes);
    }
    char *text = read_all(from, &bytes);
    const bool added = text != NULL && add_input(files, name, text, bytes);
    if (!added)
        snprintf(error, error_bytes, "%s: can't be read: %s", name, strerror(errno));
    free(text);
    return added;
}

const struct scenario_input *scenario_files_input(const struct scenario_files *files, size_t which)
{
    for (size_t f = 0; f < files->nr_inputs; f++)
        if (files->inputs[f].which == which)
            return &files->inputs[f];
    return NULL;
}

bool scenario_files_add(struct scenario_files *files, const char *name, char *error, size_t error_bytes)
{
    if (*name == 0) {
        snprintf(error, error_bytes, "a name of a scenario is empty");
        return false;
    }
    if (is_opened_already(name))
        return keep_text(files, name, error, error_bytes);
    return folder_files_add(&files->names, name, ".scn", "scenario", error, error_bytes);
}

void scenario_files_free(struct scenario_files *files)
{
    words_free(&files->names);
    for (size_t f = 0; f < files->nr_inputs; f++)
        free(files->inputs[f].text);
    free(files->inputs);
    *files = (struct scenario_files){0};
}
