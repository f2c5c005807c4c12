/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `ballast diff A B`: reads two recordings with the source places beside them; reports/text_diff.c compares them. A file
 * that can't be read, or is no whole recording, is named.
 */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "harness/ballast/commands.h"
#include "harness/ballast/file.h"
#include "harness/ballast/places_file.h"
#include "harness/ballast/stderr_line.h"
#include "harness/run/runner.h"
#include "reports/text_clean.h"
#include "reports/text_diff.h"
#include "reports/text_style.h"

#define PLACES_BYTES_MAX ((size_t)1 << 30)

struct opened {
    char *bytes;
    struct reading *reading;
    struct event_places places;
    struct text_style style;
};

/* Places are optional: a recording may be without them. */
static void open_places(struct opened *opened, const char *path)
{
    char beside[4096], error[512];
    size_t count;
    const int length = snprintf(beside, sizeof beside, "%s.places", path);

    struct stat status;

    if (length < 0 || (size_t)length >= sizeof beside || stat(beside, &status) != 0 ||
        !S_ISREG(status.st_mode))
        return;
    char *lines = file_read(beside, PLACES_BYTES_MAX, &count, error, sizeof error);
    if (lines != NULL && event_places_read(&opened->places, lines, count)) {
        opened->style.place = event_places_find;
        opened->style.place_context = &opened->places;
    }
    free(lines);
}

static bool open_recording(struct opened *opened, const char *path)
{
    char error[512];
    size_t count;

    assert(opened->bytes == NULL && opened->reading == NULL);
    opened->bytes = file_read(path, RECORDING_BYTES_MAX, &count, error, sizeof error);
    if (opened->bytes == NULL) {
        stderr_line("%s", error);
        return false;
    }
    opened->reading = reading_open(opened->bytes, count, error, sizeof error);
    if (opened->reading == NULL) {
        stderr_line("%s: %s", path, error);
        return false;
    }
    open_places(opened, path);
    return true;
}

static void close_recording(struct opened *opened)
{
    reading_close(opened->reading);
    event_places_free(&opened->places);
    free(opened->bytes);
}

/* Places may come from anywhere: what a terminal would obey is escaped here, for the whole text. */
static int print_diff(const struct opened *a, const struct opened *b)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    int code = VERDICT_ERROR;

    if (out != NULL)
        code = text_diff(out, a->reading, b->reading, &a->style, &b->style) ? VERDICT_PASS : VERDICT_FAIL;
    if (out != NULL && fclose(out) == 0)
        text_clean_lines(stdout, text, bytes);
    else {
        stderr_line("no memory");
        code = VERDICT_ERROR;
    }
    free(text);
    return code;
}

static void help(FILE *out)
{
    fputs(
        "usage: ballast diff A B\n\n"
        "Compares two recordings (ballast replay --record FILE): the first event that differs, the line of\n"
        "the scenario in charge, and the ten events before it.\n\n"
        "Exit codes: 0 the same, 5 different, 4 one of them can't be read.\n",
        out);
}

int command_diff(int count, const char **arguments)
{
    struct opened a = {0}, b = {0};
    int code = VERDICT_ERROR;

    if (count == 2 && (strcmp(arguments[1], "--help") == 0 || strcmp(arguments[1], "-h") == 0)) {
        help(stdout);
        return VERDICT_PASS;
    }
    const bool plain = count > 1 && strcmp(arguments[1], "--") == 0;
    arguments += plain;
    count -= plain;
    if (count != 3 || (!plain && (arguments[1][0] == '-' || arguments[2][0] == '-'))) {
        stderr_line("two recordings are compared, as in `ballast diff a.rec b.rec`");
        return VERDICT_ERROR;
    }
    /* Both are opened in any case, so that one call names what is wrong with either. */
    const bool a_is_there = open_recording(&a, arguments[1]), b_is_there = open_recording(&b, arguments[2]);
    if (a_is_there && b_is_there)
        code = print_diff(&a, &b);
    close_recording(&a);
    close_recording(&b);
    return code;
}
