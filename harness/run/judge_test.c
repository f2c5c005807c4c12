/* SPDX-License-Identifier: BSD-2-Clause */
/* What judging records and counts, and how a command's answer is compared. No guest runs. */
#include "harness/run/judge.h"
#include "harness/run/conditions.h"
#include "harness/run/groups.h"
#include "harness/run/run.h"
#include "harness/image/kernels.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *judge_suite(void);

static const char head[] = "language 1\ndomain nb kernel=netbsd memory=64m\n";
static const struct run_options options = {.seed = 1};

static struct runner *r;
static struct scenario *scenario;
static unsigned nr_judged, judged_domid;
static char judged[1024]; /* "ok" or "no", what was wanted, what was seen: of the last */

static void see(void *context, const struct record *record, uint64_t event)
{
    const struct record_expect *expect = record_payload(record);
    const char *wanted = (const char *)(expect + 1);

    (void)context, (void)event;
    ck_assert_int_eq(record->type, REC_EXPECT);
    nr_judged++;
    judged_domid = record->domid;
    snprintf(judged, sizeof judged, "%s|%.400s|%.400s", expect->ok ? "ok" : "no", wanted,
        wanted + strlen(wanted) + 1);
}

static void setup(void)
{
    const struct machine_config config = {.seed = 1, .host_pages = 64 * PAGES_PER_MIB};

    r = runner_new();
    ck_assert_ptr_nonnull(r);
    recorder_begin(r->recorder, "t.scn", "sim", 1);
    r->machine = machine_new(&config, r->recorder);
    ck_assert_ptr_nonnull(r->machine);
    recorder_set_witness(r->recorder, see, NULL);
    r->run.options = &options;
    nr_judged = 0;
}

static void teardown(void)
{
    runner_free(r);
    scenario_free(scenario);
    scenario = NULL;
}

/* What is judged when the statement's command has answered so. */
static const char *answer(const char *line, int status, const char *output)
{
    struct complaint complaint;
    char text[512];

    scenario_free(scenario);
    snprintf(text, sizeof text, "%s%s\n", head, line);
    scenario = scenario_parse(
        "t.scn", text, strlen(text), &(struct kernels){.describe = kernel_describe}, &complaint);
    ck_assert_msg(scenario != NULL, "%s", complaint.message);
    r->run = (struct run){.scenario = scenario, .options = &options};
    nr_judged = 0;
    strcpy(judged, "nothing");
    judge_answer(r, &scenario->statements[0], DOMID_HOST, "", status, output);
    return judged;
}

START_TEST(judgements_are_recorded_and_counted)
{
    judge(r, DOMID_HOST, EXPECT_CONDITION, true, (struct span){1, 1, 1}, "== 1", "1");
    ck_assert_str_eq(judged, "ok|== 1|1");
    ck_assert_uint_eq(r->run.failures, 0);
    ck_assert_uint_eq(judged_domid, DOMID_HOST);
    judge(r, 2, EXPECT_CONDITION, false, (struct span){1, 1, 1}, "== 1", "2");
    ck_assert_uint_eq(judged_domid, 2);
    ck_assert_str_eq(judged, "no|== 1|2");
    ck_assert_uint_eq(r->run.failures, 1);
    ck_assert_uint_eq(nr_judged, 2);
}
END_TEST

START_TEST(long_texts_are_cut)
{
    char longest[3 * SENTENCE_BYTES];

    memset(longest, 'x', sizeof longest - 1);
    longest[sizeof longest - 1] = 0;
    judge(r, DOMID_HOST, EXPECT_CONDITION, true, (struct span){1, 1, 1}, longest,
        longest); /* both end, and neither meets the other */
    ck_assert_uint_eq(nr_judged, 1);
    ck_assert_uint_eq(strlen(judged), 2 + 1 + 400 + 1 + 400);
}
END_TEST

START_TEST(waived_is_what_was_broken)
{
    judge_waiver(r, DOMID_HOST, EXPECT_VIOLATION, false, INVARIANT_FLOOR, (struct span){1, 1, 1},
        "floor broken", "it holds");
    ck_assert(!r->run.waived[INVARIANT_FLOOR]);
    judge_waiver(r, DOMID_HOST, EXPECT_VIOLATION, true, INVARIANT_FLOOR, (struct span){1, 1, 1},
        "floor broken", "broken 2 times");
    ck_assert(r->run.waived[INVARIANT_FLOOR]);
    judge_waiver(r, DOMID_HOST, EXPECT_VIOLATION, false, INVARIANT_FLOOR, (struct span){1, 1, 1},
        "floor broken", "it holds");
    ck_assert(r->run.waived[INVARIANT_FLOOR]);
    judge_waiver(r, 1, EXPECT_VIOLATION, true, INVARIANT_NO_LEAK, (struct span){1, 1, 1},
        "no-leak broken by nb", "broken 2 times"); /* of other domains it is judged as ever */
    ck_assert(!r->run.waived[INVARIANT_NO_LEAK]);
}
END_TEST

START_TEST(a_refusal_is_a_failure_unless_expected)
{
    ck_assert_str_eq(answer("+0 xl mem-set nb 8m", 0, ""), "nothing");
    ck_assert_str_eq(answer("+0 xl mem-set nb 8m", 1, "no\n\n"), "no|accepted|refused (status 1): no");
    ck_assert_uint_eq(r->run.failures, 1);
    ck_assert_str_eq(answer("+0 xl mem-set nb 8m\nexpect refused \"no\"", 1, "no\n"), "nothing");
    ck_assert_str_eq(r->run.last_command.output, "no");
    ck_assert_str_eq(answer("+0 xl mem-set nb 8m -> 1", 1, "no\n"), "ok|-> 1|-> 1");
    ck_assert_uint_eq(nr_judged, 1);
}
END_TEST

START_TEST(outputs_are_compared)
{
    ck_assert_str_eq(answer("+0 nb$ sysctl -n a == 17", 0, " 17\n"), "ok|== 17| 17");
    ck_assert_str_eq(answer("+0 nb$ sysctl -n a == 17", 0, "-17"), "no|== 17|-17");
    ck_assert_str_eq(answer("+0 nb$ sysctl -n a < 17", 0, "17 pages"), "no|< 17|17 pages");
    ck_assert_str_eq(answer("+0 nb$ sysctl -n a ~ \"17\"", 0, "17 pages"), "ok|~ \"17\"|17 pages");
    ck_assert_str_eq(answer("+0 nb$ sysctl -n a !~ \"17\"", 0, "17 pages"), "no|!~ \"17\"|17 pages");
    ck_assert_str_eq(answer("+0 nb$ sysctl -n a != \"x\"", 0, "y"), "ok|!= \"x\"|y");
}
END_TEST

START_TEST(calls_return_a_word)
{
    ck_assert_str_eq(answer("+0 nb call uvm_physseg_plug pfn=1 pages=1 -> true", 0, "true"), "ok|-> 1|true");
    ck_assert_str_eq(
        answer("+0 nb call uvm_physseg_plug pfn=1 pages=1 -> true", 0, "truth"), "no|-> 1|truth");
    ck_assert_str_eq(answer("+0 nb call uvm_physseg_find pfn=1 -> 0x10", 0, "0x10"), "ok|-> 16|0x10");
    ck_assert_str_eq(answer("+0 nb call uvm_physseg_find pfn=1", 0, "x"), "nothing");
    ck_assert(!run_is_over(r));
    answer("+0 nb call uvm_physseg_find pfn=1", 1, "no such function");
    ck_assert_int_eq(r->run.outcome, OUTCOME_ERROR);
    ck_assert_ptr_nonnull(strstr(r->run.sentence, "no such function"));
}
END_TEST

START_TEST(comparisons)
{
    static const bool holds[3][6] = {/* ==, !=, <, <=, >, >= */
        {false, true, true, true, false, false}, {true, false, false, true, false, true},
        {false, true, false, false, true, true}};

    for (uint64_t seen = 1; seen <= 3; seen++)
        for (unsigned c = CMP_EQ; c <= CMP_GE; c++)
            ck_assert_int_eq(conditions_compare((enum comparison)c, seen, 2), holds[seen - 1][c]);
    ck_assert(!conditions_compare(CMP_MATCH, 2, 2));
    ck_assert(!conditions_compare(CMP_NO_MATCH, 2, 1));
}
END_TEST

START_TEST(numbers_in_the_scenarios_unit)
{
    static const struct {
        enum unit unit;
        uint64_t number;
        char suffix;
        const char *text;
    } rows[] = {
        {UNIT_PAGES, 16384, 'm', "64m"},
        {UNIT_PAGES, 16383, 'm', "16383p"},
        {UNIT_KIB, 65536, 'm', "64m"},
        {UNIT_KIB, 65536, 'k', "65536k"},
        {UNIT_KIB, 65535, 'm', "65535k"},
        {UNIT_NS, 1500000000, 0, "1.5s"},
        {UNIT_NONE, 7, 0, "7"},
    };
    char out[64];

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        conditions_number(rows[i].unit, rows[i].number, rows[i].suffix, out, sizeof out);
        ck_assert_str_eq(out, rows[i].text);
    }
}
END_TEST

START_TEST(members_of_a_group)
{
    char out[64];

    ck_assert(groups_has("d1", "d", 1));
    ck_assert(groups_has("d17", "d[*]", 1));
    ck_assert(!groups_has("d", "d", 1));
    ck_assert(!groups_has("d1x", "d", 1));
    ck_assert(!groups_has("dd1", "d", 1));
    ck_assert(!groups_has("e1", "d", 1));
    ck_assert_ptr_null(groups_choose(r, "xl list", out, sizeof out));
    ck_assert_str_eq(out, "xl list");
    ck_assert_ptr_nonnull(groups_choose(r, "xl pause d[rand]", out, sizeof out)); /* there are no domains */
    ck_assert_ptr_nonnull(groups_choose(r, "xl list", out, 7));                   /* it doesn't fit */
}
END_TEST

Suite *judge_suite(void)
{
    Suite *suite = suite_create("judge");
    TCase *tests = tcase_create("judge");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, judgements_are_recorded_and_counted);
    tcase_add_test(tests, long_texts_are_cut);
    tcase_add_test(tests, waived_is_what_was_broken);
    tcase_add_test(tests, a_refusal_is_a_failure_unless_expected);
    tcase_add_test(tests, outputs_are_compared);
    tcase_add_test(tests, calls_return_a_word);
    tcase_add_test(tests, comparisons);
    tcase_add_test(tests, numbers_in_the_scenarios_unit);
    tcase_add_test(tests, members_of_a_group);
    suite_add_tcase(suite, tests);
    return suite;
}
