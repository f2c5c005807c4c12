/* SPDX-License-Identifier: BSD-2-Clause */
/* Texts within markup, of XML's or HTML's: what could begin or end some of it is written as a reference. */
#ifndef REPORTS_MARKUP_H
#define REPORTS_MARKUP_H

#include <stddef.h>
#include <stdio.h>

/* The text has been cleaned (reports/results.h). A tab, which attributes would lose, is a reference, too. */
void markup_text(FILE *, const char *text, size_t bytes);

#endif
