/* SPDX-License-Identifier: BSD-2-Clause */
/* progress: calls refused over and over, pauses that don't grow, too many port calls, no rest. */
#include "sim/invariants/testing.h"

Suite *progress_suite(void);

/* One attempt in vain: a call that is refused, and a sleep. */
static void attempt(uint64_t pause_ns)
{
    pass(pause_ns);
    ck_assert_int_eq(take(2000), 0);
    driver_sleeps();
}

static void at_the_maximum(void)
{
    show_open();
    new_target(MAXMEM_PAGES);
    allow(BOOT_PAGES);
    driver_sleeps();
}

START_TEST(pauses_that_double)
{
    at_the_maximum();
    for (uint64_t pause_s = 1; pause_s < 4000; pause_s *= 2)
        attempt(pause_s * NS_PER_S);
    attempt(3600 * NS_PER_S);
    attempt(3600 * NS_PER_S);
    attempt(60 * NS_PER_S);
    held(INVARIANT_PROGRESS);
    show_close();
}
END_TEST

START_TEST(pauses_that_do_not_grow)
{
    at_the_maximum();
    attempt(5 * NS_PER_S);
    attempt(5 * NS_PER_S);
    held(INVARIANT_PROGRESS); /* two attempts make one pause */
    attempt(5 * NS_PER_S);
    broken(INVARIANT_PROGRESS, "nb tries again in vain after 5000", "the pause before was 5000", NULL);
    show_close();
}
END_TEST

START_TEST(pauses_that_start_over)
{
    at_the_maximum();
    attempt(NS_PER_S);
    attempt(2 * NS_PER_S);
    attempt(4 * NS_PER_S);
    attempt(NS_PER_S);
    broken(INVARIANT_PROGRESS, "tries again in vain after 1000", NULL);
    show_close();
}
END_TEST

/* A new target, or a page that moves, is a new beginning. */
START_TEST(a_new_beginning)
{
    at_the_maximum();
    attempt(NS_PER_S);
    attempt(2 * NS_PER_S);
    attempt(4 * NS_PER_S);
    new_target(MAXMEM_PAGES - 1);
    attempt(NS_PER_S);
    attempt(NS_PER_S);
    allow(BOOT_PAGES + 1);
    ck_assert_int_eq(take(1), 1);
    bind(BOOT_PAGES, 1);
    flush(BOOT_PAGES, 1);
    driver_sleeps();
    attempt(NS_PER_S);
    held(INVARIANT_PROGRESS);
    show_close();
}
END_TEST

/* Reading the same target before each attempt makes it no other. */
START_TEST(reading_is_no_beginning)
{
    at_the_maximum();
    for (unsigned i = 0; i < 3; i++) {
        read_target(MAXMEM_PAGES * KIB_PER_PAGE);
        attempt(3 * NS_PER_S);
    }
    broken(INVARIANT_PROGRESS, "tries again in vain", NULL);
    show_close();
}
END_TEST

/* A reading of the target that is refused is an attempt like any other. */
START_TEST(readings_that_fail)
{
    struct record_fault fault = {.site = FAULT_SITE_XENSTORE_READ, .error = 11};

    at_the_maximum();
    attempt(NS_PER_S);
    for (uint64_t pause_s = 2; pause_s < 20; pause_s *= 2) {
        pass(pause_s * NS_PER_S);
        recorder_append(stage.recorder, REC_FAULT, show.p->domain->domid, machine_now_ns(stage.machine),
            &fault, sizeof fault, NULL, 0, 0);
        driver_sleeps();
    }
    attempt(32 * NS_PER_S);
    attempt(64 * NS_PER_S);
    held(INVARIANT_PROGRESS);
    show_close();
}
END_TEST

START_TEST(again_at_once)
{
    at_the_maximum();
    for (unsigned i = 0; i < 16; i++)
        attempt(0);
    ck_assert_uint_eq(
        broken(INVARIANT_PROGRESS, "16 times in vain within one second", NULL)->cause, show.call_event);
    show_close();
}
END_TEST

/* To be refused at the maximum and to plug something all the same is an attempt with an effect. */
START_TEST(what_is_plugged_is_an_effect)
{
    at_the_maximum();
    for (unsigned i = 0; i < 20; i++) {
        shrink(BOOT_PAGES - 4 * (i + 1), 4);
        grow(BOOT_PAGES + 4 * i, 4);
        attempt(0);
    }
    ck_assert_uint_eq(invariant_broken(show.inv, INVARIANT_PROGRESS), 0);
    show_close();
}
END_TEST

START_TEST(again_without_sleeping)
{
    at_the_maximum();
    for (unsigned i = 0; i < 127; i++)
        ck_assert_int_eq(take(2000), 0);
    held(INVARIANT_PROGRESS);
    take(2000);
    broken(INVARIANT_PROGRESS, "nb was refused 128 times", "reservation of 1024 pages", "without sleeping",
        NULL);
    show_close();
}
END_TEST

/* A frame taken and given back in between is no progress. */
START_TEST(to_and_fro)
{
    show_open();
    new_target(MAXMEM_PAGES);
    for (unsigned i = 0; i < 128; i++) {
        ck_assert_uint_eq(invariant_broken(show.inv, INVARIANT_PROGRESS), 0);
        ck_assert_int_eq(take(4), 4);
        plug_begin(BOOT_PAGES, 4);
        note(NOTE_PLUG_END, BOOT_PAGES, 4, 0);
        ck_assert_int_eq(give_back(4), 4);
    }
    broken(INVARIANT_PROGRESS, "refused 128 times", NULL);
    show_close();
}
END_TEST

/* Halving a refused run is not trying the same again, when a part of it gets in. */
START_TEST(halving)
{
    show_open();
    new_target(MAXMEM_PAGES);
    ck_assert_int_eq(take(256), 256);
    bind(BOOT_PAGES, 256);
    flush(BOOT_PAGES, 256);
    for (uint64_t at = 0, left = 256; left > 1; left /= 2) {
        plug_begin(BOOT_PAGES + at, left);
        note(NOTE_PLUG_END, BOOT_PAGES + at, left, 0);
        plug_begin(BOOT_PAGES + at, left / 2);
        plug_end(BOOT_PAGES + at, left / 2);
        at += left / 2;
    }
    held(INVARIANT_PROGRESS);
    show_close();
}
END_TEST

START_TEST(too_many_port_calls)
{
    show_open();
    new_target(1000);
    show.p->domain->port_calls += 190000;
    driver_sleeps();
    held(INVARIANT_PROGRESS);
    show.p->domain->port_calls += 100000;
    driver_sleeps();
    broken(INVARIANT_PROGRESS, "port calls to move or touch", NULL);
    show_close();
}
END_TEST

/* A search through all that was plugged before makes no call that could be counted. */
START_TEST(work_that_grows)
{
    static uint64_t blocks;

    show_open();
    new_target(1000);
    show.p->domain->blocks = &blocks;
    blocks = 20000000;
    driver_sleeps();
    held(INVARIANT_PROGRESS);
    blocks += 1000;
    driver_sleeps();
    broken(INVARIANT_PROGRESS, "20001000 basic blocks to move or touch 0 pages", NULL);
    ck_assert(!invariants_hopeless(show.inv));
    blocks *= 4;
    driver_sleeps();
    ck_assert(invariants_hopeless(show.inv));
    show_close();
}
END_TEST

/* Whoever wants to see what comes behind that point may. */
START_TEST(work_that_grows_may_go_on)
{
    static uint64_t blocks;

    show_open();
    invariants_keep_going(show.inv, true);
    new_target(1000);
    show.p->domain->blocks = &blocks;
    blocks = 80001001;
    driver_sleeps();
    broken(INVARIANT_PROGRESS, "its work grows with what is plugged", NULL);
    ck_assert(!invariants_hopeless(show.inv));
    show_close();
}
END_TEST

START_TEST(work_before_a_target_does_not_count)
{
    static uint64_t blocks;

    show_open();
    show.p->domain->blocks = &blocks;
    blocks = 15000000;
    new_target(1000);
    blocks += 15000000;
    driver_sleeps();
    held(INVARIANT_PROGRESS);
    show_close();
}
END_TEST

START_TEST(pages_that_are_freed_pay_for_work)
{
    static uint64_t blocks;

    show_open();
    new_target(MAXMEM_PAGES);
    show.p->domain->blocks = &blocks;
    note(NOTE_PAGE_FREE, 100, 400, 0); /* one entry of the recording, 400 pages */
    recorder_flush(stage.recorder);
    blocks = 20000000 + 400 * 1000;
    driver_sleeps();
    ck_assert_uint_eq(invariant_broken(show.inv, INVARIANT_PROGRESS), 0);
    blocks += 4000;
    driver_sleeps();
    broken(INVARIANT_PROGRESS, "basic blocks to move or touch", NULL);
    show_close();
}
END_TEST

/* The last call is where it is seen; the longest stretch is where it is made. */
START_TEST(work_that_grows_in_one_place)
{
    uint64_t event;

    static uint64_t blocks;

    show_open();
    new_target(1000);
    show.p->domain->blocks = &blocks;
    blocks = 15000000;
    note(NOTE_SLEEP, 0, 0, 0);
    event = recorder_events(stage.recorder);
    blocks += 6000000;
    driver_sleeps();
    broken(INVARIANT_PROGRESS, "21000000 basic blocks", "15000000 of them without a stop", NULL);
    ck_assert_uint_eq(show.caught[0].cause, event);
    show_close();
}
END_TEST

START_TEST(no_rest)
{
    static const char why[] = "nb: a timer is due within the quiet window";

    show_open();
    new_target(BOOT_PAGES + 100);
    pass(119 * NS_PER_S);
    recorder_append_text(stage.recorder, REC_NOT_AT_REST, show.p->domain->domid,
        machine_now_ns(stage.machine), why, sizeof why - 1);
    held(INVARIANT_PROGRESS); /* a settle with less patience than that */
    ck_assert_uint_lt(invariants_rest_bound_ns(show.inv), 121 * NS_PER_S);
    ck_assert_uint_ge(invariants_rest_bound_ns(show.inv), 120 * NS_PER_S + 100 * NS_PER_MS);
    pass(2 * NS_PER_S);
    recorder_append_text(
        stage.recorder, REC_NOT_AT_REST, DOMID_HOST, machine_now_ns(stage.machine), why, sizeof why - 1);
    broken(INVARIANT_PROGRESS, "no rest within 121 s", "a timer is due", NULL);
    show_close();
}
END_TEST

/* A driver that sleeps between its steps is told so: it is what keeps it from coming to rest. */
START_TEST(no_rest_for_sleep)
{
    static const char why[] = "nb: a timer is due within the quiet window";

    show_open();
    new_target(MAXMEM_PAGES);
    for (unsigned i = 0; i < 130; i++) {
        grow(BOOT_PAGES + i, 1);
        driver_sleeps();
        pass(NS_PER_S);
    }
    recorder_append_text(
        stage.recorder, REC_NOT_AT_REST, DOMID_HOST, machine_now_ns(stage.machine), why, sizeof why - 1);
    broken(INVARIANT_PROGRESS, "nb slept 129 times between two steps, 129 s in all", "nothing was refused",
        NULL);
    show_close();
}
END_TEST

/* One that sleeps because it was refused something is not. */
START_TEST(no_rest_after_refusals)
{
    static const char why[] = "nb: a timer is due within the quiet window";

    show_open();
    new_target(MAXMEM_PAGES);
    for (unsigned i = 0; i < 130; i++) {
        grow(BOOT_PAGES + i, 1);
        allow(BOOT_PAGES + i + 1);
        ck_assert_int_eq(take(1), 0);
        allow(MAXMEM_PAGES);
        driver_sleeps();
        pass(NS_PER_S);
    }
    recorder_append_text(
        stage.recorder, REC_NOT_AT_REST, DOMID_HOST, machine_now_ns(stage.machine), why, sizeof why - 1);
    broken(INVARIANT_PROGRESS, "no rest within 130 s: nb: a timer is due", NULL);
    show_close();
}
END_TEST

/* It says something all the time, and never rests: long before the recording is full this ends. */
START_TEST(a_recording_without_end)
{
    static char line[4000];
    unsigned lines = 0;

    memset(line, 'x', sizeof line - 1);
    show_open();
    new_target(MAXMEM_PAGES);
    for (; !invariants_hopeless(show.inv) && lines < 100000; lines++)
        recorder_append_text(
            stage.recorder, REC_LOG, show.p->domain->domid, machine_now_ns(stage.machine), line, sizeof line);
    ck_assert_uint_gt(lines, 16000);
    ck_assert_uint_lt(lines, 18000);
    broken(INVARIANT_PROGRESS, "does not come to an end: 64 MiB", "the run ends here", NULL);
    only_broken(INVARIANT_PROGRESS);
    show_close();
}
END_TEST

/* As long as an hour ago nothing is counted any more: then what was recorded for pages that moved is not held against it. */
START_TEST(what_was_recorded_an_hour_ago)
{
    static char line[4000];

    memset(line, 'x', sizeof line - 1);
    show_open();
    new_target(MAXMEM_PAGES);
    allow(MAXMEM_PAGES);
    for (unsigned taken = 0; taken < MAXMEM_PAGES - BOOT_PAGES; taken += 256)
        ck_assert_int_eq(take(256), 256);
    while (recorder_bytes(stage.recorder) < (64u << 20) + (300u << 10))
        recorder_append_text(
            stage.recorder, REC_LOG, show.p->domain->domid, machine_now_ns(stage.machine), line, sizeof line);
    ck_assert(!invariants_hopeless(show.inv));
    pass(3601 * NS_PER_S);
    driver_sleeps();
    driver_sleeps();
    ck_assert(!invariants_hopeless(show.inv));
    show_close();
}
END_TEST

START_TEST(beyond_hope)
{
    show_open();
    new_target(MAXMEM_PAGES);
    allow(BOOT_PAGES);
    for (unsigned i = 0; i < 2048; i++) {
        ck_assert(!invariants_hopeless(show.inv));
        ck_assert_int_eq(take(1), 0);
    }
    ck_assert(invariants_hopeless(show.inv));
    ck_assert_ptr_nonnull(strstr(show.caught[show.nr_caught - 1].text, "the run ends here"));
    only_broken(INVARIANT_PROGRESS);
    invariants_reset(show.inv);
    ck_assert(!invariants_hopeless(show.inv));
    show_close();
}
END_TEST

Suite *progress_suite(void)
{
    Suite *suite = suite_create("invariants/progress");
    TCase *tests = tcase_create("progress");

    tcase_add_test(tests, pauses_that_double);
    tcase_add_test(tests, pauses_that_do_not_grow);
    tcase_add_test(tests, pauses_that_start_over);
    tcase_add_test(tests, a_new_beginning);
    tcase_add_test(tests, reading_is_no_beginning);
    tcase_add_test(tests, readings_that_fail);
    tcase_add_test(tests, again_at_once);
    tcase_add_test(tests, what_is_plugged_is_an_effect);
    tcase_add_test(tests, again_without_sleeping);
    tcase_add_test(tests, to_and_fro);
    tcase_add_test(tests, halving);
    tcase_add_test(tests, too_many_port_calls);
    tcase_add_test(tests, work_that_grows);
    tcase_add_test(tests, work_that_grows_may_go_on);
    tcase_add_test(tests, work_before_a_target_does_not_count);
    tcase_add_test(tests, pages_that_are_freed_pay_for_work);
    tcase_add_test(tests, work_that_grows_in_one_place);
    tcase_add_test(tests, no_rest);
    tcase_add_test(tests, no_rest_for_sleep);
    tcase_add_test(tests, no_rest_after_refusals);
    tcase_add_test(tests, what_was_recorded_an_hour_ago);
    tcase_add_test(tests, beyond_hope);
    tcase_add_test(tests, a_recording_without_end);
    suite_add_tcase(suite, tests);
    return suite;
}
