/* SPDX-License-Identifier: BSD-2-Clause */
/* A guest's console as it was written. */
#ifndef REPORTS_TEXT_CONSOLE_H
#define REPORTS_TEXT_CONSOLE_H

#include <stdio.h>

#include "reports/reading.h"

/* domain NULL: the lines of all, with their names. containing NULL: every line. */
void text_console(FILE *, const struct reading *, const char *domain, const char *containing);

#endif
