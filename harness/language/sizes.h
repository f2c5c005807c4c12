/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading sizes, times and numbers as the language writes them. The other direction, size_text and
 * time_text, is in harness/language/scenario.h for all to use. Nothing here knows files or places.
 */
#ifndef HARNESS_LANGUAGE_SIZES_H
#define HARNESS_LANGUAGE_SIZES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum number_reading {
    READING_OK,
    READING_NO_NUMBER, /* does not begin with a digit */
    READING_NO_UNIT,   /* a number, and nothing behind it */
    READING_BAD_UNIT,  /* what is behind the number is no unit */
    READING_TOO_LARGE,
    READING_NOT_WHOLE, /* a size that is no whole number of pages, a time finer than 1 ns */
};

#define SIZE_UNITS "k m g t p"
#define TIME_UNITS "ns us ms s min h"

/* Decimal, or hexadecimal after 0x. The whole text must be the number. */
enum number_reading number_parse(const char *text, size_t bytes, uint64_t *number);
/* "128m", "16483p": a whole number and one of SIZE_UNITS (p: pages). suffix is that letter. */
enum number_reading size_parse(const char *text, size_t bytes, uint64_t *pages, char *suffix);
/* "1.5s", "30s", "2h": a number and one of TIME_UNITS; a plain 0 is a time too. */
enum number_reading time_parse(const char *text, size_t bytes, uint64_t *ns);
/* After READING_BAD_UNIT: what was probably meant ("64m" for "64mb"). False: no guess. */
bool size_guess(const char *text, size_t bytes, char *out, size_t out_bytes);
bool time_guess(const char *text, size_t bytes, char *out, size_t out_bytes);

#endif
