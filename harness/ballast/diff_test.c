/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of `ballast diff` as a user runs it: the first event in which two recordings differ, and what is none. */
#include "harness/ballast/program_for_tests.h"

Suite *diff_suite(void);

#define GROW HEAD "+0 settle\n+0 xl mem-set p 3m\n+1s settle\n"

static void record(const char *name, const char *text)
{
    char arguments[128];

    put("x.scn", text);
    snprintf(arguments, sizeof arguments, "replay --record=%s x.scn", name);
    ck_assert_int_eq(ballast(arguments), 0);
}

START_TEST(diff_of_the_same_run_is_0)
{
    record("a.rec", GROW);
    record("b.rec", GROW);
    ck_assert_int_eq(ballast("diff a.rec b.rec"), 0);
    ASSERT_PRINTED("the recordings are the same: ");
    put("b.rec.places", "no places at all\n");
    ck_assert_int_eq(ballast("diff a.rec b.rec"), 0);
}
END_TEST

/* Events are numbered lines: "  1234  0.000 s …". */
static unsigned lines_with(const char *from, const char *to, const char *part)
{
    unsigned count = 0;

    while ((from = strstr(from, part)) != NULL && from < to) {
        count++;
        from++;
    }
    return count;
}

START_TEST(diff_shows_the_first_difference_and_ten_events_before_it)
{
    record("a.rec", GROW);
    record("b.rec", HEAD "+0 settle\n+0 xl mem-set p 2m\n+1s settle\n");
    ck_assert_int_eq(ballast("diff a.rec b.rec"), 5);
    /* The scenario's text is the first event: it differs there. */
    ASSERT_PRINTED("the first difference is event 1\n");

    /* The same text, a longer way down: one run ends earlier. */
    ck_assert_int_eq(ballast("replay --until=30 --record=c.rec x.scn"), 9);
    ck_assert_int_eq(ballast("diff b.rec c.rec"), 5);
    ASSERT_PRINTED("the first difference is event ");
    char *difference = strstr(output, "the first difference is event ");
    unsigned long event = strtoul(difference + strlen("the first difference is event "), NULL, 10);
    ck_assert_uint_gt(event, 20);
    char *a = strstr(output, "\nA "), *b = strstr(output, "\nB ");
    ck_assert_ptr_nonnull(a);
    ck_assert_ptr_nonnull(b);
    ck_assert(a < b);
    char *shown = strchr(difference, '\n');
    if (strncmp(shown, "\n  line ", 8) == 0)
        shown = strchr(shown + 1, '\n');
    ck_assert_uint_eq(lines_with(shown, a, "\n"), 10);
}
END_TEST

START_TEST(diff_of_what_is_no_recording_is_4_and_names_it)
{
    record("a.rec", GROW);
    put("short.rec", "BALLREC");
    put("text.rec", "plain text\n");
    ck_assert_int_eq(ballast("diff a.rec missing.rec"), 4);
    ASSERT_PRINTED("missing.rec: No such file");
    ck_assert_int_eq(ballast("diff short.rec a.rec"), 4);
    ASSERT_PRINTED("short.rec: not a recording");
    ck_assert_int_eq(ballast("diff text.rec short.rec"), 4);
    ASSERT_PRINTED("text.rec: not a recording");
    ASSERT_PRINTED("short.rec: not a recording");
    ck_assert_int_eq(ballast("diff a.rec"), 4);
    ASSERT_PRINTED("two recordings");
    ck_assert_int_eq(ballast("diff --help"), 0);
    ASSERT_PRINTED("usage: ballast diff A B");
}
END_TEST

Suite *diff_suite(void)
{
    Suite *suite = suite_create("diff");
    TCase *tests = tcase_create("as a user runs it");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, diff_of_the_same_run_is_0);
    tcase_add_test(tests, diff_shows_the_first_difference_and_ten_events_before_it);
    tcase_add_test(tests, diff_of_what_is_no_recording_is_4_and_names_it);
    suite_add_tcase(suite, tests);
    return suite;
}
