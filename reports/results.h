/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Results for programs: JSON, JUnit's XML, TAP, a table, and by their causes. They are made from recordings; a run
 * without one has only a verdict and a sentence. docs/formats.md describes the formats; docs/schema/ has the schemas of
 * JSON and JUnit.
 */
#ifndef REPORTS_RESULTS_H
#define REPORTS_RESULTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "reports/text_style.h"

struct result {
    const char *path;     /* the scenario as the user named it */
    int verdict;          /* the exit code; a run that left no recording has one, too */
    const char *sentence; /* what was missing or wrong; "" for none */
    const char *
        rows; /* of what isn't a scenario: a line "NAME COUNT WHAT" for each rule that was broken; NULL or "" */
    const char *schedules; /* of several runs with seeded schedules: which of them this is; NULL or "" */
    const struct reading *reading; /* NULL: none */
    uint64_t wall_ms;              /* how long it took on the computer that ran it; for JUnit alone */
    struct text_style style;
};

/* Results are added in order. Each returns false (begin: NULL) when memory is out; end frees the state. */
struct results_format {
    const char *name;
    void *(*begin)(FILE *, size_t nr_results);
    bool (*add)(void *state, const struct result *);
    bool (*end)(void *state);
    bool has_text; /* it writes result_text */
};

extern const struct results_format results_json, results_junit, results_tap, results_table, results_causes;

/* For the formats: all that a terminal would show below the verdict, cleaned as by clean_text; NULL: no memory. */
char *result_text(const struct result *);
/* The same in one line, for a reader who sees no more: what broke, where, or what was wanted and seen; and how much more there
 * is. For a result that is no PASS. */
char *result_headline(const struct result *);
/* Whose files it is about, by its recording or, without one, by its style; "" for none; a malloc'd string, or NULL when
 * there is no memory. */
char *result_judged(const struct result *);
/* Any bytes as UTF-8, with escapes for control characters and for bytes that are no UTF-8; a malloc'd string. */
char *clean_text(const char *text, size_t bytes);
/* The same of a name, whose newlines are escaped, too: it stays in its line or row. */
char *clean_name(const char *name);
/* "0.204", "61.234": of virtual time, 0 without a recording. */
uint64_t result_time_ns(const struct result *);

#endif
