/* SPDX-License-Identifier: BSD-2-Clause */
/* Which domain an answer is about, as the recording has it. Guests run, so they need to be built. */
#include "harness/run/runner.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#include "harness/image/kernels.h"
#include "reports/reading.h"
#include "sim/types.h"

Suite *answers_suite(void);

#define GROUP "language 1\nhost mem=256m\ndomain d[1..2] kernel=netbsd memory=16m\n"

/* Runs the statements, all of which fail, and looks at the domains of the expectations in its recording, and at what was seen
 * (NULL: anything). */
static void ck_seen(const char *statements, unsigned domid, unsigned nr_expectations, const char *seen)
{
    const struct kernels kernels = {.describe = kernel_describe};
    const struct run_options options = {.seed = 1};
    struct complaint complaint;
    char text[512], error[256];
    size_t bytes;
    unsigned judged = 0;

    snprintf(text, sizeof text, GROUP "+0 settle\n%s\n", statements);
    struct scenario *scenario = scenario_parse("t.scn", text, strlen(text), &kernels, &complaint);
    ck_assert_msg(scenario != NULL, "%s", complaint.message);
    struct runner *runner = runner_new();
    ck_assert_ptr_nonnull(runner);
    ck_assert_int_eq(runner_run(runner, scenario, &options), VERDICT_FAIL);
    const void *recording = runner_recording(runner, &bytes);
    struct reading *reading = reading_open(recording, bytes, error, sizeof error);
    ck_assert_msg(reading != NULL, "%s", error);
    for (uint64_t event = 1; event <= reading_events(reading); event++)
        if (reading_event(reading, event)->type == REC_EXPECT) {
            ck_assert_uint_eq(reading_event(reading, event)->domid, domid);
            if (seen != NULL)
                ck_assert_str_eq(record_second_text(reading_event(reading, event)), seen);
            judged++;
        }
    ck_assert_uint_eq(judged, nr_expectations);
    reading_close(reading);
    runner_free(runner);
    scenario_free(scenario);
}

static void ck_about(const char *statements, unsigned domid, unsigned nr_expectations)
{
    ck_seen(statements, domid, nr_expectations, NULL);
}

/* A report looks there for whose steps come before a failure. */
START_TEST(one_domain_is_named)
{
    ck_about("expect d1 reservation == 31m\nalways d1 reservation == 31m", 1, 2);
    ck_about("expect d2 reservation == d1 reservation + 1m\nexpect crash d2", 2, 2);
    ck_about("+0 d2$ nonsense\nexpect refused \"no such thing\"", 2, 1);
}
END_TEST

START_TEST(host_and_groups_name_none)
{
    ck_about("expect host free == 31m\nalways host free == 31m", DOMID_HOST, 2);
    ck_about("expect sum(d.reservation) == 31m", DOMID_HOST, 1);
    ck_about("+0 xl mem-set d1 1t", DOMID_HOST, 1);
    ck_about("expect violation floor", DOMID_HOST, 1);
}
END_TEST

/* Both numbers are in pages where one has to be, so that they can be compared by eye. */
START_TEST(sizes_are_told_in_one_unit)
{
    ck_seen("expect d1 reservation == 15m", 1, 1, "16m, 1m over");
    ck_seen("expect d1 reservation == 4095p", 1, 1, "4096p, 1p over");
    ck_seen("expect host free == host total - 31m", DOMID_HOST, 1, "57302p, 298p under 57600p; wanted 225m");
}
END_TEST

Suite *answers_suite(void)
{
    Suite *suite = suite_create("answers");
    TCase *tests = tcase_create("answers");

    tcase_add_test(tests, one_domain_is_named);
    tcase_add_test(tests, host_and_groups_name_none);
    tcase_add_test(tests, sizes_are_told_in_one_unit);
    suite_add_tcase(suite, tests);
    return suite;
}
