/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Trails: what is told before and after an event, which functions are left out, and that a run which is watched leaves the
 * bytes that it would leave anyway. The last ones need the guests to be built.
 */
#include "harness/run/trail.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/image/kernels.h"
#include "harness/run/runner.h"
#include "sim/record/recorder.h"

Suite *trail_suite(void);

static struct recorder *rec;
static struct trail *trail;
static struct machine_trace trace;

/* Of the function at offset 17: "a.c:17 (f17)"; from 1000 on inlined into f1. */
static bool place(void *context, unsigned domid, uint64_t text_offset, char *out, size_t out_bytes)
{
    (void)context;
    (void)domid;
    snprintf(out, out_bytes, text_offset < 1000 ? "a.c:%u (f%u)" : "a.c:%u (f%u)\ta.c:1 (f1)",
        (unsigned)text_offset, (unsigned)text_offset);
    return text_offset != 999;
}

static void begin(const struct trail_asked *asked, size_t count)
{
    rec = recorder_new();
    trail = trail_new(asked, count);
    ck_assert(rec != NULL && trail != NULL);
    trace = trail_begin(trail, rec, place, NULL);
}

static void end(void)
{
    trail_free(trail);
    recorder_free(rec);
}

static void runs(unsigned domid, uint64_t function)
{
    if (trace.wanted(trace.context))
        trace.ran(trace.context, domid, function);
}

static void event(void)
{
    const struct record_value value = {0};

    recorder_append(rec, REC_EVTCHN, 1, 0, &value, sizeof value, NULL, 0, 0);
}

START_TEST(the_last_before_and_the_first_after)
{
    begin(&(struct trail_asked){2, 1}, 1);
    event();
    runs(1, 3);
    runs(1, 4);
    runs(2, 5); /* another domain's */
    event();
    runs(1, 4);
    runs(1, 6);
    runs(1, 4);
    runs(1, 999); /* nobody knows what that is */
    ck_assert(trail_end(trail));
    ck_assert_str_eq(trail_before(trail, 0, 0), "a.c:4 (f4)");
    ck_assert_str_eq(trail_before(trail, 0, 1), "a.c:3 (f3)");
    ck_assert_ptr_null(trail_before(trail, 0, 2));
    ck_assert_str_eq(trail_after(trail, 0, 0), "a.c:4 (f4)");
    ck_assert_str_eq(trail_after(trail, 0, 1), "a.c:6 (f6)");
    ck_assert_ptr_null(trail_after(trail, 0, 2));
    end();
}
END_TEST

START_TEST(inlined_functions_run_within_their_caller)
{
    begin(&(struct trail_asked){1, DOMID_HOST}, 1);
    runs(2, 1000);
    event();
    ck_assert(trail_end(trail));
    ck_assert_str_eq(trail_before(trail, 0, 0), "a.c:1000 (f1000)");
    ck_assert_str_eq(trail_before(trail, 0, 1), "a.c:1 (f1)");
    end();
}
END_TEST

START_TEST(what_runs_all_the_time_gives_way)
{
    begin(&(struct trail_asked){1, 1}, 1);
    for (uint64_t function = 100; function < 100 + TRAIL_FUNCTIONS; function++)
        runs(1, function);
    for (unsigned i = 0; i < 50; i++) {
        runs(1, 7);
        runs(1, 8);
    }
    event();
    ck_assert(trail_end(trail));
    for (unsigned n = 0; n < TRAIL_FUNCTIONS; n++) {
        char wanted[32];
        snprintf(wanted, sizeof wanted, "a.c:%u (f%u)", 99 + TRAIL_FUNCTIONS - n, 99 + TRAIL_FUNCTIONS - n);
        ck_assert_str_eq(trail_before(trail, 0, n), wanted);
    }
    end();
}
END_TEST

/* Where a search is that takes too long: the functions with most blocks of their own. */
START_TEST(most_blocks_come_first)
{
    begin(&(struct trail_asked){1, 1}, 1);
    for (unsigned i = 0; i < 50; i++) {
        runs(1, 7);
        if (i % 2 == 0)
            runs(1, 1000); /* inlined into f1, whose blocks these are not */
        runs(2, 9);
        runs(2, 9);
    }
    runs(1, 3);
    runs(1, 3);
    runs(1, 4);
    event();
    runs(1, 4);
    runs(1, 4);
    ck_assert(trail_end(trail));
    ck_assert_str_eq(trail_most(trail, 0, 0), "a.c:7 (f7)");
    ck_assert_str_eq(trail_most(trail, 0, 1), "a.c:1000 (f1000)");
    ck_assert_str_eq(trail_most(trail, 0, 2), "a.c:3 (f3)");
    ck_assert_ptr_null(trail_most(trail, 0, 3));
    end();
}
END_TEST

/* Blocks are told near the events that were asked about, and nowhere else. */
START_TEST(far_from_what_is_asked_nothing_is_told)
{
    begin(&(struct trail_asked){2000, 1}, 1);
    ck_assert(!trace.wanted(trace.context));
    for (unsigned i = 0; i < 2000; i++)
        event();
    ck_assert(trace.wanted(trace.context));
    for (unsigned i = 0; i < 200; i++)
        event();
    ck_assert(!trace.wanted(trace.context));
    end();
}
END_TEST

/* ---- whole runs ---------------------------------------------------------------------------------- */

static const char *const runs_of_guests[] = {
    "language 1\nhost mem=256m\ndomain nb kernel=netbsd memory=32m maxmem=64m\n+0 xl mem-set nb 64m\n+0 "
    "settle\n"
    "+1s nb$ hold 4m\n+1s nb$ verify\n+0 xl mem-set nb 16m\n+0 settle\nexpect nb reservation == 16m\n",
    "language 1\nhost mem=256m\ndomain a kernel=netbsd memory=16m maxmem=32m\ndomain b kernel=netbsd-static "
    "memory=16m\n"
    "+0 fault a uvm_physseg_plug page=100 sticky\n+0 xl mem-set a 32m\n+0 xl mem-set b 8m\n+1s settle\n"
    "+0 xl save a f\n+1s xl restore f\n+1s xl reboot b\n+1s settle\n",
};

START_TEST(a_run_that_is_watched_is_the_same)
{
    static const struct kernels kernels = {.describe = kernel_describe};
    const struct trail_asked asked[] = {{60, DOMID_HOST}, {200, DOMID_HOST}};
    struct run_options options = {.seed = 1, .schedule_seed = (uint64_t)_i % 2 * 7};
    const char *text = runs_of_guests[_i / 2];
    struct complaint complaint;
    struct runner *runner = runner_new();
    struct scenario *scenario = scenario_parse("t.scn", text, strlen(text), &kernels, &complaint);
    size_t bytes, bytes_again;

    ck_assert_msg(scenario != NULL, "%s", complaint.message);
    const enum verdict verdict = runner_run(runner, scenario, &options);
    const void *recording = runner_recording(runner, &bytes);
    void *first = malloc(bytes);
    memcpy(first, recording, bytes);
    options.trail = trail_new(asked, 2);
    ck_assert_int_eq(runner_run(runner, scenario, &options), verdict);
    ck_assert(trail_end(options.trail));
    recording = runner_recording(runner, &bytes_again);
    ck_assert_uint_eq(bytes, bytes_again);
    ck_assert_mem_eq(recording, first, bytes);
    ck_assert_ptr_nonnull(trail_before(options.trail, 0, 0));
    ck_assert_ptr_nonnull(trail_after(options.trail, 0, 0));
    trail_free(options.trail);
    free(first);
    runner_free(runner);
    scenario_free(scenario);
}
END_TEST

Suite *trail_suite(void)
{
    Suite *suite = suite_create("trail");
    TCase *tests = tcase_create("trails");

    tcase_add_test(tests, the_last_before_and_the_first_after);
    tcase_add_test(tests, inlined_functions_run_within_their_caller);
    tcase_add_test(tests, what_runs_all_the_time_gives_way);
    tcase_add_test(tests, most_blocks_come_first);
    tcase_add_test(tests, far_from_what_is_asked_nothing_is_told);
    tcase_add_loop_test(tests, a_run_that_is_watched_is_the_same, 0, 4);
    suite_add_tcase(suite, tests);
    return suite;
}
