/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * TAP, version 13: a line for each scenario, and below it as comments what went wrong. Lines are written as results come,
 * so that a reader sees a long run's progress.
 */
#include "reports/results.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "reports/names.h"

struct tap {
    FILE *out;
    size_t count, done;
};

static void *tap_begin(FILE *out, size_t nr_results)
{
    struct tap *tap = malloc(sizeof *tap);

    if (tap == NULL)
        return NULL;
    *tap = (struct tap){.out = out, .count = nr_results};
    fprintf(out, "TAP version 13\n1..%zu\n", nr_results);
    return tap;
}

/* Prints a description. A # would begin a directive, so # and the backslash are escaped. */
static void print_escaped(FILE *out, const char *text)
{
    for (; *text != '\0' && *text != '\n'; text++) {
        if (*text == '#' || *text == '\\')
            fputc('\\', out);
        fputc(*text, out);
    }
}

static void print_comments(FILE *out, const char *text)
{
    while (*text != '\0') {
        const size_t bytes = strcspn(text, "\n");
        fprintf(out, "# %.*s\n", (int)bytes, text);
        text += bytes + (text[bytes] == '\n');
    }
}

static bool tap_add(void *state, const struct result *result)
{
    struct tap *tap = state;
    const bool skipped = result->verdict == EXIT_CODE_SKIP;
    char *path = clean_name(result->path), *text = result_text(result), *judged = result_judged(result);
    const bool whole = path != NULL && text != NULL && judged != NULL;

    assert(tap->done < tap->count);
    if (whole) {
        fprintf(tap->out, "%s %zu - ", skipped || result->verdict == EXIT_CODE_PASS ? "ok" : "not ok",
            ++tap->done);
        print_escaped(tap->out, path);
        if (skipped) {
            fputs(" # SKIP ", tap->out);
            print_escaped(tap->out, text);
        } else if (result->verdict != EXIT_CODE_PASS)
            fprintf(tap->out, " (%s)", name_of_verdict(result->verdict));
        fputc('\n', tap->out);
        if (judged[0] != '\0')
            fprintf(tap->out, "# judged: %s\n", judged);
        if (!skipped)
            print_comments(tap->out, text);
        fflush(tap->out);
    }
    free(judged);
    free(path);
    free(text);
    return whole;
}

static bool tap_end(void *state)
{
    struct tap *tap = state;
    const bool whole = tap->done == tap->count;

    free(tap);
    return whole;
}

const struct results_format results_tap = {"tap", tap_begin, tap_add, tap_end, true};
