/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of domains that come and go in a run: xl create, destroy, shutdown, reboot, pause. They need the
 * guests to be built.
 */
#include "harness/run/runner.h"

#include "harness/image/kernels.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

static const struct kernels kernels = {.describe = kernel_describe};

#define HEAD "language 1\nhost mem=256m\ndomain nb kernel=netbsd memory=32m maxmem=64m\n"

static struct runner *runner;

static void setup(void)
{
    runner = runner_new();
    ck_assert_ptr_nonnull(runner);
}

static void teardown(void)
{
    runner_free(runner);
}

static enum verdict run(const char *text)
{
    const struct run_options options = {.seed = 1};
    struct complaint complaint;
    struct scenario *scenario = scenario_parse("t.scn", text, strlen(text), &kernels, &complaint);

    ck_assert_msg(
        scenario != NULL, "%u:%u: %s", complaint.where.line, complaint.where.column, complaint.message);
    enum verdict verdict = runner_run(runner, scenario, &options);
    scenario_free(scenario);
    return verdict;
}

#define PASSES(text) ck_assert_int_eq(run(text), VERDICT_PASS)

START_TEST(a_domain_that_waits_takes_nothing)
{
    PASSES(HEAD "domain late kernel=netbsd memory=32m start=no\nexpect host free > 223m\n"
                "+0 xl list late -> 1\n+0 xl create late\n+1s settle\nexpect late reservation == 32m\n"
                "expect host free < 193m\n");
}
END_TEST

START_TEST(create_knows_the_declared_ones)
{
    PASSES(HEAD "+0 xl create nb\nexpect refused \"already exists\"\n"
                "+0 xl create nosuch\nexpect refused \"declares no domain\"\n"
                "+0 xl create\nexpect refused \"requires at least 1 argument\"\n"
                "+0 xl destroy nb\n+0 xl create /etc/xen/nb.cfg\n+1s settle\n+0 xl domid nb == 2\n");
}
END_TEST

START_TEST(create_fails_on_a_full_host)
{
    PASSES(HEAD "domain big kernel=netbsd memory=240m start=no\n+0 xl create big\n"
                "expect refused \"failed to free memory\"\n+1s settle\n+0 xl destroy nb\n+0 xl create "
                "big\n+1s settle\n"
                "expect big reservation == 240m\n");
}
END_TEST

START_TEST(shutdown_ends_it)
{
    PASSES(HEAD "+0 xl shutdown nb\n+1s settle\n+0 xl domid nb -> 1\nexpect host free == 256m\n");
    /* By number, and a number that is nobody's. */
    PASSES(HEAD "+0 xl shutdown 1\n+1s settle\nexpect host free == 256m\n+0 xl shutdown 1 -> 1\n");
}
END_TEST

START_TEST(reboot_builds_it_as_declared)
{
    PASSES(
        HEAD "+0 xl mem-set nb 64m\n+1s settle\n+0 xl reboot nb\n+1s settle\nexpect nb reservation == 32m\n"
             "expect nb maximum == 33m\n+0 xl domid nb == 2\n+0 nb$ sysctl -n machdep.xen.balloon.current == "
             "32768\n");
}
END_TEST

START_TEST(reboot_fails_when_its_memory_is_gone)
{
    const char *text = HEAD
        "domain other kernel=netbsd memory=160m maxmem=240m\n"
        "+0 xl mem-set other 192m\n+0 on other increase_reservation call=1 return: xl mem-set other 190m\n"
        "+1s settle\n+0 xl mem-set nb 24m\n+1s settle\n+0 xl mem-set other 225m\n+1s settle\n"
        "+0 xl reboot nb\n+1s settle\n";

    ck_assert_int_eq(run(text), VERDICT_FAIL);
}
END_TEST

START_TEST(destroy_in_the_middle_of_its_own_call)
{
    PASSES(
        HEAD "+0 on nb increase_reservation call=1 enter: xl destroy nb\n+0 xl mem-set nb 64m\n+1s settle\n"
             "+0 xl domid nb -> 1\nexpect host free == 256m\n");
    PASSES(
        HEAD "+0 on nb increase_reservation call=2 return: xl destroy nb\n+0 xl mem-set nb 64m\n+1s settle\n"
             "expect host free == 256m\nexpect host overhead == 0p\n");
}
END_TEST

START_TEST(the_next_run_has_them_all_again)
{
    PASSES(HEAD "+0 xl destroy nb\n");
    PASSES(HEAD "+0 xl mem-set nb 64m\n+1s settle\nexpect nb reservation == 64m\n+0 xl domid nb == 1\n");
}
END_TEST

START_TEST(a_command_wants_a_domain_that_is_there)
{
    ck_assert_int_eq(run(HEAD "+0 xl destroy nb\n+0 nb$ verify\n"), VERDICT_ERROR);
}
END_TEST

START_TEST(saved_and_restored)
{
    PASSES(HEAD
        "+0 nb$ hold 8m\n+0 xl mem-set nb 40m\n+1s settle\n+0 xl save nb f\nexpect host free == 256m\n"
        "expect host now < 2s\n+1h xl restore f\n+1s settle\n+0 xl domid nb == 2\nexpect nb reservation == "
        "40m\n"
        "expect nb maximum == 41m\n+0 nb$ verify\n+0 nb$ release\n+0 xl mem-set nb 64m\n+1s settle\n"
        "expect nb reservation == 64m\n+0 xl save nb f\n+0 xl restore f\n+1s settle\n+0 xl domid nb == 3\n");
}
END_TEST

START_TEST(a_guest_that_does_not_suspend_is_a_failure)
{
    ck_assert_int_eq(run(HEAD "domain deaf kernel=probe memory=16m\n+0 xl save deaf f\n"), VERDICT_FAIL);
}
END_TEST

START_TEST(a_saved_guest_goes_with_its_run)
{
    PASSES(HEAD "+0 nb$ hold 8m\n+0 xl save nb f\n");
    PASSES(HEAD
        "+0 xl restore f -> 1\n+0 nb$ hold 8m\n+0 nb$ verify\n+0 xl save nb f\n+0 xl restore f\n+1s settle\n"
        "+0 nb$ verify\n");
}
END_TEST

START_TEST(a_paused_domain_stands_still)
{
    PASSES(HEAD
        "+0 xl pause nb\n+0 xl mem-set nb 24m\n+1h settle\nexpect nb reservation == 32m\n"
        "+0 xl pause nb\n+0 xl unpause nb\n+0 xl unpause nb\n+1s settle\nexpect nb reservation == 24m\n");
    PASSES(HEAD
        "+0 xl pause nb\n+0 xl reboot nb\n+1s settle\n+0 xl domid nb == 1\n+0 xl unpause nb\n+1s settle\n"
        "+0 xl domid nb == 2\n");
}
END_TEST

Suite *lifecycle_suite(void)
{
    Suite *suite = suite_create("lifecycle");
    TCase *tests = tcase_create("domains that come and go");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_domain_that_waits_takes_nothing);
    tcase_add_test(tests, create_knows_the_declared_ones);
    tcase_add_test(tests, create_fails_on_a_full_host);
    tcase_add_test(tests, shutdown_ends_it);
    tcase_add_test(tests, reboot_builds_it_as_declared);
    tcase_add_test(tests, reboot_fails_when_its_memory_is_gone);
    tcase_add_test(tests, destroy_in_the_middle_of_its_own_call);
    tcase_add_test(tests, the_next_run_has_them_all_again);
    tcase_add_test(tests, a_command_wants_a_domain_that_is_there);
    tcase_add_test(tests, a_paused_domain_stands_still);
    tcase_add_test(tests, saved_and_restored);
    tcase_add_test(tests, a_guest_that_does_not_suspend_is_a_failure);
    tcase_add_test(tests, a_saved_guest_goes_with_its_run);
    suite_add_tcase(suite, tests);
    return suite;
}
