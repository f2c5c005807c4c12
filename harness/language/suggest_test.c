/* SPDX-License-Identifier: BSD-2-Clause */
/* Near words are offered, far ones are not. */
#include "harness/language/suggest.h"

#include <check.h>
#include <limits.h>
#include <string.h>

Suite *suggest_suite(void);

static unsigned distance(const char *a, const char *b)
{
    return edit_distance(a, strlen(a), b, strlen(b));
}

START_TEST(counts_slips)
{
    char longer[SUGGEST_BYTES_MAX + 2];

    ck_assert_uint_eq(distance("", ""), 0);
    ck_assert_uint_eq(distance("settle", "settle"), 0);
    ck_assert_uint_eq(distance("setle", "settle"), 1);
    ck_assert_uint_eq(distance("settlee", "settle"), 1);
    ck_assert_uint_eq(distance("sattle", "settle"), 1);
    ck_assert_uint_eq(distance("esttle", "settle"), 1);
    ck_assert_uint_eq(distance("", "abc"), 3);
    ck_assert_uint_eq(distance("kitten", "sitting"), 3);
    memset(longer, 'a', sizeof longer);
    ck_assert_uint_eq(edit_distance(longer, sizeof longer, "a", 1), UINT_MAX);
    ck_assert_uint_eq(edit_distance(longer, SUGGEST_BYTES_MAX, "a", 1), SUGGEST_BYTES_MAX - 1);
}
END_TEST

static const char *best_of(const char *word, const char *const *candidates)
{
    struct suggestion s;

    suggest_begin(&s, word, strlen(word));
    for (; *candidates != NULL; candidates++)
        suggest_offer(&s, *candidates);
    return s.best;
}

START_TEST(offers_the_nearest)
{
    static const char *const words[] = {"expect", "every", "settle", "fault", "heal", "on", "nb", NULL};

    ck_assert_str_eq(best_of("exect", words), "expect");
    ck_assert_str_eq(best_of("evry", words), "every");
    ck_assert_str_eq(best_of("fautl", words), "fault");
    ck_assert_str_eq(best_of("hael", words), "heal");
    ck_assert_ptr_null(best_of("frobnicate", words));
    ck_assert_ptr_null(best_of("x", words));
    ck_assert_ptr_null(best_of("", words));
}
END_TEST

START_TEST(first_of_equals_stays)
{
    static const char *const words[] = {"nb1", "nb2", NULL};

    ck_assert_str_eq(best_of("nb3", words), "nb1");
}
END_TEST

Suite *suggest_suite(void)
{
    Suite *suite = suite_create("suggest");
    TCase *tc = tcase_create("did you mean");

    tcase_add_test(tc, counts_slips);
    tcase_add_test(tc, offers_the_nearest);
    tcase_add_test(tc, first_of_equals_stays);
    suite_add_tcase(suite, tc);
    return suite;
}
