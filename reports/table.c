/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Results as a table, for trying a driver on many scenarios: each scenario with its verdict, below it each invariant that
 * it broke with the first event and the driver's line; at the end how many scenarios broke each invariant.
 */
#include "reports/results.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "sim/invariants/list.h"
#include "reports/findings.h"
#include "reports/names.h"
#include "reports/text_clean.h"
#include "reports/text_place.h"
#include "reports/text_source.h"

#define PATH_COLUMNS 48

struct table {
    FILE *out;
    size_t rows;
    char *judged;                    /* of the rows so far; NULL: of none */
    size_t verdicts[EXIT_CODES_END]; /* by exit code */
    size_t broken_in[NR_INVARIANTS]; /* scenarios */
};

static void *table_begin(FILE *out, size_t nr_results)
{
    struct table *table = calloc(1, sizeof *table);

    if (table == NULL)
        return NULL;
    (void)nr_results;
    table->out = out;
    return table;
}

static void print_row(struct table *table, const char *what, uint64_t event, const char *where)
{
    fprintf(table->out, "%-*s %-8s %-18s %8" PRIu64, PATH_COLUMNS, "", "", what, event);
    if (where != NULL && where[0] != '\0') {
        fputs("  ", table->out);
        text_clean(table->out, where, SIZE_MAX);
    }
    fputc('\n', table->out);
}

static void print_sentence(struct table *table, const char *sentence)
{
    fputs("    ", table->out);
    text_clean(table->out, sentence, SIZE_MAX);
    fputc('\n', table->out);
}

/* Prints each broken invariant once, with the first event that broke it. */
static void print_broken(struct table *table, const struct result *result)
{
    bool seen[NR_INVARIANTS] = {false};
    struct findings findings;

    findings_collect(result->reading, &findings);
    for (size_t f = 0; f < findings.count; f++) {
        const struct finding *finding = &findings.list[f];
        const struct record_violation *violation =
            record_payload(reading_event(result->reading, finding->event));
        const char *place = text_place(
            result->reading, text_place_of_finding(result->reading, finding, &result->style), &result->style);
        char room[NAME_ROOM];

        if (violation->invariant >= NR_INVARIANTS || seen[violation->invariant])
            continue;
        seen[violation->invariant] = true;
        table->broken_in[violation->invariant]++;
        print_row(table, name_of_invariant(violation->invariant, room), finding->cause,
            place != NULL ? place : text_place(result->reading, finding->event, &result->style));
    }
}

/* Prints the first failed expectation of the scenario itself, which broke no invariant, with its line. */
static void print_first_failure(struct table *table, const struct result *result)
{
    const bool crash_expected = failures_expected_crash(result->reading);
    char line[LINE_NAME_ROOM];

    for (uint64_t event = 1; event <= reading_events(result->reading); event++) {
        const struct record *record = reading_event(result->reading, event);
        const enum failure_kind kind = failure_of(record, crash_expected);

        if (kind != FAILURE_EXPECT && kind != FAILURE_NOT_AT_REST && kind != FAILURE_DIFFERENCE)
            continue;
        text_line_name(result->reading, record->line, line);
        print_row(table,
            kind == FAILURE_EXPECT        ? "expect"
            : kind == FAILURE_NOT_AT_REST ? "rest"
                                          : "model",
            event, line);
        return;
    }
}

static void print_remarks(struct table *table, const struct reading *reading)
{
    for (uint64_t event = 1; event <= reading_events(reading); event++) {
        const struct record *record = reading_event(reading, event);

        if (record->type != REC_REMARK)
            continue;
        fputs("    ", table->out);
        text_print_line_name(table->out, reading, record->line);
        fputs(": ", table->out);
        text_clean(table->out, record_text(record), SIZE_MAX);
        fputc('\n', table->out);
    }
}

/* A line above the first row, and above each that is about other files than the one before it. */
static bool print_judged(struct table *table, const struct result *result)
{
    char *judged = result_judged(result);

    if (judged == NULL)
        return false;
    if (judged[0] == '\0' || (table->judged != NULL && strcmp(judged, table->judged) == 0)) {
        free(judged);
        return true;
    }
    fprintf(table->out, "judged: %s\n", judged);
    free(table->judged);
    table->judged = judged;
    return true;
}

static void print_heading(const struct table *table)
{
    fprintf(table->out, "%-*s %-8s %-18s %8s  %s\n", PATH_COLUMNS, "scenario", "verdict", "broken", "event",
        "driver");
}

/* Rules that were broken, each with how often. */
static void print_rows(struct table *table, const char *rows)
{
    char name[32];
    uint64_t count;
    int used;

    while (sscanf(rows, "%31s %" SCNu64 " %n", name, &count, &used) == 2) {
        const char *what = rows + used;
        const size_t bytes = strcspn(what, "\n");
        fprintf(table->out, "%-*s %-8s %-18s %8" PRIu64 "  ", PATH_COLUMNS, "", "", name, count);
        char line[512];
        snprintf(line, sizeof line, "%.*s", (int)bytes, what);
        text_clean(table->out, line, SIZE_MAX);
        fputc('\n', table->out);
        rows = what + bytes + (what[bytes] != 0);
    }
}

static bool table_add(void *state, const struct result *result)
{
    struct table *table = state;
    char *path = clean_name(result->path);

    assert(result->verdict >= 0);
    if (path == NULL || !print_judged(table, result)) {
        free(path);
        return false;
    }
    if (table->rows++ == 0)
        print_heading(table);
    table->verdicts[result->verdict < EXIT_CODES_END ? result->verdict : EXIT_CODES_END - 1]++;
    fprintf(table->out, "%-*s %s\n", PATH_COLUMNS, path, name_of_verdict(result->verdict));
    free(path);
    if (result->schedules != NULL && result->schedules[0] != '\0')
        print_sentence(table, result->schedules);
    if (result->rows != NULL)
        print_rows(table, result->rows);
    else if (result->reading != NULL) {
        print_broken(table, result);
        print_first_failure(table, result);
        print_remarks(table, result->reading);
    }
    /* A run that could not be made may have a recording of its beginning, which does not say why. */
    if (result->rows == NULL && result->sentence[0] != '\0' &&
        (result->reading == NULL || result->verdict == EXIT_CODE_ERROR ||
            result->verdict == EXIT_CODE_TIMEOUT))
        print_sentence(table, result->sentence);
    fflush(table->out);
    return true;
}

static bool table_end(void *state)
{
    struct table *table = state;
    size_t all = 0;

    for (int v = 0; v < EXIT_CODES_END; v++)
        all += table->verdicts[v];
    fprintf(table->out, "%zu scenario%s", all, all == 1 ? "" : "s");
    for (int v = 0; v < EXIT_CODES_END; v++)
        if (table->verdicts[v] != 0)
            fprintf(table->out, ", %zu %s", table->verdicts[v], name_of_verdict(v));
    fputc('\n', table->out);
    for (uint32_t i = 0; i < NR_INVARIANTS; i++) {
        char room[NAME_ROOM];

        if (table->broken_in[i] != 0)
            fprintf(table->out, "%-18s broken in %zu scenario%s\n", name_of_invariant(i, room),
                table->broken_in[i], table->broken_in[i] == 1 ? "" : "s");
    }
    free(table->judged);
    free(table);
    return true;
}

const struct results_format results_table = {"table", table_begin, table_add, table_end, false};
