/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Scenarios and their runs when memory runs out: each request is refused once, and the result must be an error that
 * says so, or the very same as with enough memory. It is never another result, and never a leak, for which the
 * sanitizer looks when a test's process ends. no_memory_reports_test.c does this for the reports.
 */
#include "harness/tests/scarce.h"

#include <check.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>

#include "harness/image/kernels.h"
#include "harness/run/runner.h"

static const struct kernels kernels = {.describe = kernel_describe};

#define ALL 100000u

/* ---- reading scenarios ------------------------------------------------------------------------- */

static bool read_scenario(void *context, FILE *out)
{
    struct complaint complaint;
    struct scenario *scenario = scenario_read(context, &kernels, &complaint);

    if (scenario == NULL) {
        if (scarce_is_said(complaint.message))
            return false;
        fprintf(out, "%u:%u: %s\n", complaint.where.line, complaint.where.column, complaint.message);
        return true;
    }
    fprintf(out, "%s: %zu domains, %zu statements\n", scenario->name, scenario->nr_domains,
        scenario->nr_statements);
    scenario_free(scenario);
    return true;
}

START_TEST(every_scenario_is_read_or_there_is_no_memory)
{
    glob_t found;

    ck_assert_int_eq(glob("scenarios/*/*.scn", 0, NULL, &found), 0);
    ck_assert_uint_gt(found.gl_pathc, 100);
    for (size_t f = 0; f < found.gl_pathc; f++)
        ck_assert_uint_ge(scarce_try(found.gl_pathv[f], read_scenario, found.gl_pathv[f], 30, 7), 1);
    globfree(&found);
}
END_TEST

/* ---- running them ------------------------------------------------------------------------------ */

/* Each scenario asks for memory in a part of the runner of its own; the first also tries all that a boot asks for. */
static const struct {
    const char *path;
    uint64_t last, step;
} runs[] = {
    {"scenarios/tour/grow-past-boot.scn", ALL, 50},
    {"scenarios/tour/fail-mid-plug-100.scn", 60, 50},
    {"scenarios/tour/two-domains-trade.scn", 60, 50},
    {"scenarios/tour/sysctl-target-under-xm.scn", 20, 50},
    {"scenarios/faults/plug-and-undo-refused.scn", 40, 50},
    {"scenarios/ours/frame-taken-away.scn", 50, 50},
    {"scenarios/lifecycle/typed-while-growing.scn", 70, 50},
    {"scenarios/lifecycle/save-and-restore.scn", 80, 50},
    {"scenarios/lifecycle/created-later.scn", 50, 50},
    {"scenarios/lifecycle/reboot-in-the-middle.scn", 50, 50},
    {"scenarios/limits/boot-map-holes.scn", 50, 50},
    {"scenarios/xen/claim-ends-with-its-domain.scn", 30, 50},
    {"scenarios/xen/pod-steals-what-is-given-up.scn", 30, 50},
    {"scenarios/xen/pod-sweeps-for-zeros.scn", 20, 50},
    {"scenarios/xen/pvh-by-proxy.scn", 20, 50},
    {"scenarios/xen/pvh-starts-on-demand.scn", 30, 50},
    {"scenarios/xen/exchange-refusals.scn", 40, 50},
    {"scenarios/xen/host-runs-dry.scn", 50, 50},
};

struct running {
    struct runner *runner;
    struct scenario *scenario;
    struct run_options options;
};

static bool run_with(struct runner *runner, const struct running *running, FILE *out)
{
    const enum verdict verdict = runner_run(runner, running->scenario, &running->options);
    size_t bytes;
    const void *recording = runner_recording(runner, &bytes);

    if (verdict == VERDICT_ERROR && scarce_is_said(runner_sentence(runner)))
        return false;
    fprintf(out, "%s\n%s\n", verdict_name(verdict), runner_sentence(runner));
    if (recording != NULL)
        fwrite(recording, 1, bytes, out);
    return true;
}

/* Runs the scenario with a new runner, which builds its host and loads its images. */
static bool run_alone(void *context, FILE *out)
{
    struct runner *runner = runner_new();
    const bool whole = runner != NULL && run_with(runner, context, out);

    runner_free(runner);
    return whole;
}

/* Runs the scenario with a runner that has run before, and must run again whatever happened. */
static bool run_again(void *context, FILE *out)
{
    const struct running *running = context;

    return run_with(running->runner, running, out);
}

/* A table for eight domains is full here, and the restored guest needs a ninth entry. */
static const char ninth_slot[] =
    "language 1\nhost mem=128m\ndomain p[1..7] kernel=probe memory=2m\n"
    "domain nb kernel=netbsd memory=16m\n+1s xl save nb f\n+1s xl restore f\n+1s settle\n";

START_TEST(a_restored_guest_has_its_slot_or_there_is_no_memory)
{
    struct complaint complaint;
    struct running running = {
        .scenario = scenario_parse("t.scn", ninth_slot, strlen(ninth_slot), &kernels, &complaint),
        .options = {.seed = 1}};

    ck_assert_msg(running.scenario != NULL, "%u: %s", complaint.where.line, complaint.message);
    ck_assert_uint_gt(scarce_try("t.scn", run_alone, &running, 60, 500), 100);
    scenario_free(running.scenario);
}
END_TEST

static struct running open_run(const char *path)
{
    struct complaint complaint;
    struct running running = {.scenario = scenario_read(path, &kernels, &complaint), .options = {.seed = 1}};

    ck_assert_msg(running.scenario != NULL, "%s:%u: %s", path, complaint.where.line, complaint.message);
    return running;
}

START_TEST(a_run_is_whole_or_there_is_no_memory)
{
    struct running running = open_run(runs[_i].path);

    ck_assert_uint_gt(scarce_try(runs[_i].path, run_alone, &running, runs[_i].last, runs[_i].step), 40);
    scenario_free(running.scenario);
}
END_TEST

static const char *const again[] = {"scenarios/tour/shrink.scn", "scenarios/lifecycle/save-and-restore.scn"};

START_TEST(a_runner_that_had_no_memory_runs_again)
{
    struct running running = open_run(again[_i]);

    running.runner = runner_new();
    ck_assert_ptr_nonnull(running.runner);
    ck_assert_uint_gt(scarce_try(again[_i], run_again, &running, 20, 5), 20);
    runner_free(running.runner);
    scenario_free(running.scenario);
}
END_TEST

Suite *no_memory_suite(void)
{
    Suite *suite = suite_create("no memory");
    TCase *tests = tcase_create("each request refused");

    tcase_add_test(tests, every_scenario_is_read_or_there_is_no_memory);
    tcase_add_loop_test(tests, a_run_is_whole_or_there_is_no_memory, 0, (int)(sizeof runs / sizeof runs[0]));
    tcase_add_test(tests, a_restored_guest_has_its_slot_or_there_is_no_memory);
    tcase_add_loop_test(
        tests, a_runner_that_had_no_memory_runs_again, 0, (int)(sizeof again / sizeof again[0]));
    suite_add_tcase(suite, tests);
    return suite;
}
