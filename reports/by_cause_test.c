/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of results by their causes: which of them are one, in which order they come, and what stands under each. */
#include "reports/causes.h"
#include "reports/recording_for_tests.h"
#include "reports/results.h"

Suite *by_cause_suite(void);

#define SKIP  3
#define ERROR 4
#define FAIL  5

static struct result result_of(const char *path, int verdict)
{
    return (struct result){.path = path, .verdict = verdict, .sentence = "", .style.path = path};
}

static void print_all(const struct result *results, size_t count)
{
    void *state = results_causes.begin(out, count);

    ck_assert_ptr_nonnull(state);
    for (size_t r = 0; r < count; r++)
        ck_assert(results_causes.add(state, &results[r]));
    ck_assert(results_causes.end(state));
    fflush(out);
}

static void must_have(const char *text)
{
    ck_assert_msg(strstr(printed, text) != NULL, "no \"%s\" in:\n%s", text, printed);
}

static const char *in_plug(void *context, uint64_t event)
{
    (void)context, (void)event;
    return "balloon.c:512 (balloon_plug)";
}

static const char *in_refill(void *context, uint64_t event)
{
    (void)context, (void)event;
    return "balloon.c:305 (balloon_refill)";
}

/* Frames that nobody names, and then a statement that fails. */
static const struct reading *a_leak(void)
{
    add_text(REC_SCENARIO, DOMID_HOST, 0, "language 1\nsettle\n  expect nb reservation == 5m\n");
    add_domain(1, "nb", 1024, 2048);
    const uint64_t cause = add_value(REC_EVTCHN, 1, 2 * MS, 1);
    add_violation(1, 3 * MS, INVARIANT_NO_LEAK, cause, "7 frames of nb");
    recorder_set_line(rec, 3);
    add_expect(4 * MS, EXPECT_CONDITION, false, 13, 11, "reservation == 5m", "4m");
    add_value(REC_VERDICT, DOMID_HOST, 5 * MS, FAIL);
    return finish_recording();
}

/* One paragraph for the same line in two scenarios, before that for another line in one. */
START_TEST(what_reaches_further_comes_first)
{
    struct result results[] = {result_of("t/a.scn", FAIL), result_of("t/b.scn", FAIL),
        result_of("t/c.scn", FAIL), result_of("t/d.scn", 0)};

    results[0].reading = results[1].reading = results[2].reading = a_leak();
    results[0].style.place = in_refill;
    results[1].style.place = results[2].style.place = in_plug;
    print_all(results, 4);
    must_have("4 scenarios, 1 PASS, 3 FAIL; 2 causes, the most far-reaching first\n\n"
              "1. no-leak at balloon.c:512 (balloon_plug): 2 scenarios\n     7 frames of nb\n"
              "     then also: expect reservation");
    must_have("\n     shortest:  ballast replay t/b.scn --seed 1 --until 3\n"
              "     FAIL    t/b.scn  (event 3 of 7)\n     FAIL    t/c.scn  (event 3 of 7)\n\n"
              "2. no-leak at balloon.c:305 (balloon_refill): 1 scenario\n");
    ck_assert_ptr_null(strstr(printed, "d.scn"));
}
END_TEST

/* One invariant at one place may be broken in several ways: what is told are the words of the run that the command shows. */
START_TEST(the_words_are_those_of_the_shortest)
{
    struct result results[] = {result_of("t/long.scn", FAIL), result_of("t/short.scn", FAIL)};
    struct reading *readings[2];
    void *state = results_causes.begin(out, 2);

    ck_assert_ptr_nonnull(state);
    for (int r = 0; r < 2; r++) {
        recorder_begin(rec, "a.scn", "sim", 1);
        add_domain(1, "nb", 1024, 2048);
        const uint64_t cause = add_value(REC_EVTCHN, 1, 2 * MS, 1);
        for (int more = r; more < 1; more++)
            add_plain(REC_REST, 3 * MS);
        add_violation(
            1, 3 * MS, INVARIANT_PROGRESS, cause, r == 0 ? "nb works on and on" : "nb tries again in vain");
        add_value(REC_VERDICT, DOMID_HOST, 5 * MS, FAIL);
        results[r].reading = readings[r] = finish_recording();
        results[r].style.place = in_plug;
        ck_assert(results_causes.add(state, &results[r]));
    }
    ck_assert(results_causes.end(state));
    reading_close(readings[0]); /* the last one is closed with the recording */
    fflush(out);
    must_have("1. progress at balloon.c:512 (balloon_plug): 2 scenarios\n     nb tries again in vain\n"
              "     shortest:  ballast replay t/short.scn ");
}
END_TEST

/* A statement that fails where nothing else is known has a paragraph of its own. */
START_TEST(a_statement_alone_is_a_cause)
{
    struct result result = result_of("t/a.scn", FAIL);

    add_text(REC_SCENARIO, DOMID_HOST, 0, "language 1\n  expect nb reservation == 5m\n");
    recorder_set_line(rec, 2);
    add_expect(MS, EXPECT_CONDITION, false, 13, 11, "reservation == 5m", "4m");
    add_expect(MS, EXPECT_CONDITION, false, 13, 11, "reservation == 5m", "3m");
    add_value(REC_VERDICT, DOMID_HOST, MS, FAIL);
    result.reading = finish_recording();
    print_all(&result, 1);
    must_have("\n1. expect reservation: 1 scenario\n     line 2, expect nb reservation == 5m: got 4m\n");
}
END_TEST

static const enum record_type others[] = {REC_NOT_AT_REST, REC_DIFFERENCE, REC_CRASH};
static const char *const names[] = {"rest", "model", "death"};

START_TEST(what_else_fails_has_a_name)
{
    struct result result = result_of("t/a.scn", FAIL);

    add_text(REC_SCENARIO, DOMID_HOST, 0, "language 1\nsettle\n");
    recorder_set_line(rec, 2);
    add_text(others[_i], DOMID_HOST, MS, "it is \x1b[2J");
    add_value(REC_VERDICT, DOMID_HOST, MS, FAIL);
    result.reading = finish_recording();
    print_all(&result, 1);
    must_have(names[_i]);
    must_have(": 1 scenario\n     line 2, settle: it is \\x1b[2J\n");
}
END_TEST

/* Without a recording: the sentence tells them apart, but for places, domains and numbers. */
START_TEST(what_was_not_run_comes_last)
{
    struct result results[] = {
        result_of("t/a.scn", SKIP), result_of("t/b.scn", SKIP), result_of("t/c.scn", ERROR)};

    results[0].sentence = "t/a.scn:9:1: d1 needs 4 things";
    results[1].sentence = "t/b.scn:12:1: nb needs 55 things";
    results[2].sentence = "it could not be made";
    print_all(results, 3);
    must_have("3 scenarios, 2 SKIP, 1 ERROR; 1 cause, the most far-reaching first\n\n"
              "1. ERROR: 1 scenario\n     ERROR   t/c.scn\n             it could not be made\n\n"
              "Not run:\n\n"
              "2. SKIP: 2 scenarios\n     d1 needs 4 things\n     SKIP    t/a.scn\n     SKIP    t/b.scn\n");
}
END_TEST

START_TEST(rules_of_a_small_world_are_causes)
{
    struct result results[] = {result_of("segments parts", FAIL), result_of("segments array", 0)};

    results[0].rows = "leak 12 7 bytes are held, after a(1) b\nodd-name 1 it is so\n";
    results[1].rows = "";
    print_all(results, 2);
    must_have("\n1. leak: 1 scenario\n     7 bytes are held, after a(1) b\n     FAIL    segments parts  (12 "
              "times)\n");
    must_have("\n2. odd-name: 1 scenario\n     it is so\n     FAIL    segments parts\n");
}
END_TEST

/* A refusal that no real machine was seen to give excuses nothing, but stands apart. */
START_TEST(what_is_hostile_stands_apart)
{
    struct result results[] = {result_of("t/a.scn", FAIL), result_of("t/b.scn", FAIL)};

    add_text(REC_SCENARIO, DOMID_HOST, 0, "language 1\nsettle\n");
    add_domain(1, "nb", 1024, 2048);
    const struct record_fault fault = {
        .site = FAULT_SITE_MMU_UPDATE, .when = FAULT_CALL, .nth = 1, .error = 22};
    recorder_append(rec, REC_FAULT, 1, MS, &fault, sizeof fault, NULL, 0, 0);
    const uint64_t cause = add_value(REC_EVTCHN, 1, 2 * MS, 1);
    add_violation(1, 3 * MS, INVARIANT_NO_LEAK, cause, "7 frames of nb");
    add_value(REC_VERDICT, DOMID_HOST, 5 * MS, FAIL);
    results[0].reading = results[1].reading = finish_recording();
    print_all(results, 2);
    must_have("\nOnly behind refusals that no real machine was seen to give (hostile):\n\n1. no-leak: 2 "
              "scenarios\n");
}
END_TEST

START_TEST(nothing_has_no_causes)
{
    print_all(NULL, 0);
    ck_printed("0 scenarios\n");
}
END_TEST

/* Lines move from day to day; functions keep their names. */
START_TEST(a_name_has_no_line)
{
    struct result result = result_of("t/a.scn", FAIL);
    struct causes causes;

    result.reading = a_leak();
    result.style.place = in_plug;
    ck_assert(causes_collect(&causes, &result));
    ck_assert_uint_eq(causes.count, 2);
    cause_print_name(out, &causes.list[0]);
    ck_printed("no-leak in balloon_plug");
    causes_free(&causes);
}
END_TEST

Suite *by_cause_suite(void)
{
    Suite *suite = suite_create("results by cause");
    TCase *tests = tcase_create("causes");

    tcase_add_checked_fixture(tests, begin_recording, drop_recording);
    tcase_add_test(tests, what_reaches_further_comes_first);
    tcase_add_test(tests, the_words_are_those_of_the_shortest);
    tcase_add_test(tests, a_statement_alone_is_a_cause);
    tcase_add_loop_test(tests, what_else_fails_has_a_name, 0, 3);
    tcase_add_test(tests, what_was_not_run_comes_last);
    tcase_add_test(tests, rules_of_a_small_world_are_causes);
    tcase_add_test(tests, what_is_hostile_stands_apart);
    tcase_add_test(tests, nothing_has_no_causes);
    tcase_add_test(tests, a_name_has_no_line);
    suite_add_tcase(suite, tests);
    return suite;
}
