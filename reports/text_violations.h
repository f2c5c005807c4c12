/* SPDX-License-Identifier: BSD-2-Clause */
/* Broken invariants, each distinct one once. */
#ifndef REPORTS_TEXT_VIOLATIONS_H
#define REPORTS_TEXT_VIOLATIONS_H

#include <stdio.h>

#include "reports/reading.h"
#include "reports/text_ran.h"
#include "reports/text_style.h"

/* Returns the earliest event to look at, 0 when there are none. */
uint64_t text_violations(FILE *, const struct reading *, const struct text_style *, struct ran_shown *);

#endif
