/* SPDX-License-Identifier: BSD-2-Clause */
/* The picture of a run: reservation, target and maximum of each domain over virtual time. */
#ifndef REPORTS_TEXT_PICTURE_H
#define REPORTS_TEXT_PICTURE_H

#include <stdio.h>

#include "reports/reading.h"

/* Into so many columns and, for all domains together, about so many rows; as many as a picture needs at least. */
void text_picture(FILE *, const struct reading *, unsigned columns, unsigned rows);

#endif
