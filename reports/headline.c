/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A result in one line, as a CI server shows it: the first cause with its place and event, and how much else there is. What
 * broke an invariant stands before an expectation that failed, which often follows from it.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "reports/causes.h"
#include "reports/results.h"
#include "reports/text_clean.h"

static bool is_expectation(const struct cause *cause)
{
    return strncmp(cause->what, "expect", strlen("expect")) == 0;
}

/* What is told of no event is a sentence of one line or more. */
static void print_cause(FILE *out, const struct cause *cause, const struct result *result)
{
    if (cause->event == 0 && result->rows == NULL && result->sentence[0] != '\0') {
        text_clean_bytes(out, result->sentence, strcspn(result->sentence, "\n"));
        return;
    }
    if (cause->class == CAUSE_REMARK) {
        fputs("remark: ", out);
    } else if (cause->event != 0 && !is_expectation(cause)) {
        fputs(cause->what, out);
        if (cause->place[0] != '\0')
            fprintf(out, " %s %s", cause->is_after ? "after" : "at", cause->place);
        fprintf(out, ", event %" PRIu64 ": ", cause->event);
    }
    fputs(cause->words, out);
}

/* Other invariants that broke, by name, and how many expectations failed. */
static void print_others(FILE *out, const struct causes *causes)
{
    const struct cause *first = &causes->list[0];
    const char *between = "; also ";
    unsigned expectations = 0;

    for (size_t c = 1; c < causes->count; c++) {
        const struct cause *cause = &causes->list[c];
        bool named = strcmp(cause->what, first->what) == 0;
        if (cause->class != CAUSE_FAILURE || cause->event == 0)
            continue;
        if (is_expectation(cause)) {
            expectations++;
            continue;
        }
        for (size_t before = 1; before < c && !named; before++)
            named = strcmp(causes->list[before].what, cause->what) == 0;
        if (!named) {
            fprintf(out, "%s%s", between, cause->what);
            between = ", ";
        }
    }
    if (expectations > 0)
        fprintf(out, "; %u%s expectation%s failed", expectations, is_expectation(first) ? " more" : "",
            expectations == 1 ? "" : "s");
}

char *result_headline(const struct result *result)
{
    struct causes causes = {0};
    char *line = NULL;
    size_t bytes;
    FILE *out = open_memstream(&line, &bytes);
    bool good = out != NULL && causes_collect(&causes, result);

    if (good && causes.count > 0) {
        print_cause(out, &causes.list[0], result);
        print_others(out, &causes);
    }
    good = out != NULL && fclose(out) == 0 && good;
    causes_free(&causes);
    if (good)
        return line;
    free(line);
    return NULL;
}
