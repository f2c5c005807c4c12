/* SPDX-License-Identifier: BSD-2-Clause */
/* Which frame is which: joined both ways, forgotten both ways, and what numbers without a partner become. */
#include "harness/xen/frame_pairs.h"

#include <check.h>

Suite *frame_pairs_suite(void);

static struct frame_pairs *pairs;

static void set_up(void)
{
    pairs = frame_pairs_new(100, 1000);
    ck_assert_ptr_nonnull(pairs);
}

static void tear_down(void)
{
    frame_pairs_free(pairs);
}

START_TEST(a_pair_is_found_both_ways)
{
    frame_pairs_join(pairs, 7, 500);
    ck_assert_uint_eq(frame_pairs_model(pairs, 7), 500);
    ck_assert_uint_eq(frame_pairs_xen(pairs, 500), 7);
    ck_assert_uint_eq(frame_pairs_end_xen_mfn(pairs), 100);
}
END_TEST

START_TEST(numbers_without_a_partner)
{
    ck_assert_uint_eq(frame_pairs_model(pairs, 7), PAIR_STRANGER);
    ck_assert_uint_eq(frame_pairs_model(pairs, 99), PAIR_STRANGER);
    ck_assert_uint_eq(
        frame_pairs_model(pairs, 100), 100); /* past the machine's end, a number is the same to both */
    ck_assert_uint_eq(frame_pairs_model(pairs, UINT64_MAX), UINT64_MAX);
    ck_assert_uint_eq(frame_pairs_xen(pairs, 500), PAIR_NONE);
    ck_assert_uint_eq(frame_pairs_xen(pairs, 1000), PAIR_NONE);
}
END_TEST

START_TEST(a_frame_has_one_partner)
{
    frame_pairs_join(pairs, 7, 500);
    frame_pairs_join(pairs, 7, 501);
    ck_assert_uint_eq(frame_pairs_model(pairs, 7), 501);
    ck_assert_uint_eq(frame_pairs_xen(pairs, 500), PAIR_NONE);
    frame_pairs_join(pairs, 8, 501);
    ck_assert_uint_eq(frame_pairs_xen(pairs, 501), 8);
    ck_assert_uint_eq(frame_pairs_model(pairs, 7), PAIR_STRANGER);
}
END_TEST

START_TEST(joining_the_same_pair_again)
{
    frame_pairs_join(pairs, 7, 500);
    frame_pairs_join(pairs, 7, 500);
    ck_assert_uint_eq(frame_pairs_model(pairs, 7), 500);
    ck_assert_uint_eq(frame_pairs_xen(pairs, 500), 7);
}
END_TEST

START_TEST(nothing_is_joined_past_an_end)
{
    frame_pairs_join(pairs, 100, 500);
    frame_pairs_join(pairs, 7, 1000);
    ck_assert_uint_eq(frame_pairs_xen(pairs, 500), PAIR_NONE);
    ck_assert_uint_eq(frame_pairs_model(pairs, 7), PAIR_STRANGER);
}
END_TEST

START_TEST(clear_forgets_all)
{
    for (uint64_t mfn = 1; mfn < 100; mfn++)
        frame_pairs_join(pairs, mfn, 1000 - mfn);
    frame_pairs_clear(pairs);
    for (uint64_t mfn = 1; mfn < 100; mfn++) {
        ck_assert_uint_eq(frame_pairs_model(pairs, mfn), PAIR_STRANGER);
        ck_assert_uint_eq(frame_pairs_xen(pairs, 1000 - mfn), PAIR_NONE);
    }
}
END_TEST

Suite *frame_pairs_suite(void)
{
    Suite *suite = suite_create("frame_pairs");
    TCase *tests = tcase_create("pairs");

    tcase_add_checked_fixture(tests, set_up, tear_down);
    tcase_add_test(tests, a_pair_is_found_both_ways);
    tcase_add_test(tests, numbers_without_a_partner);
    tcase_add_test(tests, a_frame_has_one_partner);
    tcase_add_test(tests, joining_the_same_pair_again);
    tcase_add_test(tests, nothing_is_joined_past_an_end);
    tcase_add_test(tests, clear_forgets_all);
    suite_add_tcase(suite, tests);
    return suite;
}
