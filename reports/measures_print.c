/* SPDX-License-Identifier: BSD-2-Clause */
/* Writes what measures.c counted: several runs under one another in tables, or as JSON. */
#include "reports/measures.h"

#include <assert.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "reports/names.h"
#include "reports/results.h"
#include "reports/text_clean.h"

#define NAME_COLUMNS    22
#define COLUMNS_BETWEEN 2
#define LEAST_COLUMNS   6

struct column {
    const char *name, *head, *meaning, *unknown;
    size_t member; /* its offset in struct measures */
    enum measure_table table;
    enum measure_unit unit;
};

static const struct column columns[] = {
#define X(member, table, unit, name, head, meaning, unknown) \
    {name, head, meaning, unknown, offsetof(struct measures, member), MEASURES_##table, MEASURE_##unit},
    MEASURES(X)
#undef X
};
#define NR_COLUMNS (sizeof columns / sizeof columns[0])

static const char *const table_names[] = {
#define X(id, name, about) name ": " about,
    MEASURE_TABLES(X)
#undef X
};

static uint64_t value_of(const struct column *column, const struct measures *measures)
{
    uint64_t value;

    assert(column->member + sizeof value <= sizeof *measures);
    memcpy(&value, (const char *)measures + column->member, sizeof value);
    return value;
}

static const char *verdict_of(const struct measured *measured)
{
    return measured->measures.verdict < 0 ? "no run" : name_of_verdict(measured->measures.verdict);
}

/* A scenario that a kernel was not made for, or that can't be run on it, says nothing of it. */
static bool has_numbers(const struct measured *measured)
{
    const int verdict = measured->measures.verdict;

    return verdict >= 0 && verdict != EXIT_CODE_SKIP && verdict != EXIT_CODE_ERROR;
}

static int width_of(const struct column *column)
{
    const int width = (int)strlen(column->head);

    return COLUMNS_BETWEEN + (width < LEAST_COLUMNS ? LEAST_COLUMNS : width);
}

static void print_value(FILE *out, const struct column *column, const struct measures *measures, int width)
{
    const uint64_t value = value_of(column, measures);

    if (value == MEASURE_UNKNOWN)
        fprintf(out, "%*s", width, "-");
    else if (column->unit == MEASURE_NS)
        fprintf(out, "%*.3f s", width > 2 ? width - 2 : 0, (double)value / 1e9);
    else
        fprintf(out, "%*" PRIu64, width, value);
}

/* Invariants that a run broke, those that its scenario expects as well: of a design they say what it costs. */
static void print_broken(FILE *out, uint64_t broken)
{
    char room[NAME_ROOM];
    const char *between = "breaks ";

    if (broken == 0)
        return;
    fprintf(out, "  %-*s ", NAME_COLUMNS, "");
    for (uint32_t i = 0; i < sizeof broken * 8; i++)
        if ((broken >> i & 1) != 0) {
            fprintf(out, "%s%s", between, name_of_invariant(i, room));
            between = ", ";
        }
    fputc('\n', out);
}

static void print_heads(FILE *out, enum measure_table table)
{
    fprintf(out, "\n  %-*s %-6s", NAME_COLUMNS, "", "");
    for (size_t c = 0; c < NR_COLUMNS; c++)
        if (columns[c].table == table)
            fprintf(out, "%*s", width_of(&columns[c]), columns[c].head);
    fputc('\n', out);
}

/* Why a column has no number for some runs: below its table. */
static void print_unknown(FILE *out, const struct measured *list, size_t count, enum measure_table table)
{
    for (size_t c = 0; c < NR_COLUMNS; c++)
        for (size_t i = 0; columns[c].table == table && i < count; i++)
            if (has_numbers(&list[i]) && value_of(&columns[c], &list[i].measures) == MEASURE_UNKNOWN) {
                assert(*columns[c].unknown != '\0');
                fprintf(out, "  %s -: %s\n", columns[c].head, columns[c].unknown);
                break;
            }
}

static void print_run(FILE *out, const struct measured *run, enum measure_table table)
{
    fprintf(out, has_numbers(run) ? "  %-*s %-6s" : "  %-*s %s", NAME_COLUMNS, run->kernel, verdict_of(run));
    for (size_t c = 0; c < NR_COLUMNS; c++)
        if (columns[c].table == table && has_numbers(run))
            print_value(out, &columns[c], &run->measures, width_of(&columns[c]));
    fputc('\n', out);
    if (table == MEASURES_SUMMARY)
        print_broken(out, run->measures.broken);
}

static size_t runs_of_one_scenario(const struct measured *list, size_t count)
{
    size_t n = 1;

    while (n < count && strcmp(list[n].scenario, list[0].scenario) == 0)
        n++;
    return n;
}

bool measures_print_tables(FILE *out, const struct measured *list, size_t count, unsigned tables)
{
    for (size_t at = 0, n; at < count; at += n) {
        n = runs_of_one_scenario(list + at, count - at);
        fputs(at > 0 ? "\n" : "", out);
        text_clean(out, list[at].scenario, SIZE_MAX);
        for (enum measure_table table = 0; table < NR_MEASURE_TABLES; table++) {
            if ((tables >> table & 1) == 0)
                continue;
            print_heads(out, table);
            for (size_t i = at; i < at + n; i++)
                print_run(out, &list[i], table);
            print_unknown(out, list + at, n, table);
        }
    }
    return ferror(out) == 0;
}

/* Heads and meanings are ours, and have nothing in them that JSON or a page would take for more. */
void measures_write_heads(FILE *out)
{
    const char *between = "[";

    for (size_t c = 0; c < NR_COLUMNS; c++) {
        fprintf(out, "%s[\"%s\",\"%s\",\"%s\",\"%s\"]", between, columns[c].head, columns[c].meaning,
            table_names[columns[c].table], columns[c].unknown);
        between = ",";
    }
    fputc(']', out);
}

void measures_write_values(FILE *out, const struct measures *measures)
{
    const char *between = "[\"";

    for (size_t c = 0; c < NR_COLUMNS; c++) {
        fputs(between, out);
        print_value(out, &columns[c], measures, 0);
        between = "\",\"";
    }
    fputs("\"]", out);
}

void measures_print_meanings(FILE *out)
{
    for (size_t c = 0; c < NR_COLUMNS; c++) {
        if (c == 0 || columns[c].table != columns[c - 1].table)
            fprintf(out, "%s:\n", table_names[columns[c].table]);
        fprintf(out, "  %-14s %s\n", columns[c].head, columns[c].meaning);
    }
}

/* Takes the run; NULL: no memory. */
static json_t *with_broken(json_t *run, uint64_t broken)
{
    char room[NAME_ROOM];
    json_t *list = json_array();
    bool whole = run != NULL && list != NULL;

    for (uint32_t i = 0; whole && i < sizeof broken * 8; i++)
        if ((broken >> i & 1) != 0)
            whole = json_array_append_new(list, json_string(name_of_invariant(i, room))) == 0;
    whole = whole && json_object_set(run, "broken", list) == 0;
    json_decref(list);
    if (whole)
        return run;
    json_decref(run);
    return NULL;
}

/* A guest may say what it likes of itself: what no integer of JSON's readers holds is not known, either. */
static json_t *json_value(uint64_t value)
{
    return value > INT64_MAX ? json_null() : json_integer((json_int_t)value);
}

/* Why a run has no numbers; false: no memory. */
static bool with_reason(json_t *run, const char *reason)
{
    char *clean = reason != NULL ? clean_text(reason, strlen(reason)) : NULL;
    const bool whole =
        reason == NULL || (clean != NULL && json_object_set_new(run, "reason", json_string(clean)) == 0);

    free(clean);
    return whole;
}

/* A run's members in their order; NULL: no memory. Names are cleaned, since JSON is UTF-8 and a path need not be. */
static json_t *json_run(const struct measured *measured)
{
    char *clean = clean_text(measured->scenario, strlen(measured->scenario));
    json_t *run = clean != NULL
                      ? json_pack("{s:s, s:s, s:s, s:s}", "scenario", clean, "kernel", measured->kernel,
                            "kernel_version", measured->measures.version, "verdict", verdict_of(measured))
                      : NULL;
    bool whole = run != NULL;

    free(clean);
    for (size_t c = 0; whole && has_numbers(measured) && c < NR_COLUMNS; c++)
        whole = json_object_set_new(
                    run, columns[c].name, json_value(value_of(&columns[c], &measured->measures))) == 0;
    if (whole && with_reason(run, measured->reason))
        return with_broken(run, measured->measures.broken);
    json_decref(run);
    return NULL;
}

bool measures_print_json(FILE *out, const struct measured *list, size_t count)
{
    json_t *runs = json_array();
    bool whole = runs != NULL;

    for (size_t i = 0; whole && i < count; i++)
        whole = json_array_append_new(runs, json_run(&list[i])) == 0;
    json_t *all = json_pack("{s:s, s:i, s:o?}", "format", "ballast comparison", "version", 2, "runs", runs);
    whole = whole && all != NULL && json_dumpf(all, out, JSON_INDENT(1)) == 0;
    fputc('\n', out);
    json_decref(all);
    return whole;
}
