/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A time axis, so many columns wide, for runs in which milliseconds of work lie between hours of waiting. It has busy
 * stretches, in which time is linear, and between them idle gaps of a fixed small width.
 */
#ifndef REPORTS_AXIS_H
#define REPORTS_AXIS_H

#include "sim/types.h"

#define AXIS_PIECES_MAX  33u
#define AXIS_GAP_COLUMNS 2u

struct axis_piece {
    uint64_t start_ns, end_ns;
    unsigned column, columns;
    bool gap;
    size_t changes;
};

struct axis {
    unsigned columns;
    unsigned nr_pieces;
    struct axis_piece pieces[AXIS_PIECES_MAX]; /* busy ones and gaps by turns, busy first and last */
};

/* times: the moments at which something that is shown changes: sorted, at least one. columns: at least 16. */
bool axis_make(struct axis *, const uint64_t *times, size_t count, unsigned columns);
/* The column in which a moment lies; one before the first is in the first, and one behind the last in the last. */
unsigned axis_column(const struct axis *, uint64_t time_ns);
/* The moment that a column shows: the end of its stretch of time; of the first column the beginning. */
uint64_t axis_time(const struct axis *, unsigned column);

#endif
