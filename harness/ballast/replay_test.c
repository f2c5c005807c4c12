/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests around replay that need no guest: the order of verdicts, places by event, files that can't be read. */
#include "harness/ballast/replay_file.h"
#include "harness/ballast/verdicts.h"

#include <check.h>
#include <string.h>

#include "harness/ballast/places_file.h"

static enum verdict worst(bool strict, size_t count, const enum verdict *verdicts)
{
    struct verdict_counts counts = {0};

    for (size_t v = 0; v < count; v++)
        verdicts_add(&counts, verdicts[v]);
    return verdicts_worst(&counts, strict);
}
#define WORST(strict, ...) \
    worst(strict, sizeof((enum verdict[]){__VA_ARGS__}) / sizeof(enum verdict), (enum verdict[]){__VA_ARGS__})

START_TEST(the_worst_of_many_is_the_runs)
{
    ck_assert_int_eq(WORST(false, VERDICT_PASS, VERDICT_PASS), VERDICT_PASS);
    ck_assert_int_eq(WORST(false, VERDICT_FAIL, VERDICT_PASS), VERDICT_FAIL);
    ck_assert_int_eq(WORST(false, VERDICT_ERROR, VERDICT_FAIL), VERDICT_FAIL);
    ck_assert_int_eq(WORST(false, VERDICT_CRASH, VERDICT_FAIL), VERDICT_CRASH);
    ck_assert_int_eq(WORST(false, VERDICT_CRASH, VERDICT_TIMEOUT, VERDICT_PASS), VERDICT_TIMEOUT);
    ck_assert_int_eq(WORST(false, VERDICT_SKIP, VERDICT_ERROR), VERDICT_ERROR);
    ck_assert_int_eq(WORST(false, VERDICT_CUT, VERDICT_ERROR), VERDICT_ERROR);
    ck_assert_int_eq(WORST(false, VERDICT_SKIP, VERDICT_CUT, VERDICT_PASS), VERDICT_CUT);
}
END_TEST

START_TEST(a_skip_among_passes_counts_when_it_is_strict)
{
    ck_assert_int_eq(WORST(false, VERDICT_SKIP, VERDICT_PASS), VERDICT_PASS);
    ck_assert_int_eq(WORST(true, VERDICT_SKIP, VERDICT_PASS), VERDICT_SKIP);
    ck_assert_int_eq(WORST(false, VERDICT_SKIP, VERDICT_SKIP), VERDICT_SKIP);
    ck_assert_int_eq(WORST(true, VERDICT_SKIP, VERDICT_FAIL), VERDICT_FAIL);
}
END_TEST

START_TEST(one_that_passes_and_one_that_fails_part)
{
    ck_assert(verdicts_part(VERDICT_PASS, VERDICT_FAIL));
    ck_assert(verdicts_part(VERDICT_FAIL, VERDICT_PASS));
    ck_assert(verdicts_part(VERDICT_CRASH, VERDICT_PASS));
    ck_assert(!verdicts_part(VERDICT_PASS, VERDICT_PASS));
    ck_assert(!verdicts_part(VERDICT_FAIL, VERDICT_CRASH));
    ck_assert(!verdicts_part(VERDICT_PASS, VERDICT_SKIP)); /* it was not run there */
    ck_assert(!verdicts_part(VERDICT_TIMEOUT, VERDICT_PASS));
    ck_assert(!verdicts_part(VERDICT_PASS, VERDICT_ERROR));
}
END_TEST

START_TEST(verdicts_have_the_names_and_codes_of_the_manual)
{
    ck_assert_int_eq(VERDICT_PASS, 0);
    ck_assert_int_eq(VERDICT_SKIP, 3);
    ck_assert_int_eq(VERDICT_ERROR, 4);
    ck_assert_int_eq(VERDICT_FAIL, 5);
    ck_assert_int_eq(VERDICT_CRASH, 6);
    ck_assert_int_eq(VERDICT_TIMEOUT, 7);
    ck_assert_str_eq(verdict_name(VERDICT_SKIP), "SKIP");
    ck_assert_str_eq(verdict_name(VERDICT_TIMEOUT), "TIMEOUT");
}
END_TEST

START_TEST(places_are_found_by_event)
{
    const char lines[] = "3 balloon.c:10 (f)\n17 balloon.c:20 (g)\n18 x\n";
    struct event_places places;

    ck_assert(event_places_read(&places, lines, sizeof lines - 1));
    ck_assert_uint_eq(places.at.count, 3);
    ck_assert_str_eq(event_places_find(&places, 3), "balloon.c:10 (f)");
    ck_assert_str_eq(event_places_find(&places, 17), "balloon.c:20 (g)");
    ck_assert_str_eq(event_places_find(&places, 18), "x");
    ck_assert_ptr_null(event_places_find(&places, 4));
    ck_assert_ptr_null(event_places_find(&places, 0));
    ck_assert_ptr_null(event_places_find(&places, UINT64_MAX));
    event_places_free(&places);
}
END_TEST

START_TEST(frames_stand_behind_a_place)
{
    const char lines[] = "3 balloon.c:10 (f)\n17 a.c:1 (g)\tb.c:2 (h)\tc.c:3 (i)\n18 x\n";
    struct event_places places;

    ck_assert(event_places_read(&places, lines, sizeof lines - 1));
    ck_assert_str_eq(event_places_find(&places, 17), "a.c:1 (g)");
    ck_assert_str_eq(event_places_backtrace(&places, 17), "b.c:2 (h)\tc.c:3 (i)");
    ck_assert_ptr_null(event_places_backtrace(&places, 3));
    ck_assert_ptr_null(event_places_backtrace(&places, 4));
    event_places_free(&places);
}
END_TEST

START_TEST(functions_that_ran_stand_apart)
{
    const char lines[] = "17 a.c:1 (g)\nbefore 17 a.c:2 (h)\ta.c:3 (i)\nafter 18 a.c:4 (k)\nbefore x\n";
    struct event_places places;

    ck_assert(event_places_read(&places, lines, sizeof lines - 1));
    ck_assert_str_eq(event_places_before(&places, 17), "a.c:2 (h)\ta.c:3 (i)");
    ck_assert_str_eq(event_places_after(&places, 18), "a.c:4 (k)");
    ck_assert_ptr_null(event_places_before(&places, 18));
    ck_assert_ptr_null(event_places_after(&places, 17));
    ck_assert_str_eq(event_places_find(&places, 17), "a.c:1 (g)");
    event_places_free(&places);
}
END_TEST

START_TEST(what_is_no_place_is_left_out)
{
    const char lines[] = "x y\n5 here\n\n-7 z\n4 earlier\n99999999999999999999999 far\n6\n7 last\n8 cut o";
    struct event_places places;

    ck_assert(event_places_read(&places, lines, sizeof lines - 1));
    ck_assert_uint_eq(places.at.count, 2);
    ck_assert_str_eq(event_places_find(&places, 5), "here");
    ck_assert_str_eq(event_places_find(&places, 7), "last");
    ck_assert_ptr_null(event_places_find(&places, 8));
    event_places_free(&places);

    ck_assert(event_places_read(&places, NULL, 0));
    ck_assert_ptr_null(event_places_find(&places, 1));
    event_places_free(&places);
}
END_TEST

START_TEST(a_file_that_is_no_scenario_is_an_error_that_says_where)
{
    const struct run_options options = {.seed = 1};
    struct outcome outcome;
    struct replayed *replayed = replay_file(
        "/nonexistent/x.scn", &options, &(struct replay_wants){.places = true, .free = true}, &outcome);

    ck_assert_int_eq(outcome.verdict, VERDICT_ERROR);
    ck_assert_ptr_nonnull(strstr(outcome.sentence, "/nonexistent/x.scn"));
    ck_assert_ptr_null(outcome.recording);
    replay_file_done(replayed);
}
END_TEST

Suite *replay_suite(void)
{
    Suite *suite = suite_create("replay");
    TCase *tests = tcase_create("around replay");

    tcase_add_test(tests, the_worst_of_many_is_the_runs);
    tcase_add_test(tests, a_skip_among_passes_counts_when_it_is_strict);
    tcase_add_test(tests, one_that_passes_and_one_that_fails_part);
    tcase_add_test(tests, verdicts_have_the_names_and_codes_of_the_manual);
    tcase_add_test(tests, places_are_found_by_event);
    tcase_add_test(tests, frames_stand_behind_a_place);
    tcase_add_test(tests, functions_that_ran_stand_apart);
    tcase_add_test(tests, what_is_no_place_is_left_out);
    tcase_add_test(tests, a_file_that_is_no_scenario_is_an_error_that_says_where);
    suite_add_tcase(suite, tests);
    return suite;
}
