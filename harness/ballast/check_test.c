/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of `ballast check` as a user runs it: all mistakes, each once, and none that only follows from another. */
#include "harness/ballast/program_for_tests.h"

Suite *check_suite(void);

START_TEST(all_mistakes_are_told)
{
    put("a.scn",
        "language 1\nhost mem=64m\ndomain p kernel=probe memory=4mb maxmem=8m\n+0 setle\nexpect p fre == 1m\n"
        "+0 fault p uvm_physseg_plug page=1\n"
        "+0 settle\ndomain q kernel=nosuch memory=4m\n\nxl mem-set r 4m\n");
    ck_assert_int_eq(ballast("check a.scn"), 4);
    ASSERT_PRINTED(
        "a.scn:3:30: `4mb` is no size; did you mean `4m`?\n    3 | domain p kernel=probe memory=4mb");
    ASSERT_PRINTED("a.scn:4:4: `setle` begins no statement");
    ASSERT_PRINTED("a.scn:5:10: a domain can't be asked for `fre`");
    ASSERT_PRINTED("no kernel is called nosuch; there are ");
    ASSERT_PRINTED("a.scn:10:12: there is no domain `r`");
    ASSERT_PRINTED("1 scenario, 6 mistakes\n");
    put("group.scn", "language 1\ndomain d[1..9] kernel=netbds memory=16m\n");
    ck_assert_int_eq(ballast("check group.scn"), 4);
    ASSERT_PRINTED("group.scn:2:23: no kernel is called netbds");
    ASSERT_PRINTED("1 scenario, 1 mistake\n");
}
END_TEST

START_TEST(files_without_mistakes)
{
    put("a.scn", HEAD "+0 settle\nexpect p reservation == 5m\n"); /* that would only show in a run */
    put("b.scn", HEAD "+0 settle\n");
    ck_assert_int_eq(ballast("check a.scn b.scn"), 0);
    ck_assert_str_eq(output, "2 scenarios, no mistakes\n");
    ck_assert_int_eq(ballast("check - < a.scn"), 0);
    ck_assert_int_eq(ballast("check ."), 0);
    ck_assert_str_eq(output, "2 scenarios, no mistakes\n");
}
END_TEST

static const struct {
    const char *text, *says;
} whole[] = {
    {"", "the file is empty"},
    {"langauge 1\nnonsense\n", "a.scn:1:1: a scenario begins with the line `language 1`"},
    {"language 2\nnonsense\n", "this program reads language 1, not 2"},
    {"language 1\n# nothing\n", "declares no domain and does nothing"},
    {"language 1\ndomain p kernel=probe memory=4m\n\r\n", "a carriage return"},
    {"language 1\nfoo\nbar\n", "1 scenario, 2 mistakes"},
    {"language 1\ndomain\ndomain p\n+0 p map $a\n", "2 mistakes"},
};

/* What follows from a wrong `repeat` or `let` is no mistake of its own: its `end`, and lines that use the name. */
START_TEST(what_follows_from_another_mistake)
{
    put("a.scn", HEAD "let x = 5m\nreapeat i = 1..3\n+0 xl mem-set nb 1{i}m\nend\n"
                      "repeat k = 3..1\n+0 xl mem-set nb 1{k}m\n+0 xl mem-set nb 1{other}m\nend\n"
                      "lett a = 5m\n+0 xl mem-set nb {a}\nrepeat 2\n+0 settle\nennd\n+0 setle\n");
    ck_assert_int_eq(ballast("check a.scn"), 4);
    ck_assert_ptr_nonnull(strstr(output, "did you mean `repeat`?"));
    ck_assert_ptr_nonnull(strstr(output, "this range is empty"));
    ck_assert_ptr_nonnull(strstr(output, "{other}"));
    ck_assert_ptr_nonnull(strstr(output, "did you mean `let`?"));
    ck_assert_ptr_nonnull(strstr(output, "did you mean `end`?"));
    ck_assert_ptr_nonnull(strstr(output, "did you mean `settle`?"));
    ck_assert_msg(strstr(output, "1 scenario, 6 mistakes\n") != NULL, "%s", output);
}
END_TEST

/* A misspelt kernel, or another mistake on its line, hides none of the lines about its domain. */
START_TEST(what_a_misspelt_kernel_does_not_hide)
{
    put("a.scn",
        "language 1\ndomain nb kernel=netbds memory=64m maxmen=128m\nfault nb xenstore.event.losst call=1\n"
        "fault nb uvm_physseg_plugg call=1\n+0 settle\n");
    ck_assert_int_eq(ballast("check a.scn"), 4);
    ASSERT_PRINTED("no kernel is called netbds; did you mean `netbsd`?");
    ASSERT_PRINTED("did you mean `maxmem`?");
    ASSERT_PRINTED("did you mean `xenstore.event.lost`?");
    ASSERT_PRINTED("did you mean `uvm_physseg_plug`?");
    ASSERT_PRINTED("1 scenario, 4 mistakes");
}
END_TEST

START_TEST(what_can_only_be_told_once)
{
    put("a.scn", whole[_i].text);
    ck_assert_int_eq(ballast("check a.scn"), 4);
    ASSERT_PRINTED(whole[_i].says);
    ASSERT_PRINTED("mistake");
}
END_TEST

START_TEST(no_files_and_none_that_are_there)
{
    ck_assert_int_eq(ballast("check"), 4);
    ASSERT_PRINTED("check wants scenarios");
    ck_assert_int_eq(ballast("check gone.scn"), 4);
    ASSERT_PRINTED("gone.scn: can't be read: No such file");
    ck_assert_int_eq(ballast("check --help"), 0);
    ASSERT_PRINTED("Exit codes: 0 no mistakes, 4 there are some.");
}
END_TEST

Suite *check_suite(void)
{
    Suite *suite = suite_create("check");
    TCase *tests = tcase_create("as a user runs it");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, all_mistakes_are_told);
    tcase_add_test(tests, files_without_mistakes);
    tcase_add_test(tests, what_follows_from_another_mistake);
    tcase_add_test(tests, what_a_misspelt_kernel_does_not_hide);
    tcase_add_loop_test(tests, what_can_only_be_told_once, 0, (int)(sizeof whole / sizeof whole[0]));
    tcase_add_test(tests, no_files_and_none_that_are_there);
    suite_add_tcase(suite, tests);
    return suite;
}
