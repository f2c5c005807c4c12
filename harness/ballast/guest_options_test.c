/* SPDX-License-Identifier: BSD-2-Clause */
/* Folders of guests that are built of a user's files: what a command of an older report does when a file has changed. */
#include "harness/ballast/program_for_tests.h"

Suite *guest_options_suite(void);

/* Runs a scenario with the file, and keeps the folder that the report says to type. */
static void run_mine(char guests[PATH_MAX])
{
    static const char option[] = "replay --guest ";

    ck_assert_int_eq(ballast("replay --driver mine.c a.scn"), 5);
    const char *at = strstr(output, option);
    ck_assert_msg(at != NULL, "no folder in:\n%.4000s", output);
    at += strlen(option);
    snprintf(guests, PATH_MAX, "%.*s", (int)strcspn(at, " \n"), at);
}

static int run_built(const char *guests)
{
    char command[PATH_MAX + 32];

    snprintf(command, sizeof command, "replay --guest %s a.scn", guests);
    return ballast(command);
}

/* It runs what the report is about, or nothing. */
START_TEST(an_older_reports_command_runs_no_newer_file)
{
    char first[PATH_MAX], second[PATH_MAX], third[PATH_MAX];

    put("a.scn", "language 1\nhost mem=256m\ndomain nb kernel=netbsd memory=32m\n+0 settle\n"
                 "expect nb reservation == 5m\n");
    put("mine.c", "int mine;\n");
    run_mine(first);
    put("mine.c", "int yours;\n");
    ck_assert_int_eq(run_built(first), 5); /* it is still what it was */
    run_mine(second);
    ck_assert_str_ne(first, second);
    ck_assert_int_eq(run_built(second), 5);
    ck_assert_int_eq(run_built(first), 4);
    ASSERT_PRINTED("these guests were built again since, of other contents of their files");
    ASSERT_PRINTED(first);
    ASSERT_PRINTED(second);
    ASSERT_PRINTED("--driver FILE");
    /* Files that are as they were have the folder that they had. */
    put("mine.c", "int mine;\n");
    run_mine(third);
    ck_assert_str_eq(first, third);
    ck_assert_int_eq(run_built(first), 5);
    ck_assert_int_eq(run_built(second), 4);
    ck_assert_int_eq(run_built("none"), 4);
    ASSERT_PRINTED("--guest none: no guest's image is in it; `ballast build --output FOLDER` makes them");
    char command[PATH_MAX + 16];
    snprintf(command, sizeof command, "rm -r '%s'", third); /* the only one that is left */
    ck_assert_int_eq(system(command), 0);
}
END_TEST

Suite *guest_options_suite(void)
{
    Suite *suite = suite_create("guest_options");
    TCase *tests = tcase_create("guest_options");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, an_older_reports_command_runs_no_newer_file);
    suite_add_tcase(suite, tests);
    return suite;
}
