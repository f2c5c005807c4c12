/* SPDX-License-Identifier: BSD-2-Clause */
/* The queue of held commands: first come, first served, for each domain. */
#include "harness/run/pending.h"

#include <check.h>

Suite *pending_suite(void);

static const struct statement first, second, third;

START_TEST(each_domain_has_its_turn)
{
    struct pending *pending = pending_new();

    ck_assert_ptr_nonnull(pending);
    ck_assert(!pending_for(pending, 1));
    ck_assert(pending_add(pending, &first, 1) && pending_add(pending, &second, 2) &&
              pending_add(pending, &third, 1));
    ck_assert_uint_eq(pending_count(pending), 3);
    ck_assert_ptr_null(pending_answered(pending, 1)); /* none was given */
    pending_at(pending, 0)->given = true;
    ck_assert_ptr_null(pending_answered(pending, 2));
    ck_assert_ptr_eq(pending_answered(pending, 1), &first);
    ck_assert_ptr_null(pending_answered(pending, 1));
    ck_assert(pending_for(pending, 1) && pending_for(pending, 2) && !pending_for(pending, 3));
    ck_assert_ptr_eq(pending_at(pending, 0)->statement, &second);
    pending_remove(pending, 0);
    ck_assert_ptr_eq(pending_at(pending, 0)->statement, &third);
    ck_assert(!pending_for(pending, 2));
    pending_forget(pending);
    ck_assert(!pending_for(pending, 1));
    ck_assert_uint_eq(pending_count(pending), 0);
    pending_free(pending);
    pending_free(NULL);
}
END_TEST

Suite *pending_suite(void)
{
    Suite *suite = suite_create("pending");
    TCase *tests = tcase_create("pending");

    tcase_add_test(tests, each_domain_has_its_turn);
    suite_add_tcase(suite, tests);
    return suite;
}
