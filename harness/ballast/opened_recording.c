/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads a recording and its places. Places are optional: a recording may be without them. */
#include "harness/ballast/opened_recording.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "harness/ballast/file.h"
#include "harness/ballast/stderr_line.h"
#include "harness/run/runner.h"
#include "reports/text_clean.h"

static void open_places(struct opened_recording *opened, const char *path)
{
    char beside[4096], error[512];
    size_t count;
    const int length = snprintf(beside, sizeof beside, "%s.places", path);

    struct stat status;

    if (length < 0 || (size_t)length >= sizeof beside || stat(beside, &status) != 0 ||
        !S_ISREG(status.st_mode))
        return;
    char *lines = file_read(beside, PLACES_BYTES_MAX, &count, error, sizeof error);
    if (lines != NULL && event_places_read(&opened->places, lines, count))
        event_places_style(&opened->style, &opened->places);
    free(lines);
}

bool opened_recording_open(struct opened_recording *opened, const char *path)
{
    char error[512];

    assert(opened->bytes == NULL && opened->reading == NULL);
    opened->bytes = file_read(path, RECORDING_BYTES_MAX, &opened->count, error, sizeof error);
    if (opened->bytes == NULL) {
        stderr_line("%s", error);
        return false;
    }
    opened->reading = reading_open(opened->bytes, opened->count, error, sizeof error);
    if (opened->reading == NULL) {
        stderr_line("%s: %s", path, error);
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
