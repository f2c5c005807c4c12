/* SPDX-License-Identifier: BSD-2-Clause */
/* What each form of `expect` judges, and what it says when it fails. Guests run, so they need to be built. */
#include "harness/run/expect.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/image/kernels.h"
#include "harness/run/runner.h"
#include "reports/text_failures.h"
#include "reports/text_style.h"

Suite *expect_suite(void);

/* Two domains have pages plugged without a frame behind them, and a third has not. */
#define TWO_BROKEN \
    "language 1\nhost mem=256m\ndomain d[1..3] kernel=netbsd memory=32m maxmem=64m\n" \
    "+0 d1 call uvm_physseg_plug pfn=0x3000 pages=16 -> true\n" \
    "+0 d2 call uvm_physseg_plug pfn=0x3000 pages=16 -> true\n+1s settle\n"
#define GROUP \
    "language 1\nhost mem=256m\ndomain d[1..2] kernel=netbsd memory=16m maxmem=32m\n" \
    "+0 xl mem-set d1 32m\n+1s settle\n"
#define HEAD    "language 1\nhost mem=256m\ndomain nb kernel=netbsd memory=32m maxmem=64m\n"
#define LASTING HEAD "every 3s for 3s: xl mem-set nb 28m\n+0 xl mem-set nb 24m\n"
#define BROKEN  "backed-before-use\n"

static const struct {
    const char *text;
    enum verdict verdict;
    const char *says; /* in the report; NULL: anything */
} cases[] = {
    {TWO_BROKEN "expect violation d1 " BROKEN "expect violation d2 " BROKEN, VERDICT_PASS, NULL},
    {TWO_BROKEN "expect violation " BROKEN, VERDICT_PASS, NULL},
    {TWO_BROKEN "expect violation d1 " BROKEN, VERDICT_FAIL, "pfn 0x3000 of d2 was handed"},
    {TWO_BROKEN "expect violation d3 " BROKEN "expect violation " BROKEN, VERDICT_FAIL,
        "got it holds in d3, and was broken elsewhere"},
    {TWO_BROKEN "expect violation d3 floor\nexpect violation " BROKEN, VERDICT_FAIL, "got it holds\n"},
    /* The domain is gone by then, or another one has its name. */
    {TWO_BROKEN "xl destroy d1\n+1s expect violation d1 " BROKEN "expect violation d2 " BROKEN, VERDICT_PASS,
        NULL},
    {TWO_BROKEN "xl reboot d1\n+1s settle\nexpect violation d1 " BROKEN "expect violation d2 " BROKEN,
        VERDICT_PASS, NULL},
    /* what is to last: here the target is reached by and by, and given up after 3 s */
    {LASTING "expect within 5s for 2s nb reservation == 24m\n", VERDICT_PASS, NULL},
    {LASTING "expect within 5s nb reservation == 24m\nexpect for 2s nb reservation == 24m\n"
             "expect host now >= 2s\nexpect host now < 3s\n",
        VERDICT_PASS, NULL},
    {LASTING "expect within 5s for 4s nb reservation == 24m\n", VERDICT_FAIL,
        "over; it ceased to hold at event "},
    {LASTING "expect within 5s nb reservation == 24m\nexpect for 4s nb reservation <= 24m\n", VERDICT_FAIL,
        "      |                  ^~~~~~~~~~~ got "},
    /* it comes back in time, and lasts then */
    {LASTING "expect within 1s for 4s nb reservation == 28m\n", VERDICT_FAIL, "got 24m, 4m under"},
    {LASTING "expect within 4s for 4s nb reservation == 28m\n", VERDICT_PASS, NULL},
    {LASTING "expect within 5s for 1h nb segments == 77\n", VERDICT_FAIL, "got 0\n"},
    {LASTING "expect for 1h nb log !~ \"target: 7168\"\n", VERDICT_FAIL, "; it ceased to hold at event "},
    {LASTING "+1s expect for 9223372036s nb free > 1p\n", VERDICT_ERROR, NULL},
    {HEAD "+0 nb$ misbehave write\nexpect for 1s nb reservation == 32m\nexpect crash nb\n", VERDICT_PASS,
        NULL},
    {HEAD "+0 expect for 2s host now < 1s\n", VERDICT_FAIL, "got 2s"}, /* no event tells that time went by */
    /* It holds for a moment at 1 s, while the domain is gone and not yet built again, and for good from 5 s on. */
    {HEAD "every 1s for 1s: xl reboot nb\nevery 5s for 5s: xl destroy nb\n+0 expect within 100s host free > "
          "60000p\n"
          "expect host now >= 5s\nexpect host now < 6s\n",
        VERDICT_PASS, NULL},
    /* sums */
    {GROUP "expect d1 reservation + d2 reservation == sum(d.reservation)\nexpect d1 target + d2 reservation "
           "== 48m\n"
           "expect d1 reservation + host free + host overhead <= host total - d2 reservation\n"
           "expect d1 segments + d2 segments == d1 segments + 1\nexpect host now - 1h < 1s\n"
           "expect d2 reservation - d1 reservation == 0m\nexpect d2 reservation == 64m - 48m\n"
           "always d1 reservation + d2 reservation <= 48m\n+0 xl mem-set d1 16m\n+1s settle\n",
        VERDICT_PASS, NULL},
    {GROUP "expect d1 reservation + d2 reservation - 1m == 48m\n", VERDICT_FAIL,
        "    6 | expect d1 reservation + d2 reservation - 1m == 48m\n"
        "      |        ^~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ got 32m + 16m - 1m = 47m, 1m under\n"},
    {GROUP "expect d1 calls decrease_reservation + d2 calls mmu_update == d2 segments + 4\n", VERDICT_FAIL,
        "got 0 + 0 = 0 since it was built; wanted 5"},
    {GROUP "expect d1 reservation + d2 free == host free - d1 target\n", VERDICT_FAIL, "; wanted "},
    {GROUP "xl destroy d2\n+0 expect d1 reservation + d2 reservation == 48m\n", VERDICT_FAIL,
        "got no answer to d2 reservation: there is no domain d2 now"},
    {GROUP "xl destroy d2\n+0 expect d2 reservation == 16m\n", VERDICT_FAIL,
        "got nothing: there is no domain d2 now"},
    {GROUP "xl destroy d2\n+0 expect d1 reservation == d1 target - d2 target\n", VERDICT_FAIL,
        "got 32m; no answer to d2 target: there is no domain d2 now"},
    {GROUP "expect d1 segments + d2 superpages.2m == 1\n", VERDICT_FAIL,
        "got no answer to d2 superpages.2m: Xen does not translate for it"},
};

static char *report_of(struct runner *runner)
{
    const struct text_style style = {.path = "t.scn"};
    char *text, error[256];
    size_t bytes, text_bytes;
    const void *recording = runner_recording(runner, &bytes);
    struct reading *reading = reading_open(recording, bytes, error, sizeof error);
    FILE *out = open_memstream(&text, &text_bytes);

    ck_assert_msg(reading != NULL, "%s", error);
    text_failures(out, reading, &style);
    fclose(out);
    reading_close(reading);
    return text;
}

START_TEST(judges)
{
    const struct kernels kernels = {.describe = kernel_describe};
    const struct run_options options = {.seed = 1};
    struct complaint complaint;
    const char *text = cases[_i].text;
    struct runner *runner = runner_new();

    ck_assert_ptr_nonnull(runner);
    struct scenario *scenario = scenario_parse("t.scn", text, strlen(text), &kernels, &complaint);
    ck_assert_msg(scenario != NULL, "%s", complaint.message);
    const enum verdict verdict = runner_run(runner, scenario, &options);
    char *report = report_of(runner);
    ck_assert_msg(verdict == cases[_i].verdict, "%d and not %d:\n%s", verdict, cases[_i].verdict, report);
    if (cases[_i].says != NULL)
        ck_assert_msg(strstr(report, cases[_i].says) != NULL, "no \"%s\" in:\n%s", cases[_i].says, report);
    free(report);
    runner_free(runner);
    scenario_free(scenario);
}
END_TEST

Suite *expect_suite(void)
{
    Suite *suite = suite_create("expect");
    TCase *tests = tcase_create("expect");

    tcase_add_loop_test(tests, judges, 0, (int)(sizeof cases / sizeof cases[0]));
    suite_add_tcase(suite, tests);
    return suite;
}
