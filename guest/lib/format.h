/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The text of a printf format: integers, characters, strings, pointers, with flags, width and precision. There
 * are no floating-point numbers.
 */
#ifndef GUEST_LIB_FORMAT_H
#define GUEST_LIB_FORMAT_H

#include <stdarg.h>
#include <stddef.h>

/* As vsnprintf: returns the bytes of the whole text, and keeps as many as `room` has place for, with a NUL. */
size_t format_text(char *text, size_t room, const char *format, va_list);

/* The same by the C library's names, in an object of their own: a kernel may have its own. */
int vsnprintf(char *text, size_t room, const char *format, va_list);
int snprintf(char *text, size_t room, const char *format, ...) __attribute__((format(printf, 3, 4)));

#endif
