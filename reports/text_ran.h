/* SPDX-License-Identifier: BSD-2-Clause */
/* The functions of the driver that ran last before an event, and first after it, in one line each. */
#ifndef REPORTS_TEXT_RAN_H
#define REPORTS_TEXT_RAN_H

#include <stdio.h>

#include "reports/leads.h"
#include "reports/text_style.h"

/* Rows that a report has already: none is printed twice. */
#define RAN_SHOWN_MAX 64u
struct ran_shown {
    uint64_t rows[RAN_SHOWN_MAX];
    unsigned count;
    uint64_t first_fault, last_fault; /* told as steps, as event numbers; 0: none */
};

/* What a driver did last, with its place and callers and what ran, in one line; nothing, if neither is known. */
void text_step(FILE *, const struct reading *, const struct step *, const char *margin,
    const struct text_style *, struct ran_shown *);
/*
 * Prints up to two lines, each after so many columns. Functions among the callers of the event's place are left out: they
 * were printed. after: what ran after the event is asked for, too.
 */
void text_ran(FILE *, const struct reading *, struct lead, bool after, const char *margin,
    const struct text_style *, struct ran_shown *);

#endif
