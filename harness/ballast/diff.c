/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `ballast diff A B`: reads two recordings with the source places beside them; reports/text_diff.c compares them. A file
 * that can't be read, or is no whole recording, is named.
 */
#include <stdio.h>
#include <string.h>

#include "harness/ballast/commands.h"
#include "harness/ballast/opened_recording.h"
#include "harness/ballast/stderr_line.h"
#include "harness/run/runner.h"
#include "reports/text_diff.h"

static int print_diff(const struct opened_recording *a, const struct opened_recording *b)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    const bool same = out != NULL && text_diff(out, a->reading, b->reading, &a->style, &b->style);

    if (!opened_recording_print(out, &text, &bytes))
        return VERDICT_ERROR;
    return same ? VERDICT_PASS : VERDICT_FAIL;
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

static bool open_one(struct opened_recording *opened, const char *path)
{
    char error[OPENED_ERROR_BYTES];
    const bool is_there = opened_recording_open(opened, path, error, sizeof error);

    if (!is_there)
        stderr_line("%s", error);
    return is_there;
}

int command_diff(int count, const char **arguments)
{
    struct opened_recording a = {0}, b = {0};
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
    const bool a_is_there = open_one(&a, arguments[1]), b_is_there = open_one(&b, arguments[2]);
    if (a_is_there && b_is_there)
        code = print_diff(&a, &b);
    opened_recording_close(&a);
    opened_recording_close(&b);
    return code;
}
