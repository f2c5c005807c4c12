/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A time axis of a number of columns for runs in which milliseconds of work stand between hours of
 * waiting: busy stretches of linear time, and idle gaps of a fixed small width between them.
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

/* times: when anything to be shown changes, at least one, sorted. columns: at least 16. */
bool axis_make(struct axis *, const uint64_t *times, size_t count, unsigned columns);
/* The moment that a column shows: its end, but the very beginning in the first one. */
uint64_t axis_time(const struct axis *, unsigned column);

#endif
