/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads a recording and its places. Places are optional: a recording may be without them. */
#include "harness/ballast/opened_recording.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/ballast/file.h"
#include "harness/ballast/folder_files.h"
#include "harness/ballast/stderr_line.h"
#include "harness/run/runner.h"
#include "reports/text_clean.h"

static void open_places(struct opened_recording *opened, const char *path)
{
    char beside[4096], error[512];
    size_t count;
    const int length = snprintf(beside, sizeof beside, "%s" PLACES_SUFFIX, path);
    struct stat status;

    if (length < 0 || (size_t)length >= sizeof beside || stat(beside, &status) != 0 ||
        !S_ISREG(status.st_mode))
        return;
    char *lines = file_read(beside, PLACES_BYTES_MAX, &count, error, sizeof error);
    if (lines != NULL && event_places_read(&opened->places, lines, count))
        event_places_style(&opened->style, &opened->places);
    free(lines);
}

/* Of a folder, a recording that is in it. */
static void tell_folder(const char *path, char *error, size_t error_bytes)
{
    struct words found = {0};
    char unused[512];

    (void)folder_files_in(&found, path, ".rec", unused, sizeof unused);
    if (found.count > 0)
        snprintf(error, error_bytes, "%s: it is a folder, and one recording is wanted, as %s", path,
            found.list[0]);
    else
        snprintf(error, error_bytes,
            "%s: it is a folder, and no recording is in it; `ballast replay --record FILE` keeps one", path);
    words_free(&found);
}

/* Of a name that no file's bytes can be read by. False: nothing is known against it. */
static bool is_no_file(const char *path, char *error, size_t error_bytes)
{
    struct stat status;

    if (path[0] == '\0')
        snprintf(error, error_bytes, "a name of a recording is empty");
    else if (strcmp(path, "-") == 0)
        snprintf(error, error_bytes, "-: a recording that comes through a pipe is called /dev/stdin");
    else if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
        tell_folder(path, error, error_bytes);
    else
        return false;
    return true;
}

static bool begins_with(const struct opened_recording *opened, const char *first)
{
    return opened->count >= strlen(first) && memcmp(opened->bytes, first, strlen(first)) == 0;
}

/* Of bytes that are no recording: what to do with what they are. */
static void tell_bytes(
    const struct opened_recording *opened, const char *path, const char *why, char *error, size_t error_bytes)
{
    const size_t bytes = strlen(path), suffix_bytes = strlen(PLACES_SUFFIX);
    const bool is_beside = bytes > suffix_bytes && strcmp(path + bytes - suffix_bytes, PLACES_SUFFIX) == 0;

    if (is_beside && begins_with(opened, PLACES_FIRST_LINE))
        snprintf(error, error_bytes, "%s: it goes with a recording; name that, %.*s", path,
            (int)(bytes - suffix_bytes), path);
    else if (begins_with(opened, "language "))
        snprintf(error, error_bytes,
            "%s: it is a scenario, and no recording; `ballast replay --record FILE %s` makes one of it", path,
            path);
    else
        snprintf(error, error_bytes, "%s: %s", path, why);
}

bool opened_recording_open(struct opened_recording *opened, const char *path, char *error, size_t error_bytes)
{
    char why[512];

    assert(opened->bytes == NULL && opened->reading == NULL);
    assert(error_bytes > 0);
    if (is_no_file(path, error, error_bytes))
        return false;
    opened->bytes = file_read(path, RECORDING_BYTES_MAX, &opened->count, error, error_bytes);
    if (opened->bytes == NULL)
        return false;
    opened->reading = reading_open(opened->bytes, opened->count, why, sizeof why);
    if (opened->reading == NULL) {
        tell_bytes(opened, path, why, error, error_bytes);
        return false;
    }
    open_places(opened, path);
    return true;
}

void opened_recording_close(struct opened_recording *opened)
{
    reading_close(opened->reading);
    event_places_free(&opened->places);
    free(opened->bytes);
}

bool opened_recording_print(FILE *memory, char **text, const size_t *bytes)
{
    const bool whole = memory != NULL && fclose(memory) == 0;

    if (whole)
        text_clean_lines(stdout, *text, *bytes);
    else
        stderr_line("no memory");
    free(*text);
    *text = NULL;
    return whole;
}
