/* SPDX-License-Identifier: BSD-2-Clause */
/* Who reads the output: how wide lines may be, and whether anything but ASCII can be shown. */
#ifndef HARNESS_BALLAST_TERMINAL_H
#define HARNESS_BALLAST_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

#define TERMINAL_COLUMNS_DEFAULT 72u /* of a pipe or a file */

struct terminal {
    unsigned columns; /* COLUMNS, else the terminal's own width, else the default */
    bool ascii;       /* the locale (LC_ALL, LC_CTYPE, LANG) has no UTF-8, and somebody said so */
};

struct terminal terminal_of(FILE *);

#endif
