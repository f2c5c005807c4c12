/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of the scenario as the recording holds it. */
#ifndef REPORTS_TEXT_SOURCE_H
#define REPORTS_TEXT_SOURCE_H

#include <stdio.h>

#include "reports/reading.h"

#define LINE_NAME_ROOM (SCENARIO_NAME_BYTES_MAX + 16)

/* A line's text, without its newline and not ended by a NUL; NULL when the scenario has no such line. */
const char *text_line(const struct reading *, uint32_t line, size_t *bytes);
/* "line 14", or "lib/grow.inc:3" of a file that the scenario includes. */
void text_line_name(const struct reading *, uint32_t line, char out[LINE_NAME_ROOM]);
void text_print_line_name(FILE *, const struct reading *, uint32_t line);
/*
 * That line with its number, below it a caret under `length` bytes from column on (from 1), and behind the caret
 * a lead and a note; the note may have lines of its own.
 */
void text_excerpt(FILE *, const struct reading *, uint32_t line, uint32_t column, uint32_t length,
    const char *lead, const char *note);

/* The statement of an event's line as it was done last before the event, its names replaced; NULL: it is not known. */
const char *text_statement_done(const struct reading *, uint64_t event);
/* Where the file that a line is of is included first, a line of the scenario's text; 0: it is none that is included. */
uint32_t text_included_at(const struct reading *, uint32_t line);

#endif
