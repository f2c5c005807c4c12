/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `ballast replay --gdb`, used as a person would, with gdb's commands on its input. How gdb prints a stack and variables is
 * up to gdb: the tests look only for the driver's own file, function and line.
 */
#include "harness/ballast/gdb.h"

#include <check.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define SCENARIO     "scenarios/tour/fail-mid-plug-100.scn"
#define OUTPUT_BYTES (1u << 18)

static char output[OUTPUT_BYTES];
static char recording[] = "/tmp/ballast-gdb-XXXXXX";

static const char *program(void)
{
    return getenv("BALLAST") != NULL ? getenv("BALLAST") : "build/ballast";
}

static void run(const char *arguments, const char *input)
{
    char command[1024];

    snprintf(command, sizeof command, "printf '%s' | HOME=/nonexistent %s replay %s 2>&1", input, program(),
        arguments);
    FILE *in = popen(command, "r");
    ck_assert_ptr_nonnull(in);
    const size_t bytes = fread(output, 1, sizeof output - 1, in);
    output[bytes] = 0;
    pclose(in);
}

/* The end of what was printed: Check dies of a message that is longer than its buffer of 8 KiB. */
static const char *end_of_output(void)
{
    const size_t bytes = strlen(output), most = 4000;

    return bytes > most ? output + bytes - most : output;
}

#define ASSERT_SAID(part) \
    ck_assert_msg(strstr(output, (part)) != NULL, "no \"%s\" in what ends with:\n%s", (part), end_of_output())

/* The event of the first refused plug, and what its place says: the driver's line and function. */
struct refused {
    unsigned event, line;
    char function[64];
};

static struct refused find_refused(void)
{
    struct refused refused = {0};
    char name[64], arguments[256], line[512];
    unsigned event, place;
    char function[64];

    const int fd = mkstemp(recording);
    ck_assert_int_ge(fd, 0);
    close(fd);
    snprintf(arguments, sizeof arguments, "--record %s " SCENARIO, recording);
    run(arguments, "");
    snprintf(name, sizeof name, "%s.places", recording);
    FILE *places = fopen(name, "r");
    ck_assert_msg(places != NULL, "no places:\n%s", end_of_output());
    while (refused.event == 0 && fgets(line, sizeof line, places) != NULL)
        if (sscanf(line, "%u balloon.c:%u (%63[^)])", &event, &place, function) == 3 &&
            strstr(function, "plug") != NULL) {
            refused.event = event;
            refused.line = place;
            strcpy(refused.function, function);
        }
    fclose(places);
    unlink(name);
    unlink(recording);
    strcpy(recording + strlen(recording) - 6, "XXXXXX");
    ck_assert_uint_gt(refused.event, 0);
    return refused;
}

static bool gdb_is_there(void)
{
    const bool there = system("gdb --version >/dev/null 2>&1") == 0;

    if (!there)
        fprintf(stderr, "gdb isn't installed: what needs it is not tested\n");
    return there;
}

START_TEST(it_stops_in_the_drivers_source)
{
    char arguments[256], text[128];

    if (!gdb_is_there())
        return;
    const struct refused refused = find_refused();
    snprintf(arguments, sizeof arguments, SCENARIO " --gdb --until %u", refused.event);
    run(arguments,
        "bt\\nballast-machine\\nballast-threads\\nballast-go\\nbt\\nballast-thread 1\\nbt\\ncontinue\\n");
    snprintf(text, sizeof text, "event %u, at 0.0", refused.event);
    ASSERT_SAID(text);
    ASSERT_SAID("xl mem-set nb 128m");
    snprintf(text, sizeof text, "%s (", refused.function);
    ASSERT_SAID(text);
    snprintf(text, sizeof text, "guest/netbsd/balloon.c:%u\n%u\t", refused.line, refused.line);
    ASSERT_SAID(text); /* the frame with its source line */
    ASSERT_SAID("balloon_thread (");
    ASSERT_SAID("thread_begin (");
    /* the machine and the threads */
    ASSERT_SAID("nb       domid 1: reservation ");
    ASSERT_SAID("target read 131072 KiB (32768 pages)");
    ASSERT_SAID("xenbus           waits for xsread");
    ASSERT_SAID("balloon0         runs");
    /* it went on in the driver, then to the end */
    ASSERT_SAID("Temporary breakpoint");
    ASSERT_SAID("PASS    " SCENARIO);
    ASSERT_SAID("exited normally");
    ck_assert_ptr_null(strstr(output, "Error in sourced command file"));
}
END_TEST

/* Back and forth: the run begins anew, and its events are the same. */
START_TEST(it_goes_to_another_event)
{
    char arguments[256], input[200], first[64], before[64];

    if (!gdb_is_there())
        return;
    const struct refused refused = find_refused();
    snprintf(arguments, sizeof arguments, SCENARIO " --gdb --until %u", refused.event);
    snprintf(input, sizeof input,
        "ballast-goto %u-20\\nballast-goto 99999999\\nballast-goto %u\\nbt 1\\nballast-goto\\nballast-goto "
        "0\\n",
        refused.event, refused.event);
    run(arguments, input);
    snprintf(first, sizeof first, "event %u, at", refused.event);
    snprintf(before, sizeof before, "event %u, at", refused.event - 20);
    const char *at = strstr(output, first);
    ck_assert_msg(at != NULL, "%s", end_of_output());
    at = strstr(at, before);
    ck_assert_msg(at != NULL, "it did not go back:\n%s", end_of_output());
    at = strstr(at, "the run has only ");
    ck_assert_msg(at != NULL, "%s", end_of_output());
    at = strstr(at, first);
    ck_assert_msg(at != NULL, "it did not go forth:\n%s", end_of_output());
    ASSERT_SAID("to which event?");
    ASSERT_SAID("the first event is number 1");
    ck_assert_ptr_null(strstr(output, "Error in sourced command file"));
}
END_TEST

START_TEST(a_thread_that_is_not_there_is_none)
{
    char arguments[256];

    if (!gdb_is_there())
        return;
    const struct refused refused = find_refused();
    snprintf(arguments, sizeof arguments, SCENARIO " --gdb --until %u", refused.event);
    run(arguments,
        "ballast-thread 99\\nballast-thread 18446744073709551615\\nballast-thread\\nballast-thread 1\\n");
    ASSERT_SAID("there is no thread 99; ballast-threads lists");
    ASSERT_SAID("there is no thread 18446744073709551615");
    ASSERT_SAID("which one?");
    ASSERT_SAID("switch_to (");
    ck_assert_ptr_null(strstr(output, "Cannot access memory"));
}
END_TEST

START_TEST(without_an_event_it_stops_where_things_go_wrong)
{
    if (!gdb_is_there())
        return;
    run("scenarios/contained/wild-read.scn --gdb", "bt\\nballast-go\\ncontinue\\n");
    ASSERT_SAID("read_wild ()");
    ASSERT_SAID("guest/netbsd/kern/agent_misbehave.c:");
    ASSERT_SAID("agent_thread (");
    ASSERT_SAID("this guest has died: it can't go on");
    ASSERT_SAID("PASS    scenarios/contained/wild-read.scn");
}
END_TEST

/* Who writes a scenario wants to see the driver where an expectation fails. */
START_TEST(without_an_event_it_stops_where_a_statement_fails)
{
    char arguments[64];

    if (!gdb_is_there())
        return;
    const int fd = mkstemp(recording);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_gt(dprintf(fd, "language 1\nhost mem=64m\ndomain nb kernel=netbsd memory=16m\n+0 settle\n"
                                 "expect nb reservation == 15m\n+1s settle\n"),
        0);
    close(fd);
    snprintf(arguments, sizeof arguments, "%s --gdb", recording);
    run(arguments, "bt\nballast-host\nballast-host\ncontinue\n");
    unlink(recording);
    strcpy(recording + strlen(recording) - 6, "XXXXXX");
    ASSERT_SAID("scenario line 5:\nexpect nb reservation == 15m");
    ASSERT_SAID("gdb shows where the processor is already");
    ASSERT_SAID("got 16m, 1m over");
}
END_TEST

START_TEST(an_overflown_stack_can_be_looked_at)
{
    if (!gdb_is_there())
        return;
    run("scenarios/contained/stack-overflow.scn --gdb", "bt 3\\nballast-threads\\ncontinue\\n");
    ASSERT_SAID("overflow_the_stack (depth=");
    ASSERT_SAID("agent            runs");
    ASSERT_SAID("PASS    scenarios/contained/stack-overflow.scn");
}
END_TEST

START_TEST(one_file_on_the_simulated_machine)
{
    run(SCENARIO " " SCENARIO " --gdb", "");
    ASSERT_SAID("--gdb shows one replay, of one file");
    run("--on xen " SCENARIO " --gdb", "");
    ASSERT_SAID("on the simulated machine");
    run("/nonexistent.scn --gdb", "");
    ASSERT_SAID("/nonexistent.scn: No such file");
}
END_TEST

/* ---- what a person never sees of it ---- */

struct stop { /* as ballast.gdb reads it */
    const struct machine *machine;
    const struct domain *domain;
    bool faulted, in_driver;
    char text[512];
};
extern struct stop ballast_stop;

START_TEST(an_event_of_nobody_is_shown_with_its_line)
{
    const struct machine_config config = {.seed = 1, .host_pages = 4096};
    struct recorder *recorder = recorder_new();
    struct machine *machine = machine_new(&config, recorder);

    ck_assert_ptr_nonnull(machine);
    gdb_event(machine, 7, 12, "language 1\nhost mem=16m\n", 2);
    ck_assert_ptr_eq(ballast_stop.machine, machine);
    ck_assert_ptr_null(ballast_stop.domain);
    ck_assert(!ballast_stop.faulted && !ballast_stop.in_driver);
    ck_assert_str_eq(
        ballast_stop.text, "\nevent 12, at 0.000000 s of virtual time, scenario line 2:\nhost mem=16m\n");
    gdb_event(machine, 7, 13, "language 1\n", 0);
    ck_assert_ptr_nonnull(strstr(ballast_stop.text, "event 13,"));
    ck_assert_ptr_nonnull(strstr(ballast_stop.text, "scenario line 0:\n\n"));
    gdb_event(machine, 7, 14, "language 1\n", 9); /* the text is shorter */
    ck_assert_ptr_nonnull(strstr(ballast_stop.text, "scenario line 9:\n\n"));
    machine_free(machine);
    recorder_free(recorder);
}
END_TEST

static enum verdict gdb_of(const struct replay_options *options, rlim_t files_max)
{
    struct rlimit before;
    char said[512];
    FILE *err = tmpfile();
    const int old = dup(STDERR_FILENO);

    ck_assert(err != NULL && old >= 0);
    ck_assert_int_eq(getrlimit(RLIMIT_NOFILE, &before), 0);
    const struct rlimit few = {files_max < before.rlim_cur ? files_max : before.rlim_cur, before.rlim_max};
    fflush(stderr);
    dup2(fileno(err), STDERR_FILENO);
    setrlimit(RLIMIT_NOFILE, &few);
    const enum verdict verdict = (enum verdict)gdb_replay(options);
    setrlimit(RLIMIT_NOFILE, &before);
    fflush(stderr);
    dup2(old, STDERR_FILENO);
    rewind(err);
    said[fread(said, 1, sizeof said - 1, err)] = 0;
    snprintf(output, sizeof output, "%s", said);
    fclose(err);
    close(old);
    return verdict;
}

START_TEST(without_gdb_it_says_what_is_missing)
{
    char scenario[] = SCENARIO, kernel[] = "netbsd-static", *files[] = {scenario, NULL};
    struct replay_options options = {.files = files, .nr_files = 1};

    ck_assert_int_eq(setenv("PATH", "/nonexistent", 1), 0);
    ck_assert_int_eq(gdb_of(&options, RLIM_INFINITY), VERDICT_ERROR);
    ASSERT_SAID("gdb can't be started: No such file");
    ASSERT_SAID("Debian's package gdb");
    options.kernel = kernel;
    options.run.until_event = 5;
    ck_assert_int_eq(gdb_of(&options, RLIM_INFINITY), VERDICT_ERROR);
    ASSERT_SAID("gdb can't be started: No such file");
    ck_assert_int_eq(gdb_of(&options, 3), VERDICT_ERROR);
    ASSERT_SAID("--gdb: Too many open files");
}
END_TEST

Suite *gdb_suite(void);
Suite *gdb_suite(void)
{
    Suite *suite = suite_create("gdb");
    TCase *tests = tcase_create("driven");

    tcase_add_test(tests, it_stops_in_the_drivers_source);
    tcase_add_test(tests, it_goes_to_another_event);
    tcase_add_test(tests, a_thread_that_is_not_there_is_none);
    tcase_add_test(tests, without_an_event_it_stops_where_things_go_wrong);
    tcase_add_test(tests, without_an_event_it_stops_where_a_statement_fails);
    tcase_add_test(tests, an_overflown_stack_can_be_looked_at);
    tcase_add_test(tests, one_file_on_the_simulated_machine);
    tcase_add_test(tests, an_event_of_nobody_is_shown_with_its_line);
    tcase_add_test(tests, without_gdb_it_says_what_is_missing);
    suite_add_tcase(suite, tests);
    return suite;
}
