/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of verdicts compared with those of another time. */
#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/ballast/baseline.h"

static char then[] = "/tmp/ballast-then-XXXXXX", now[] = "/tmp/ballast-now-XXXXXX";
static char error[512];
static struct baseline *baseline;

static void add(const char *path, enum verdict verdict)
{
    baseline_add(baseline, path, &(struct outcome){.verdict = verdict});
}

static void put_then(const char *text)
{
    strcpy(then + strlen(then) - 6, "XXXXXX");
    strcpy(now + strlen(now) - 6, "XXXXXX");
    const int file = mkstemp(then), other = mkstemp(now);
    ck_assert_int_ge(file, 0);
    ck_assert_int_ge(other, 0);
    ck_assert_int_eq(write(file, text, strlen(text)), (ssize_t)strlen(text));
    close(file);
    close(other);
}

static const struct {
    const char *then;
    enum verdict now;
    int code;
} pairs[] = {
    {"PASS tour/a.scn\n", VERDICT_PASS, 0},
    {"FAIL tour/a.scn\n", VERDICT_FAIL, 0},
    {"# a comment\n\nFAIL tour/a.scn\n", VERDICT_PASS, 0},
    {"PASS tour/a.scn\n", VERDICT_FAIL, 5},
    {"FAIL tour/a.scn\n", VERDICT_CRASH, 6},
    {"PASS tour/a.scn\n", VERDICT_SKIP, 3},
    {"PASS other/a.scn\n", VERDICT_FAIL, 5},
    {"", VERDICT_PASS, 0},
};

START_TEST(what_got_worse_counts)
{
    put_then(pairs[_i].then);
    ck_assert_msg(baseline_begin(&baseline, then, NULL, error, sizeof error), "%s", error);
    add("/somewhere/scenarios/tour/a.scn", pairs[_i].now);
    ck_assert_int_eq(baseline_end(baseline, 4), pairs[_i].code);
    baseline_free(baseline);
    unlink(then);
    unlink(now);
}
END_TEST

static const char *const no_baselines[] = {
    "language 1\n", "PASS a.scn\nPASSED b.scn\n", "PASS\n", "PASS \n", "\x01\x02", "FAIL"};

/* A file that is something else would make all scenarios new, or be lost. */
START_TEST(what_is_no_baseline_is_refused_and_kept)
{
    put_then(no_baselines[_i]);
    ck_assert(!baseline_begin(&baseline, then, NULL, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "this is no baseline"));
    baseline_free(baseline);
    ck_assert(!baseline_begin(&baseline, NULL, then, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "would write over"));
    baseline_free(baseline);
    ck_assert(!baseline_begin(&baseline, "/dev/zero", NULL, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "a regular file"));
    baseline_free(baseline);
    unlink(then);
    unlink(now);
}
END_TEST

START_TEST(two_of_one_name_are_told_apart_by_their_order)
{
    put_then("PASS t/a.scn\r\nFAIL t/a.scn\r\n");
    ck_assert_msg(baseline_begin(&baseline, then, now, error, sizeof error), "%s", error);
    add("x/t/a.scn", VERDICT_PASS);
    add("y/t/a.scn", VERDICT_FAIL);
    ck_assert_int_eq(baseline_end(baseline, 5), 0);
    baseline_free(baseline);
    unlink(then);
    unlink(now);
}
END_TEST

START_TEST(what_is_written_is_read)
{
    put_then("");
    ck_assert(baseline_begin(&baseline, NULL, now, error, sizeof error));
    add("scenarios/tour/a.scn", VERDICT_FAIL);
    add("b.scn", VERDICT_PASS);
    ck_assert_int_eq(baseline_end(baseline, 5), 5);
    baseline_free(baseline);
    ck_assert(baseline_begin(&baseline, now, NULL, error, sizeof error));
    add("./tour/a.scn", VERDICT_FAIL);
    add("b.scn", VERDICT_PASS);
    ck_assert_int_eq(baseline_end(baseline, 5), 0);
    baseline_free(baseline);
    unlink(then);
    unlink(now);
}
END_TEST

/* As a small world has them, which has no recording. */
static void add_rules(const char *rows)
{
    const struct outcome outcome = {.verdict = VERDICT_FAIL, .rows = rows};

    baseline_add(baseline, "segments parts", &outcome);
}

static const struct {
    const char *then, *now;
    int code;
} causes[] = {
    {"leak 3 words\n", "leak 4 words\n", 0},
    {"leak 3 words\nodd-name 1 words\n", "odd-name 2 words\n", 0},
    {"leak 3 words\n", "leak 4 words\nodd-name 1 words\n", 5},
    {"leaks 3 words\n", "leak 4 words\n", 5},
};

/* A scenario that fails as it did may hide a new fault. */
START_TEST(a_new_cause_counts)
{
    put_then("");
    ck_assert(baseline_begin(&baseline, NULL, now, error, sizeof error));
    add_rules(causes[_i].then);
    ck_assert_int_eq(baseline_end(baseline, 5), 5);
    baseline_free(baseline);
    ck_assert(baseline_begin(&baseline, now, NULL, error, sizeof error));
    add_rules(causes[_i].now);
    ck_assert_int_eq(baseline_end(baseline, 5), causes[_i].code);
    baseline_free(baseline);
    unlink(then);
    unlink(now);
}
END_TEST

/* Of an older Ballast, whose lines are without causes. */
START_TEST(without_causes_the_verdict_is_compared)
{
    put_then("FAIL segments parts\n");
    ck_assert(baseline_begin(&baseline, then, NULL, error, sizeof error));
    add_rules("leak 3 words\n");
    ck_assert_int_eq(baseline_end(baseline, 5), 0);
    baseline_free(baseline);
    unlink(then);
    unlink(now);
}
END_TEST

START_TEST(one_that_is_missing_is_told)
{
    ck_assert(!baseline_begin(&baseline, "/nonexistent/baseline", NULL, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "/nonexistent/baseline"));
    baseline_free(baseline);
    ck_assert(baseline_begin(&baseline, NULL, NULL, error, sizeof error));
    ck_assert_ptr_null(baseline);
    add("a.scn", VERDICT_FAIL);
    ck_assert_int_eq(baseline_end(baseline, 5), 5);
}
END_TEST

Suite *baseline_suite(void)
{
    Suite *suite = suite_create("verdicts then and now");
    TCase *tcase = tcase_create("baseline");

    tcase_add_loop_test(tcase, what_got_worse_counts, 0, (int)(sizeof pairs / sizeof pairs[0]));
    tcase_add_loop_test(tcase, what_is_no_baseline_is_refused_and_kept, 0, 6);
    tcase_add_test(tcase, two_of_one_name_are_told_apart_by_their_order);
    tcase_add_test(tcase, what_is_written_is_read);
    tcase_add_loop_test(tcase, a_new_cause_counts, 0, (int)(sizeof causes / sizeof causes[0]));
    tcase_add_test(tcase, without_causes_the_verdict_is_compared);
    tcase_add_test(tcase, one_that_is_missing_is_told);
    suite_add_tcase(suite, tcase);
    return suite;
}
