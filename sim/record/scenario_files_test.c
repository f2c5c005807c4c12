/* SPDX-License-Identifier: BSD-2-Clause */
/* The files in a scenario's text: which lines begin one, where a line is, how a file is called. */
#include "sim/record/scenario_files.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

Suite *scenario_files_suite(void);

static const char text[] = "one\ntwo\n-- a.inc --\nthree\n++ b/c.inc ++\nfour\nfive\n++ d.inc ++";

static void is_at(uint32_t line, const char *name, uint32_t local)
{
    const struct scenario_place place = scenario_place_of(text, strlen(text), line);
    char seen[40] = "";

    if (place.name != NULL)
        snprintf(seen, sizeof seen, "%.*s", (int)place.name_bytes, place.name);
    ck_assert_str_eq(seen, name);
    ck_assert_uint_eq(place.line, local);
}

START_TEST(a_line_is_in_a_file)
{
    is_at(0, "", 0);
    is_at(1, "", 1);
    is_at(2, "", 2);
    is_at(4, "", 4); /* what was written there is in the scenario's own file */
    is_at(6, "b/c.inc", 1);
    is_at(7, "b/c.inc", 2);
    is_at(9, "d.inc", 1);
}
END_TEST

START_TEST(only_whole_marks_begin_a_file)
{
    static const char *const none[] = {"", "-- --", "--  --", "-- a ++", "++ a --", "-- a--", "--a --",
        "# -- a --", " -- a --", "-- a -- ", "-- a", "--  a --", "-- a  --", "---------"};
    const char *name;
    size_t bytes;

    for (size_t i = 0; i < sizeof none / sizeof none[0]; i++)
        ck_assert_msg(!scenario_begins_file(none[i], strlen(none[i]), &name, &bytes), "%s", none[i]);
    ck_assert(scenario_begins_file("-- a b --", 9, &name, &bytes));
    ck_assert_uint_eq(bytes, 3);
    ck_assert(scenario_begins_file("++ x ++", 7, &name, &bytes));
    ck_assert_uint_eq(bytes, 1);
}
END_TEST

START_TEST(a_file_is_called_from_the_scenarios_folder)
{
    static const char *const cases[][2] = {{"t.scn", "a.inc"}, {"x/y/t.scn", "x/y/a.inc"},
        {"/t.scn", "/a.inc"}, {"-", "a.inc"}, {"/dev/stdin", "a.inc"}, {"/proc/self/fd/5", "a.inc"}};
    char out[40];

    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        scenario_file_path(cases[i][0], "a.inc", 5, out, sizeof out);
        ck_assert_str_eq(out, cases[i][1]);
    }
}
END_TEST

Suite *scenario_files_suite(void)
{
    Suite *suite = suite_create("scenario_files");
    TCase *tests = tcase_create("files in a scenario");

    tcase_add_test(tests, a_line_is_in_a_file);
    tcase_add_test(tests, only_whole_marks_begin_a_file);
    tcase_add_test(tests, a_file_is_called_from_the_scenarios_folder);
    suite_add_tcase(suite, tests);
    return suite;
}
