/* SPDX-License-Identifier: BSD-2-Clause */
/* The failure text, whole: what a person sees when something went wrong, and nothing when all is well. */
#include "reports/recording_for_tests.h"
#include "reports/text_failures.h"

Suite *text_failures_suite(void);

static const char scenario[] = "language 1\n"
                               "# the page that would be the 100th is refused\n"
                               "host     mem=512m\n"
                               "domain   nb kernel=netbsd  memory=64m maxmem=128m\n"
                               "+0       fault nb uvm_physseg_plug page=100 sticky\n"
                               "+0       xl mem-set nb 128m\n"
                               "+1s      settle\n"
                               "         expect nb faults.fired >= 1\n"
                               "         expect nb reservation  == 16483p\n"
                               "\talways nb log !~ \"Gr\xc3\xbc\xc3\x9f"
                               "e\"\n"
                               "+0       expect violation no-leak\n"
                               "+0       nb$ hold 80% -> 0\n";

static const char *place(void *context, uint64_t event)
{
    const uint64_t *placed = context;

    return event == *placed ? "balloon.c:512 (balloon_plug)" : NULL;
}

static const char *callers; /* of a death; NULL: not known */

static const char *backtrace(void *context, uint64_t event)
{
    return place(context, event) == NULL ? NULL : callers;
}

static void print_failures(const char *path, uint64_t placed)
{
    struct text_style style = {
        .path = path, .place = place, .backtrace = backtrace, .place_context = &placed};

    finish_recording();
    text_failures(out, reading, &style);
}

static void begin_failing(int verdict)
{
    add_text(REC_SCENARIO, DOMID_HOST, 0, scenario);
    add_domain(1, "nb", 16384, 32768);
    if (verdict >= 0)
        add_value(REC_VERDICT, DOMID_HOST, 0, (uint64_t)verdict);
}

/* A leak: all parts of the text, in their order. */
START_TEST(leak)
{
    uint64_t lost;

    begin_failing(5);
    recorder_set_line(rec, 6);
    add_note(1, 5 * MS, NOTE_PLUG_BEGIN, 0x4063, 413, 0);
    add_fault(1, 5 * MS, FAULT_SITE_OF_KERNEL, FAULT_PAGE, 100, 0x4063, 413, 12);
    lost = add_note(1, 5 * MS, NOTE_PLUG_END, 0x4063, 413, 0);
    recorder_set_line(rec, 7);
    add_plain(REC_REST, 10005 * MS);
    add_violation(1, 10005 * MS, INVARIANT_NO_LEAK, lost, "413 frames of nb named by no plugged pfn");
    recorder_set_line(rec, 9);
    add_expect(10005 * MS, EXPECT_CONDITION, false, 20, 11, "== 16483p", "16896p, 413p over");
    print_failures("fail-mid-plug-100.scn", lost);
    ck_printed("  no-leak: 413 frames of nb named by no plugged pfn; seen at rest (event 8), lost at event 6:"
               " section_add(0x4063, 413 pages) -> false (fault page=100), balloon.c:512 (balloon_plug)\n"
               "fail-mid-plug-100.scn:9:20: expect failed\n"
               "    9 |          expect nb reservation  == 16483p\n"
               "      |                    ^~~~~~~~~~~ got 16896p, 413p over\n"
               "  replay to there:  ballast replay fail-mid-plug-100.scn --seed 1 --until 6\n"
               "  in the debugger:  ballast replay fail-mid-plug-100.scn --seed 1 --until 6 --gdb\n");
}
END_TEST

/* A fault of what a domain is told refuses no call: it is named by itself, with the command that leads there. */
START_TEST(fault_that_kept_the_driver_from_hearing)
{
    begin_failing(5);
    recorder_set_line(rec, 6);
    add_fault(1, 5 * MS, FAULT_SITE_XENSTORE_EVENT_LOST, FAULT_CALL, 1, 0, 0, 0);
    recorder_set_line(rec, 9);
    add_expect(10005 * MS, EXPECT_CONDITION, false, 20, 11, "== 16483p", "16896p, 413p over");
    print_failures("lost.scn", 0);
    ck_printed(
        "lost.scn:9:20: expect failed\n"
        "    9 |          expect nb reservation  == 16483p\n"
        "      |                    ^~~~~~~~~~~ got 16896p, 413p over\n"
        "      | last fault: event 4: fault xenstore.event.lost call=1 fires: a watch event does not come\n"
        "  replay to there:  ballast replay lost.scn --seed 1 --until 5\n"
        "  in the debugger:  ballast replay lost.scn --seed 1 --until 5 --gdb\n"
        "  to its fault:     ballast replay lost.scn --seed 1 --until 4\n");
}
END_TEST

/* Seen three times, and beside it another: each once, and the first cause is where to look. */
START_TEST(distinct_violations)
{
    uint64_t first, second;
    int i;

    begin_failing(5);
    first = add_reservation(1, MS, XENMEM_increase_reservation, 4, 16388, 33024);
    add_violation(1, MS, INVARIANT_NO_OVERSHOOT, 0, "4 pages past the target");
    second = add_reservation(1, 2 * MS, XENMEM_increase_reservation, 4, 16392, 33024);
    for (i = 1; i <= 3; i++) {
        add_plain(REC_REST, (uint64_t)i * 1000 * MS);
        add_violation(
            1, (uint64_t)i * 1000 * MS, INVARIANT_NO_LEAK, second, "4 frames of nb named by no plugged pfn");
        add_violation(1, (uint64_t)i * 1000 * MS, INVARIANT_FLOOR, 0, "nodes disagree");
    }
    add_violation(2, 4000 * MS, INVARIANT_FLOOR, 0, "nodes disagree");
    add_value(REC_EVTCHN, 1, 4000 * MS, 1);
    add_violation(1, 4000 * MS, INVARIANT_ROLLBACK, first, "P2M differs");
    print_failures("a.scn", 0);
    ck_printed(
        "  no-overshoot: 4 pages past the target; broken at event 4:"
        " XENMEM_increase_reservation 512 of order 0 -> 4  (reservation 16388, maximum 33024, host free "
        "98304)\n"
        "  rollback: P2M differs; seen at event 18, broken at event 4:"
        " XENMEM_increase_reservation 512 of order 0 -> 4  (reservation 16388, maximum 33024, host free "
        "98304)\n"
        "  no-leak: 4 frames of nb named by no plugged pfn, 3 times; seen at rest (event 8), lost at event 6:"
        " XENMEM_increase_reservation 512 of order 0 -> 4  (reservation 16392, maximum 33024, host free "
        "98304)\n"
        "  floor: nodes disagree, 3 times; seen at rest (event 9)\n"
        "  floor: nodes disagree; seen at rest (event 16)\n"
        "  replay to there:  ballast replay a.scn --seed 1 --until 4\n"
        "  in the debugger:  ballast replay a.scn --seed 1 --until 4 --gdb\n");
}
END_TEST

START_TEST(waived_violation)
{
    begin_failing(5);
    add_violation(1, MS, INVARIANT_NO_LEAK, 1, "expected");
    recorder_set_line(rec, 11);
    add_expect_waiver(MS, EXPECT_VIOLATION, true, INVARIANT_NO_LEAK, 10, 24);
    add_expect_waiver(MS, EXPECT_VIOLATION, false, INVARIANT_FLOOR, 10, 24);
    print_failures("a.scn", 0);
    ck_printed("a.scn:11:10: expect failed\n"
               "   11 | +0       expect violation no-leak\n"
               "      |          ^~~~~~~~~~~~~~~~~~~~~~~~ got it holds\n"
               "  replay to there:  ballast replay a.scn --seed 1 --until 6\n"
               "  in the debugger:  ballast replay a.scn --seed 1 --until 6 --gdb\n");
}
END_TEST

START_TEST(what_is_broken_behind_its_waiver_is_told)
{
    begin_failing(0);
    add_violation(1, MS, INVARIANT_NO_LEAK, 1, "expected");
    add_expect_waiver(MS, EXPECT_VIOLATION, true, INVARIANT_NO_LEAK, 10, 24);
    uint64_t cause = add_value(REC_EVTCHN, 1, 2 * MS, 1);
    add_violation(1, 3 * MS, INVARIANT_NO_LEAK, cause, "7 frames");
    add_violation(1, 4 * MS, INVARIANT_NO_LEAK, cause, "9 frames");
    finish_recording();
    text_remarks(out, reading, NULL);
    ck_printed("waived: nb broke no-leak again, behind the line that expects it: 7 frames\n");
}
END_TEST

START_TEST(what_a_kernel_breaks_by_intent)
{
    struct record_domain domain = {.memory_pages = 64, .maxmem_pages = 64, .kernel = "design"};

    begin_failing(5);
    add_texts(REC_DOMAIN, 2, 0, &domain, sizeof domain, "over",
        KERNEL_OF_TESTS "waiver no-leak it keeps \x1b frames\n");
    add_violation(2, MS, INVARIANT_NO_LEAK, 1, "by intent");
    add_violation(2, MS, INVARIANT_NO_LEAK, 1, "by intent, too");
    print_failures("a.scn", 0);
    text_remarks(out, reading, &(struct text_style){.path = "a.scn"});
    ck_printed("waived: over broke no-leak by intent: it keeps \\x1b frames\n");
}
END_TEST

START_TEST(refused_command)
{
    begin_failing(5);
    recorder_set_line(rec, 6);
    add_expect(MS, EXPECT_ACCEPTED, false, 10, 18, "accepted",
        "refused (status 1): libxl: error: too much\n\x1b[2Jsecond line\n");
    recorder_set_line(rec, 12);
    add_expect(MS, EXPECT_STATUS, false, 10, 12, "-> 0", "-> 12");
    print_failures("it's here.scn", 0);
    ck_printed("it's here.scn:6:10: command refused\n"
               "    6 | +0       xl mem-set nb 128m\n"
               "      |          ^~~~~~~~~~~~~~~~~~ refused (status 1): libxl: error: too much\n"
               "      |   \\x1b[2Jsecond line\n"
               "it's here.scn:12:10: expect failed\n"
               "   12 | +0       nb$ hold 80% -> 0\n"
               "      |          ^~~~~~~~~~~~ wanted -> 0, got -> 12\n"
               "  replay to there:  ballast replay $'it\\'s here.scn' --seed 1 --until 4\n"
               "  in the debugger:  ballast replay $'it\\'s here.scn' --seed 1 --until 4 --gdb\n");
}
END_TEST

/* Columns are bytes; the caret stands under characters, and a tab is as wide as the terminal has it. */
/* A line that is done again and again, out of a file that is included: which time it was is told. */
START_TEST(what_names_stood_for)
{
    const struct record_statement statement = {.does = STATEMENT_DOES_EXPECT};
    static const char done[] = "expect d2 reservation == 5m";

    add_text(REC_SCENARIO, DOMID_HOST, 0,
        "language 1\nrepeat i = 1..2\ninclude some.inc.old\n  include some.inc # twice\nend\n++ some.inc ++\n"
        "language 1\nexpect d{i} reservation == {want}\n");
    recorder_set_line(rec, 8);
    recorder_append(rec, REC_STATEMENT, DOMID_HOST, MS, &statement, sizeof statement, done, 1, sizeof done);
    add_expect(MS, EXPECT_CONDITION, false, 13, 11, "== 5m", "4m");
    add_value(REC_VERDICT, DOMID_HOST, MS, 5);
    print_failures("t/a.scn", 0);
    ck_printed("t/some.inc:2:13: expect failed\n"
               "    2 | expect d{i} reservation == {want}\n"
               "      |             ^~~~~~~~~~~ got 4m\n"
               "      | that is: expect d2 reservation == 5m, included at line 4\n"
               "  replay to there:  ballast replay t/a.scn --seed 1 --until 3\n"
               "  in the debugger:  ballast replay t/a.scn --seed 1 --until 3 --gdb\n");
}
END_TEST

START_TEST(caret_under_characters)
{
    begin_failing(5);
    recorder_set_line(rec, 10);
    add_expect(MS, EXPECT_ALWAYS, false, 19, 9, "!~ \"Grüße\"", "\"Grüße\"");
    recorder_set_line(rec, 10);
    add_expect(MS, EXPECT_ALWAYS, false, 24, 99, "!~ \"Grüße\"", "");
    recorder_set_line(rec, 999);
    add_expect(MS, EXPECT_CONDITION, false, 500, 3, "== 1", "2");
    print_failures("a.scn", 0);
    ck_printed("a.scn:10:19: always failed\n"
               "   10 | \talways nb log !~ \"Grüße\"\n"
               "      | \t                 ^~~~~~~ got \"Grüße\"\n"
               "a.scn:10:24: always failed\n"
               "   10 | \talways nb log !~ \"Grüße\"\n"
               "      | \t                     ^~~ got \n"
               "a.scn:999:500: expect failed\n"
               "      | got 2\n"
               "  replay to there:  ballast replay a.scn --seed 1 --until 4\n"
               "  in the debugger:  ballast replay a.scn --seed 1 --until 4 --gdb\n");
}
END_TEST

START_TEST(not_at_rest)
{
    begin_failing(5);
    recorder_set_line(rec, 7);
    add_text(REC_NOT_AT_REST, DOMID_HOST, 120000 * MS, "nb has a timer due in 2 s");
    recorder_set_line(rec, 4);
    add_text(REC_NOT_AT_REST, DOMID_HOST, 120000 * MS, "nb never attached");
    print_failures("a.scn", 0);
    ck_printed("a.scn:7:10: no rest was reached\n"
               "    7 | +1s      settle\n"
               "      |          ^~~~~~ nb has a timer due in 2 s\n"
               "a.scn:4:1: no rest was reached\n"
               "    4 | domain   nb kernel=netbsd  memory=64m maxmem=128m\n"
               "      | ^ nb never attached\n"
               "  replay to there:  ballast replay a.scn --seed 1 --until 4\n"
               "  in the debugger:  ballast replay a.scn --seed 1 --until 4 --gdb\n");
}
END_TEST

START_TEST(crash)
{
    uint64_t death;

    begin_failing(6);
    recorder_set_line(rec, 6);
    death = add_text(REC_CRASH, 1, 1500 * MS, "write to the M2P");
    add_violation(1, 1500 * MS, INVARIANT_GUEST_CONTAINED, 0, "nb died: write to the M2P");
    print_failures("a.scn", death);
    ck_printed("a.scn:6:1: nb died at event 4, 1.500 s\n"
               "    6 | +0       xl mem-set nb 128m\n"
               "      | ^ write to the M2P\n"
               "      | in balloon.c:512 (balloon_plug)\n"
               "  guest-contained: nb died: write to the M2P; broken at event 4: dies: write to the M2P,"
               " balloon.c:512 (balloon_plug)\n"
               "  replay to there:  ballast replay a.scn --seed 1 --until 4\n"
               "  in the debugger:  ballast replay a.scn --seed 1 --until 4 --gdb\n");
}
END_TEST

START_TEST(backtrace_of_a_crash)
{
    uint64_t death;

    begin_failing(6);
    recorder_set_line(rec, 6);
    death = add_text(REC_PANIC, 1, 1500 * MS, "oh");
    callers = "kmem.c:95 (kmem_put)\tballoon.c:512 (balloon_plug)";
    print_failures("a.scn", death);
    callers = NULL;
    ck_printed("a.scn:6:1: nb panicked at event 4, 1.500 s\n"
               "    6 | +0       xl mem-set nb 128m\n"
               "      | ^ oh\n"
               "      | in kmem.c:95 (kmem_put)\n"
               "      |   from balloon.c:512 (balloon_plug)\n"
               "  replay to there:  ballast replay a.scn --seed 1 --until 4\n"
               "  in the debugger:  ballast replay a.scn --seed 1 --until 4 --gdb\n");
}
END_TEST

START_TEST(expected_crash)
{
    begin_failing(5);
    add_text(REC_PANIC, 1, MS, "as it should");
    add_violation(1, MS, INVARIANT_GUEST_CONTAINED, 0, "nb panicked");
    recorder_set_line(rec, 9);
    add_expect_waiver(MS, EXPECT_CRASH, true, INVARIANT_GUEST_CONTAINED, 10, 5);
    print_failures("a.scn", 0);
    ck_printed("");
}
END_TEST

START_TEST(difference)
{
    begin_failing(5);
    recorder_set_line(rec, 6);
    add_reservation(1, MS, XENMEM_increase_reservation, 4, 16388, 33024);
    add_text(REC_DIFFERENCE, 1, MS, "real Xen answered 5");
    print_failures("a.scn", 0);
    ck_printed(
        "a.scn:6:1: model and real Xen differ at event 4: XENMEM_increase_reservation 512 of order 0 -> 4"
        "  (reservation 16388, maximum 33024, host free 98304)\n"
        "    6 | +0       xl mem-set nb 128m\n"
        "      | ^ real Xen answered 5\n"
        "  replay to there:  ballast replay a.scn --seed 1 --until 5\n"
        "  in the debugger:  ballast replay a.scn --seed 1 --until 5 --gdb\n");
}
END_TEST

START_TEST(pass_says_nothing)
{
    begin_failing(0);
    add_violation(1, MS, INVARIANT_NO_LEAK, 1, "expected");
    add_expect_waiver(MS, EXPECT_VIOLATION, true, INVARIANT_NO_LEAK, 10, 24);
    print_failures("a.scn", 0);
    ck_printed("");
}
END_TEST

START_TEST(other_backend_and_no_style)
{
    recorder_begin(rec, "grow.scn", "xen", 77);
    begin_failing(5);
    recorder_set_line(rec, 8);
    add_expect(MS, EXPECT_CONDITION, false, 20, 12, ">= 1", "0");
    finish_recording();
    text_failures(out, reading, NULL);
    ck_printed("grow.scn:8:20: expect failed\n"
               "    8 |          expect nb faults.fired >= 1\n"
               "      |                    ^~~~~~~~~~~~ got 0\n"
               "  replay to there:  ballast replay --on xen grow.scn --seed 77 --until 4\n"
               "  in the debugger:  ballast replay --on xen grow.scn --seed 77 --until 4 --gdb\n");
}
END_TEST

/* The schedule's seed is part of what to type. */
START_TEST(a_seeded_schedule)
{
    const struct record_value seed = {40};

    recorder_begin(rec, "grow.scn", "sim", 1);
    recorder_append_text(rec, REC_SCENARIO, DOMID_HOST, 0, "language 1\n", 11);
    recorder_append(rec, REC_SCHEDULE, DOMID_HOST, 0, &seed, sizeof seed, NULL, 0, 0);
    recorder_set_line(rec, 1);
    add_expect(MS, EXPECT_CONDITION, false, 1, 8, ">= 1", "0");
    add_value(REC_VERDICT, DOMID_HOST, MS, 5);
    finish_recording();
    text_failures(out, reading, NULL);
    ck_printed("grow.scn:1:1: expect failed\n"
               "    1 | language 1\n"
               "      | ^~~~~~~~ got 0\n"
               "  replay to there:  ballast replay grow.scn --seed 1 --schedule-seed 40 --until 3\n"
               "  in the debugger:  ballast replay grow.scn --seed 1 --schedule-seed 40 --until 3 --gdb\n");
    ck_assert_uint_eq(reading_schedule_seed(reading), 40);
}
END_TEST

START_TEST(verdict_line)
{
    begin_failing(5);
    add_plain(REC_REST, 61234 * MS);
    finish_recording();
    text_verdict_line(out, reading, &(struct text_style){.path = "scenarios/tour/grow.scn"});
    text_verdict_line(out, reading, NULL);
    ck_printed("FAIL    scenarios/tour/grow.scn  (61.234 s of virtual time, 5 events)\n"
               "FAIL    grow.scn  (61.234 s of virtual time, 5 events)\n");
}
END_TEST

START_TEST(very_many_violations)
{
    char text[32];
    int i;

    begin_failing(5);
    for (i = 0; i < 100; i++) {
        snprintf(text, sizeof text, "number %d", i);
        add_value(REC_EVTCHN, 1, MS, 1);
        add_violation(1, MS, INVARIANT_NO_ALIAS, 0, text);
    }
    print_failures("a.scn", 0);
    fflush(out);
    ck_assert_ptr_nonnull(strstr(printed, "no-alias: number 23;"));
    ck_assert_ptr_null(strstr(printed, "no-alias: number 24;"));
    ck_assert_ptr_nonnull(strstr(printed, "\n  … and 76 more\n"));
}
END_TEST

static const char *ran(void *context, uint64_t event)
{
    (void)context;
    return event > 1 ? "balloon.c:512 (balloon_plug)\tballoon.c:40 (balloon_room)\tballoon.c:7 (balloon_x)"
                     : NULL;
}

static const char *odd_place(void *context, uint64_t event)
{
    (void)context, (void)event;
    return "\x1b[2J.c:512 (f)";
}

/* What ran is told once, without the functions that stand there already. */
START_TEST(what_ran_before)
{
    uint64_t step;

    begin_failing(5);
    step = add_reservation(1, MS, XENMEM_decrease_reservation, 512, 15872, 32768);
    recorder_set_line(rec, 9);
    add_expect(MS, EXPECT_CONDITION, false, 20, 15, "== 16483p", "62m");
    const struct text_style style = {
        .place = place, .backtrace = backtrace, .ran_before = ran, .place_context = &step};
    callers = "balloon.c:512 (balloon_plug)\tballoon.c:600 (balloon_thread)";
    finish_recording();
    text_failures(out, reading, &style);
    fflush(out);
    ck_assert_msg(
        strstr(printed,
            "got 62m\n"
            "      | last step: event 4: XENMEM_decrease_reservation 512 of order 0 -> 512  (reservation "
            "15872, maximum 32768, host free 98304), balloon.c:512 (balloon_plug)\n"
            "      |   called from balloon.c:600 (balloon_thread)\n"
            "      |   ran before: balloon_room:40, balloon_x:7\n"
            "  replay to there:") != NULL,
        "%s", printed);
}
END_TEST

static const char *everywhere(void *context, uint64_t event)
{
    (void)context;
    return event % 2 == 0 ? "balloon.c:512 (balloon_plug)" : "balloon.c:600 (balloon_refill)";
}

/* A fault that is there again after each reboot, and in each domain, is told once for each line. */
START_TEST(the_same_fault_again)
{
    begin_failing(5);
    for (unsigned i = 0; i < 7; i++) {
        const uint64_t cause = add_value(REC_EVTCHN, 1, MS, 1);
        add_plain(REC_REST, MS);
        add_violation(1, MS, INVARIANT_NO_ALIAS, cause, "twice");
    }
    const uint64_t last = add_value(REC_EVTCHN, 1, MS, 1);
    add_plain(REC_REST, MS);
    add_violation(1, MS, INVARIANT_NO_ALIAS, last, "twice; the run ends here");
    add_plain(REC_REST, MS);
    add_violation(
        1, MS, INVARIANT_NO_ALIAS, 2, "found late"); /* the first is told, and not the one found first */
    const struct text_style style = {.place = everywhere};
    finish_recording();
    text_failures(out, reading, &style);
    fflush(out);
    const char *first = strstr(printed, "  no-alias: found late"), *second = NULL;
    ck_assert_ptr_nonnull(first);
    ck_assert_ptr_nonnull(second = strstr(printed, "  no-alias: twice"));
    ck_assert_ptr_nonnull(strstr(printed, "  no-alias: twice; the run ends here"));
    ck_assert_msg(
        strstr(second + 5, "no-alias: twice,") == NULL && strstr(second + 5, "no-alias: twice; seen") == NULL,
        "%s", printed);
    ck_assert_msg(
        strstr(printed, "      the same again: 4 times, first at event 4\n") != NULL, "%s", printed);
}
END_TEST

/* A place is what somebody named a file: no report obeys it. */
START_TEST(an_odd_place)
{
    uint64_t step;

    begin_failing(5);
    step = add_reservation(1, MS, XENMEM_decrease_reservation, 512, 15872, 32768);
    recorder_set_line(rec, 9);
    add_expect(MS, EXPECT_CONDITION, false, 20, 15, "== 16483p", "62m");
    add_violation(1, MS, INVARIANT_NO_LEAK, step, "7 frames of nb");
    const struct text_style style = {.place = odd_place, .place_context = &step};
    finish_recording();
    text_failures(out, reading, &style);
    fflush(out);
    ck_assert_msg(strstr(printed, ", \\x1b[2J.c:512 (f)\n") != NULL, "%s", printed);
    ck_assert_ptr_null(strchr(printed, 0x1b));
}
END_TEST

Suite *text_failures_suite(void)
{
    Suite *suite = suite_create("text_failures");
    TCase *tcase = tcase_create("text_failures");

    tcase_add_checked_fixture(tcase, begin_recording, drop_recording);
    tcase_add_test(tcase, leak);
    tcase_add_test(tcase, fault_that_kept_the_driver_from_hearing);
    tcase_add_test(tcase, distinct_violations);
    tcase_add_test(tcase, waived_violation);
    tcase_add_test(tcase, what_is_broken_behind_its_waiver_is_told);
    tcase_add_test(tcase, what_a_kernel_breaks_by_intent);
    tcase_add_test(tcase, refused_command);
    tcase_add_test(tcase, what_names_stood_for);
    tcase_add_test(tcase, caret_under_characters);
    tcase_add_test(tcase, not_at_rest);
    tcase_add_test(tcase, crash);
    tcase_add_test(tcase, backtrace_of_a_crash);
    tcase_add_test(tcase, expected_crash);
    tcase_add_test(tcase, difference);
    tcase_add_test(tcase, pass_says_nothing);
    tcase_add_test(tcase, other_backend_and_no_style);
    tcase_add_test(tcase, a_seeded_schedule);
    tcase_add_test(tcase, verdict_line);
    tcase_add_test(tcase, very_many_violations);
    tcase_add_test(tcase, what_ran_before);
    tcase_add_test(tcase, an_odd_place);
    tcase_add_test(tcase, the_same_fault_again);
    suite_add_tcase(suite, tcase);
    return suite;
}
