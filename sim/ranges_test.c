/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets of ranges against a plain array of bits. */
#include "sim/ranges.h"

#include <check.h>

#define VALUES 200u

Suite *ranges_suite(void);

static void same(const struct ranges *set, const bool *bits)
{
    uint64_t pages = 0;

    for (unsigned i = 0; i < VALUES; i++) {
        ck_assert_int_eq(ranges_hold(set, i), bits[i]);
        ck_assert_int_eq(ranges_overlap(set, i, i + 1), bits[i]);
        pages += bits[i];
    }
    ck_assert_uint_eq(ranges_pages(set), pages);
    for (size_t i = 0; i < set->count; i++) {
        ck_assert_uint_lt(set->at[i].start, set->at[i].end);
        if (i > 0)
            ck_assert_uint_gt(set->at[i].start, set->at[i - 1].end);
    }
}

START_TEST(as_an_array_of_bits)
{
    struct ranges set = {0}, copy = {0};
    bool bits[VALUES] = {false};
    unsigned chance = 12345;

    for (unsigned round = 0; round < 500; round++) {
        unsigned start, end;

        chance = chance * 1103515245u + 12345u;
        start = chance / 65536u % VALUES;
        chance = chance * 1103515245u + 12345u;
        end = start + chance / 65536u % 20u;
        if (end > VALUES)
            end = VALUES;
        if (round % 2 == 0)
            ck_assert(ranges_add(&set, start, end));
        else
            ck_assert(ranges_remove(&set, start, end));
        for (unsigned i = start; i < end; i++)
            bits[i] = round % 2 == 0;
        same(&set, bits);
    }
    ck_assert(ranges_copy(&copy, &set));
    ck_assert(ranges_equal(&copy, &set));
    ck_assert(ranges_add(&copy, VALUES + 10, VALUES + 11));
    ck_assert(!ranges_equal(&copy, &set));
    ranges_free(&set);
    ranges_free(&copy);
}
END_TEST

START_TEST(at_the_edges)
{
    struct ranges set = {0};

    ck_assert(ranges_add(&set, 0, 1));
    ck_assert(ranges_add(&set, UINT64_MAX - 1, UINT64_MAX));
    ck_assert(ranges_add(&set, 5, 5));
    ck_assert_uint_eq(set.count, 2);
    ck_assert(ranges_hold(&set, 0));
    ck_assert(!ranges_hold(&set, UINT64_MAX));
    ck_assert(ranges_remove(&set, 0, UINT64_MAX));
    ck_assert_uint_eq(set.count, 0);
    ck_assert(ranges_remove(&set, 3, 9));
    ranges_free(&set);
}
END_TEST

START_TEST(numbers_not_yet_there)
{
    struct ranges set = {0};
    uint64_t number = 0;

    ck_assert(ranges_add(&set, 10, 20));
    ck_assert(ranges_add(&set, 30, 40));
    ck_assert(ranges_nth_new(&set, 0, 50, 10, &number) && number == 9);
    ck_assert(ranges_nth_new(&set, 0, 50, 11, &number) && number == 20);
    ck_assert(ranges_nth_new(&set, 15, 50, 10, &number) && number == 29);
    ck_assert(ranges_nth_new(&set, 15, 50, 20, &number) && number == 49);
    ck_assert(!ranges_nth_new(&set, 15, 50, 21, &number));
    ck_assert(!ranges_nth_new(&set, 12, 18, 1, &number));
    ck_assert(!ranges_nth_new(&set, 7, 7, 1, &number));
    ck_assert(ranges_nth_new(&set, 35, UINT64_MAX, 1, &number) && number == 40);
    ranges_free(&set);
}
END_TEST

Suite *ranges_suite(void)
{
    Suite *suite = suite_create("ranges");
    TCase *tests = tcase_create("ranges");

    tcase_add_test(tests, as_an_array_of_bits);
    tcase_add_test(tests, at_the_edges);
    tcase_add_test(tests, numbers_not_yet_there);
    suite_add_tcase(suite, tests);
    return suite;
}
