/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of the worker processes: order, deaths, hangs, and what comes back. */
#include "harness/worker.h"

#include <check.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define JOBS 6

static struct {
    size_t job;
    struct outcome outcome;
    char sentence[256], recording[64], places[64];
} seen[JOBS];
static size_t nr_seen;

static void keep(void *context, size_t job, const struct outcome *outcome)
{
    (void)context;
    ck_assert_uint_lt(nr_seen, JOBS);
    seen[nr_seen].job = job;
    seen[nr_seen].outcome = *outcome;
    strncpy(seen[nr_seen].sentence, outcome->sentence, sizeof seen[0].sentence - 1);
    if (outcome->recording != NULL)
        memcpy(seen[nr_seen].recording, outcome->recording, outcome->recording_bytes);
    memcpy(seen[nr_seen].places, outcome->places, outcome->places_bytes);
    nr_seen++;
}

static void setup(void)
{
    memset(seen, 0, sizeof seen);
    nr_seen = 0;
}

static void run(
    size_t jobs, unsigned at_a_time, unsigned timeout_ms, void (*work)(void *, size_t, struct outcome *))
{
    const struct workers workers = {
        .nr_jobs = jobs, .at_a_time = at_a_time, .timeout_ms = timeout_ms, .work = work, .deliver = keep};

    ck_assert(workers_run(&workers));
    ck_assert_uint_eq(nr_seen, jobs);
    for (size_t j = 0; j < jobs; j++)
        ck_assert_uint_eq(seen[j].job, j);
    ck_assert_int_eq(waitpid(-1, NULL, WNOHANG), -1); /* nobody is left */
}

/* The first takes longest, so that the others are done before it. */
static void slow_first(void *context, size_t job, struct outcome *outcome)
{
    (void)context;
    usleep(job == 0 ? 60000 : 1000);
    outcome->verdict = job == 2 ? VERDICT_FAIL : VERDICT_PASS;
    outcome->sentence = job == 1 ? "one" : "";
    outcome->recording = job == 3 ? NULL : "RECORD\0!";
    outcome->recording_bytes = 8;
    outcome->places = "12 here\n";
    outcome->places_bytes = job == 4 ? 0 : 8;
}

START_TEST(outcomes_come_whole_and_in_order)
{
    run(JOBS, (unsigned)_i, 10000, slow_first);
    ck_assert_int_eq(seen[2].outcome.verdict, VERDICT_FAIL);
    ck_assert_int_eq(seen[5].outcome.verdict, VERDICT_PASS);
    ck_assert_str_eq(seen[0].sentence, "");
    ck_assert_str_eq(seen[1].sentence, "one");
    ck_assert_int_eq(memcmp(seen[1].recording, "RECORD\0!", 8), 0);
    ck_assert_ptr_null(seen[3].outcome.recording);
    ck_assert_str_eq(seen[3].places, "12 here\n");
    ck_assert_uint_eq(seen[4].outcome.places_bytes, 0);
}
END_TEST

static void die_variously(void *context, size_t job, struct outcome *outcome)
{
    const struct rlimit no_core = {0, 0};

    (void)context;
    setrlimit(RLIMIT_CORE, &no_core);
    if (job == 0)
        raise(SIGKILL);
    if (job == 1)
        _exit(9);
    if (job == 2)
        for (;;)
            pause();
    outcome->verdict = VERDICT_PASS;
}

START_TEST(a_worker_that_dies_or_hangs_is_told_and_the_next_goes_on)
{
    run(4, (unsigned)_i, 300, die_variously);
    ck_assert_int_eq(seen[0].outcome.verdict, VERDICT_ERROR);
    ck_assert_ptr_nonnull(strstr(seen[0].sentence, "signal 9"));
    ck_assert_int_eq(seen[1].outcome.verdict, VERDICT_ERROR);
    ck_assert_ptr_nonnull(strstr(seen[1].sentence, "status 9"));
    ck_assert_int_eq(seen[2].outcome.verdict, VERDICT_TIMEOUT);
    ck_assert_ptr_nonnull(strstr(seen[2].sentence, "0.300 s"));
    ck_assert_ptr_null(seen[2].outcome.recording);
    ck_assert_int_eq(seen[3].outcome.verdict, VERDICT_PASS);
}
END_TEST

static void leave_without_a_word(void *context, size_t job, struct outcome *outcome)
{
    (void)context, (void)job, (void)outcome;
    _exit(0);
}

START_TEST(a_worker_that_leaves_no_outcome_is_an_error)
{
    run(1, 1, 1000, leave_without_a_word);
    ck_assert_int_eq(seen[0].outcome.verdict, VERDICT_ERROR);
    ck_assert_ptr_nonnull(strstr(seen[0].sentence, "no outcome"));
}
END_TEST

START_TEST(no_jobs_are_done_at_once)
{
    run(0, 1, 1000, leave_without_a_word);
}
END_TEST

Suite *worker_suite(void)
{
    Suite *suite = suite_create("worker");
    TCase *tests = tcase_create("worker processes");

    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_loop_test(tests, outcomes_come_whole_and_in_order, 1, 4);
    tcase_add_loop_test(tests, a_worker_that_dies_or_hangs_is_told_and_the_next_goes_on, 1, 3);
    tcase_add_test(tests, a_worker_that_leaves_no_outcome_is_an_error);
    tcase_add_test(tests, no_jobs_are_done_at_once);
    suite_add_tcase(suite, tests);
    return suite;
}
