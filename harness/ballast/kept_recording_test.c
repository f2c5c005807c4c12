/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of --record: what it may write over, and that two runs at once leave the two files of one of them. */
#include "harness/ballast/kept_recording.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "harness/ballast/file.h"
#include "sim/record/record.h"

Suite *kept_recording_suite(void);

static char folder[] = "/tmp/ballast-kept-XXXXXX";
static char path[64], beside[80], error[512];

static void setup(void)
{
    strcpy(folder + strlen(folder) - 6, "XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/it", folder);
    snprintf(beside, sizeof beside, "%s.places", path);
    error[0] = 0;
}

static void teardown(void)
{
    unlink(path);
    unlink(beside);
    ck_assert_int_eq(rmdir(folder), 0); /* nothing else was left in it */
}

static bool there(const char *file)
{
    return access(file, F_OK) == 0;
}

static bool keep(char mark)
{
    char recording[64] = RECORDING_MAGIC, places[2] = {mark, 0};

    recording[sizeof recording - 1] = mark;
    const struct outcome outcome = {
        .recording = recording, .recording_bytes = sizeof recording, .places = places, .places_bytes = 1};
    return kept_recording_write(path, &outcome, error, sizeof error);
}

START_TEST(an_older_recording_is_written_over_and_nothing_else)
{
    ck_assert(kept_recording_allowed(path, NULL, 0, error, sizeof error));
    ck_assert(keep('a'));
    ck_assert(keep('b'));
    ck_assert(file_write(path, "language 1\n", 11, error, sizeof error));
    ck_assert(!kept_recording_allowed(path, NULL, 0, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "is no recording, and would be lost"));
    ck_assert(!keep('c'));
    size_t bytes;
    char *text = file_read(path, 100, &bytes, error, sizeof error);
    ck_assert_str_eq(text, "language 1\n");
    free(text);
}
END_TEST

START_TEST(a_pipe_is_refused_before_the_run)
{
    ck_assert_int_eq(mkfifo(path, 0600), 0);
    ck_assert(!kept_recording_allowed(path, NULL, 0, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, "no regular file"));
}
END_TEST

START_TEST(a_run_without_a_recording_leaves_no_older_one)
{
    const struct outcome none = {.recording = NULL};

    ck_assert(keep('a'));
    ck_assert(there(path) && there(beside));
    ck_assert(kept_recording_write(path, &none, error, sizeof error));
    ck_assert(!there(path) && !there(beside));
    ck_assert(kept_recording_write(path, &none, error, sizeof error)); /* there need be none */
}
END_TEST

static void write_text(const char *name, const char *text)
{
    ck_assert(file_write(name, text, strlen(text), error, sizeof error));
}

/* FILE.places is as much another's as FILE. */
START_TEST(what_lies_beside_no_recording_is_not_lost)
{
    char *const scenarios[] = {path, beside};
    size_t bytes;

    write_text(beside, "language 1\n");
    ck_assert(!kept_recording_allowed(path, NULL, 0, error, sizeof error));
    ck_assert_ptr_nonnull(strstr(error, ".places is there already"));
    ck_assert(!keep('c'));
    char *text = file_read(beside, 100, &bytes, error, sizeof error);
    ck_assert_str_eq(text, "language 1\n");
    free(text);
    unlink(beside);
    ck_assert(keep('a'));
    ck_assert(kept_recording_allowed(path, NULL, 0, error, sizeof error));
    for (size_t s = 0; s < 2; s++) {
        ck_assert(!kept_recording_allowed(path, scenarios + s, 1, error, sizeof error));
        ck_assert_ptr_nonnull(strstr(error, "which is the scenario"));
    }
    ck_assert(!kept_recording_allowed("", NULL, 0, error, sizeof error));
    ck_assert_str_eq(error, "--record names no file");
}
END_TEST

/* Where the second has no room, the first stays, too. */
START_TEST(both_change_or_neither)
{
    static char places[1 << 20];
    const struct outcome much = {.recording = RECORDING_MAGIC "much",
        .recording_bytes = sizeof RECORDING_MAGIC + 4,
        .places = places,
        .places_bytes = sizeof places};
    const struct rlimit limit = {1 << 16, RLIM_INFINITY};
    struct rlimit before;
    size_t bytes;

    ck_assert(keep('a'));
    char *old = file_read(path, 100, &bytes, error, sizeof error);
    signal(SIGXFSZ, SIG_IGN);
    getrlimit(RLIMIT_FSIZE, &before);
    setrlimit(RLIMIT_FSIZE, &limit);
    ck_assert(!kept_recording_write(path, &much, error, sizeof error));
    setrlimit(RLIMIT_FSIZE, &before);
    ck_assert_ptr_nonnull(strstr(error, "File too large"));
    char *now = file_read(path, 100, &bytes, error, sizeof error);
    ck_assert_int_eq(memcmp(old, now, bytes), 0);
    free(now);
    now = file_read(beside, 100, &bytes, error, sizeof error);
    ck_assert_int_eq(now[0], 'a');
    free(now);
    free(old);
}
END_TEST

/* Two processes write under one name at once, many times: what they leave is of one of them each time. */
START_TEST(two_runs_at_once_leave_the_files_of_one)
{
    for (unsigned round = 0; round < 100; round++) {
        for (int child = 0; child < 2; child++)
            if (fork() == 0)
                _exit(keep((char)('a' + child)) ? 0 : 1);
        for (int child = 0; child < 2; child++) {
            int status = 1;
            ck_assert_int_gt(wait(&status), 0);
            ck_assert_int_eq(status, 0);
        }
        size_t bytes;
        char *recording = file_read(path, 100, &bytes, error, sizeof error);
        char *places = file_read(beside, 100, &bytes, error, sizeof error);
        ck_assert(recording != NULL && places != NULL);
        ck_assert_int_eq(recording[63], places[0]);
        free(recording);
        free(places);
    }
}
END_TEST

Suite *kept_recording_suite(void)
{
    Suite *suite = suite_create("kept recording");
    TCase *tests = tcase_create("--record");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, an_older_recording_is_written_over_and_nothing_else);
    tcase_add_test(tests, a_pipe_is_refused_before_the_run);
    tcase_add_test(tests, a_run_without_a_recording_leaves_no_older_one);
    tcase_add_test(tests, what_lies_beside_no_recording_is_not_lost);
    tcase_add_test(tests, both_change_or_neither);
    tcase_add_test(tests, two_runs_at_once_leave_the_files_of_one);
    suite_add_tcase(suite, tests);
    return suite;
}
