/* SPDX-License-Identifier: BSD-2-Clause */
/* no-overshoot and last-target-wins: toward the target, not past it, and what to do when it is far. */
#include "sim/invariants/testing.h"

Suite *target_suite(void);

static void timer_in(uint64_t seconds)
{
    show.p->domain->timer_ns = machine_now_ns(stage.machine) + seconds * NS_PER_S;
}

/* ---- no-overshoot ---- */

START_TEST(steps_toward_it)
{
    show_open();
    new_target(BOOT_PAGES + 100);
    grow(BOOT_PAGES, 60);
    grow(BOOT_PAGES + 60, 40);
    new_target(1000);
    shrink(1010, 14);
    shrink(1000, 10);
    held(INVARIANT_NO_OVERSHOOT);
    ck_assert_uint_ge(asked(INVARIANT_NO_OVERSHOOT), 4);
    show_close();
}
END_TEST

/* A user of the guest gives the driver a target, past XenStore, whose older one doesn't count any more. */
START_TEST(told_inside)
{
    show_open();
    new_target(BOOT_PAGES + 100);
    grow(BOOT_PAGES, 100);
    note(NOTE_TARGET, 1000 * KIB_PER_PAGE, 0, 0);
    shrink(1010, 114);
    shrink(1000, 10);
    held(INVARIANT_NO_OVERSHOOT);
    shrink(999, 1);
    broken(INVARIANT_NO_OVERSHOOT, "nb shrank from 1000 to 999 pages", "away from its target of 1000", NULL);
    show_close();
}
END_TEST

START_TEST(one_page_too_many)
{
    show_open();
    new_target(BOOT_PAGES + 100);
    grow(BOOT_PAGES, 101);
    ck_assert_uint_eq(broken(INVARIANT_NO_OVERSHOOT, "nb grew from 1024 to 1125 pages",
                          "1 past its target of 1124 (4496 KiB)", NULL)
                          ->count,
        1);
    only_broken(INVARIANT_NO_OVERSHOOT);
    show_close();
}
END_TEST

START_TEST(one_page_too_few)
{
    show_open();
    new_target(1000);
    shrink(999, 25);
    broken(INVARIANT_NO_OVERSHOOT, "nb shrank from 1024 to 999 pages", "1 past its target of 1000", NULL);
    show_close();
}
END_TEST

START_TEST(away_from_it)
{
    show_open();
    new_target(1000);
    grow(BOOT_PAGES, 8);
    broken(INVARIANT_NO_OVERSHOOT, "away from its target of 1000", NULL);
    show_close();
}
END_TEST

/* A step that was under way when the target changed is right if it was right for the one before. */
START_TEST(a_target_in_mid_step)
{
    show_open();
    new_target(BOOT_PAGES + 200);
    grow(BOOT_PAGES, 50);
    new_target(900);
    grow(BOOT_PAGES + 50, 60);  /* the old target was current since the last call */
    grow(BOOT_PAGES + 110, 90); /* the step may be made in several calls */
    held(INVARIANT_NO_OVERSHOOT);
    new_target(BOOT_PAGES);
    unbind(0, 210);
    show.counters->free_pages -= 210;
    show.counters->ballooned_pages += 210;
    ck_assert_int_eq(give_back(210), 210);
    held(INVARIANT_NO_OVERSHOOT);
    show_close();
}
END_TEST

/* What was moved for the target before counts for that one: the step under way now may be as large as any. */
START_TEST(a_step_before_the_one_in_mid_step)
{
    show_open();
    allow(MAXMEM_PAGES);
    new_target(BOOT_PAGES + 10);
    grow(BOOT_PAGES, 10);
    new_target(BOOT_PAGES + 300);
    grow(BOOT_PAGES + 10, 290);
    new_target(BOOT_PAGES + 812);
    new_target(BOOT_PAGES + 100);
    grow(BOOT_PAGES + 300, 512);
    held(INVARIANT_NO_OVERSHOOT);
    show_close();
}
END_TEST

/* ... but not in so many that they move more than a step of 512 pages. */
START_TEST(a_step_that_never_ends)
{
    show_open();
    allow(MAXMEM_PAGES);
    new_target(BOOT_PAGES + 1000);
    grow(BOOT_PAGES, 50);
    new_target(900);
    grow(BOOT_PAGES + 50, 412);
    grow(BOOT_PAGES + 462, 100);
    held(INVARIANT_NO_OVERSHOOT);
    grow(BOOT_PAGES + 562, 1);
    broken(INVARIANT_NO_OVERSHOOT, "grew from 1586 to 1587", "away from its target of 900", NULL);
    show_close();
}
END_TEST

/* A call that is preempted in its middle is still the step that was planned before the target changed. */
START_TEST(a_preempted_call_is_one_step)
{
    uint64_t calls;

    show_open_with((struct machine_config){.seed = 1, .host_pages = HOST_PAGES, .schedule_seed = 1});
    allow(MAXMEM_PAGES);
    new_target(BOOT_PAGES + 1000);
    grow(BOOT_PAGES, 10);
    new_target(900);
    calls = asked(INVARIANT_NO_OVERSHOOT);
    grow(BOOT_PAGES + 10, 600);
    ck_assert_uint_gt(asked(INVARIANT_NO_OVERSHOOT), calls + 1);
    held(INVARIANT_NO_OVERSHOOT);
    grow(BOOT_PAGES + 610, 10);
    broken(INVARIANT_NO_OVERSHOOT, "away from its target of 900", NULL);
    show_close();
}
END_TEST

/* As long as the thread that read it could not go on, the others go by the target before, and for one step more. */
START_TEST(a_target_that_its_reader_keeps)
{
    show_open_with((struct machine_config){
        .seed = 1, .host_pages = HOST_PAGES, .schedule_seed = (uint64_t)_i, .whole_calls = true});
    allow(MAXMEM_PAGES);
    new_target(BOOT_PAGES + 1000);
    grow(BOOT_PAGES, 10);
    new_target(900);
    show.counters->watch_interrupted = 1;
    grow(BOOT_PAGES + 10, 300);
    grow(BOOT_PAGES + 310, 300);
    if (_i == 0) { /* the driver itself kept the processor */
        broken(INVARIANT_NO_OVERSHOOT, "grew from 1334 to 1634", "away from its target of 900", NULL);
        show_close();
        return;
    }
    show.counters->watch_interrupted = 0;
    grow(BOOT_PAGES + 610, 300);
    held(INVARIANT_NO_OVERSHOOT);
    allow(BOOT_PAGES + 910);
    ck_assert_int_eq(take(10), 0); /* a call that moves nothing ends the step, too */
    allow(MAXMEM_PAGES);
    grow(BOOT_PAGES + 910, 10);
    broken(INVARIANT_NO_OVERSHOOT, "grew from 1934 to 1944", "away from its target of 900", NULL);
    show_close();
}
END_TEST

/*
 * A user of the guest gives targets while the thread that read another has lost the processor: it may set that one before
 * them or behind them, and nobody sees which. So both hold, until one is read, or told with no such thread.
 */
START_TEST(a_target_that_its_reader_may_set_later)
{
    show_open_with((struct machine_config){
        .seed = 1, .host_pages = HOST_PAGES, .schedule_seed = (uint64_t)_i, .whole_calls = true});
    allow(MAXMEM_PAGES);
    new_target(1000);
    show.counters->watch_interrupted = 1;
    note(NOTE_TARGET, (BOOT_PAGES + 100) * KIB_PER_PAGE, 0, 0);
    note(NOTE_TARGET, (BOOT_PAGES + 800) * KIB_PER_PAGE, 0, 0);
    show.counters->watch_interrupted = 0;
    grow(BOOT_PAGES, 800);
    held(INVARIANT_NO_OVERSHOOT);
    shrink(1000, 824);
    driver_sleeps();
    note(NOTE_NODE, NODE_TARGET, 1000 * KIB_PER_PAGE, 0);
    rest();
    if (_i == 0) { /* threads that no seed switches run until they wait: the reader set its target first */
        broken(INVARIANT_NO_OVERSHOOT, "shrank from 1824 to 1000", "away from its target of 1824", NULL);
        broken(INVARIANT_LAST_TARGET_WINS, "1000 pages, 824 from its target of 1824", NULL);
        show_close();
        return;
    }
    held(INVARIANT_NO_OVERSHOOT);
    held(INVARIANT_LAST_TARGET_WINS);
    note(NOTE_TARGET, 1010 * KIB_PER_PAGE, 0, 0);
    grow(BOOT_PAGES + 800, 10);
    allow(1010);
    ck_assert_int_eq(take(10), 0);
    shrink(999, 1);
    broken(INVARIANT_NO_OVERSHOOT, "shrank from 1010 to 1009", "away from its target of 1010", NULL);
    show_close();
}
END_TEST

/* A target of 4097 KiB is no whole number of pages: rounding up and down are both right. */
START_TEST(half_a_page)
{
    show_open();
    read_target(4097);
    grow(BOOT_PAGES, 1);
    held(INVARIANT_NO_OVERSHOOT);
    read_target(4099);
    test_guest_list(show.p)[0] = test_guest_p2m(show.p)[BOOT_PAGES];
    unbind(BOOT_PAGES, 1);
    ck_assert_int_eq(give_back(1), 1);
    held(INVARIANT_NO_OVERSHOOT);
    show_close();
}
END_TEST

START_TEST(unused_frames_go_back)
{
    show_open();
    new_target(BOOT_PAGES + 100);
    ck_assert_int_eq(take(50), 50);
    ck_assert_int_eq(give_back(50), 50);
    driver_sleeps();
    new_target(BOOT_PAGES);
    rest();
    held(INVARIANT_NO_OVERSHOOT);
    show_close();
}
END_TEST

START_TEST(unused_frames_stay)
{
    show_open();
    new_target(BOOT_PAGES + 50);
    ck_assert_int_eq(take(50), 50);
    bind(BOOT_PAGES, 50);
    flush(BOOT_PAGES, 50);
    plug_begin(BOOT_PAGES, 50);
    show.counters->managed_pages += 50;
    show.counters->total_pages += 50;
    show.counters->present_pages += 50;
    show.counters->memory_end_pfn += 50;
    note(NOTE_PLUG_END, BOOT_PAGES, 50, 1); /* plugged, but no page was freed */
    rest();
    broken(INVARIANT_NO_OVERSHOOT, "50 frames that nb took from Xen", NULL);
    show_close();
}
END_TEST

START_TEST(no_driver_no_target)
{
    struct test_guest *probe;

    show_open();
    probe = test_guest_new("probe", 512, 512);
    domain_set_maximum_kib(probe->domain, 4096);
    ck_assert_int_eq(reserve(probe, XENMEM_increase_reservation, test_guest_list(probe), 64, 0), 64);
    nothing_broken();
    ck_assert_uint_eq(asked(INVARIANT_NO_OVERSHOOT), 0);
    ck_assert_uint_gt(asked(INVARIANT_RESERVATION), 0);
    show_close();
}
END_TEST

/* ---- last-target-wins ---- */

START_TEST(reached)
{
    show_open();
    new_target(1000);
    shrink(1000, 24);
    driver_sleeps();
    rest();
    held(INVARIANT_LAST_TARGET_WINS);
    ck_assert_uint_gt(asked(INVARIANT_LAST_TARGET_WINS), 0);
    show_close();
}
END_TEST

START_TEST(missed_without_a_word)
{
    show_open();
    new_target(1000);
    say("balloon0: something, before");
    new_target(990);
    shrink(1000, 24);
    driver_sleeps();
    rest();
    broken(INVARIANT_LAST_TARGET_WINS,
        "the reservation of nb is 1000 pages, 10 from its target of 990 (3960 KiB)", "logged no reason",
        NULL);
    only_broken(INVARIANT_LAST_TARGET_WINS);
    show_close();
}
END_TEST

/* While a timer is armed it may still be trying; but not for ever without a word. */
START_TEST(silent_while_it_tries)
{
    show_open();
    new_target(990);
    shrink(1000, 24);
    driver_sleeps();
    timer_in(100000);
    rest();
    held(INVARIANT_LAST_TARGET_WINS);
    stage.machine->now_ns += 599 * NS_PER_S;
    rest();
    held(INVARIANT_LAST_TARGET_WINS);
    stage.machine->now_ns += NS_PER_S;
    rest();
    broken(INVARIANT_LAST_TARGET_WINS, "10 from its target of 990 (3960 KiB)", "logged no reason", NULL);
    show_close();
}
END_TEST

START_TEST(setting_out_is_no_reason)
{
    show_open();
    new_target(990);
    say("balloon0: current reservation: 1024 pages => target: 990 pages");
    shrink(1000, 24);
    driver_sleeps();
    rest();
    broken(INVARIANT_LAST_TARGET_WINS, "10 from its target of 990 (3960 KiB)", "logged no reason", NULL);
    only_broken(INVARIANT_LAST_TARGET_WINS);
    show_close();
}
END_TEST

/* A limit that doesn't change needs a message, and no timer. */
START_TEST(clipped_with_a_message)
{
    show_open();
    new_target(MAXMEM_PAGES);
    say("balloon0: memory 'hot-plug' unsupported - clipping reservation 2048 => 1024 pages.");
    driver_sleeps();
    rest();
    held(INVARIANT_LAST_TARGET_WINS);
    show_close();
}
END_TEST

START_TEST(refused_and_asleep_for_good)
{
    show_open();
    new_target(MAXMEM_PAGES);
    ck_assert_int_eq(take(300), 256);
    ck_assert_int_eq(give_back(256), 256);
    say("balloon0: WARNING: balloon could not reach target 2048 (current 1024)");
    driver_sleeps();
    rest();
    broken(INVARIANT_LAST_TARGET_WINS, "1024 from its target of 2048", "no timer is armed", NULL);
    only_broken(INVARIANT_LAST_TARGET_WINS);
    show_close();
}
END_TEST

START_TEST(refused_and_tried_again)
{
    show_open();
    new_target(MAXMEM_PAGES);
    ck_assert_int_eq(take(300), 256);
    ck_assert_int_eq(give_back(256), 256);
    say("balloon0: WARNING: balloon could not reach target 2048 (current 1024)");
    timer_in(16);
    driver_sleeps();
    rest();
    held(INVARIANT_LAST_TARGET_WINS);
    show_close();
}
END_TEST

/* The maximum is raised, the driver's timer is armed, and nothing comes of it for two hours. */
START_TEST(nothing_in_the_way_any_more)
{
    show_open();
    new_target(MAXMEM_PAGES);
    ck_assert_int_eq(take(300), 256);
    ck_assert_int_eq(give_back(256), 256);
    say("balloon0: WARNING: balloon could not reach target 2048 (current 1024)");
    timer_in(100000);
    driver_sleeps();
    rest();
    pass(3 * 3600 * NS_PER_S);
    rest(); /* the maximum was still in the way */
    allow(MAXMEM_PAGES);
    rest();
    pass(2 * 3600 * NS_PER_S - NS_PER_S);
    rest();
    held(INVARIANT_LAST_TARGET_WINS);
    pass(NS_PER_S);
    rest();
    broken(
        INVARIANT_LAST_TARGET_WINS, "nothing has stood in nb's way for 7200 s", "1024 from its target", NULL);
    show_close();
}
END_TEST

/* The driver's own minimum is above the target: that stands in the way for good. */
START_TEST(its_minimum_stands_in_the_way)
{
    show_open();
    show.counters->free_pages = show.counters->managed_pages = show.counters->total_pages = 3000;
    note(NOTE_NODE, NODE_MIN, 1010 * 4, 0);
    new_target(1000);
    test_guest_list(show.p)[0] = 0;
    ck_assert_int_eq(give_back(1), 0); /* refused: from now on it has to try again */
    say("balloon0: new target 4000 is below min 4040");
    timer_in(100000);
    driver_sleeps();
    invariants_at_rest(show.inv);
    pass(3 * 3600 * NS_PER_S);
    invariants_at_rest(show.inv);
    ck_assert_uint_eq(invariant_broken(show.inv, INVARIANT_LAST_TARGET_WINS), 0);
    note(NOTE_NODE, NODE_MIN, 900 * 4, 0);
    invariants_at_rest(show.inv);
    pass(3 * 3600 * NS_PER_S);
    invariants_at_rest(show.inv);
    broken(INVARIANT_LAST_TARGET_WINS, "nothing has stood in nb's way", NULL);
    show_close();
}
END_TEST

/* A target that the machine knows of, though no record of the read came by. */
START_TEST(a_target_read_unseen)
{
    show_open();
    new_target(BOOT_PAGES);
    driver_sleeps();
    rest();
    held(INVARIANT_LAST_TARGET_WINS);
    show.p->domain->target_kib = 1000 * KIB_PER_PAGE;
    show.p->domain->target_event = now_event();
    driver_sleeps();
    rest();
    broken(INVARIANT_LAST_TARGET_WINS, "24 from its target of 1000", NULL);
    show_close();
}
END_TEST

START_TEST(an_armed_fault_stands_in_the_way)
{
    struct fault_spec spec = {.site = FAULT_SITE_INCREASE_RESERVATION, .when = FAULT_EVERY, .n = 1};

    show_open();
    allow(MAXMEM_PAGES);
    ck_assert(fault_arm(show.p->domain->faults, &spec));
    new_target(MAXMEM_PAGES);
    ck_assert_int_eq(take(300), 0);
    say("balloon0: increase reservation incomplete: was 300, returned 0");
    timer_in(100000);
    driver_sleeps();
    rest();
    pass(3 * 3600 * NS_PER_S);
    rest();
    held(INVARIANT_LAST_TARGET_WINS);
    fault_heal(show.p->domain->faults, true, 0);
    rest();
    pass(3 * 3600 * NS_PER_S);
    rest();
    broken(INVARIANT_LAST_TARGET_WINS, "nothing has stood", NULL);
    show_close();
}
END_TEST

START_TEST(a_target_that_nobody_reads)
{
    char line[80];

    show_open();
    read_target(BOOT_PAGES * KIB_PER_PAGE);
    snprintf(line, sizeof line, "xenstore-write /local/domain/%u/memory/target 3960", show.p->domain->domid);
    ck_assert_int_eq(dom0(line), 0);
    driver_sleeps();
    rest();
    broken(INVARIANT_LAST_TARGET_WINS, "memory/target of nb was written (3960 KiB)", "not been read", NULL);
    show_close();
}
END_TEST

/* Said or not: what couldn't be read has to be read later. */
START_TEST(a_target_that_could_not_be_read)
{
    struct record_fault fault = {.site = FAULT_SITE_XENSTORE_READ, .error = 11};
    char line[80];

    show_open();
    read_target(BOOT_PAGES * KIB_PER_PAGE);
    snprintf(line, sizeof line, "xenstore-write /local/domain/%u/memory/target 3960", show.p->domain->domid);
    ck_assert_int_eq(dom0(line), 0);
    recorder_append(stage.recorder, REC_FAULT, show.p->domain->domid, 0, &fault, sizeof fault, NULL, 0, 0);
    say("balloon0: error 11, couldn't read xenbus target node");
    timer_in(100000);
    driver_sleeps();
    rest();
    held(INVARIANT_LAST_TARGET_WINS);
    show.p->domain->timer_ns = NEVER_NS;
    rest();
    broken(INVARIANT_LAST_TARGET_WINS,
        "was written (3960 KiB), the reading of it failed, and no timer is armed", NULL);
    only_broken(INVARIANT_LAST_TARGET_WINS);
    show_close();
}
END_TEST

/* The same value read again at each retry is no new target: what was said about it still counts. */
START_TEST(read_again_and_again)
{
    show_open();
    new_target(MAXMEM_PAGES);
    ck_assert_int_eq(take(300), 256);
    ck_assert_int_eq(give_back(256), 256);
    say("balloon0: WARNING: balloon could not reach target 2048 (current 1024)");
    timer_in(100000);
    driver_sleeps();
    read_target(MAXMEM_PAGES * KIB_PER_PAGE);
    driver_sleeps();
    rest();
    held(INVARIANT_LAST_TARGET_WINS);
    show_close();
}
END_TEST

/* A reading that failed is made up for by one that works, and a limit that does not change needs no timer. */
START_TEST(a_reading_that_failed)
{
    struct record_fault fault = {.site = FAULT_SITE_XENSTORE_READ, .error = 11};
    unsigned domid;

    show_open();
    domid = show.p->domain->domid;
    new_target(MAXMEM_PAGES);
    say("balloon0: memory 'hot-plug' unsupported - clipping reservation 2048 => 1024 pages.");
    recorder_append(stage.recorder, REC_FAULT, domid, 0, &fault, sizeof fault, NULL, 0, 0);
    read_target(MAXMEM_PAGES * KIB_PER_PAGE);
    driver_sleeps();
    rest();
    held(INVARIANT_LAST_TARGET_WINS);
    recorder_append(stage.recorder, REC_FAULT, domid, 0, &fault, sizeof fault, NULL, 0, 0);
    rest();
    broken(INVARIANT_LAST_TARGET_WINS, "no timer is armed", NULL);
    show_close();
}
END_TEST

/* Refused once, then given: what is left after that is a limit, and was said. */
START_TEST(made_up_for_later)
{
    show_open();
    new_target(BOOT_PAGES + 300);
    ck_assert_int_eq(take(300), 256);
    ck_assert_int_eq(give_back(256), 256);
    say("balloon0: WARNING: balloon could not reach target 1324 (current 1024)");
    driver_sleeps();
    grow(BOOT_PAGES, 100);
    say("balloon0: P2M ends at page 1124 - clipping reservation 1324 => 1124 pages.");
    driver_sleeps();
    rest();
    held(INVARIANT_LAST_TARGET_WINS);
    show_close();
}
END_TEST

/* A workload that finds no memory is not the driver's concern; the driver's own failure is. */
START_TEST(whose_failure)
{
    show_open();
    new_target(1000);
    say("balloon0: out of free pages: wanted 24, got 0");
    show.counters->allocation_failures = 1;
    note(NOTE_SLEEP, 0, 0, 0);
    driver_sleeps();
    rest();
    held(INVARIANT_LAST_TARGET_WINS);
    show.counters->allocation_failures = 2;
    driver_sleeps();
    rest();
    broken(INVARIANT_LAST_TARGET_WINS, "no timer is armed", NULL);
    show_close();
}
END_TEST

/* Plugged at the second go, without a sleep: nothing is owed any more. */
START_TEST(plugged_at_the_second_go)
{
    struct record_fault fault = {.site = TEST_SITE_ADD_HEAP, .error = 12};

    show_open();
    new_target(BOOT_PAGES + 200);
    ck_assert_int_eq(take(60), 60);
    bind(BOOT_PAGES, 60);
    flush(BOOT_PAGES, 60);
    plug_begin(BOOT_PAGES, 60);
    recorder_append(stage.recorder, REC_FAULT, show.p->domain->domid, 0, &fault, sizeof fault, NULL, 0, 0);
    note(NOTE_PLUG_END, BOOT_PAGES, 60, 0);
    plug_begin(BOOT_PAGES, 60);
    plug_end(BOOT_PAGES, 60);
    say("balloon0: no more today");
    driver_sleeps();
    rest();
    held(INVARIANT_LAST_TARGET_WINS);
    show_close();
}
END_TEST

/* What the same attempt got before or after makes up for nothing. */
START_TEST(refused_in_the_same_attempt)
{
    struct record_fault fault = {.site = TEST_SITE_PAGE_ALLOC, .error = 12};

    show_open();
    new_target(900);
    recorder_append(stage.recorder, REC_FAULT, show.p->domain->domid, 0, &fault, sizeof fault, NULL, 0, 0);
    shrink(1000, 24);
    say("balloon0: WARNING: balloon could not reach target 900 (current 1000)");
    driver_sleeps();
    rest();
    broken(INVARIANT_LAST_TARGET_WINS, "no timer is armed", NULL);
    show_close();
}
END_TEST

Suite *target_suite(void)
{
    Suite *suite = suite_create("invariants/target");
    TCase *steps = tcase_create("no-overshoot"), *last = tcase_create("last-target-wins");

    tcase_add_test(steps, steps_toward_it);
    tcase_add_test(steps, told_inside);
    tcase_add_test(steps, one_page_too_many);
    tcase_add_test(steps, one_page_too_few);
    tcase_add_test(steps, away_from_it);
    tcase_add_test(steps, a_target_in_mid_step);
    tcase_add_test(steps, a_step_before_the_one_in_mid_step);
    tcase_add_test(steps, a_preempted_call_is_one_step);
    tcase_add_loop_test(steps, a_target_that_its_reader_keeps, 0, 2);
    tcase_add_loop_test(steps, a_target_that_its_reader_may_set_later, 0, 2);
    tcase_add_test(steps, a_step_that_never_ends);
    tcase_add_test(steps, half_a_page);
    tcase_add_test(steps, unused_frames_go_back);
    tcase_add_test(steps, unused_frames_stay);
    tcase_add_test(steps, no_driver_no_target);
    suite_add_tcase(suite, steps);
    tcase_add_test(last, reached);
    tcase_add_test(last, missed_without_a_word);
    tcase_add_test(last, clipped_with_a_message);
    tcase_add_test(last, silent_while_it_tries);
    tcase_add_test(last, setting_out_is_no_reason);
    tcase_add_test(last, refused_and_asleep_for_good);
    tcase_add_test(last, refused_and_tried_again);
    tcase_add_test(last, nothing_in_the_way_any_more);
    tcase_add_test(last, its_minimum_stands_in_the_way);
    tcase_add_test(last, a_target_read_unseen);
    tcase_add_test(last, an_armed_fault_stands_in_the_way);
    tcase_add_test(last, a_target_that_nobody_reads);
    tcase_add_test(last, a_target_that_could_not_be_read);
    tcase_add_test(last, read_again_and_again);
    tcase_add_test(last, made_up_for_later);
    tcase_add_test(last, plugged_at_the_second_go);
    tcase_add_test(last, whose_failure);
    tcase_add_test(last, refused_in_the_same_attempt);
    tcase_add_test(last, a_reading_that_failed);
    suite_add_tcase(suite, last);
    return suite;
}
