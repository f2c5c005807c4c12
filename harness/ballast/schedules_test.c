/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of many runs of one file: their seeds, and which outcome stands for all. */
#include "harness/ballast/schedules.h"

#include <check.h>
#include <string.h>

static struct schedules schedules;

static void forget(void)
{
    schedules_forget(&schedules);
}

static void add(unsigned run, enum verdict verdict, const char *sentence)
{
    char recording[] = "recording", place[] = "7 x.c:1\n";
    char text[80];

    strcpy(text, sentence);
    schedules_add(&schedules, 7, run,
        &(struct outcome){.verdict = verdict,
            .sentence = text,
            .recording = recording,
            .recording_bytes = sizeof recording,
            .places = place,
            .places_bytes = strlen(place)});
    memset(recording, 'x', sizeof recording); /* only a copy outlives the call */
    memset(text, 'x', sizeof text);
}

START_TEST(each_run_has_its_seed)
{
    ck_assert_uint_eq(schedules_seed(1, 1), 2);
    ck_assert_uint_eq(schedules_seed(1, 40), 41);
    ck_assert_uint_eq(schedules_seed(0, 1), 1);
    ck_assert_uint_eq(schedules_seed(UINT64_MAX, 1), 1); /* 0 would be none */
    ck_assert_uint_eq(schedules_seed(UINT64_MAX, 2), 1);
}
END_TEST

START_TEST(when_all_pass_the_first_stands)
{
    add(0, VERDICT_PASS, "the first");
    add(1, VERDICT_PASS, "the second");
    ck_assert_int_eq(schedules_worst(&schedules)->verdict, VERDICT_PASS);
    ck_assert_str_eq(schedules_worst(&schedules)->sentence, "the first");
    ck_assert_str_eq(schedules_worst(&schedules)->recording, "recording");
    ck_assert_str_eq(schedules_worst(&schedules)->places, "7 x.c:1\n");
    ck_assert_str_eq(schedules_sentence(&schedules), "");
}
END_TEST

START_TEST(the_first_of_the_worst_is_told_with_its_seed)
{
    add(0, VERDICT_PASS, "");
    add(1, VERDICT_PASS, "");
    add(2, VERDICT_FAIL, "this one");
    add(3, VERDICT_FAIL, "another");
    add(4, VERDICT_PASS, "");
    ck_assert_str_eq(schedules_worst(&schedules)->sentence, "this one");
    ck_assert_str_eq(schedules_sentence(&schedules),
        "under 2 of 4 seeds of a schedule it does not pass; this is --schedule-seed 9");
    add(5, VERDICT_CRASH, "worse");
    ck_assert_str_eq(schedules_worst(&schedules)->sentence, "worse");
    ck_assert_str_eq(schedules_sentence(&schedules),
        "under 3 of 5 seeds of a schedule it does not pass; this is --schedule-seed 12");
}
END_TEST

/* What fails without a seed is shown without one. */
START_TEST(a_failure_without_a_seed_is_told_as_it_always_was)
{
    add(0, VERDICT_FAIL, "plain");
    add(1, VERDICT_FAIL, "seeded");
    ck_assert_str_eq(schedules_worst(&schedules)->sentence, "plain");
    ck_assert_str_eq(schedules_sentence(&schedules), "");
}
END_TEST

START_TEST(what_is_skipped_or_left_out_does_not_count)
{
    add(0, VERDICT_SKIP, "no such kernel");
    add(1, VERDICT_SKIP, "no such kernel");
    ck_assert_int_eq(schedules_worst(&schedules)->verdict, VERDICT_SKIP);
    ck_assert_str_eq(schedules_sentence(&schedules), "");
    forget();
    add(0, VERDICT_PASS, "");
    schedules_add(&schedules, 7, 1, &(struct outcome){.verdict = VERDICT_ERROR, .left_out = true});
    ck_assert_int_eq(schedules_worst(&schedules)->verdict, VERDICT_PASS);
    ck_assert_uint_eq(schedules.runs, 0);
}
END_TEST

START_TEST(forgotten_it_takes_the_next_file)
{
    add(0, VERDICT_FAIL, "");
    forget();
    add(0, VERDICT_PASS, "the next file");
    add(1, VERDICT_PASS, "");
    ck_assert_str_eq(schedules_worst(&schedules)->sentence, "the next file");
}
END_TEST

Suite *schedules_suite(void);

Suite *schedules_suite(void)
{
    Suite *suite = suite_create("schedules");
    TCase *tests = tcase_create("schedules");

    tcase_add_checked_fixture(tests, NULL, forget);
    tcase_add_test(tests, each_run_has_its_seed);
    tcase_add_test(tests, when_all_pass_the_first_stands);
    tcase_add_test(tests, the_first_of_the_worst_is_told_with_its_seed);
    tcase_add_test(tests, a_failure_without_a_seed_is_told_as_it_always_was);
    tcase_add_test(tests, what_is_skipped_or_left_out_does_not_count);
    tcase_add_test(tests, forgotten_it_takes_the_next_file);
    suite_add_tcase(suite, tests);
    return suite;
}
