/* SPDX-License-Identifier: BSD-2-Clause */
/* The picture of a run: reservation, target and maximum of each domain over virtual time. */
#ifndef REPORTS_TEXT_PICTURE_H
#define REPORTS_TEXT_PICTURE_H

#include <stdio.h>

#include "reports/reading.h"

/* Draws into so many columns and, for all domains together, about so many rows; more if the picture needs more. */
void text_picture(FILE *, const struct reading *, unsigned columns, unsigned rows);

#endif
