/* SPDX-License-Identifier: BSD-2-Clause */
/* Cuts time into busy stretches and gaps, and shares the columns out among them. It draws nothing. */
#include "reports/axis.h"

#include <assert.h>
#include <stdlib.h>

#define PIECE_COLUMNS_MIN 4u
#define COLUMNS_PER_GAP   10u /* no more gaps than leave room for what happens between them */
#define SPECK             100000u

struct gap {
    uint64_t ns;
    size_t behind; /* index of the change before it */
};

static int longer_first(const void *a, const void *b)
{
    const struct gap *one = a, *two = b;

    if (one->ns != two->ns)
        return one->ns < two->ns ? 1 : -1;
    return one->behind < two->behind ? -1 : one->behind > two->behind;
}

static int earlier_first(const void *a, const void *b)
{
    const struct gap *one = a, *two = b;

    return one->behind < two->behind ? -1 : one->behind > two->behind;
}

/*
 * Chooses the gaps that are shown as idle: as many of the longest ones as possible, as long as even the shortest of them is
 * more than half as long as all the time that is left without them, and not tiny beside the longest. Afterwards they are
 * the first in the array, in the order of time. Returns how many.
 */
static size_t idle_gaps(struct gap *gaps, size_t count, unsigned columns)
{
    size_t idle_max = columns / COLUMNS_PER_GAP, idle = 0, i;
    uint64_t left_ns = 0;

    if (idle_max > AXIS_PIECES_MAX / 2)
        idle_max = AXIS_PIECES_MAX / 2;
    for (i = 0; i < count; i++)
        left_ns += gaps[i].ns;
    qsort(gaps, count, sizeof *gaps, longer_first);
    for (i = 0; i < count && i < idle_max; i++) {
        left_ns -= gaps[i].ns;
        if (gaps[i].ns > left_ns / 2 && gaps[i].ns > gaps[0].ns / SPECK)
            idle = i + 1;
    }
    qsort(gaps, idle, sizeof *gaps, earlier_first);
    return idle;
}

static unsigned square_root(size_t number)
{
    unsigned root = 0;

    while ((size_t)(root + 1) * (root + 1) <= number)
        root++;
    return root;
}

/* Each busy piece gets a few columns; the others are shared by the square root of the number of changes in it. */
static void share_columns(struct axis *axis)
{
    unsigned i, busy = axis->nr_pieces / 2 + 1, gaps = axis->nr_pieces / 2, spare, given = 0, column = 0,
                weight = 0;
    unsigned least = axis->nr_pieces == 1 ? axis->columns : PIECE_COLUMNS_MIN;
    struct axis_piece *piece;

    assert(axis->nr_pieces > 0);
    assert(axis->columns >= busy * least + gaps * AXIS_GAP_COLUMNS);
    spare = axis->columns - busy * least - gaps * AXIS_GAP_COLUMNS;
    for (i = 0; i < axis->nr_pieces; i += 2)
        weight += square_root(axis->pieces[i].changes);
    for (i = 0; i < axis->nr_pieces; i++) {
        piece = &axis->pieces[i];
        piece->columns = AXIS_GAP_COLUMNS;
        if (!piece->gap) {
            assert(weight > 0);
            piece->columns = least + (unsigned)((uint64_t)spare * square_root(piece->changes) / weight);
            given += piece->columns - least;
        }
    }
    axis->pieces[axis->nr_pieces > 2 ? axis->nr_pieces - 3 : 0].columns += spare - given;
    for (i = 0; i < axis->nr_pieces; i++) {
        axis->pieces[i].column = column;
        column += axis->pieces[i].columns;
    }
    assert(column == axis->columns);
}

bool axis_make(struct axis *axis, const uint64_t *times, size_t count, unsigned columns)
{
    struct gap *gaps = calloc(count, sizeof *gaps);
    size_t i, idle, first = 0;

    assert(count >= 1 && columns >= 16);
    if (gaps == NULL)
        return false;
    for (i = 0; i + 1 < count; i++) {
        assert(times[i] <= times[i + 1]);
        gaps[i] = (struct gap){times[i + 1] - times[i], i};
    }
    idle = idle_gaps(gaps, count - 1, columns);
    *axis = (struct axis){.columns = columns};
    for (i = 0; i <= idle; i++) {
        size_t last = i < idle ? gaps[i].behind : count - 1;

        axis->pieces[axis->nr_pieces++] =
            (struct axis_piece){.start_ns = times[first], .end_ns = times[last], .changes = last - first + 1};
        if (i < idle)
            axis->pieces[axis->nr_pieces++] =
                (struct axis_piece){.start_ns = times[last], .end_ns = times[last + 1], .gap = true};
        first = last + 1;
    }
    free(gaps);
    share_columns(axis);
    return true;
}

uint64_t axis_time(const struct axis *axis, unsigned column)
{
    const struct axis_piece *piece = axis->pieces;
    uint64_t length_ns, done;

    assert(column < axis->columns);
    if (column == 0)
        return piece->start_ns;
    while (column >= piece->column + piece->columns)
        piece++;
    if (piece->gap)
        return piece->start_ns;
    length_ns = piece->end_ns - piece->start_ns;
    done = column - piece->column + 1;
    return piece->start_ns + length_ns / piece->columns * done +
           length_ns % piece->columns * done / piece->columns;
}

unsigned axis_column(const struct axis *axis, uint64_t time_ns)
{
    const struct axis_piece *piece = axis->pieces, *last = &axis->pieces[axis->nr_pieces - 1];

    while (piece < last && time_ns > piece->end_ns)
        piece++;
    /* A gap is over where what follows begins, and that has a column of its own. */
    if (piece->gap)
        return time_ns < piece->end_ns ? piece->column : piece[1].column;
    for (unsigned column = piece->column; column < piece->column + piece->columns; column++)
        if (axis_time(axis, column) >= time_ns)
            return column;
    return piece->column + piece->columns - 1;
}
