/* SPDX-License-Identifier: BSD-2-Clause */
/* The steps of a driver's that lead to a failure: which are found, and in which order. */
#include "reports/leads.h"
#include "reports/recording_for_tests.h"

Suite *leads_suite(void);

static void read_target(void)
{
    struct record_xenstore read = {.op = XS_READ, .by = 1};

    add_texts(REC_XENSTORE, 1, MS, &read, sizeof read, "/local/domain/1/memory/target", "65536");
}

START_TEST(steps_behind_a_failed_expect)
{
    struct step steps[STEPS_MAX];
    struct lead leads[8];

    add_text(REC_SCENARIO, DOMID_HOST, 0, "language 1\n");
    add_domain(1, "nb", 16384, 32768);
    read_target();                                                                 /* 3 */
    add_reservation(1, MS, XENMEM_increase_reservation, 100, 16484, 32768);        /* 4: short */
    add_reservation(1, MS, XENMEM_decrease_reservation, 512, 15972, 32768);        /* 5 */
    add_text(REC_LOG, 1, MS, "balloon0: so it is");                                /* 6 */
    const uint64_t failed = add_expect(MS, EXPECT_CONDITION, false, 1, 1, "", ""); /* 7 */
    finish_recording();
    ck_assert_uint_eq(steps_of_failure(reading, lead_of_failure(reading, failed), steps), 4);
    ck_assert_str_eq(steps[0].what, "last step");
    ck_assert_uint_eq(steps[0].lead.event, 5);
    ck_assert_str_eq(steps[1].what, "last refusal");
    ck_assert_uint_eq(steps[1].lead.event, 4);
    ck_assert_str_eq(steps[2].what, "last message");
    ck_assert_uint_eq(steps[2].lead.event, 6);
    ck_assert_str_eq(steps[3].what, "target read last");
    ck_assert_uint_eq(steps[3].lead.event, 3);
    ck_assert(steps[3].after && !steps[0].after);
    /* Each once, in their order. */
    ck_assert_uint_eq(leads_collect(reading, leads, 8), 5);
    for (unsigned l = 0; l < 5; l++)
        ck_assert_uint_eq(leads[l].event, 3 + l);
    ck_assert_uint_eq(leads_collect(reading, leads, 2), 2);
}
END_TEST

/* A fault that loses or delays what the driver is told, or refuses what no other step names, stands behind them; one whose
 * refusal stands there already does not stand there twice. */
START_TEST(the_last_fault_is_a_step)
{
    struct step steps[STEPS_MAX];
    struct lead leads[8];

    add_text(REC_SCENARIO, DOMID_HOST, 0, "language 1\n");
    add_domain(1, "nb", 16384, 32768);
    const uint64_t lost = add_fault(1, MS, FAULT_SITE_XENSTORE_EVENT_LOST, FAULT_CALL, 1, 0, 0, 0);
    add_text(REC_LOG, 1, MS, "balloon0: so it is"); /* 4 */
    const uint64_t failed = add_expect(MS, EXPECT_CONDITION, false, 1, 1, "", "");
    add_fault(1, MS, FAULT_SITE_INCREASE_RESERVATION, FAULT_CALL, 1, 0, 0, 0);
    add_reservation(1, MS, XENMEM_increase_reservation, 0, 16384, 32768); /* 7: it was refused */
    const uint64_t again = add_expect(MS, EXPECT_CONDITION, false, 1, 1, "", "");
    finish_recording();
    ck_assert_uint_eq(steps_of_failure(reading, lead_of_failure(reading, failed), steps), 2);
    ck_assert_str_eq(steps[0].what, "last message");
    ck_assert(!steps[0].is_fault);
    ck_assert_str_eq(steps[1].what, "last fault");
    ck_assert_uint_eq(steps[1].lead.event, lost);
    ck_assert(steps[1].is_fault);
    ck_assert_uint_eq(steps_of_failure(reading, lead_of_failure(reading, again), steps), 2);
    ck_assert_str_eq(steps[0].what, "last step");
    ck_assert_str_eq(steps[1].what, "last message");
    /* A fault is no call of the driver's: what ran before it is not asked. */
    ck_assert_uint_eq(leads_collect(reading, leads, 8), 4);
    for (unsigned l = 0; l < 4; l++)
        ck_assert_uint_ne(leads[l].event, lost);
}
END_TEST

/* Where nothing but an invariant tells that the driver did not hear of a target, the fault is a step of it; the one that broke it is
 * not told twice. */
START_TEST(a_finding_has_the_last_fault)
{
    struct step steps[STEPS_MAX];
    struct findings findings;

    add_text(REC_SCENARIO, DOMID_HOST, 0, "language 1\n");
    add_domain(1, "nb", 16384, 32768);
    const uint64_t lost = add_fault(1, MS, FAULT_SITE_XENSTORE_EVENT_LATE, FAULT_CALL, 1, 0, 0, 0);
    add_plain(REC_REST, MS);
    add_violation(1, MS, INVARIANT_LAST_TARGET_WINS, 0, "it is not there");
    add_plain(REC_REST, 2 * MS);
    add_violation(1, 2 * MS, INVARIANT_PROGRESS, lost, "broken by that itself");
    finish_recording();
    findings_collect(reading, &findings);
    ck_assert_uint_eq(findings.count, 2);
    for (size_t f = 0; f < 2; f++) {
        const size_t count = steps_of_finding(reading, &findings.list[f], steps);
        ck_assert_uint_eq(count, findings.list[f].cause != lost);
        ck_assert(count == 0 || (steps[0].is_fault && steps[0].lead.event == lost));
    }
}
END_TEST

/* A refused command has nothing to do with what the driver did before it. */
START_TEST(a_command_has_only_what_it_did)
{
    struct step steps[STEPS_MAX];
    const struct record_statement statement = {.does = STATEMENT_DOES_GUEST};

    add_text(REC_SCENARIO, DOMID_HOST, 0, "language 1\n");
    add_domain(1, "nb", 16384, 32768);
    add_reservation(1, MS, XENMEM_decrease_reservation, 512, 15972, 32768);
    recorder_append(rec, REC_STATEMENT, DOMID_HOST, MS, &statement, sizeof statement, "x", 1, 2);
    const uint64_t first = add_expect(MS, EXPECT_ACCEPTED, false, 1, 1, "", "");
    const uint64_t unplug = add_note(1, MS, NOTE_UNPLUG_END, 0x4000, 1, 1);
    const uint64_t second = add_expect(MS, EXPECT_ACCEPTED, false, 1, 1, "", "");
    finish_recording();
    ck_assert_uint_eq(steps_of_failure(reading, lead_of_failure(reading, first), steps), 0);
    ck_assert_uint_eq(steps_of_failure(reading, lead_of_failure(reading, second), steps), 1);
    ck_assert_uint_eq(steps[0].lead.event, unplug);
}
END_TEST

START_TEST(without_a_driver_nothing_else_counts)
{
    struct step steps[STEPS_MAX];

    add_text(REC_SCENARIO, DOMID_HOST, 0, "language 1\n");
    add_domain(1, "nb", 16384, 32768);
    const uint64_t none = add_note(1, MS, NOTE_ATTACHED, 0, 0, 0);
    add_reservation(1, MS, XENMEM_decrease_reservation, 512, 15972, 32768);
    const uint64_t failed = add_expect(MS, EXPECT_CONDITION, false, 1, 1, "", "");
    finish_recording();
    ck_assert_uint_eq(steps_of_failure(reading, lead_of_failure(reading, failed), steps), 1);
    ck_assert_str_eq(steps[0].what, "no driver attached");
    ck_assert_uint_eq(steps[0].lead.event, none);
}
END_TEST

START_TEST(a_finding_has_the_target_that_it_is_about)
{
    struct step steps[STEPS_MAX];
    struct findings findings;

    add_text(REC_SCENARIO, DOMID_HOST, 0, "language 1\n");
    add_domain(1, "nb", 16384, 32768);
    read_target(); /* 3 */
    const uint64_t step = add_reservation(1, MS, XENMEM_increase_reservation, 512, 16896, 32768);
    add_violation(1, MS, INVARIANT_NO_OVERSHOOT, 0, "nb grew");
    add_plain(REC_REST, MS);
    add_violation(1, MS, INVARIANT_ACCOUNTING, 0, "pages are gone");
    finish_recording();
    findings_collect(reading, &findings);
    ck_assert_uint_eq(findings.count, 2);
    ck_assert_uint_eq(steps_of_finding(reading, &findings.list[0], steps), 1);
    ck_assert_uint_eq(steps[0].lead.event, 3);
    ck_assert_uint_eq(steps_of_finding(reading, &findings.list[1], steps), 1);
    ck_assert_uint_eq(steps[0].lead.event, step);
}
END_TEST

Suite *leads_suite(void)
{
    Suite *suite = suite_create("leads");
    TCase *tests = tcase_create("leads");

    tcase_add_checked_fixture(tests, begin_recording, drop_recording);
    tcase_add_test(tests, steps_behind_a_failed_expect);
    tcase_add_test(tests, the_last_fault_is_a_step);
    tcase_add_test(tests, a_finding_has_the_last_fault);
    tcase_add_test(tests, a_command_has_only_what_it_did);
    tcase_add_test(tests, without_a_driver_nothing_else_counts);
    tcase_add_test(tests, a_finding_has_the_target_that_it_is_about);
    suite_add_tcase(suite, tests);
    return suite;
}
