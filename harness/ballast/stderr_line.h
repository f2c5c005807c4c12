/* SPDX-License-Identifier: BSD-2-Clause */
/* Complaints to standard error, whatever names they contain. */
#ifndef HARNESS_BALLAST_STDERR_LINE_H
#define HARNESS_BALLAST_STDERR_LINE_H

/* Prints "ballast: ", the text as one line in which nothing is left that a terminal obeys, and the line's end. */
__attribute__((format(printf, 1, 2))) void stderr_line(const char *format, ...);

#endif
