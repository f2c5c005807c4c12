/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of numbers and of frames. */
#include <check.h>
#include <stdlib.h>

#include "sim/invariants/lists.h"

Suite *lists_suite(void);

START_TEST(numbers_in_order)
{
    struct numbers list = {0};

    ck_assert(!numbers_hold(&list, 1));
    for (uint64_t i = 0; i < 100; i++)
        ck_assert(numbers_add(&list, i * 7919 % 1000));
    numbers_sort(&list);
    for (size_t i = 1; i < list.count; i++)
        ck_assert_uint_le(list.at[i - 1], list.at[i]);
    ck_assert(numbers_hold(&list, 7919 % 1000));
    ck_assert(!numbers_hold(&list, 1001));
    free(list.at);
}
END_TEST

START_TEST(frames_one_call_behind_the_other)
{
    struct frame_list list = {0};
    const uint32_t some[] = {3, 1, 2};

    ck_assert(frame_list_add(&list, NULL, 0));
    for (unsigned i = 0; i < 100; i++)
        ck_assert(frame_list_add(&list, some, 3));
    ck_assert_uint_eq(list.count, 300);
    for (size_t i = 0; i < list.count; i++)
        ck_assert_uint_eq(list.at[i], some[i % 3]);
    free(list.at);
}
END_TEST

Suite *lists_suite(void)
{
    Suite *suite = suite_create("invariants/lists");
    TCase *tests = tcase_create("lists");

    tcase_add_test(tests, numbers_in_order);
    tcase_add_test(tests, frames_one_call_behind_the_other);
    suite_add_tcase(suite, tests);
    return suite;
}
