/* SPDX-License-Identifier: BSD-2-Clause */
/* Where two recordings begin to differ. */
#ifndef REPORTS_TEXT_DIFF_H
#define REPORTS_TEXT_DIFF_H

#include <stdio.h>

#include "reports/reading.h"
#include "reports/text_style.h"

/* Prints the first difference of two recordings, with the events before it. True: there is none. */
bool text_diff(FILE *, const struct reading *a, const struct reading *b, const struct text_style *style_a,
    const struct text_style *style_b);

#endif
