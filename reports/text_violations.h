/* SPDX-License-Identifier: BSD-2-Clause */
/* Broken invariants, each distinct one once. */
#ifndef REPORTS_TEXT_VIOLATIONS_H
#define REPORTS_TEXT_VIOLATIONS_H

#include <stdio.h>

#include "reports/findings.h"
#include "reports/reading.h"
#include "reports/text_ran.h"
#include "reports/text_style.h"

void text_violations(
    FILE *, const struct reading *, const struct text_style *, const struct findings *, struct ran_shown *);

#endif
