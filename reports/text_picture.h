/* SPDX-License-Identifier: BSD-2-Clause */
/* The picture of a run: reservation, target and maximum of each domain over virtual time, and what happened when. */
#ifndef REPORTS_TEXT_PICTURE_H
#define REPORTS_TEXT_PICTURE_H

#include <stdbool.h>
#include <stdio.h>

#include "reports/reading.h"

/* What it is drawn on. rows: for all domains together, about; more if the picture needs more. */
struct picture_paper {
    unsigned columns, rows;
    bool ascii; /* nothing but ASCII, for who can't see more */
};

void text_picture(FILE *, const struct reading *, const struct picture_paper *);

#endif
