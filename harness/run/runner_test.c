/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of whole runs on the netbsd guest: each kind of statement, each way to a verdict, what is
 * complained about, and that a run is its seed. They need the guests to be built.
 */
#include "harness/run/runner.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "harness/language/queries.h"
#include "reports/text_failures.h"
#include "reports/text_style.h"
#include "harness/image/kernels.h"

static const struct kernels kernels = {.describe = kernel_describe};

#define LONG  "llllllllllllllllllllllllllllllllllllllllllllllllllllllllllll"
#define MANY  LONG " " LONG " " LONG " " LONG " " LONG " " LONG " " LONG " " LONG " " LONG " " LONG " "
#define PROBE "language 1\nhost mem=64m\ndomain p kernel=probe memory=4m\n"
#define EVERY "+0 every 1s for 3s: heal nb\n+0 every 1s for 4s: nb$ sysctl -n machdep.xen.balloon.current\n"
#define ON \
    "+0 on nb uvm_physseg_plug call=1 enter: heal nb\n+0 on nb increase_reservation call=1 return: nb$ " \
    "verify\n"
#define GROUP "language 1\nhost mem=256m\ndomain d[1..2] kernel=netbsd memory=16m\n"
#define HEAD  "language 1\nhost mem=256m\ndomain nb kernel=netbsd memory=32m maxmem=64m\n"

static struct runner *runner;
static struct run_options options;
static struct scenario *scenario;

static void setup(void)
{
    options = (struct run_options){.seed = 1};
    runner = runner_new();
    ck_assert_ptr_nonnull(runner);
}

static void teardown(void)
{
    runner_free(runner);
    scenario_free(scenario);
    scenario = NULL;
}

static enum verdict run(const char *text)
{
    struct complaint complaint;

    scenario_free(scenario);
    scenario = scenario_parse("t.scn", text, strlen(text), &kernels, &complaint);
    ck_assert_msg(
        scenario != NULL, "%u:%u: %s", complaint.where.line, complaint.where.column, complaint.message);
    return runner_run(runner, scenario, &options);
}

/* What a person would read of the last run; freed by the caller. */
static char *failures(void)
{
    char *text, error[256];
    size_t bytes, text_bytes;
    const void *recording = runner_recording(runner, &bytes);
    struct reading *reading = reading_open(recording, bytes, error, sizeof error);
    FILE *out = open_memstream(&text, &text_bytes);
    const struct text_style style = {.path = "t.scn"};

    ck_assert_msg(reading != NULL, "%s", error);
    text_failures(out, reading, &style);
    fclose(out);
    reading_close(reading);
    return text;
}

#define ASSERT_SAYS(text, part) \
    ck_assert_msg(strstr((text), (part)) != NULL, "no \"%s\" in:\n%s", (part), (text))

static void assert_failure_says(const char *part)
{
    char *text = failures();

    ASSERT_SAYS(text, part);
    free(text);
}

/* ---- verdicts ------------------------------------------------------------------------------------ */

START_TEST(a_target_is_reached)
{
    ck_assert_int_eq(
        run(HEAD "+0 xl mem-set nb 64m\n+0 settle\nexpect nb reservation == 64m\n"
                 "+1s xl mem-set nb 32m\n+0 settle\nexpect nb reservation == 32m\n"
                 "expect nb target == 32m\nexpect nb faults.fired == 0\nexpect host now >= 1s\n"),
        VERDICT_PASS);
    ck_assert_str_eq(runner_sentence(runner), "");
    char *text = failures();
    ck_assert_str_eq(text, "");
    free(text);
}
END_TEST

START_TEST(a_failed_expect_shows_line_caret_and_what_was_seen)
{
    ck_assert_int_eq(run(HEAD "+0 settle\n     expect nb reservation == 31m\n"), VERDICT_FAIL);
    char *text = failures();
    ASSERT_SAYS(text, "t.scn:5:16: expect failed\n");
    ASSERT_SAYS(text, "5 |      expect nb reservation == 31m\n");
    ASSERT_SAYS(text, "|                ^");
    ASSERT_SAYS(text, "got 32m, 1m over");
    free(text);
}
END_TEST

START_TEST(the_run_goes_on_after_a_failure)
{
    ck_assert_int_eq(run(HEAD "expect nb reservation == 1m\n+0 xl mem-set nb 48m\n+0 settle\n"
                              "expect nb reservation == 48m\nexpect nb reservation == 2m\n"),
        VERDICT_FAIL);
    char *text = failures();
    ASSERT_SAYS(text, "t.scn:4:");
    ASSERT_SAYS(text, "t.scn:8:");
    ck_assert_ptr_null(strstr(text, "t.scn:7:"));
    free(text);
}
END_TEST

static const struct {
    const char *text;
    enum verdict verdict;
    const char *says; /* the complaint of an ERROR, or the failure's text */
} cases[] = {
    /* refusals */
    {HEAD "+0 xl mem-set nb 65m\n", VERDICT_FAIL, "refused"},
    {HEAD "+0 xl mem-set nb 65m\nexpect refused \"memory_dynamic_max must be less\"\n", VERDICT_PASS, NULL},
    {HEAD "+0 xl mem-set nb 65m\nexpect refused \"something else\"\n", VERDICT_FAIL, "something else"},
    {HEAD "+0 xl mem-set nb 48m\nexpect refused \"too much\"\n+0 settle\n", VERDICT_FAIL, "accepted"},
    /* an answer beside an answer, and something more or less */
    {HEAD "+0 xl mem-set nb 48m\n+1s settle\nexpect nb reservation == nb target\nexpect nb maximum == nb "
          "target + 1m\n"
          "expect host free <= host total - 48m\nexpect host now <= host now + 1s\nalways nb reservation <= "
          "nb maximum\n"
          "expect nb segments == nb segments + 0\nexpect within 1s nb static-max >= nb boot\n",
        VERDICT_PASS, NULL},
    {HEAD "+0 settle\nexpect nb reservation == nb target - 1m\n", VERDICT_FAIL,
        "got 32m, 1m over; wanted 31m"},
    {HEAD "+0 settle\nexpect nb reservation < nb boot\n", VERDICT_FAIL, "got 32m; wanted 32m"},
    {HEAD "+0 settle\nalways nb reservation >= nb boot + 1p\n", VERDICT_FAIL, "; wanted 8193p at event "},
    {HEAD "+0 settle\nexpect nb free <= nb reservation - 17592186044412m\n", VERDICT_FAIL, "wanted 0"},
    {HEAD "domain q kernel=probe memory=4m\nexpect q free == q target\n", VERDICT_FAIL, "nothing yet"},
    {HEAD "domain q kernel=probe memory=4m\nexpect q superpages.2m == 0\n", VERDICT_FAIL,
        "nothing: Xen does not translate for it"},
    /* text that is matched */
    {HEAD "+0 xl mem-set nb 24m\n+1s settle\nexpect nb log ~ regex \"current.* ([0-9]+) pages => target: "
          "6144 pages$\"\n"
          "expect nb log !~ regex \"^target\"\n+0 nb$ sysctl -n machdep.xen.balloon.current ~ regex "
          "\"^[0-9]{5}$\"\n",
        VERDICT_PASS, NULL},
    {HEAD "+0 xl mem-set nb 24m\n+1s settle\nexpect nb log ~ \"=> target: 6144\" times 1\n"
          "expect nb log ~ regex \"6144|6145\" times 1\nexpect nb log ~ \"nothing\" times 0\n",
        VERDICT_PASS, NULL},
    {HEAD "+0 xl mem-set nb 24m\n+1s settle\nexpect nb log ~ \"=> target: 6144\" times 2\n", VERDICT_FAIL,
        "got 1 line, the last \"balloon0: "},
    {HEAD "+0 xl mem-set nb 24m\n+1s settle\nexpect nb log ~ regex \"=> target: 6145\"\n", VERDICT_FAIL,
        "expect failed"},
    {HEAD "+0 nb$ sysctl -n machdep.xen.balloon.current !~ regex \"^[0-9]+$\"\n", VERDICT_FAIL, "got 32768"},
    /* asserted in the middle of a call, and again and again */
    {HEAD "+0 on nb decrease_reservation call=1 enter: expect nb reservation == 32m\n"
          "+0 on nb decrease_reservation call=1 return: expect nb reservation < nb boot\n"
          "+0 every 1s for 3s: expect nb reservation >= nb target\n+0 xl mem-set nb 24m\n+1s settle\n",
        VERDICT_PASS, NULL},
    {HEAD "+0 on nb decrease_reservation call=1 enter: expect nb reservation == 24m\n+0 xl mem-set nb "
          "24m\n+1s settle\n",
        VERDICT_FAIL, "t.scn:4:55: expect failed"},
    {HEAD "+0 every 1s for 3s: expect nb reservation == 1m\n+5s settle\n", VERDICT_FAIL,
        "t.scn:4:31: expect failed"},
    /* time */
    {HEAD "+1s settle\n+9223372036s settle\n", VERDICT_ERROR, "virtual time does not go that far"},
    {HEAD "+9223372036s settle\n+1s settle\n", VERDICT_ERROR, "virtual time does not go that far"},
    {HEAD "@9223372036s settle\n+1s settle\n", VERDICT_ERROR, "virtual time does not go that far"},
    {HEAD "+1h settle within 9223372036s\n", VERDICT_ERROR, "virtual time does not go that far"},
    {HEAD "+1s expect within 9223372036s nb free == 1p\n", VERDICT_ERROR,
        "virtual time does not go that far"},
    {HEAD "+1h every 2h for 9223372036s: xl mem-set nb 48m\n+1s settle\n", VERDICT_ERROR,
        "virtual time does not go that far"},
    {HEAD "+5s xl mem-set nb 48m\n@1s settle\n", VERDICT_ERROR, "t.scn:5:"},
    {HEAD "@5s xl mem-set nb 48m\n@1000s settle\nexpect host now >= 1000s\nexpect host now < 1010s\n",
        VERDICT_PASS, NULL},
    {HEAD "+5s settle\n+5s settle\nexpect host now >= 10s\nexpect host now < 11s\n", VERDICT_PASS, NULL},
    /* hosts and domains */
    {"language 1\nhost mem=16m\ndomain nb kernel=netbsd memory=32m\n", VERDICT_ERROR, "t.scn:3:"},
    /* violations */
    {HEAD "+0 settle\nexpect violation no-leak\n", VERDICT_FAIL, "no-leak"},
    /* what a probe is asked */
    {PROBE "p hypercall current_reservation [$" LONG "] -> 0\n", VERDICT_ERROR, "$"},
    {PROBE "p hypercall current_reservation [p.$" LONG "] -> 0\n", VERDICT_ERROR,
        "no frame has so long a name"},
    {PROBE "p hypercall current_reservation domid=zz -> 0\n", VERDICT_ERROR, "no domain zz now"},
    {PROBE "p hypercall current_reservation domid=" LONG " -> 0\n", VERDICT_ERROR,
        "no domain's name has 60 bytes"},
    {PROBE "p hypercall current_reservation domid=p\n", VERDICT_PASS, NULL},
    {PROBE "p hypercall current_reservation -> 1\n", VERDICT_FAIL, "-> 1024"},
    {PROBE "p hypercall nonsense -> 0\n", VERDICT_ERROR, "nonsense"},
    {PROBE "p hypercall maximum_gpfn list=bad\n", VERDICT_ERROR, "takes no `list=bad`; it takes domid arg "},
    {PROBE "p hypercall get_pod_target [$a]\n", VERDICT_ERROR,
        "this call takes no list; it takes value domid"},
    {PROBE "p hypercall increase_reservation skew=8 [$a]\n", VERDICT_ERROR, "skew= is 7 at most"},
    {PROBE "p hypercall memory_op value=60 nr=1\n", VERDICT_ERROR, "this call takes no `nr=1`"},
    {PROBE "p hypercall claim_pages value=1 domid=0 order=0 arg=bad\n", VERDICT_PASS, NULL},
    {PROBE "p hypercall decrease_reservation [" MANY MANY MANY MANY MANY MANY MANY "]\n", VERDICT_ERROR,
        "more than a probe reads"},
    {"language 1\nhost mem=64m dom0=32m dom0-max=16m\n+0 dom0 hypercall maximum_reservation -> 8192\n",
        VERDICT_PASS, NULL},
    /* commands that nobody does, and those that nobody answers */
    {HEAD "+0 xm list\n", VERDICT_ERROR, "no command of the host's toolstack"},
    {HEAD "+0 xl mem-set nb " MANY MANY MANY MANY "\n", VERDICT_ERROR, "this command is too long"},
    {HEAD "+0 xl create nothing.cfg\n", VERDICT_FAIL, "declares no domain of this name"},
    {HEAD "+0 xl restore nothing\n", VERDICT_FAIL, "No such file"},
    {HEAD "+0 xl pause nb\n+0 nb$ sysctl -n machdep.xen.balloon.current\n", VERDICT_FAIL, "none"},
    {HEAD "+0 xl pause nb\n+0 nb call uvm_physseg_plug pfn=0x9000 pages=1 -> true\n", VERDICT_FAIL, "none"},
    {HEAD "+0 xl pause nb\n+0 settle\n+0 xl unpause nb\n+0 settle\n", VERDICT_PASS, NULL},
    {HEAD "+0 nb$ churn 8m within 1us\n", VERDICT_PASS, NULL},
    {HEAD "+0 nb$ churn 1m\n+0 nb$ hold 1m -> 0\n+0 nb$ verify -> 0\n+0 nb$ release -> 0\n", VERDICT_PASS,
        NULL},
    {HEAD "+0 xl destroy nb\n+0 nb$ verify\n", VERDICT_ERROR, "there is no domain nb now"},
    {HEAD "+0 xl destroy nb\n+0 fault nb kmem.driver call=1\n", VERDICT_ERROR, "there is no domain nb now"},
    {HEAD "+0 xl destroy nb\n+0 heal nb\n", VERDICT_ERROR, "there is no domain nb now"},
    {HEAD "+0 xl destroy nb\n+0 on nb uvm_physseg_plug call=1 enter: heal nb\n", VERDICT_ERROR,
        "there is no domain nb now"},
    {HEAD "+0 xl destroy nb\nexpect nb reservation == 0m\n", VERDICT_FAIL,
        "got nothing: there is no domain nb now"},
    {HEAD "+0 xl destroy nb\nexpect nb log ~ \"x\"\n", VERDICT_FAIL,
        "got nothing: there is no domain nb now"},
    {"language 1\ndomain q kernel=probe memory=4m\nexpect q free == 1m\n", VERDICT_FAIL, "got nothing yet"},
    {HEAD "+0 xl destroy nb\nexpect crash nb\n", VERDICT_FAIL, "it lives"},
    {GROUP "+0 xl destroy d1\n+0 xl destroy d2\n+0 xl mem-set d[rand] 8m\n", VERDICT_ERROR,
        "no domain of this group is there now"},
    {GROUP "+0 xl mem-set d[*] 8m\n+0 settle\nexpect sum(d.reservation) == 16m\n+0 xl mem-set d[*] 99m\n"
           "expect refused \"memory_dynamic_max\"\n+0 xl destroy d[*]\nexpect sum(d.reservation) == 0m\n",
        VERDICT_PASS, NULL},
    {GROUP "+0 xl destroy d[*]\n+0 xl pause d[*]\n", VERDICT_ERROR, "no domain of this group is there now"},
    {GROUP "+0 xl mem-set d[*] 99m\n", VERDICT_FAIL, "refused"},
    {GROUP "+0 xl mem-set d[rand] 8m\n+0 settle\nexpect sum(d.reservation) == 24m\n", VERDICT_PASS, NULL},
    /* a group is its numbers, and not what else begins so */
    {GROUP "domain dx kernel=netbsd memory=16m\ndomain d1x kernel=netbsd memory=16m\n+0 xl mem-set d[rand] "
           "8m\n+0 settle\n"
           "expect sum(d.reservation) == 24m\nexpect dx reservation == 16m\nexpect d1x reservation == 16m\n",
        VERDICT_PASS, NULL},
    /* what is held for one domain does not come with another's calls, and each ends in its own time */
    {GROUP
        "+0 on d2 decrease_reservation call=1 enter: xl mem-set d2 16m\n+0 on d1 decrease_reservation call=1 "
        "enter: heal d1\n"
        "+0 every 1s for 5s: d1$ verify\n+0 every 1s for 3s: d2$ verify\n+0 xl mem-set d1 12m\n+9s settle\n"
        "expect d1 reservation == 12m\nexpect d2 reservation == 16m\n",
        VERDICT_PASS, NULL},
    /* held ones: more than fit at first, of a domain that goes, and due while rest is waited for */
    {HEAD EVERY EVERY EVERY EVERY EVERY
        "+0 every 1s for 5s: xl mem-set nb 31m\n+10s settle\nexpect nb reservation == 31m\n",
        VERDICT_PASS, NULL},
    {HEAD ON ON ON ON ON "+0 xl mem-set nb 40m\n+1s settle\nexpect nb reservation == 40m\n", VERDICT_PASS,
        NULL},
    {GROUP "+0 every 1s for 10s: d1$ verify\n+2s xl destroy d1\n+20s settle\n", VERDICT_ERROR,
        "there is no domain d1 now"},
    {GROUP "+0 every 1s for 10s: xl mem-set d[rand] 15m\n+2s settle within 100s\n", VERDICT_PASS, NULL},
    {HEAD "+0 every 1s for 1h: nb$ verify\n+0 settle within 3s\n", VERDICT_FAIL, "no rest was reached"},
    /* domains that come later, go, and come back */
    {GROUP "+1s domain late kernel=netbsd memory=16m\n+1s xl reboot late\n+1s settle\nexpect late "
           "reservation == 16m\n"
           "+0 xl destroy late\n+0 xl create late\n+1s settle\nexpect late reservation == 16m\n",
        VERDICT_PASS, NULL},
    {GROUP "+0 xl save d1 f\n+0 xl save d2 g\n+0 xl restore g\n+0 xl restore f\n+1s settle\n"
           "expect sum(d.reservation) == 32m\n",
        VERDICT_PASS, NULL},
    {GROUP "+0 xl save d1 f\n+0 xl restore g\n", VERDICT_FAIL, "No such file"},
    {GROUP "+0 xl save d1 f\n+0 xl create d1\n+0 xl restore f\n", VERDICT_FAIL,
        "the same name already exists"},
    /* one has died, as was said; the others are looked at all the same */
    {GROUP "+0 d1$ misbehave write\nexpect crash d1\n+1s settle\nexpect d2 reservation == 16m\n",
        VERDICT_PASS, NULL},
    {GROUP "+0 d1$ misbehave write\nexpect crash d1 \"as it was not\"\n", VERDICT_CRASH, NULL},
    /* a call that is to be refused: false, or a panic; neither true nor a wild access */
    {HEAD "+0 nb call uvm_physseg_plug pfn=0x1fff pages=1 -> refused\n+1s settle\n", VERDICT_PASS, NULL},
    {HEAD "+0 nb call uvm_physseg_valid_p pfn=0x1fff -> refused\n", VERDICT_FAIL, "-> refused"},
    /* each comparison, and the other way round */
    {HEAD "expect nb reservation != 31m\nexpect nb reservation < 33m\nexpect nb reservation <= 32m\n"
          "expect nb reservation > 31m\nexpect nb reservation >= 32m\n",
        VERDICT_PASS, NULL},
    {HEAD "expect nb reservation != 32m\n", VERDICT_FAIL, "got 32m"},
    {HEAD "expect nb reservation < 32m\n", VERDICT_FAIL, "got 32m"},
    {HEAD "expect nb reservation > 32m\n", VERDICT_FAIL, "got 32m"},
    /* crash */
    {HEAD "+0 settle\nexpect crash nb\n", VERDICT_FAIL, "it lives"},
    /* faults */
    {HEAD "fault nb uvm_physseg_plug call=1\n+0 xl mem-set nb 64m\n+0 settle within 1s\nexpect nb "
          "faults.fired == 1\n"
          "heal nb\n+0 xl mem-set nb 64m\n+0 settle\nexpect nb reservation == 64m\n",
        VERDICT_PASS, NULL},
    /* waiting */
    {HEAD "+0 xl mem-set nb 48m\nexpect within 60s nb reservation == 48m\n", VERDICT_PASS, NULL},
    {HEAD "+0 xl mem-set nb 48m\nexpect within 10s nb reservation > 40m\n", VERDICT_PASS, NULL},
    {HEAD "expect within 10s nb reservation == 33m\n", VERDICT_FAIL, "within 10s"},
    {HEAD "+0 xl mem-set nb 64m\n+0 settle within 1us\n", VERDICT_FAIL, "t.scn:5:"},
    /* the guest's own commands */
    {HEAD "nb$ sysctl -n machdep.xen.balloon.current == 32768\n", VERDICT_PASS, NULL},
    {HEAD "nb$ sysctl -n machdep.xen.balloon.current == 32767\n", VERDICT_FAIL, "32768"},
    {HEAD "nb$ sysctl machdep.xen.balloon.current == 32768\n", VERDICT_FAIL, "machdep"}, /* no number */
    {HEAD "nb$ sysctl -n machdep.xen.balloon.nonsense\n", VERDICT_FAIL, "t.scn:4:"},
};

START_TEST(verdicts_and_what_they_say)
{
    const enum verdict verdict = run(cases[_i].text);

    ck_assert_msg(verdict == cases[_i].verdict, "%s, not %s: %s%s", verdict_name(verdict),
        verdict_name(cases[_i].verdict), cases[_i].text,
        verdict == VERDICT_FAIL ? failures() : runner_sentence(runner));
    if (verdict == VERDICT_ERROR)
        ASSERT_SAYS(runner_sentence(runner), cases[_i].says);
    else if (verdict == VERDICT_FAIL)
        assert_failure_says(cases[_i].says);
}
END_TEST

START_TEST(an_unknown_kernel_is_an_error)
{
    options.kernel = "plan9";
    ck_assert_int_eq(run(HEAD "+0 settle\n"), VERDICT_ERROR);
    ASSERT_SAYS(runner_sentence(runner), "plan9");
    ASSERT_SAYS(runner_sentence(runner), "and more: `ballast list kernels`");
}
END_TEST

/* Whatever can be asked is answered: of a guest that tells all, of a group, of the host. A probe tells less. */
START_TEST(every_question_has_an_answer)
{
    static const char *const least[] = {[UNIT_PAGES] = ">= 0p",
        [UNIT_KIB] = ">= 0k",
        [UNIT_NS] = ">= 0",
        [UNIT_NONE] = ">= 0",
        [UNIT_TEXT] = "!~ \"nobody says this\""};
    char text[8000] =
        GROUP "domain p kernel=probe memory=4m\ndomain v kernel=probe type=pvh memory=4m\n+0 settle\n",
         asked[9000];

    for (int q = 0; q < NR_QUERIES; q++) {
        const struct query_info *query = query_info((enum query_id)q);
        const bool of_domain = query->scope == QUERY_DOMAIN;
        const char *site = q == QUERY_ID_CALLS ? " mmu_update" : "";
        const bool of_translated = q == QUERY_ID_SUPERPAGES_2M || q == QUERY_ID_SUPERPAGES_1G;
        size_t used = strlen(text);
        used += (size_t)snprintf(text + used, sizeof text - used, "expect %s %s%s %s\n",
            of_domain ? (of_translated ? "v" : "d1") : "host", query->name, site, least[query->unit]);
        if (of_domain && query->unit != UNIT_TEXT)
            used += (size_t)snprintf(text + used, sizeof text - used, "expect sum(d.%s%s) %s\n", query->name,
                site, least[query->unit]);
        ck_assert_uint_lt(used, sizeof text - 1);
    }
    ck_assert_int_eq(run(text), VERDICT_PASS);
    snprintf(asked, sizeof asked, "%sexpect p segments == 0\nexpect p managed == 0p\nexpect p target == 0k\n",
        text);
    ck_assert_int_eq(run(asked), VERDICT_FAIL);
}
END_TEST

/* Raw calls are a probe's, whatever --kernel made of the domain. */
START_TEST(another_kernel_takes_no_raw_calls)
{
    options.kernel = "netbsd";
    ck_assert_int_eq(
        run("language 1\nhost mem=256m\ndomain p kernel=probe memory=32m\n+0 p hypercall x -> 0\n"),
        VERDICT_ERROR);
    ASSERT_SAYS(runner_sentence(runner), "p runs kernel=netbsd here: raw hypercalls are a probe's");
}
END_TEST

START_TEST(another_kernel_can_be_asked_for)
{
    options.kernel = "netbsd-static";
    ck_assert_int_eq(
        run(HEAD "+0 xl mem-set nb 16m\n+0 settle\nexpect nb reservation == 16m\n"), VERDICT_PASS);
}
END_TEST

/* ---- the log's window ------------------------------------------------------------------------- */

START_TEST(the_log_is_that_since_the_settle_before_the_last)
{
    /* The boot's lines are seen until a settle has ended and another one has, too. */
    ck_assert_int_eq(
        run(HEAD "+0 settle\nexpect nb log ~ \"balloon\"\nexpect nb log ~ \"balloon\"\n"), VERDICT_PASS);
    ck_assert_int_eq(run(HEAD "+0 settle\n+0 settle\nexpect nb log !~ \"balloon\"\n"), VERDICT_PASS);
    ck_assert_int_eq(
        run(HEAD "+0 settle\n+0 xl mem-set nb 32m\nexpect nb log !~ \"balloon\"\n"), VERDICT_PASS);
}
END_TEST

/* ---- a run is its seed ------------------------------------------------------------------------ */

static const char there_and_back[] =
    HEAD "+0 xl mem-set nb 64m\n+0 settle\n+0 xl mem-set nb 32m\n+0 settle\n";

static void *copy_of_recording(size_t *bytes)
{
    const void *recording = runner_recording(runner, bytes);
    void *copy = malloc(*bytes);

    memcpy(copy, recording, *bytes);
    return copy;
}

START_TEST(the_same_seed_gives_the_same_bytes)
{
    size_t first_bytes, again_bytes;

    ck_assert_int_eq(run(there_and_back), VERDICT_PASS);
    void *first = copy_of_recording(&first_bytes);
    ck_assert_int_eq(
        run(HEAD "+0 xl mem-set nb 40m\n+0 settle\n"), VERDICT_PASS); /* something else in between */
    ck_assert_int_eq(run(there_and_back), VERDICT_PASS);
    void *again = copy_of_recording(&again_bytes);
    ck_assert_uint_eq(first_bytes, again_bytes);
    ck_assert_int_eq(memcmp(first, again, first_bytes), 0);
    free(again);

    runner_free(runner);
    runner = runner_new();
    ck_assert_int_eq(run(there_and_back), VERDICT_PASS);
    again = copy_of_recording(&again_bytes);
    ck_assert_uint_eq(first_bytes, again_bytes);
    ck_assert_int_eq(memcmp(first, again, first_bytes), 0);
    free(again);
    free(first);
}
END_TEST

/* A loop that calls all the time ends as well, long before its recording has filled the memory. */
#define SHRINKS \
    "domain nb kernel=netbsd memory=32m maxmem=64m\n+0 on nb decrease_reservation call=1 return: xl " \
    "mem-set nb " \
    "20m\n+0 xl mem-set nb 24m\n+1s settle\nexpect nb reservation == 20m\n"

/* The sum of a recording, which differs when anything in it does; and whose schedule it says that it is. */
static uint64_t sum(uint64_t *schedule_seed)
{
    char error[256];
    size_t bytes;
    const void *recording = runner_recording(runner, &bytes);
    struct reading *reading = reading_open(recording, bytes, error, sizeof error);

    ck_assert_msg(reading != NULL, "%s", error);
    *schedule_seed = reading_schedule_seed(reading);
    const struct record_value *end = record_payload(reading_event(reading, reading_events(reading)));
    const uint64_t value = end->value;
    reading_close(reading);
    return value;
}

START_TEST(a_schedule_is_its_seed)
{
    uint64_t sums[4], seed;
    static const uint64_t seeds[] = {0, 5, 6, 5};

    for (unsigned i = 0; i < 4; i++) {
        options.schedule_seed = seeds[i];
        ck_assert_int_eq(run("language 1\nhost mem=256m\n" SHRINKS), VERDICT_PASS);
        sums[i] = sum(&seed);
        ck_assert_uint_eq(seed, seeds[i]);
    }
    ck_assert_uint_ne(sums[0], sums[1]);
    ck_assert_uint_ne(sums[1], sums[2]);
    ck_assert_uint_eq(sums[1], sums[3]);
}
END_TEST

START_TEST(a_scenario_may_want_a_seeded_schedule)
{
    uint64_t seed;

    ck_assert_int_eq(run("language 1\nhost mem=256m schedule=seeded\n" SHRINKS), VERDICT_PASS);
    (void)sum(&seed);
    ck_assert_uint_eq(seed, 1); /* that of the run */
    options.schedule_seed = 9;
    ck_assert_int_eq(run("language 1\nhost mem=256m schedule=seeded\n" SHRINKS), VERDICT_PASS);
    (void)sum(&seed);
    ck_assert_uint_eq(seed, 9);
    options = (struct run_options){.seed = 0};
    ck_assert_int_eq(run("language 1\nhost mem=256m schedule=seeded\n" SHRINKS), VERDICT_PASS);
    (void)sum(&seed);
    ck_assert_uint_ne(seed, 0);
}
END_TEST

START_TEST(a_kernel_that_keeps_a_p2m_is_not_run_as_pvh)
{
    ck_assert_int_eq(
        run("language 1\nhost mem=256m\ndomain nb kernel=netbsd memory=32m type=pvh\n+0 settle\n"),
        VERDICT_ERROR);
    ck_assert_ptr_nonnull(strstr(runner_sentence(runner),
        "nb can't have type=pvh: its kernel netbsd is not made to run where Xen translates its addresses"));
    ck_assert_int_eq(run("language 1\nhost mem=256m\ndomain p kernel=probe memory=32m type=pvh\n+0 settle\n"),
        VERDICT_PASS);
}
END_TEST

START_TEST(what_a_kernel_lacks_is_a_skip)
{
    ck_assert_int_eq(run(HEAD "needs hotplug\n+0 settle\n"), VERDICT_PASS);
    options.kernel = "netbsd-static";
    ck_assert_int_eq(run(HEAD "needs hotplug\n+0 settle\n"), VERDICT_SKIP);
    ck_assert_str_eq(runner_sentence(runner), "t.scn:4:1: nb needs a kernel that can grow past its boot "
                                              "memory by plugging pages, and netbsd-static "
                                              "lacks that: its description has no `feature hotplug`\n"
                                              "    4 | needs hotplug\n"
                                              "      | ^~~~~~~~~~~~~\n");
    options.kernel = NULL;
    ck_assert_int_eq(
        run("language 1\nhost mem=256m\ndomain d[1..2] kernel=netbsd-static memory=32m\nneeds hotplug\n"
            "domain nb kernel=netbsd memory=32m\n+0 settle\n"),
        VERDICT_SKIP);
}
END_TEST

START_TEST(a_guest_without_end_ends_the_run)
{
    size_t bytes;
    char *said;

    ck_assert_int_eq(run("language 1\nhost mem=256m\ndomain nb kernel=netbsd memory=64m\n"
                         "+0 nb$ misbehave chatter\n"),
        VERDICT_CRASH);
    said = failures();
    ck_assert_ptr_nonnull(strstr(said, "endless loop"));
    ck_assert_ptr_nonnull(runner_recording(runner, &bytes));
    ck_assert_uint_lt(bytes, 66u << 20);
    free(said);
}
END_TEST

START_TEST(it_stops_at_the_event_that_is_asked_for)
{
    char error[256];
    size_t bytes;

    ck_assert_int_eq(run(there_and_back), VERDICT_PASS);
    const void *recording = runner_recording(runner, &bytes);
    struct reading *reading = reading_open(recording, bytes, error, sizeof error);
    const uint64_t events = reading_events(reading);
    reading_close(reading);

    options.until_event = events / 2;
    run(there_and_back);
    recording = runner_recording(runner, &bytes);
    reading = reading_open(recording, bytes, error, sizeof error);
    ck_assert_msg(reading != NULL, "%s", error);
    ck_assert_uint_ge(reading_events(reading), options.until_event);
    ck_assert_uint_lt(reading_events(reading), events);
    reading_close(reading);
}
END_TEST

/* The signal that a worker gets when its time is over, as often as it does: from now on, of processor time. */
static void tell_that_time_is_over(
    struct machine *machine, unsigned domid, uint64_t event, const char *text, uint32_t line)
{
    const struct itimerspec soon = {{0, 100000000}, {0, 500000000}};
    struct sigevent tell = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGXCPU};
    timer_t timer;

    (void)machine, (void)domid, (void)event, (void)text, (void)line;
    ck_assert_int_eq(timer_create(CLOCK_PROCESS_CPUTIME_ID, &tell, &timer), 0);
    ck_assert_int_eq(timer_settime(timer, 0, &soon, NULL), 0);
}

START_TEST(a_guest_that_hangs_is_found_when_time_is_over)
{
    size_t bytes;

    options.until_event = 1;
    options.debugger = tell_that_time_is_over;
    ck_assert_int_eq(run(HEAD "+0 nb$ misbehave hang\n+0 settle\n"), VERDICT_TIMEOUT);
    ASSERT_SAYS(runner_sentence(runner), "t.scn:4:1: it was at event ");
    ASSERT_SAYS(runner_sentence(runner), " of virtual time, in agent_misbehave.c:");
    ASSERT_SAYS(runner_sentence(runner), " (hang)\n    4 | +0 nb$ misbehave hang\n");
    ck_assert_ptr_null(runner_recording(runner, &bytes));
}
END_TEST

static void tell_at_once(
    struct machine *machine, unsigned domid, uint64_t event, const char *text, uint32_t line)
{
    (void)machine, (void)domid, (void)event, (void)text, (void)line;
    raise(SIGXCPU);
}

START_TEST(a_run_whose_time_is_over_says_where_it_was)
{
    options.until_event = 80;
    options.debugger = tell_at_once;
    ck_assert_int_eq(run(there_and_back), VERDICT_TIMEOUT);
    ASSERT_SAYS(runner_sentence(runner), ": it was at event 81, after ");
}
END_TEST

/* Whoever starts this program may have blocked the signals by which a guest's faults are seen. */
START_TEST(faults_of_a_guest_are_seen_when_their_signals_were_blocked)
{
    static const char *const kinds[] = {"write", "divide", "stack", "call"};
    sigset_t all, before;
    char text[200];

    sigfillset(&all);
    sigprocmask(SIG_SETMASK, &all, &before);
    snprintf(text, sizeof text,
        HEAD "+0 nb$ misbehave %s\n+1s expect crash nb\nexpect violation guest-contained\n", kinds[_i]);
    ck_assert_int_eq(run(text), VERDICT_PASS);
    sigprocmask(SIG_SETMASK, &before, NULL);
}
END_TEST

/* A recording that is full ends the run with a sentence, and is whole; the next run knows nothing of it. */
START_TEST(a_full_recording_ends_the_run)
{
    static const char many[] = HEAD
        "+0 settle\n"
        "+0 every 2s for 800s: xl mem-set nb 16m\n+1s every 2s for 800s: xl mem-set nb 32m\n+900s settle\n"
        "expect nb reservation == 1m\n";
    char error[256];
    size_t bytes, whole_bytes;

    ck_assert_int_eq(run(many), VERDICT_FAIL);
    runner_recording(runner, &whole_bytes);
    ck_assert_uint_gt(whole_bytes, 2u << 20);
    options.recording_limit_bytes = 17u << 20; /* full is what has less than 16 MiB left */
    ck_assert_int_eq(run(many), VERDICT_ERROR);
    ASSERT_SAYS(runner_sentence(runner), "t.scn:");
    ASSERT_SAYS(runner_sentence(runner), "the recording has grown to its limit of 17 MiB: the run ends here");
    const void *recording = runner_recording(runner, &bytes);
    ck_assert_uint_gt(bytes, 1u << 20);
    ck_assert_uint_lt(bytes, 2u << 20);
    struct reading *reading = reading_open(recording, bytes, error, sizeof error);
    ck_assert_msg(reading != NULL, "%s", error);
    ck_assert_int_eq((int)reading_verdict(reading), (int)VERDICT_ERROR);
    for (uint64_t event = 1; event <= reading_events(reading); event++)
        ck_assert_uint_ne(reading_event(reading, event)->type, REC_EXPECT); /* nothing was judged any more */
    reading_close(reading);
    options.recording_limit_bytes = 0;
    ck_assert_int_eq(run(many), VERDICT_FAIL);
    runner_recording(runner, &bytes);
    ck_assert_uint_eq(bytes, whole_bytes);
}
END_TEST

START_TEST(places_name_the_driver)
{
    char text[256];
    size_t count;
    bool driver = false;

    ck_assert_int_eq(run(there_and_back), VERDICT_PASS);
    const struct place *places = runner_places(runner, &count);
    ck_assert_uint_gt(count, 0);
    for (size_t p = 0; p < count && !driver; p++)
        driver =
            runner_place_text(runner, &places[p], text, sizeof text) && strncmp(text, "balloon.c:", 10) == 0;
    ck_assert(driver);
}
END_TEST

Suite *runner_suite(void)
{
    Suite *suite = suite_create("runner");
    TCase *tests = tcase_create("whole runs");

    tcase_add_checked_fixture(tests, setup, teardown);
    tcase_add_test(tests, a_target_is_reached);
    tcase_add_test(tests, a_failed_expect_shows_line_caret_and_what_was_seen);
    tcase_add_test(tests, the_run_goes_on_after_a_failure);
    tcase_add_loop_test(tests, verdicts_and_what_they_say, 0, (int)(sizeof cases / sizeof cases[0]));
    tcase_add_test(tests, an_unknown_kernel_is_an_error);
    tcase_add_test(tests, every_question_has_an_answer);
    tcase_add_test(tests, another_kernel_takes_no_raw_calls);
    tcase_add_test(tests, another_kernel_can_be_asked_for);
    tcase_add_test(tests, the_log_is_that_since_the_settle_before_the_last);
    tcase_add_test(tests, the_same_seed_gives_the_same_bytes);
    tcase_add_test(tests, a_schedule_is_its_seed);
    tcase_add_test(tests, a_scenario_may_want_a_seeded_schedule);
    tcase_add_test(tests, a_kernel_that_keeps_a_p2m_is_not_run_as_pvh);
    tcase_add_test(tests, what_a_kernel_lacks_is_a_skip);
    tcase_add_test(tests, a_guest_without_end_ends_the_run);
    tcase_add_test(tests, it_stops_at_the_event_that_is_asked_for);
    tcase_add_test(tests, a_full_recording_ends_the_run);
    tcase_add_test(tests, a_guest_that_hangs_is_found_when_time_is_over);
    tcase_add_test(tests, a_run_whose_time_is_over_says_where_it_was);
    tcase_add_loop_test(tests, faults_of_a_guest_are_seen_when_their_signals_were_blocked, 0, 4);
    tcase_add_test(tests, places_name_the_driver);
    suite_add_tcase(suite, tests);
    return suite;
}
