/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of --record: what it may write over, and that two runs at once leave the two files of one of them. */
#include "harness/ballast/kept_recording.h"
#include "harness/ballast/places_file.h"

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
#include "harness/ballast/nobody_for_tests.h"
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
    char recording[64] = RECORDING_MAGIC, places[8] = "1 a\n";

    places[2] = mark;

    recording[sizeof recording - 1] = mark;
    const struct outcome outcome = {
        .recording = recording, .recording_bytes = sizeof recording, .places = places, .places_bytes = 4};
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
    write_text(beside, "12 balloon.c:512\n"); /* it may be ours, and may be anything */
    ck_assert(!kept_recording_allowed(path, NULL, 0, error, sizeof error));
    unlink(beside);
    write_text(beside, PLACES_FIRST_LINE); /* a run that was killed left it */
    ck_assert(kept_recording_allowed(path, NULL, 0, error, sizeof error));
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

static void write_places_of_another(const char *text)
{
    unlink(beside);
    write_text(beside, text);
}

/* Beside a recording, too, there may be what is no list of places, by itself or through a link. */
START_TEST(places_are_looked_at_as_well)
{
    static const char *const not_places[] = {"precious\n", "language 1\n",
        "\x7f"
        "ELF",
        "\n12 a.c:1\n"};
    static const char *const good[] = {"12 a.c:1 (f)\n", "driver /usr/src/d.c\n12 a.c:1\n", ""};

    ck_assert(keep('1'));
    for (size_t p = 0; p < sizeof not_places / sizeof not_places[0]; p++) {
        write_places_of_another(not_places[p]);
        ck_assert_msg(!kept_recording_allowed(path, NULL, 0, error, sizeof error), "%s", not_places[p]);
        ck_assert_ptr_nonnull(strstr(error, ".places is there already"));
        ck_assert(!keep('2'));
    }
    for (size_t p = 0; p < sizeof good / sizeof good[0]; p++) {
        write_places_of_another(good[p]);
        ck_assert_msg(kept_recording_allowed(path, NULL, 0, error, sizeof error), "%s", error);
    }
}
END_TEST

/* One of the two can't be moved to its place: a folder took it meanwhile. */
START_TEST(the_first_goes_back_where_the_second_is_refused)
{
    const struct file_content both[] = {{path, "new", 3}, {beside, "new", 3}};
    size_t bytes;

    for (int there_before = 0; there_before < 2; there_before++) {
        if (there_before)
            write_text(path, "old");
        ck_assert_int_eq(symlink("nowhere", beside), 0);
        ck_assert(!file_write_two(both, error, sizeof error));
        unlink(beside);
        ck_assert_int_eq(there(path), there_before);
        char *text = there_before ? file_read(path, 100, &bytes, error, sizeof error) : NULL;
        ck_assert(text == NULL || strcmp(text, "old") == 0);
        free(text);
    }
}
END_TEST

/* Where the second has no room, the first stays, too. */
START_TEST(both_change_or_neither)
{
    enum { ROOM = 1 << 20 };
    char *places = calloc(1, ROOM);
    const struct outcome much = {.recording = RECORDING_MAGIC "much",
        .recording_bytes = sizeof RECORDING_MAGIC + 4,
        .places = places,
        .places_bytes = ROOM};
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
    ck_assert_int_eq(now[2], 'a');
    free(now);
    free(old);
    free(places);
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
        ck_assert_int_eq(recording[63], places[2]);
        free(recording);
        free(places);
    }
}
END_TEST

static bool is_refused_here(void)
{
    return !kept_recording_allowed(path, NULL, 0, error, sizeof error) &&
           strstr(error, "it can't be written: Permission denied") != NULL;
}

/* A long run is not lost for a name that could be tried before it: in no folder, or in one that lets nobody write. */
START_TEST(a_place_that_lets_nobody_write_is_refused_before_the_run)
{
    ck_assert(!kept_recording_allowed("/nonexistent/a.rec", NULL, 0, error, sizeof error));
    ck_assert_str_eq(error, "/nonexistent/a.rec can't be written: No such file or directory");
    ck_assert_int_eq(chmod(folder, 0555), 0);
    const bool refused = holds_for_nobody(is_refused_here);
    ck_assert_int_eq(chmod(folder, 0700), 0);
    ck_assert(refused);
}
END_TEST

Suite *kept_recording_suite(void)
{
    Suite *suite = suite_create("kept recording");
    TCase *tests = tcase_create("--record");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, an_older_recording_is_written_over_and_nothing_else);
    tcase_add_test(tests, a_pipe_is_refused_before_the_run);
    tcase_add_test(tests, a_place_that_lets_nobody_write_is_refused_before_the_run);
    tcase_add_test(tests, a_run_without_a_recording_leaves_no_older_one);
    tcase_add_test(tests, what_lies_beside_no_recording_is_not_lost);
    tcase_add_test(tests, places_are_looked_at_as_well);
    tcase_add_test(tests, the_first_goes_back_where_the_second_is_refused);
    tcase_add_test(tests, both_change_or_neither);
    tcase_add_test(tests, two_runs_at_once_leave_the_files_of_one);
    suite_add_tcase(suite, tests);
    return suite;
}
