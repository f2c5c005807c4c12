/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of what is said of a run beside its failures: that it was cut, what never came about, and how it ends when its
 * last line is no settle. They need the guests to be built.
 */
#include "harness/run/run.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/text_failures.h"
#include "reports/text_style.h"
#include "harness/image/kernels.h"

static const struct kernels kernels = {.describe = kernel_describe};

#define HEAD      "language 1\nhost mem=256m\ndomain nb kernel=netbsd memory=32m maxmem=64m\n"
#define GROW      "+0 xl mem-set nb 48m\n+1s settle\n"
#define NEVER     ": remark: this fault never fired; "
#define OTHER     "domain other kernel=netbsd memory=32m maxmem=64m\n"
#define FAULT     "+0 fault nb uvm_physseg_plug call=1\n"
#define CRASH     "+0 nb$ misbehave write\n"
#define NO_FRAMES "+0 nb call uvm_physseg_plug pfn=0x3000 pages=16 -> true\n"
/* dom0 takes a frame from under it; the number is that of the only memory map that there is. */
#define TAKEN \
    "language 1\nhost mem=512m\ndomain nb kernel=netbsd memory=64m maxmem=64m\nboot-map nb 0m..64m\n" \
    "+0 dom0 hypercall decrease_reservation domid=nb [0x9000] -> 1\n"
#define LOST "+0 xl save nb /tmp/nb\n+1s xl restore /tmp/other\n"
#define LAST 100000u /* an event that no run here reaches */

static struct runner *runner;
static struct run_options options;
static char said[8192];

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

/* The verdict. What a person would read of the run is in said. */
static enum verdict run(const char *text)
{
    struct complaint complaint;
    struct scenario *scenario = scenario_parse("t.scn", text, strlen(text), &kernels, &complaint);
    const struct text_style style = {.path = "t.scn"};
    char error[256];
    size_t bytes;

    ck_assert_msg(
        scenario != NULL, "%u:%u: %s", complaint.where.line, complaint.where.column, complaint.message);
    const enum verdict verdict = runner_run(runner, scenario, &options);
    const void *recording = runner_recording(runner, &bytes);
    struct reading *reading = reading_open(recording, bytes, error, sizeof error);
    ck_assert_msg(reading != NULL, "%s", error);
    ck_assert_int_eq((int)reading_verdict(reading), (int)verdict);
    FILE *out = fmemopen(said, sizeof said, "w");
    text_failures(out, reading, &style);
    text_remarks(out, reading, &style);
    fclose(out);
    reading_close(reading);
    scenario_free(scenario);
    return verdict;
}

static const struct {
    const char *text;
    uint64_t until;
    bool strict;
    enum verdict verdict;
    const char *says; /* "": nothing at all */
} cases[] = {
    /* cut: before anything failed, behind a failure that nothing takes back, behind one that is expected later, and not */
    {HEAD GROW "expect nb reservation == 1m\n", 60, false, VERDICT_CUT,
        "remark: cut at event 60 by --until; what would have come behind it is not known, and there is no "
        "verdict on this scenario\n"},
    {HEAD "expect nb reservation == 1m\n" GROW, 60, false, VERDICT_FAIL,
        "remark: cut at event 60 by --until; what would have come behind it is not known, and the verdict is "
        "on what came before it\n"},
    {HEAD "expect nb reservation == 1m\n" GROW, 60, false, VERDICT_FAIL, "t.scn:4:11: expect failed\n"},
    {HEAD "+0 xl mem-set nb 48m\nexpect within 1h nb reservation == 48m\n", 70, false, VERDICT_CUT,
        "by --until"},
    {HEAD GROW, 181, false, VERDICT_PASS, ""},
    {HEAD GROW, 182, true, VERDICT_PASS, ""},
    {HEAD CRASH "expect crash nb\n", 56, false, VERDICT_CUT, "by --until"},
    {HEAD CRASH "expect crash nb\n", 0, false, VERDICT_PASS, ""},
    {HEAD CRASH, 52, false, VERDICT_CRASH, "and the verdict is on what came before it"},
    {HEAD OTHER CRASH "expect crash other\n", 100, false, VERDICT_CRASH, "nb died at event 100"},
    {HEAD NO_FRAMES "+1s settle\nexpect violation backed-before-use\n", 70, false, VERDICT_CUT, "by --until"},
    {HEAD NO_FRAMES "+1s settle\nexpect violation segments\n", 70, false, VERDICT_FAIL,
        "backed-before-use: "},
    {HEAD OTHER NO_FRAMES "+1s settle\nexpect violation other backed-before-use\n", 103, false, VERDICT_FAIL,
        "backed-before-use: "},
    {HEAD CRASH "expect crash nb\n", 0, false, VERDICT_PASS, ""},
    {HEAD GROW, LAST, false, VERDICT_PASS, ""},
    {HEAD GROW, 1, true, VERDICT_CUT, "remark: cut at event "},
    /* faults */
    {HEAD GROW FAULT, 0, false, VERDICT_PASS,
        "t.scn:6:4" NEVER "uvm_physseg_plug was not called since this line\n"
        "    6 | +0 fault nb uvm_physseg_plug call=1\n      |    ^~~"},
    {HEAD GROW FAULT, 0, true, VERDICT_FAIL, "since this line; it counts because of --strict\n"},
    {HEAD FAULT GROW "heal nb\n" GROW, 0, true, VERDICT_PASS, ""},
    {HEAD FAULT "+0 heal nb\n" GROW, 0, false, VERDICT_PASS,
        "t.scn:4:4" NEVER "uvm_physseg_plug was not called"},
    {HEAD "+0 fault nb uvm_physseg_plug call=900\n" GROW, 0, false, VERDICT_PASS, " times since this line\n"},
    {HEAD
        "+0 fault nb increase_reservation call=1 short=0\n+0 fault nb populate_physmap call=1 short=0\n" GROW
            GROW,
        0, true, VERDICT_PASS, ""},
    {HEAD
        "+0 fault nb populate_physmap call=1 short=0\n+0 fault nb increase_reservation call=1 short=0\n" GROW
            GROW,
        0, true, VERDICT_PASS, ""},
    {HEAD
        "+0 fault nb increase_reservation call=1 short=0\n+0 fault nb populate_physmap call=2 short=0\n" GROW
            GROW,
        0, true, VERDICT_FAIL, "t.scn:5:4" NEVER},
    /* what is held */
    {HEAD GROW "+0 on nb uvm_physseg_plug call=1 enter: heal nb\n", 0, false, VERDICT_PASS,
        "t.scn:6:4: remark: what this `on` holds was never done; uvm_physseg_plug was not called since this "
        "line\n"},
    {HEAD "+0 on nb uvm_physseg_plug call=1 enter: heal nb\n" GROW, 0, true, VERDICT_PASS, ""},
    {HEAD "+0 on nb uvm_physseg_plug call=1 enter: fault nb decrease_reservation call=1\n" GROW, 0, false,
        VERDICT_PASS, "t.scn:4:41" NEVER "decrease_reservation was not called"},
    {HEAD "+0 every 10s for 1h: heal nb\n", 0, false, VERDICT_PASS,
        "t.scn:4:4: remark: what this `every` holds was never done"},
    {HEAD "+0 every 10s for 1h: fault nb decrease_reservation call=1\n+15s\n", 0, false, VERDICT_PASS,
        "t.scn:4:22" NEVER},
    {HEAD "+0 every 1s for 1min: xl mem-set nb 32m\n+5s settle\n", 0, true, VERDICT_PASS, ""},
    /* a domain that stands still to the end, unless it was let go on, died or is gone */
    {HEAD "+0 xl mem-set nb 48m\n+0 xl pause nb\n+1s settle\n", 0, false, VERDICT_PASS,
        "t.scn:6:5: remark: nb is still paused where the scenario ends: "},
    {HEAD "+0 xl pause nb\n", 0, true, VERDICT_FAIL, "; it counts because of --strict\n"},
    {HEAD "+0 xl pause nb\n+1s xl unpause nb\n", 0, true, VERDICT_PASS, ""},
    {HEAD "+0 xl pause nb\n+1s xl destroy nb\n", 0, true, VERDICT_PASS, ""},
    /* a fault holds something back for longer than rest asks for: it comes behind the end, or the scenario waits for it */
    {HEAD "+0 fault nb xenstore.event.late call=1 by=1h\n" GROW, 0, false, VERDICT_PASS,
        "t.scn:6:5: remark: nb: a fault holds back what it is to be told; that ends 3599s after the "
        "scenario, and what follows from it was not judged"},
    {HEAD "+0 fault nb xenstored.restart call=1 by=1h\n" GROW, 0, true, VERDICT_FAIL,
        "remark: xenstored has stopped, and is not back yet; that ends "},
    {HEAD "+0 fault nb xenstore.event.late call=1 by=1h\n" GROW "+1h settle\n", 0, true, VERDICT_PASS, ""},
    {HEAD "+0 fault nb xenstore.event.late call=1 by=11s\n" GROW, 0, true, VERDICT_PASS, ""},
    {HEAD "+0 fault nb xenstore.event.late call=1 by=1h\n" GROW "+0 xl destroy nb\n", 0, true, VERDICT_PASS,
        ""},
    {HEAD "+0 fault nb xenstore.event.late call=1 by=1h\n+0 xl mem-set nb 40m\n" CRASH "expect crash nb\n", 0,
        true, VERDICT_PASS, ""},
    /* a domain that something that failed has ended: the failure is the verdict; what ends it in a scenario that says so is a mistake there */
    {HEAD LOST "+1s heal nb\n", 0, false, VERDICT_FAIL,
        "t.scn:6:5: remark: this was not done: there is no domain nb now, after what failed above it\n"},
    {HEAD LOST "+1s fault nb decrease_reservation call=1\n+1s nb$ sysctl machdep\n", 0, false, VERDICT_FAIL,
        "t.scn:7:5: remark: this was not done: "},
    {HEAD LOST "+1s fault nb decrease_reservation call=1\n", 0, false, VERDICT_FAIL, "t.scn:5:5: "},
    {HEAD LOST "+1s on nb decrease_reservation call=1 enter: heal nb\n", 0, true, VERDICT_FAIL,
        "what failed above it; it counts because of --strict\n"},
    {HEAD LOST "expect refused \"No such file\"\n+1s heal nb\n", 0, false, VERDICT_ERROR, ""},
    /* the last line is no settle: what it began is judged all the same, and only once */
    {TAKEN, 0, false, VERDICT_FAIL, "names mfn 0x9000, which is free; seen at rest"},
    {TAKEN "+1s expect nb reservation == 16383p\n", 0, false, VERDICT_FAIL, "which is free; seen at rest"},
    {HEAD "+0 xl mem-set nb 48m\n", 0, true, VERDICT_PASS, ""},
    {HEAD "always nb reservation < 40m\n+0 xl mem-set nb 48m\n", 0, false, VERDICT_FAIL,
        "t.scn:4:11: always failed"},
    {HEAD "expect nb reservation == 32m\n", 0, true, VERDICT_PASS, ""},
    {HEAD "+1s\n", 0, true, VERDICT_PASS, ""},
};

START_TEST(what_is_said_beside_failures)
{
    options.until_event = cases[_i].until;
    options.strict = cases[_i].strict;
    const enum verdict verdict = run(cases[_i].text);

    ck_assert_msg(verdict == cases[_i].verdict, "%s, not %s: %s%s", verdict_name(verdict),
        verdict_name(cases[_i].verdict), cases[_i].text, said);
    ck_assert_msg(cases[_i].says[0] != 0 ? strstr(said, cases[_i].says) != NULL : said[0] == 0,
        "not \"%s\" but:\n%s", cases[_i].says, said);
}
END_TEST

/* Something of the harness itself that is due again and again, from the command on. */
static uint64_t due_ns(const struct runner *r)
{
    return r->run.last_command.any ? machine_now_ns(r->machine) + NS_PER_S : UINT64_MAX;
}

START_TEST(an_end_without_rest_is_remarked)
{
    static const struct observer restless[] = {{.due_ns = due_ns}};

    runner->observers = restless;
    runner->nr_observers = 1;
    ck_assert_int_eq(run(HEAD "+0 xl mem-set nb 48m\n"), VERDICT_PASS);
    ck_assert_msg(
        strncmp(said, "t.scn:4:4: remark: the scenario ends here without rest: ", 56) == 0, "%s", said);
    options.strict = true;
    ck_assert_int_eq(run(HEAD "+0 xl mem-set nb 48m\n"), VERDICT_FAIL);
    ck_assert_int_eq(run(HEAD "+0 xl mem-set nb 48m\n+0 settle\n"), VERDICT_FAIL);
    ck_assert_msg(strstr(said, "no rest was reached") != NULL && strstr(said, "remark") == NULL, "%s", said);
}
END_TEST

#define STATE "/sys/devices/system/memory/memory1/state"

/* Memory that is added waits for somebody in the guest, where its kernel leaves that to him. What was online once is not meant. */
START_TEST(memory_that_stays_offline)
{
    static const struct {
        const char *choices, *before, *behind;
        bool remarked;
    } ends[] = {
        {"auto_online=off", "", "", true},
        {"auto_online=on", "", "", false},
        {"auto_online=off", "", "lx$ echo online > " STATE, false},
        {"unpopulated=off", "+0 lx$ echo online_movable > /sys/devices/system/memory/auto_online_blocks",
            "lx$ echo offline > " STATE "\n+1s settle\nexpect violation no-leak", false},
    };
    char text[512];

    if (kernel_describe("linux-6.1") == NULL)
        return; /* the package of its source is missing */
    snprintf(text, sizeof text,
        "language 1\nhost mem=1g\ndomain lx kernel=linux-6.1 %s memory=64m maxmem=330m\n%s\n"
        "+0 xl mem-set lx 200m\n+20s %s\n",
        ends[_i].choices, ends[_i].before, ends[_i].behind);
    ck_assert_int_eq(run(text), VERDICT_PASS);
    ck_assert_msg((strstr(said, "remark: 128m of memory was added to lx, and nobody has put it online") !=
                      NULL) == ends[_i].remarked,
        "%s", said);
}
END_TEST

Suite *remarks_suite(void)
{
    Suite *suite = suite_create("remarks");
    TCase *tests = tcase_create("whole runs");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_loop_test(tests, what_is_said_beside_failures, 0, sizeof cases / sizeof cases[0]);
    tcase_add_loop_test(tests, memory_that_stays_offline, 0, 4);
    tcase_add_test(tests, an_end_without_rest_is_remarked);
    suite_add_tcase(suite, tests);
    return suite;
}
