/* SPDX-License-Identifier: BSD-2-Clause */
/* Which violations are one finding, which are waived, and which events fail a run. */
#include "reports/findings.h"
#include "reports/recording_for_tests.h"

Suite *findings_suite(void);

static struct findings findings;

static void collect(size_t wanted)
{
    finish_recording();
    findings_collect(reading, &findings);
    ck_assert_uint_eq(findings.count, wanted);
}

START_TEST(one_cause_is_one_finding)
{
    uint64_t broken;

    add_domain(1, "nb", 1000, 1000);
    add_domain(2, "nc", 1000, 1000);
    broken = add_note(1, MS, NOTE_PLUG_END, 1000, 10, 0);
    add_note(1, MS, NOTE_SLEEP, 1, 0, 0);
    add_violation(1, MS, INVARIANT_ROLLBACK, broken, "entries stayed");
    add_violation(1, MS, INVARIANT_ROLLBACK, broken, "frames stayed");
    add_violation(2, MS, INVARIANT_ROLLBACK, broken, "entries stayed"); /* of another domain */
    add_violation(1, MS, INVARIANT_NO_LEAK, broken, "frames stayed");   /* of another invariant */
    collect(3);
    ck_assert_uint_eq(findings.list[0].times, 2);
    ck_assert_uint_eq(findings.list[0].cause, broken);
    ck_assert(findings.list[0].cause_is_known && !findings.list[0].at_rest);
    ck_assert_uint_eq(findings.list[1].times, 1);
}
END_TEST

/* Without a cause of their own two of them are one when they are said at rest again, in the same words. */
START_TEST(the_same_words_at_rest)
{
    uint64_t rest;

    rest = add_plain(REC_REST, MS);
    add_violation(1, MS, INVARIANT_FLOOR, 0, "the node says 5");
    add_plain(REC_REST, 2 * MS);
    add_violation(1, 2 * MS, INVARIANT_FLOOR, 0, "the node says 5");
    add_violation(1, 2 * MS, INVARIANT_FLOOR, 0, "the node says 6");
    collect(2);
    ck_assert_uint_eq(findings.list[0].times, 2);
    ck_assert(findings.list[0].at_rest && !findings.list[0].cause_is_known);
    ck_assert_uint_eq(findings.list[0].cause, rest);
    ck_assert_uint_eq(findings.list[1].cause, rest + 2); /* the rest, not the violation between */
}
END_TEST

START_TEST(what_came_true_is_waived)
{
    add_violation(1, MS, INVARIANT_NO_LEAK, 0, "expected, and said before it is");
    add_violation(1, MS, INVARIANT_FLOOR, 0, "not expected");
    add_violation(1, MS, INVARIANT_GUEST_CONTAINED, 0, "panicked");
    add_violation(1, MS, (enum invariant)(NR_INVARIANTS + 5), 0, "of a later version");
    add_expect_waiver(MS, EXPECT_VIOLATION, true, INVARIANT_NO_LEAK, 1, 1);
    add_expect_waiver(MS, EXPECT_VIOLATION, false, INVARIANT_FLOOR, 1, 1);
    add_expect_waiver(MS, EXPECT_CRASH, true, INVARIANT_GUEST_CONTAINED, 1, 1);
    collect(2);
    ck_assert_uint_eq(findings.list[0].event, 2);
    ck_assert_uint_eq(findings.list[1].event, 4);
    ck_assert(failures_expected_crash(reading));
}
END_TEST

/* One that names a domain covers what that domain broke, also before it was built again, and of others nothing. */
START_TEST(what_is_waived_in_one_domain)
{
    add_domain(1, "nb", 1000, 1000);
    add_domain(2, "nc", 1000, 1000);
    add_violation(1, MS, INVARIANT_NO_LEAK, 1, "expected");
    const uint64_t others = add_violation(2, MS, INVARIANT_NO_LEAK, 2, "not expected");
    add_domain(3, "nb", 1000, 1000);
    add_expect_waiver_of(3, MS, EXPECT_VIOLATION, true, INVARIANT_NO_LEAK, 1, 1);
    const uint64_t cause = add_value(REC_EVTCHN, 2, 2 * MS, 1);
    const uint64_t again = add_violation(3, 3 * MS, INVARIANT_NO_LEAK, cause, "again");
    collect(1);
    ck_assert_uint_eq(findings.list[0].event, others);
    ck_assert(finding_is_late(reading, again));
    ck_assert(!finding_is_late(reading, others));
}
END_TEST

/* A line that expects it covers what is broken behind it, too, and in other domains; that is told apart. */
START_TEST(what_came_later_is_late)
{
    add_violation(1, MS, INVARIANT_NO_LEAK, 0, "expected");
    add_expect_waiver(MS, EXPECT_VIOLATION, true, INVARIANT_NO_LEAK, 1, 1);
    add_violation(1, MS, INVARIANT_NO_LEAK, 1, "the same, seen at rest once more");
    const uint64_t cause = add_value(REC_EVTCHN, 2, 2 * MS, 1);
    add_violation(2, 3 * MS, INVARIANT_NO_LEAK, cause, "another one");
    add_violation(2, 3 * MS, INVARIANT_FLOOR, cause, "expected by no line");
    collect(1);
    ck_assert(!finding_is_late(reading, 1) && !finding_is_late(reading, 3));
    ck_assert(finding_is_late(reading, 5) && !finding_is_late(reading, 6));
}
END_TEST

START_TEST(more_than_are_told_apart)
{
    char text[32];

    for (unsigned i = 0; i < FINDINGS_MAX + 3; i++) {
        snprintf(text, sizeof text, "the node says %u", i);
        add_plain(REC_REST, MS);
        add_violation(1, MS, INVARIANT_FLOOR, 0, text);
    }
    add_violation(1, MS, INVARIANT_NO_LEAK, 0, "another invariant has room");
    collect(FINDINGS_OF_ONE + 1);
    ck_assert_uint_eq(findings.unlisted, FINDINGS_MAX + 3 - FINDINGS_OF_ONE);
}
END_TEST

START_TEST(events_that_fail_a_run)
{
    uint64_t panic, rest;

    panic = add_text(REC_PANIC, 1, MS, "assertion");
    rest = add_text(REC_NOT_AT_REST, DOMID_HOST, MS, "nb waits");
    add_expect(MS, EXPECT_CONDITION, false, 1, 1, "== 1", "2");
    add_expect(MS, EXPECT_CONDITION, true, 1, 1, "== 1", "1");
    add_expect_waiver(MS, EXPECT_CRASH, false, INVARIANT_GUEST_CONTAINED, 1, 1);
    finish_recording();
    ck_assert(!failures_expected_crash(reading));
    ck_assert_int_eq(failure_of(reading_event(reading, panic), false), FAILURE_DEATH);
    ck_assert_int_eq(failure_of(reading_event(reading, panic), true), FAILURE_NONE);
    ck_assert_int_eq(failure_of(reading_event(reading, rest), true), FAILURE_NOT_AT_REST);
    ck_assert_int_eq(failure_of(reading_event(reading, rest + 1), false), FAILURE_EXPECT);
    ck_assert_int_eq(failure_of(reading_event(reading, rest + 2), false), FAILURE_NONE);
}
END_TEST

Suite *findings_suite(void)
{
    Suite *suite = suite_create("reports/findings");
    TCase *tests = tcase_create("findings");

    tcase_add_checked_fixture(tests, begin_recording, drop_recording);
    tcase_add_test(tests, one_cause_is_one_finding);
    tcase_add_test(tests, the_same_words_at_rest);
    tcase_add_test(tests, what_came_true_is_waived);
    tcase_add_test(tests, what_is_waived_in_one_domain);
    tcase_add_test(tests, what_came_later_is_late);
    tcase_add_test(tests, more_than_are_told_apart);
    tcase_add_test(tests, events_that_fail_a_run);
    suite_add_tcase(suite, tests);
    return suite;
}
