/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of the worker processes: order, deaths, hangs, and what comes back. */
#include "harness/ballast/worker.h"

#include <check.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define JOBS    6
#define LONG_MS 600000 /* far more than any job takes beside whatever else a machine does */

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

static unsigned grace_ms;

static void setup(void)
{
    memset(seen, 0, sizeof seen);
    nr_seen = 0;
    grace_ms = 1;
}

static void run(
    size_t jobs, unsigned at_a_time, unsigned timeout_ms, void (*work)(void *, size_t, struct outcome *))
{
    const struct workers workers = {.nr_jobs = jobs,
        .at_a_time = at_a_time,
        .timeout_ms = timeout_ms,
        .grace_ms = grace_ms,
        .work = work,
        .deliver = keep};

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
    run(JOBS, (unsigned)_i, LONG_MS, slow_first);
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
    outcome->verdict = VERDICT_PASS;
}

START_TEST(a_worker_that_dies_is_told_and_the_next_goes_on)
{
    run(3, (unsigned)_i, LONG_MS, die_variously);
    ck_assert_int_eq(seen[0].outcome.verdict, VERDICT_ERROR);
    ck_assert_ptr_nonnull(strstr(seen[0].sentence, "from outside (signal 9, Killed)"));
    ck_assert_int_eq(seen[1].outcome.verdict, VERDICT_ERROR);
    ck_assert_ptr_nonnull(strstr(seen[1].sentence, "status 9"));
    ck_assert_int_eq(seen[2].outcome.verdict, VERDICT_PASS);
}
END_TEST

static void hang(void *context, size_t job, struct outcome *outcome)
{
    (void)context, (void)job, (void)outcome;
    for (;;)
        pause();
}

START_TEST(workers_that_hang_are_given_up_one_after_the_other)
{
    run(3, (unsigned)_i, 100, hang);
    for (size_t j = 0; j < 3; j++) {
        ck_assert_int_eq(seen[j].outcome.verdict, VERDICT_TIMEOUT);
        ck_assert_ptr_nonnull(strstr(seen[j].sentence, "0.100 s"));
        ck_assert_ptr_null(seen[j].outcome.recording);
    }
}
END_TEST

static void wait_for_the_end(int signal)
{
    (void)signal;
}

/* The first says where it was, the second does not even look. */
static void run_out_of_time(void *context, size_t job, struct outcome *outcome)
{
    (void)context;
    signal(SIGXCPU, job == 0 ? wait_for_the_end : SIG_DFL);
    pause();
    outcome->verdict = VERDICT_TIMEOUT;
    outcome->sentence = "it was at event 7";
}

START_TEST(a_worker_whose_time_is_over_says_where_it_was)
{
    grace_ms = LONG_MS;
    run(2, 1, 100, run_out_of_time);
    ck_assert_int_eq(seen[0].outcome.verdict, VERDICT_TIMEOUT);
    ck_assert_str_eq(seen[0].sentence,
        "not done after 0.100 s of wall clock (--timeout gives it more)\nit was at event 7");
    ck_assert_int_eq(seen[1].outcome.verdict, VERDICT_TIMEOUT);
    ck_assert_str_eq(seen[1].sentence, "not done after 0.100 s of wall clock (--timeout gives it more)");
}
END_TEST

static void leave_without_a_word(void *context, size_t job, struct outcome *outcome)
{
    (void)context, (void)job, (void)outcome;
    _exit(0);
}

START_TEST(a_worker_that_leaves_no_outcome_is_an_error)
{
    run(1, 1, LONG_MS, leave_without_a_word);
    ck_assert_int_eq(seen[0].outcome.verdict, VERDICT_ERROR);
    ck_assert_ptr_nonnull(strstr(seen[0].sentence, "left no outcome (nothing was written)"));
}
END_TEST

#define NOT_WHOLE "left no outcome (what was written is not whole)"

/* What a guest may have written over it: the head that worker.c puts before an outcome. */
struct forged {
    char magic[8];
    int32_t verdict;
    uint32_t has_recording;
    uint64_t sentence_bytes, recording_bytes, places_bytes, hypercalls, differences;
    uint64_t more[8];
};

/* The memory that a worker leaves its outcome in, found as a guest gone wild would find it. */
static int outcome_fd(void)
{
    char name[64], target[128];

    for (int fd = 3; fd < 256; fd++) {
        snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
        const ssize_t length = readlink(name, target, sizeof target - 1);
        target[length > 0 ? length : 0] = 0;
        if (strstr(target, "ballast outcome") != NULL)
            return fd;
    }
    return -1;
}

static void forge(void *context, size_t job, struct outcome *outcome)
{
    struct forged forged = {.magic = "OUTCOME", .sentence_bytes = 1};
    size_t bytes = sizeof forged;

    (void)context, (void)outcome;
    if (job == 0)
        bytes = 20; /* not even the head */
    else if (job == 1)
        forged.magic[0] = 'X';
    else if (job == 2)
        forged.recording_bytes = UINT64_MAX;
    else if (job == 3)
        forged.sentence_bytes = 0;
    else if (job == 4)
        forged.sentence_bytes = 1000;
    else if (job == 5)
        forged.places_bytes = UINT64_MAX - 8;
    _exit(pwrite(outcome_fd(), &forged, bytes, 0) == (ssize_t)bytes ? 0 : 1);
}

static void forge_without_an_end(void *context, size_t job, struct outcome *outcome)
{
    struct forged forged = {.magic = "OUTCOME", .sentence_bytes = 8};

    (void)context, (void)job, (void)outcome;
    memset(forged.more, 'x', sizeof forged.more);
    _exit(pwrite(outcome_fd(), &forged, sizeof forged, 0) == (ssize_t)sizeof forged ? 0 : 1);
}

/* Each is whole but for one number. */
static void forge_numbers(void *context, size_t job, struct outcome *outcome)
{
    struct forged forged = {.magic = "OUTCOME", .sentence_bytes = sizeof forged.more};

    (void)context, (void)outcome;
    if (job == 0)
        forged.verdict = 77;
    else if (job == 1)
        forged.verdict = -1;
    else if (job == 2)
        forged.verdict = 1;
    else if (job == 3)
        forged.has_recording = 2;
    else if (job == 4)
        forged.sentence_bytes--; /* a byte is nobody's */
    _exit(pwrite(outcome_fd(), &forged, sizeof forged, 0) == (ssize_t)sizeof forged ? 0 : 1);
}

START_TEST(numbers_out_of_range_are_not_believed)
{
    run(5, 1, 10000, forge_numbers);
    for (size_t j = 0; j < 5; j++) {
        ck_assert_int_eq(seen[j].outcome.verdict, VERDICT_ERROR);
        ck_assert_msg(strstr(seen[j].sentence, NOT_WHOLE) != NULL, "%zu: %s", j, seen[j].sentence);
    }
}
END_TEST

/* What is shared with whatever a worker leaves behind. */
static struct shared {
    _Atomic pid_t child;
    _Atomic unsigned turns;
    _Atomic bool go;
} * shared;

static void share(void)
{
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(shared, MAP_FAILED);
}

/* A child of the worker goes on: it holds all that the worker had open. */
static void leave_a_child(void *context, size_t job, struct outcome *outcome)
{
    (void)context, (void)job;
    const pid_t child = fork();
    if (child == 0)
        for (;;) {
            shared->turns++;
            usleep(1000);
        }
    shared->child = child;
    outcome->verdict = VERDICT_PASS;
}

static bool has_gone(pid_t pid)
{
    char path[64], line[256] = "";

    snprintf(path, sizeof path, "/proc/%d/stat", (int)pid);
    FILE *in = fopen(path, "r");
    if (in == NULL)
        return true;
    const bool read = fgets(line, sizeof line, in) != NULL;
    fclose(in);
    const char *state = read ? strrchr(line, ')') : NULL;
    return state == NULL || strchr("ZX", state[2]) != NULL;
}

START_TEST(a_child_of_a_worker_ends_with_it)
{
    share();
    run(1, 1, 600000, leave_a_child); /* and nobody waits for the child */
    ck_assert_int_eq(seen[0].outcome.verdict, VERDICT_PASS);
    while (!has_gone(shared->child)) /* for ever: the test's time limit ends it */
        usleep(1000);
}
END_TEST

/* A child that got away goes on to change the outcome's file while the parent reads it. */
static void leave_a_writer(void *context, size_t job, struct outcome *outcome)
{
    static char recording[1 << 20];

    (void)context;
    const int fd = outcome_fd();
    if (fork() == 0) {
        setsid();
        shared->child = getpid();
        volatile char *mapped = NULL;
        if (job == 1 && ftruncate(fd, 4096) == 0)
            mapped = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
        shared->go = true;
        for (;;) {
            if (mapped != NULL)
                *mapped = 'X';
            else
                (void)!ftruncate(fd, 0);
            shared->turns++;
        }
    }
    while (!shared->go)
        usleep(100);
    *outcome = (struct outcome){
        .verdict = VERDICT_FAIL, .recording = recording, .recording_bytes = sizeof recording, .places = ""};
}

static unsigned big_ones;

static void read_all(void *context, size_t job, const struct outcome *outcome)
{
    unsigned sum = 0;

    (void)context, (void)job;
    for (unsigned turn = 0; turn < 20; turn++)
        for (size_t b = 0; outcome->recording != NULL && b < outcome->recording_bytes; b++)
            sum += ((const unsigned char *)outcome->recording)[b];
    ck_assert_uint_eq(sum, 0);
    ck_assert(outcome->verdict == VERDICT_ERROR || outcome->verdict == VERDICT_FAIL);
    big_ones++;
    kill(shared->child, SIGKILL);
}

START_TEST(a_writer_that_got_away_changes_nothing)
{
    const struct workers workers = {
        .nr_jobs = 1, .at_a_time = 1, .timeout_ms = 600000, .work = leave_a_writer, .deliver = read_all};

    share();
    for (unsigned turn = 1; turn <= 8; turn++) {
        shared->go = false;
        ck_assert(workers_run(&workers));
        ck_assert_uint_eq(big_ones, turn);
    }
}
END_TEST

static void keep_it_mapped(void *context, size_t job, struct outcome *outcome)
{
    leave_a_writer(context, job + 1, outcome);
}

START_TEST(an_outcome_that_somebody_can_still_write_is_not_believed)
{
    share();
    run(1, 1, 600000, keep_it_mapped);
    kill(shared->child, SIGKILL);
    ck_assert_int_eq(seen[0].outcome.verdict, VERDICT_ERROR);
    ck_assert_ptr_nonnull(strstr(
        seen[0].sentence, "left no outcome (after 2 s a process, or the kernel, still has hold of it)"));
}
END_TEST

/* A worker has open what is its own. */
static void count_outcomes(void *context, size_t job, struct outcome *outcome)
{
    char name[64], target[128];
    unsigned count = 0;

    (void)context, (void)job;
    for (int fd = 3; fd < 256; fd++) {
        snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
        const ssize_t length = readlink(name, target, sizeof target - 1);
        target[length > 0 ? length : 0] = 0;
        count += strstr(target, "ballast outcome") != NULL || strstr(target, "pidfd") != NULL;
    }
    outcome->verdict = count == 1 ? VERDICT_PASS : VERDICT_FAIL;
}

START_TEST(a_worker_has_no_outcome_open_but_its_own)
{
    run(JOBS, 3, 600000, count_outcomes);
    for (size_t j = 0; j < JOBS; j++)
        ck_assert_int_eq(seen[j].outcome.verdict, VERDICT_PASS);
}
END_TEST

START_TEST(an_outcome_that_a_guest_wrote_over_is_not_believed)
{
    run(6, 1, LONG_MS, forge);
    for (size_t j = 0; j < 6; j++) {
        ck_assert_int_eq(seen[j].outcome.verdict, VERDICT_ERROR);
        ck_assert_msg(strstr(seen[j].sentence, NOT_WHOLE) != NULL, "%zu: %s", j, seen[j].sentence);
    }
    setup();
    run(1, 1, LONG_MS, forge_without_an_end);
    ck_assert_int_eq(seen[0].outcome.verdict, VERDICT_ERROR);
    ck_assert_ptr_nonnull(strstr(seen[0].sentence, NOT_WHOLE));
}
END_TEST

/* Whatever else ends with the process has room again: what counts coverage writes files, too. */
static void lift_the_limit(void)
{
    struct rlimit limit;

    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_FSIZE, &limit);
}

static void too_large_to_leave(void *context, size_t job, struct outcome *outcome)
{
    static char recording[1 << 16];
    struct rlimit limit;

    (void)context;
    signal(SIGXFSZ, SIG_IGN);
    atexit(lift_the_limit);
    getrlimit(RLIMIT_FSIZE, &limit);
    limit.rlim_cur = job == 0 ? 4096 : 65536;
    setrlimit(RLIMIT_FSIZE, &limit);
    *outcome = (struct outcome){.verdict = VERDICT_PASS,
        .recording = recording,
        .recording_bytes = sizeof recording - 80,
        .places = recording};
    outcome->places_bytes = job == 0 ? 0 : 4096;
}

START_TEST(an_outcome_that_finds_no_room_is_an_error)
{
    run(2, 1, LONG_MS, too_large_to_leave);
    for (size_t j = 0; j < 2; j++) {
        ck_assert_int_eq(seen[j].outcome.verdict, VERDICT_ERROR);
        ck_assert_msg(strstr(seen[j].sentence, "ulimit -f") != NULL, "%s", seen[j].sentence);
    }
}
END_TEST

static const struct {
    int signal;
    const char *says;
} ends[] = {
    {SIGKILL, "the kernel does so when memory runs out"},
    {SIGTERM, "from outside (signal 15, Terminated)"},
    {SIGINT, "from outside (signal 2"},
    {SIGUSR2, "from outside (signal 12"},
    {SIGXCPU, "ulimit -t"},
    {SIGXFSZ, "ulimit -f"},
};

static void end_by_a_signal(void *context, size_t job, struct outcome *outcome)
{
    (void)context, (void)outcome;
    const struct rlimit no_core = {0, 0};
    setrlimit(RLIMIT_CORE, &no_core);
    signal(ends[job].signal, SIG_DFL);
    raise(ends[job].signal);
}

START_TEST(an_end_from_outside_is_no_fault_of_ours)
{
    run(sizeof ends / sizeof ends[0], 1, LONG_MS, end_by_a_signal);
    for (size_t j = 0; j < sizeof ends / sizeof ends[0]; j++) {
        ck_assert_int_eq(seen[j].outcome.verdict, VERDICT_ERROR);
        ck_assert_msg(strstr(seen[j].sentence, ends[j].says) != NULL, "%s", seen[j].sentence);
        ck_assert_ptr_null(strstr(seen[j].sentence, "fault of Ballast"));
    }
}
END_TEST

static void time_is_over_by_itself(void *context, size_t job, struct outcome *outcome)
{
    (void)context, (void)job;
    *outcome = (struct outcome){.verdict = VERDICT_TIMEOUT, .sentence = "it was at event 7", .places = ""};
}

/* The kernel sends the signal by which a worker is told that its time is over, too. */
/* With one limit for both, as a shell sets it, the kernel kills at once. */
START_TEST(a_processor_time_that_is_used_up_is_named)
{
    const struct rlimit limit = {1000000, 1000000};

    setrlimit(RLIMIT_CPU, &limit);
    run(1, 1, LONG_MS, end_by_a_signal);
    ck_assert_msg(strstr(seen[0].sentence, "ulimit -t") != NULL, "%s", seen[0].sentence);
}
END_TEST

START_TEST(a_timeout_that_was_not_asked_for_says_whose_it_is)
{
    run(1, 1, LONG_MS, time_is_over_by_itself);
    ck_assert_int_eq(seen[0].outcome.verdict, VERDICT_TIMEOUT);
    ck_assert_msg(
        strstr(seen[0].sentence, "ulimit -t allows\nit was at event 7") != NULL, "%s", seen[0].sentence);
}
END_TEST

#define MANY 300

static _Atomic unsigned *many_done; /* by all processes */
static unsigned many_delivered;

/* The first goes on once as many are done as have no room, or once it is clear that they wait for it. */
static void many_behind_one(void *context, size_t job, struct outcome *outcome)
{
    (void)context;
    for (unsigned tries = 0; job == 0 && *many_done < MANY - 1 && tries < 50; tries++)
        usleep(10000);
    ++*many_done;
    outcome->verdict = VERDICT_PASS;
}

static void count_many(void *context, size_t job, const struct outcome *outcome)
{
    (void)context;
    ck_assert_uint_eq(job, many_delivered);
    ck_assert_int_eq(outcome->verdict, VERDICT_PASS);
    many_delivered++;
}

START_TEST(results_that_wait_take_no_descriptors_from_others)
{
    const struct workers workers = {.nr_jobs = MANY,
        .at_a_time = (unsigned)_i,
        .timeout_ms = LONG_MS,
        .work = many_behind_one,
        .deliver = count_many};
    struct rlimit limit;

    many_done = mmap(NULL, sizeof *many_done, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = 64;
    setrlimit(RLIMIT_NOFILE, &limit);
    ck_assert(workers_run(&workers));
    ck_assert_uint_eq(many_delivered, MANY);
}
END_TEST

START_TEST(no_jobs_are_done_at_once)
{
    run(0, 1, LONG_MS, leave_without_a_word);
}
END_TEST

Suite *worker_suite(void)
{
    Suite *suite = suite_create("worker");
    TCase *tests = tcase_create("worker processes");

    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_loop_test(tests, outcomes_come_whole_and_in_order, 1, 4);
    tcase_add_loop_test(tests, a_worker_that_dies_is_told_and_the_next_goes_on, 1, 3);
    tcase_add_loop_test(tests, workers_that_hang_are_given_up_one_after_the_other, 1, 3);
    tcase_add_test(tests, a_worker_whose_time_is_over_says_where_it_was);
    tcase_add_test(tests, a_worker_that_leaves_no_outcome_is_an_error);
    tcase_add_test(tests, an_outcome_that_a_guest_wrote_over_is_not_believed);
    tcase_add_test(tests, numbers_out_of_range_are_not_believed);
    tcase_add_test(tests, a_child_of_a_worker_ends_with_it);
    tcase_add_test(tests, a_writer_that_got_away_changes_nothing);
    tcase_add_test(tests, an_outcome_that_somebody_can_still_write_is_not_believed);
    tcase_add_test(tests, a_worker_has_no_outcome_open_but_its_own);
    tcase_add_test(tests, an_outcome_that_finds_no_room_is_an_error);
    tcase_add_test(tests, an_end_from_outside_is_no_fault_of_ours);
    tcase_add_test(tests, a_processor_time_that_is_used_up_is_named);
    tcase_add_test(tests, a_timeout_that_was_not_asked_for_says_whose_it_is);
    tcase_add_loop_test(tests, results_that_wait_take_no_descriptors_from_others, 2, 3);
    tcase_add_loop_test(tests, results_that_wait_take_no_descriptors_from_others, 60, 61);
    tcase_add_test(tests, no_jobs_are_done_at_once);
    suite_add_tcase(suite, tests);
    return suite;
}
