/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a person reads in a terminal, made from recordings alone: the one-line verdict, the failure
 * text, a guest's console, the picture of reservation and target over time.
 */
#ifndef REPORTS_TEXT_H
#define REPORTS_TEXT_H

#include <stdio.h>

#include "reports/reading.h"

/* Gives "balloon.c:512 (balloon_inflate)" for an event, or NULL. Places live beside the recording. */
typedef const char *place_of_event_t(void *context, uint64_t event);

struct text_style {
    const char *path; /* the scenario as the user named it, for what to type next */
    place_of_event_t *place;
    place_of_event_t *backtrace; /* frames up to there, innermost first, a tab between two; may be NULL */
    void *place_context;
};

void text_verdict_line(FILE *, const struct reading *, const struct text_style *);
/* Each failed expect with its caret, each distinct violation once, what to type next. Nothing for a PASS. */
void text_failures(FILE *, const struct reading *, const struct text_style *);
void text_console(FILE *, const struct reading *, const char *domain, const char *containing);
void text_picture(FILE *, const struct reading *, unsigned columns, unsigned rows);
/* One event in one line: for --until, diff and debuggers. */
void text_event(FILE *, const struct reading *, uint64_t event, const struct text_style *);
/* The first difference of two recordings, with the events before it. True when there is none. Styles may be NULL. */
bool text_diff(FILE *, const struct reading *a, const struct reading *b, const struct text_style *style_a,
    const struct text_style *style_b);

#endif
