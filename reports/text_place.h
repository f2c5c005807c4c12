/* SPDX-License-Identifier: BSD-2-Clause */
/* Where in the driver's source an event came from, if the style knows it. */
#ifndef REPORTS_TEXT_PLACE_H
#define REPORTS_TEXT_PLACE_H

#include <stdio.h>

#include "reports/reading.h"
#include "reports/text_style.h"

/* The place of an event, or else that of the fault that refused it. NULL: not known. */
const char *text_place(const struct reading *, uint64_t event, const struct text_style *);
/*
 * The callers of that place, innermost first, with a tab between two. NULL: not known, or the event is a death, whose
 * whole backtrace is shown anyway.
 */
const char *text_place_callers(const struct reading *, uint64_t event, const struct text_style *);
/* Prints it behind `before`, unless it is NULL. It is the name that somebody gave a file or function. */
void text_print_place(FILE *, const char *before, const char *place);
/* Prints the callers up to `end`, all in one line behind `what`: the mistake may be in any of these functions. Nothing, if there are none. */
void text_callers(FILE *, const char *what, const char *frames, const char *end);

struct finding;
/* The event whose place is that of the finding: the violation's own, if it was reported from the driver's very call, or
 * else that of the event that broke it. */
uint64_t text_place_of_finding(const struct reading *, const struct finding *, const struct text_style *);

#endif
