/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Texts for the terminal. All that a guest or a user wrote goes through text_clean, since a recording may come from an
 * unknown source, and a terminal obeys the control characters that it is sent.
 */
#ifndef REPORTS_TEXT_CLEAN_H
#define REPORTS_TEXT_CLEAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#define TEXT_SHORT_BYTES 160u /* where texts inside one-line descriptions end */

/* The first line of a text, up to max_bytes; control characters as \xNN, and an ellipsis where more would follow. */
void text_clean(FILE *, const char *text, size_t max_bytes);
void text_clean_bytes(FILE *, const char *text, size_t bytes); /* exactly those bytes */
/* Any number of lines: only what ends them is left as it is. */
void text_clean_lines(FILE *, const char *text, size_t bytes);
/* A path so that it can be pasted into a shell, whatever the file is called. */
void text_quoted(FILE *, const char *path);
bool text_is_continuation(char byte); /* a byte of a UTF-8 character that is not the first takes no column */

void text_seconds(FILE *, uint64_t time_ns);      /* "1.204 s" */
void text_microseconds(FILE *, uint64_t time_ns); /* "1.204000 s" */
void text_pages(FILE *, uint64_t pages);          /* "1 page", "413 pages" */

#endif
