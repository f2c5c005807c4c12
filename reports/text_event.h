/* SPDX-License-Identifier: BSD-2-Clause */
/* One event in one line: for --until, diff and debuggers. */
#ifndef REPORTS_TEXT_EVENT_H
#define REPORTS_TEXT_EVENT_H

#include <stdio.h>

#include "reports/reading.h"
#include "reports/text_style.h"

/* With its number, virtual time, domain and place. Prints nothing if there is no such event. */
void text_event(FILE *, const struct reading *, uint64_t event, const struct text_style *);
/* What happened alone, without a newline: "XENMEM_increase_reservation 512 of order 0 -> 413". */
void text_describe(FILE *, const struct reading *, uint64_t event);
/* The same as a malloc'd string; NULL: no memory. */
char *text_description(const struct reading *, uint64_t event);

#endif
