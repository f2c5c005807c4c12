/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of `on`, `every` and `always`, and of boot maps. They need the guests to be built.
 */
#include "harness/run/runner.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/text_failures.h"
#include "reports/text_style.h"
#include "harness/image/kernels.h"

static const struct kernels kernels = {.describe = kernel_describe};

#define HEAD  "language 1\nhost mem=512m\ndomain nb kernel=netbsd memory=32m maxmem=64m\n"
#define GROUP "domain d[1..4] kernel=netbsd memory=16m maxmem=24m\n"

static struct runner *runner;
static struct run_options options;

static void setup(void)
{
    options = (struct run_options){.seed = 1};
    runner = runner_new();
    ck_assert_ptr_nonnull(runner);
}

static void teardown(void)
{
    runner_free(runner);
}

/* The verdict, and what a person would read of it (said; NULL: not wanted). */
static enum verdict run(const char *text, char *said, size_t said_bytes)
{
    struct complaint complaint;
    struct scenario *scenario = scenario_parse("t.scn", text, strlen(text), &kernels, &complaint);
    char *failures = NULL, error[256];
    size_t bytes, failures_bytes;

    ck_assert_msg(
        scenario != NULL, "%u:%u: %s", complaint.where.line, complaint.where.column, complaint.message);
    enum verdict verdict = runner_run(runner, scenario, &options);
    const void *recording = runner_recording(runner, &bytes);
    struct reading *reading = reading_open(recording, bytes, error, sizeof error);
    ck_assert_msg(reading != NULL, "%s", error);
    FILE *out = open_memstream(&failures, &failures_bytes);
    text_failures(out, reading, &(const struct text_style){.path = "t.scn"});
    fclose(out);
    if (said != NULL)
        snprintf(said, said_bytes, "%s%s", failures, runner_sentence(runner));
    free(failures);
    reading_close(reading);
    scenario_free(scenario);
    return verdict;
}

#define PASSES(text) ck_assert_int_eq(run((text), NULL, 0), VERDICT_PASS)

static void fails_with(enum verdict wanted, const char *text, const char *part)
{
    char said[4096];

    ck_assert_int_eq(run(text, said, sizeof said), wanted);
    ck_assert_msg(strstr(said, part) != NULL, "no \"%s\" in:\n%s", part, said);
}

/* Lines of a probe, whose answers are compared while the next lines go on. */
START_TEST(a_probes_lines_are_held)
{
#define TWO "language 1\nhost mem=64m\ndomain p kernel=probe memory=4m\ndomain q kernel=probe memory=4m\n"
    PASSES(TWO "+0 every 1ms for 3ms: q hypercall current_reservation -> 1024\n+5ms p hypercall poll [3] -> "
               "-EINVAL\n");
    fails_with(VERDICT_FAIL, TWO "+0 every 1ms for 1ms: q hypercall current_reservation -> 5\n+5ms settle\n",
        "-> 1024");
    fails_with(
        VERDICT_ERROR, TWO "+0 every 1ms for 1ms: q hypercall no_such_call\n+5ms settle\n", "no_such_call");
    PASSES(TWO "+0 on p decrease_reservation call=1 enter: q hypercall increase_reservation [$a] -> 1\n"
               "+0 p hypercall decrease_reservation [$b] -> 1\n+1s settle\nexpect q reservation == 1025p\n");
#undef TWO
}
END_TEST

START_TEST(on_comes_before_and_after_the_call)
{
    /* Lowered as the call is entered, the maximum stops it; when it has returned, the frames are there. */
    PASSES(HEAD
        "+0 on nb increase_reservation call=1 enter: xl mem-set nb 32m\n"
        "always nb reservation <= 33m\n+0 xl mem-set nb 64m\n+1s settle\nexpect nb reservation == 32m\n");
    fails_with(VERDICT_FAIL,
        HEAD "+0 on nb increase_reservation call=1 return: xl mem-set nb 32m\n"
             "always nb reservation <= 33m\n+0 xl mem-set nb 64m\n+1s settle\nexpect nb reservation == 32m\n",
        "always");
}
END_TEST

START_TEST(on_comes_once_unless_every)
{
    PASSES(HEAD "+0 on nb increase_reservation call=1 return: fault nb uvm_physseg_plug call=1\n"
                "+0 xl mem-set nb 64m\n+1s settle\n+1h settle\nexpect nb faults.fired == 1\n"
                "expect nb reservation == 64m\n");
    PASSES(HEAD
        "+0 on nb decrease_reservation every=1 return: fault nb xenstore.read call=1\n"
        "+0 xl mem-set nb 24m\n+1s expect within 2h nb reservation == 24m\nexpect nb faults.fired >= 2\n");
}
END_TEST

START_TEST(on_counts_from_its_line)
{
    PASSES(HEAD
        "+0 xl mem-set nb 40m\n+1s settle\n"
        "+0 on nb increase_reservation call=2 enter: xl mem-set nb 40m\n+0 xl mem-set nb 64m\n+1s settle\n"
        "expect nb reservation == 40m\n");
}
END_TEST

START_TEST(what_is_typed_in_the_middle_is_judged)
{
    PASSES(HEAD "+0 on nb uvm_physseg_plug call=1 enter: nb$ sysctl -n machdep.xen.balloon.max == 66560\n"
                "+0 xl mem-set nb 64m\n+1s settle\n");
    fails_with(VERDICT_FAIL,
        HEAD "+0 on nb uvm_physseg_plug call=1 enter: nb$ sysctl -n machdep.xen.balloon.max == 1\n"
             "+0 xl mem-set nb 64m\n+1s settle\n",
        "66560");
    fails_with(VERDICT_FAIL, HEAD "+0 every 1s for 1s: nb$ sysctl -n no.such.node\n+2s settle\n", "refused");
}
END_TEST

START_TEST(a_held_command_and_ones_own_wait_for_each_other)
{
    PASSES(HEAD "+0 every 1ms for 20ms: nb$ churn 1m\n+0 every 1ms for 20ms: nb$ sysctl -n "
                "machdep.xen.balloon.min > 0\n"
                "+5ms nb$ hold 4m\n+0 nb$ verify\n+20ms settle\n+0 nb$ release\n");
}
END_TEST

START_TEST(a_refusal_in_the_middle_is_a_failure)
{
    fails_with(VERDICT_FAIL, HEAD "+0 every 1s for 3s: xl mem-set nb 1g\n+5s settle\n", "memory_dynamic_max");
    PASSES(HEAD "+0 every 1s for 3s: xl mem-set nb 1g -> 1\n+5s settle\n");
}
END_TEST

START_TEST(a_line_may_be_about_all_of_a_group)
{
    PASSES(HEAD GROUP "+0 fault d[*] increase_reservation call=1\n+0 d[*]$ hold 1m\n+0 xl mem-set d[*] 20m\n"
                      "+1s settle\nexpect min(d.faults.fired) == 1\nexpect max(d.faults.fired) == 1\n"
                      "expect nb faults.fired == 0\n+0 d[*]$ release\n"
                      "+0 d[*] call uvm_physseg_get_highest_frame -> 0x13ff\n"
                      "+0 fault d[*] increase_reservation every=1\n+0 heal d[*]\n+0 xl mem-set d[*] 24m\n"
                      "+1s settle\nexpect sum(d.faults.fired) == 4\n");
    fails_with(VERDICT_FAIL,
        HEAD GROUP "+0 xl mem-set d3 20m\n+1s settle\n"
                   "+0 d[*]$ sysctl -n machdep.xen.balloon.current == 16384\n",
        "d3: 20480");
    fails_with(VERDICT_FAIL,
        HEAD GROUP
        "+0 on d1 increase_reservation call=1 enter: d[*]$ sysctl -n machdep.xen.balloon.current < 4\n"
        "+0 xl mem-set d1 20m\n+1s settle\n",
        "d4: 16384");
    fails_with(VERDICT_ERROR, HEAD GROUP "+0 xl destroy d[*]\n+0 fault d[*] increase_reservation call=1\n",
        "no domain of this group is there now");
    fails_with(VERDICT_ERROR, HEAD GROUP "+0 xl destroy d[*]\n+0 heal d[*]\n", "is there now");
}
END_TEST

/* What comes while d[*] is waited for is not about d1. */
START_TEST(an_answer_says_whose_it_is)
{
    fails_with(VERDICT_FAIL,
        HEAD GROUP
        "+0 every 1ms for 5ms: nb$ sysctl -n machdep.xen.balloon.current == 7\n+0 d[*]$ churn 4m\n",
        "got 32768");
}
END_TEST

START_TEST(calls_at_a_site_are_counted)
{
    PASSES(
        HEAD GROUP "+0 xl mem-set nb 40m\n+1s settle\nexpect nb calls increase_reservation == 4\n"
                   "expect nb calls uvm_physseg_plug > nb calls decrease_reservation\n"
                   "expect sum(d.calls increase_reservation) == 0\n"
                   "expect d1 calls increase_reservation == max(d.calls increase_reservation)\n"
                   "+0 heal nb\n+0 xl mem-set nb 42m\n+1s settle\nexpect nb calls increase_reservation == 1\n"
                   "+0 settle\nexpect nb calls increase_reservation == 0\n+0 settle\n"
                   "expect nb calls increase_reservation == 0\n"
                   "+0 xl mem-set d[*] 20m\n+1s settle\nexpect min(d.calls increase_reservation) == 2\n");
    fails_with(VERDICT_FAIL,
        HEAD "+0 xl mem-set nb 40m\n+1s settle\nexpect nb calls increase_reservation == nb calls "
             "decrease_reservation + 5\n",
        "^~~~~ got 4 since it was built; wanted 5");
    fails_with(VERDICT_FAIL,
        HEAD "+0 xl mem-set nb 40m\n+1s settle\n+0 xl mem-set nb 42m\n+1s settle\n"
             "expect nb calls increase_reservation == 5\n",
        "got 1 since the settle at line 5");
    fails_with(VERDICT_FAIL,
        HEAD "+0 xl mem-set nb 40m\n+1s settle\n+0 xl mem-set nb 42m\n+1s settle\n+1s heal nb\n"
             "expect nb calls increase_reservation == 5\n",
        "got 0 since the settle at line 7");
    /* To be counted is no fault: it is not told of, and no rule makes allowances for it. */
    fails_with(VERDICT_FAIL,
        HEAD "+0 fault nb increase_reservation call=9\n+0 xl mem-set nb 40m\n+1s settle\n"
             "expect nb calls increase_reservation == 5\n",
        "got 4");
}
END_TEST

START_TEST(the_most_of_none_is_not_known)
{
    fails_with(VERDICT_FAIL, HEAD GROUP "+0 xl destroy d[*]\n+1s expect max(d.reservation) == 0p\n",
        "no domain of this group");
    PASSES(HEAD GROUP "+0 xl destroy d[*]\n+1s expect sum(d.reservation) == 0p\n");
}
END_TEST

START_TEST(every_begins_after_its_pause_and_ends_in_time)
{
    PASSES(HEAD "+0 every 10s for 30s: xl mem-set nb 40m\n+9s expect nb reservation == 32m\n+2s expect nb "
                "reservation == 40m\n"
                "+0 xl mem-set nb 32m\n+5s expect nb reservation == 32m\n+5s expect nb reservation == 40m\n"
                "+11s xl mem-set nb 32m\n+1h expect nb reservation == 32m\n");
}
END_TEST

START_TEST(settle_waits_for_every)
{
    PASSES(HEAD "+0 every 5s for 10min: xl mem-set nb 40m\n+0 settle\nexpect host now >= 10min\n");
    fails_with(
        VERDICT_FAIL, HEAD "+0 every 5s for 10min: xl mem-set nb 40m\n+0 settle within 1min\n", "no rest");
    /* Between long pauses there is rest. */
    PASSES(HEAD "+0 every 1h for 10h: xl mem-set nb 40m\n+0 settle\nexpect host now < 1min\n");
}
END_TEST

START_TEST(rand_is_the_seeds)
{
    const char *text = HEAD GROUP "+0 every 1s for 5s: xl mem-set d[rand] 12m\n+10s settle\n"
                                  "expect sum(d.reservation) < 64m\n";
    char *first;
    size_t first_bytes, bytes;

    PASSES(text);
    const void *recording = runner_recording(runner, &first_bytes);
    first = malloc(first_bytes);
    ck_assert_ptr_nonnull(first);
    memcpy(first, recording, first_bytes);
    PASSES(text);
    recording = runner_recording(runner, &bytes);
    ck_assert_uint_eq(bytes, first_bytes);
    ck_assert_mem_eq(recording, first, bytes);
    free(first);
}
END_TEST

START_TEST(rand_finds_all_in_time)
{
    PASSES(HEAD GROUP
        "+0 every 1s for 60s: xl mem-set d[rand] 12m\n+61s settle\nexpect sum(d.reservation) == 48m\n");
}
END_TEST

START_TEST(always_says_when)
{
    fails_with(VERDICT_FAIL,
        HEAD
        "always nb reservation >= 32m\n+0 xl mem-set nb 24m\n+1s settle\n+0 xl mem-set nb 32m\n+1s settle\n",
        "at event");
    PASSES(HEAD "always nb reservation >= 20m\n+0 xl mem-set nb 24m\n+1s settle\n");
    /* Of a domain that comes later. */
    PASSES(HEAD "+0 xl mem-set nb 24m\n+1s settle\n+0 domain late kernel=netbsd memory=16m\n"
                "always late reservation == 16m\n+1s settle\n");
}
END_TEST

START_TEST(boot_maps)
{
    PASSES(
        "language 1\ndomain nb kernel=netbsd memory=32m maxmem=64m\nboot-map nb 0m..16m 20m..36m\n+0 settle\n"
        "expect nb segments == 2\nexpect nb physmem == 32m\n+0 xl mem-set nb 64m\n+1s settle\n"
        "expect nb reservation == 64m\n+0 nb call uvm_physseg_find pfn=0x1100 -> -1\n");
    fails_with(VERDICT_ERROR,
        "language 1\ndomain nb kernel=netbsd memory=32m maxmem=64m\nboot-map nb 0m..1m 20m..51m\n+0 settle\n",
        "boot-map");
}
END_TEST

Suite *triggers_suite(void)
{
    Suite *suite = suite_create("triggers");
    TCase *tests = tcase_create("on, every, always");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_probes_lines_are_held);
    tcase_add_test(tests, on_comes_before_and_after_the_call);
    tcase_add_test(tests, on_comes_once_unless_every);
    tcase_add_test(tests, on_counts_from_its_line);
    tcase_add_test(tests, what_is_typed_in_the_middle_is_judged);
    tcase_add_test(tests, a_held_command_and_ones_own_wait_for_each_other);
    tcase_add_test(tests, a_refusal_in_the_middle_is_a_failure);
    tcase_add_test(tests, a_line_may_be_about_all_of_a_group);
    tcase_add_test(tests, an_answer_says_whose_it_is);
    tcase_add_test(tests, calls_at_a_site_are_counted);
    tcase_add_test(tests, the_most_of_none_is_not_known);
    tcase_add_test(tests, every_begins_after_its_pause_and_ends_in_time);
    tcase_add_test(tests, settle_waits_for_every);
    tcase_add_test(tests, rand_is_the_seeds);
    tcase_add_test(tests, rand_finds_all_in_time);
    tcase_add_test(tests, always_says_when);
    tcase_add_test(tests, boot_maps);
    suite_add_tcase(suite, tests);
    return suite;
}
