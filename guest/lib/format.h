/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The text of a printf format: integers, characters, strings, pointers, with flags, width and precision. There
 * are no floating-point numbers.
 */
#ifndef GUEST_LIB_FORMAT_H
#define GUEST_LIB_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/* vsnprintf: returns the length of the whole text, and writes as much of it as fits into `room`, with a NUL. */
size_t format_text(char *text, size_t room, const char *format, va_list);

/* format_text by the C library's names. They are in an object of their own, since a kernel may bring its own. */
int vsnprintf(char *text, size_t room, const char *format, va_list);
int snprintf(char *text, size_t room, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
