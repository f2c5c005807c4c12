/* SPDX-License-Identifier: BSD-2-Clause */
/* Notes of the guest's runtime in words. */
#ifndef REPORTS_TEXT_NOTE_H
#define REPORTS_TEXT_NOTE_H

#include <stdio.h>

#include "reports/reading.h"

void text_describe_note(
    FILE *, const struct reading *, const struct record *, uint64_t event); /* of a REC_NOTE */

#endif
