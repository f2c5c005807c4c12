/* SPDX-License-Identifier: BSD-2-Clause */
/* Comparisons of a scenario: whether one holds between two numbers, and how it is shown to a person. */
#ifndef HARNESS_RUN_CONDITIONS_H
#define HARNESS_RUN_CONDITIONS_H

#include "harness/language/scenario.h"

/* False also for ~ and !~, which compare texts. */
bool conditions_compare(enum comparison, uint64_t seen, uint64_t wanted);
bool conditions_are_about_text(const struct condition *); /* ~ and !~ */
/* Does the text hold what the value says, or match its regular expression? */
bool conditions_match(const struct value *, const char *text);
/* "== 16483p", "~ \"clipped\"" */
void conditions_wanted(const struct condition *, char *out, size_t out_bytes);
/* As a scenario asks it: "nb calls mmu_update", "sum(d.reservation)". */
#define QUERY_TEXT_BYTES (2 * NAME_BYTES_MAX + sizeof(struct query))
void conditions_query(const struct query *, char *out, size_t out_bytes);
/* A number in its unit; a size with the suffix that the scenario wrote (0: whichever is shortest). */
void conditions_number(enum unit, uint64_t number, char suffix, char *out, size_t out_bytes);

#endif
