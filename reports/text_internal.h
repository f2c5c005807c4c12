/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the files of the terminal's writer share (reports/text_*.c). Whatever a guest wrote goes through
 * text_clean: a recording may come from anybody, and a terminal obeys what it is sent.
 */
#ifndef REPORTS_TEXT_INTERNAL_H
#define REPORTS_TEXT_INTERNAL_H

#include "reports/names.h"
#include "reports/text.h"

/* Texts inside one-line descriptions end here. */
#define TEXT_SHORT_BYTES 160u

/* The first line of a text, up to max_bytes, control characters as \xNN; "…" where more would follow. */
void text_clean(FILE *, const char *text, size_t max_bytes);
void text_clean_bytes(FILE *, const char *text, size_t bytes); /* exactly those */
void text_seconds(FILE *, uint64_t time_ns);                   /* "1.204 s" */
void text_microseconds(FILE *, uint64_t time_ns);              /* "1.204000 s" */
/* The text behind the first one's NUL, of a record that has two. */
const char *text_second(const struct record *);

/* What happened, in one line without number, time or place:
 * "uvm_physseg_plug(0x4063, 413 pages) -> false". */
void text_describe(FILE *, const struct reading *, uint64_t event);
/* Of one type of record each: text_describe calls them. */
void text_describe_note(FILE *, const struct reading *, const struct record *, uint64_t event);
void text_describe_fault(FILE *, const struct reading *, const struct record *, uint64_t event);
/* Where in the guest's code the event came from, or NULL. Looks at the fault before it, too. */
const char *text_place(const struct reading *, uint64_t event, const struct text_style *);
/* Who called it, from the innermost on, a tab between two; NULL: not known. */
const char *text_place_callers(const struct reading *, uint64_t event, const struct text_style *);
/* The fault that made the event what it is: an event number, 0 for none. */
uint64_t text_fault_behind(const struct reading *, uint64_t event);
void text_print_fault_behind(
    FILE *, const struct reading *, uint64_t event); /* " (fault page=100)" or nothing */
void text_pages(FILE *, uint64_t pages);             /* "1 page", "413 pages" */

/* A line of the scenario with its number, and a caret under length bytes from column on, then a lead and the
 * note, which may have lines of its own. */
void text_excerpt(FILE *, const struct reading *, uint32_t line, uint32_t column, uint32_t length,
    const char *lead, const char *note);
/* A line's text, without its newline; NULL when the scenario has no such line. */
const char *text_line(const struct reading *, uint32_t line, size_t *bytes);

/* The violations, each distinct one once. Returns the earliest event to look at, 0 when there are none. */
uint64_t text_violations(FILE *, const struct reading *, const struct text_style *);

#endif
