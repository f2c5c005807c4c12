/* SPDX-License-Identifier: BSD-2-Clause */
/* The outcome of a run: its verdict in one line, and what went wrong in one screen. */
#ifndef REPORTS_TEXT_FAILURES_H
#define REPORTS_TEXT_FAILURES_H

#include <stdio.h>

#include "reports/reading.h"
#include "reports/text_style.h"

void text_verdict_line(FILE *, const struct reading *, const struct text_style *);
/* Each failed expectation with its caret, each distinct violation once, what to type next. Nothing for a PASS. */
void text_failures(FILE *, const struct reading *, const struct text_style *);
/* What to type to replay it up to that event, without a newline. */
void text_replay_until(FILE *, const struct reading *, const struct text_style *, uint64_t until);
/* What a reader of the verdict has to know, though nothing failed: a run that was cut, a fault that never fired. */
void text_remarks(FILE *, const struct reading *, const struct text_style *);

#endif
