/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The texts, places and frames of a run's events, so many events to an element of their own: the page reads one when it first
 * shows an event of it, and so opens at once however long the run was.
 */
#ifndef REPORTS_HTML_PIECES_H
#define REPORTS_HTML_PIECES_H

#include <stdbool.h>
#include <stdio.h>

#include "reports/reading.h"
#include "reports/text_style.h"

#define HTML_PIECE_EVENTS 2000u

/* Elements piece0, piece1 and so on, one behind the other. False: no memory for all. */
bool html_pieces(FILE *, const struct reading *, const struct text_style *);

#endif
