/* SPDX-License-Identifier: BSD-2-Clause */
/* The time axis: what must be true of every axis, and where gaps are cut. */
#include <check.h>

#include "reports/axis.h"
#include "sim/random.h"

Suite *axis_suite(void);

#define MS     UINT64_C(1000000)
#define HOUR   (3600 * 1000 * MS)
#define TIMES  200u
#define ROUNDS 300u

static void ck_whole(const struct axis *axis, const uint64_t *times, size_t count)
{
    unsigned column = 0;
    size_t changes = 0;

    ck_assert_uint_eq(axis->nr_pieces % 2, 1);
    for (unsigned i = 0; i < axis->nr_pieces; i++) {
        const struct axis_piece *piece = &axis->pieces[i];

        ck_assert_int_eq(piece->gap, i % 2 == 1);
        ck_assert_uint_eq(piece->column, column);
        ck_assert_uint_le(piece->start_ns, piece->end_ns);
        if (piece->gap)
            ck_assert_uint_eq(piece->columns, AXIS_GAP_COLUMNS);
        if (i > 0)
            ck_assert_uint_eq(piece->start_ns, axis->pieces[i - 1].end_ns);
        column += piece->columns;
        changes += piece->changes;
    }
    ck_assert_uint_eq(column, axis->columns);
    ck_assert_uint_eq(changes, count);
    ck_assert_uint_eq(axis_time(axis, 0), times[0]);
    ck_assert_uint_eq(axis_time(axis, axis->columns - 1), times[count - 1]);
    for (unsigned c = 1; c < axis->columns; c++)
        ck_assert_uint_le(axis_time(axis, c - 1), axis_time(axis, c));
}

/* Bursts and pauses of lengths by chance, over nine orders of magnitude. */
START_TEST(whole_whatever_happens)
{
    uint64_t chance = 1, times[TIMES];
    struct axis axis;

    for (unsigned round = 0; round < ROUNDS; round++) {
        const size_t count = 1 + random_next(&chance) % TIMES;
        const unsigned columns = 16 + (unsigned)(random_next(&chance) % 200);

        times[0] = random_next(&chance) % HOUR;
        for (size_t i = 1; i < count; i++)
            times[i] = times[i - 1] + (random_next(&chance) % 1000 << random_next(&chance) % 34);
        ck_assert(axis_make(&axis, times, count, columns));
        ck_whole(&axis, times, count);
    }
}
END_TEST

START_TEST(an_hour_of_waiting_is_two_columns)
{
    const uint64_t times[] = {0, MS, 2 * MS, HOUR, HOUR + MS, HOUR + 2 * MS};
    struct axis axis;

    ck_assert(axis_make(&axis, times, 6, 40));
    ck_assert_uint_eq(axis.nr_pieces, 3);
    ck_assert_uint_eq(axis.pieces[1].start_ns, 2 * MS);
    ck_assert_uint_eq(axis.pieces[1].end_ns, HOUR);
    ck_whole(&axis, times, 6);
}
END_TEST

START_TEST(steady_work_has_no_gap)
{
    uint64_t times[100];
    struct axis axis;

    for (unsigned i = 0; i < 100; i++)
        times[i] = i * MS;
    ck_assert(axis_make(&axis, times, 100, 40));
    ck_assert_uint_eq(axis.nr_pieces, 1);
    ck_assert_uint_eq(axis_time(&axis, 19), 49 * MS + MS / 2);
}
END_TEST

START_TEST(one_moment)
{
    const uint64_t time = 7;
    struct axis axis;

    ck_assert(axis_make(&axis, &time, 1, 16));
    ck_whole(&axis, &time, 1);
}
END_TEST

/* More pauses than there is room for: the longest are cut. */
START_TEST(no_more_gaps_than_columns_allow)
{
    uint64_t times[40];
    struct axis axis;

    for (unsigned i = 0; i < 40; i++)
        times[i] = i / 2 * HOUR + i % 2 * MS + (i / 2 >= 10 ? HOUR : 0);
    ck_assert(axis_make(&axis, times, 40, 30));
    ck_assert_uint_le(axis.nr_pieces, 7);
    ck_whole(&axis, times, 40);
}
END_TEST

Suite *axis_suite(void)
{
    Suite *suite = suite_create("reports/axis");
    TCase *tests = tcase_create("axis");

    tcase_add_test(tests, whole_whatever_happens);
    tcase_add_test(tests, an_hour_of_waiting_is_two_columns);
    tcase_add_test(tests, steady_work_has_no_gap);
    tcase_add_test(tests, one_moment);
    tcase_add_test(tests, no_more_gaps_than_columns_allow);
    suite_add_tcase(suite, tests);
    return suite;
}
