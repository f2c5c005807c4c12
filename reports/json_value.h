/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Values for jansson. A value that can't be made (no memory) sets *failed, which the caller asks when the object is whole; a
 * value that is handed over is the object's from then on, in either case.
 */
#ifndef REPORTS_JSON_VALUE_H
#define REPORTS_JSON_VALUE_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

void json_set(json_t *object, const char *key, json_t *value, bool *failed);
/* A text of whatever bytes: what is no UTF-8 is replaced. */
void json_set_text(json_t *object, const char *key, const char *text, size_t bytes, bool *failed);
void json_set_word(json_t *object, const char *key, const char *text, bool *failed);
/* Integers of jansson end at 2^63, which no number of a real recording reaches. */
void json_set_number(json_t *object, const char *key, uint64_t number, bool *failed);
/* `line`, and `file` where it is one of a file that the scenario includes. */
struct reading;
void json_set_line(json_t *object, const struct reading *, uint32_t line, bool *failed);
void json_append(json_t *array, json_t *value, bool *failed);
/* `callers`: functions with a tab between two, innermost first. NULL: not known, and nothing is set. */
void json_set_callers(json_t *object, const char *frames, bool *failed);
/* Writes `before` and the object as one line without its newline, whole or not at all, and frees the object. False: it was not
 * written. */
bool json_write_line(FILE *, const char *before, json_t *object, bool failed);

#endif
