/* SPDX-License-Identifier: BSD-2-Clause */
/* floor: the driver's minimum, its nodes in KiB, and the numbers in its messages. */
#include "sim/invariants/testing.h"

Suite *floor_suite(void);

static void nodes(uint64_t min_kib, uint64_t current_kib, uint64_t target_kib, uint64_t max_kib)
{
    note(NOTE_NODE, NODE_MIN, min_kib, 0);
    note(NOTE_NODE, NODE_CURRENT, current_kib, 0);
    note(NOTE_NODE, NODE_TARGET, target_kib, 0);
    note(NOTE_NODE, NODE_MAX, max_kib, 0);
}

/* Right for a guest at its boot size under xl. */
static void right_nodes(void)
{
    nodes(1200, BOOT_PAGES * 4, BOOT_PAGES * 4, (BOOT_PAGES + 256) * 4);
}

START_TEST(nodes_that_agree)
{
    show_open();
    new_target(BOOT_PAGES);
    right_nodes();
    rest();
    held(INVARIANT_FLOOR);
    ck_assert_uint_gt(asked(INVARIANT_FLOOR), 0);
    show_close();
}
END_TEST

START_TEST(pages_for_kib)
{
    show_open();
    new_target(BOOT_PAGES);
    nodes(1200, BOOT_PAGES, BOOT_PAGES * 4, (BOOT_PAGES + 256) * 4);
    rest();
    broken(INVARIANT_FLOOR, "node current of nb says 1024 KiB", "4096 KiB (1024 pages)", NULL);
    show_close();
}
END_TEST

START_TEST(a_target_node_that_is_not_the_target)
{
    show_open();
    new_target(BOOT_PAGES);
    nodes(1200, BOOT_PAGES * 4, 999 * 4, (BOOT_PAGES + 256) * 4);
    rest();
    broken(INVARIANT_FLOOR, "node target of nb says 3996 KiB", NULL);
    show_close();
}
END_TEST

START_TEST(a_maximum_in_pages)
{
    show_open();
    new_target(BOOT_PAGES);
    nodes(1200, BOOT_PAGES * 4, BOOT_PAGES * 4, BOOT_PAGES + 256);
    rest();
    broken(INVARIANT_FLOOR, "node max of nb says 1280 KiB", "5120 KiB", NULL);
    show_close();
}
END_TEST

/* xl moves the maximum with each target: a driver that asked once is a moment old, and not wrong. */
START_TEST(a_maximum_from_before)
{
    show_open();
    new_target(BOOT_PAGES);
    right_nodes();
    rest();
    allow(BOOT_PAGES + 100);
    right_nodes();
    rest();
    held(INVARIANT_FLOOR);
    show_close();
}
END_TEST

START_TEST(a_node_that_could_not_be_read)
{
    show_open();
    new_target(BOOT_PAGES);
    note(NOTE_NODE, NODE_CURRENT, 0, 2);
    rest();
    held(INVARIANT_FLOOR);
    show_close();
}
END_TEST

START_TEST(minimum_above_maximum)
{
    show_open();
    new_target(BOOT_PAGES);
    nodes(9999, BOOT_PAGES * 4, BOOT_PAGES * 4, (BOOT_PAGES + 256) * 4);
    rest();
    held(INVARIANT_FLOOR); /* Xen set that maximum, not the driver */
    nodes(9999, BOOT_PAGES * 4, BOOT_PAGES * 4, MAXMEM_PAGES * 4);
    rest();
    broken(INVARIANT_FLOOR, "minimum in nb, 9999 KiB, is above its maximum, 8192 KiB", NULL);
    show_close();
}
END_TEST

START_TEST(under_the_floor)
{
    show_open();
    new_target(BOOT_PAGES);
    nodes(4000, BOOT_PAGES * 4, BOOT_PAGES * 4, (BOOT_PAGES + 256) * 4);
    rest();
    new_target(990);
    shrink(990, 34);
    nodes(4000, 990 * 4, 990 * 4, (BOOT_PAGES + 256) * 4);
    driver_sleeps();
    rest();
    broken(INVARIANT_FLOOR, "nb went down to 990 pages, 10 under its own minimum of 1000 (4000 KiB)", NULL);
    only_broken(INVARIANT_FLOOR);
    show_close();
}
END_TEST

/* It was under the minimum for a moment only. */
START_TEST(under_the_floor_and_back)
{
    show_open();
    new_target(BOOT_PAGES);
    nodes(4000, BOOT_PAGES * 4, BOOT_PAGES * 4, (BOOT_PAGES + 256) * 4);
    rest();
    new_target(990);
    shrink(990, 34);
    new_target(BOOT_PAGES);
    take(34);
    bind(990, 34);
    flush(990, 34);
    note(NOTE_PAGE_FREE, 990, 34, 0);
    show.counters->ballooned_pages -= 34;
    show.counters->free_pages += 34;
    nodes(4000, BOOT_PAGES * 4, BOOT_PAGES * 4, (BOOT_PAGES + 256) * 4);
    driver_sleeps();
    rest();
    broken(INVARIANT_FLOOR, "nb went down to 990 pages", NULL);
    show_close();
}
END_TEST

/* The minimum was raised after the pages had gone. */
START_TEST(a_floor_raised_later)
{
    show_open();
    new_target(BOOT_PAGES);
    right_nodes();
    rest();
    new_target(990);
    shrink(990, 34);
    nodes(3992, 990 * 4, 990 * 4, (BOOT_PAGES + 256) * 4);
    driver_sleeps();
    rest();
    held(INVARIANT_FLOOR);
    show_close();
}
END_TEST

START_TEST(messages_that_agree)
{
    show_open();
    new_target(1000);
    say("balloon0: current reservation: 1024 pages => target: 1000 pages");
    shrink(1000, 24);
    driver_sleeps();
    rest();
    new_target(MAXMEM_PAGES);
    say("balloon0: WARNING: balloon could not reach target 2048 (current 1000)");
    rest();
    new_target(MAXMEM_PAGES - 1);
    say("balloon0: WARNING: balloon could not reach target 8188 (current 4000)"); /* both in KiB */
    rest();
    new_target(MAXMEM_PAGES - 2);
    say("balloon0: memory 'hot-plug' unsupported - clipping reservation 2046 => 1024 pages.");
    say("balloon0: current reservation: 1000 pages => target: 1024 pages");
    rest();
    held(INVARIANT_FLOOR);
    show_close();
}
END_TEST

/* With threads switched by a seed, the reservation may move between a thread's look at it and its message. */
START_TEST(a_message_that_came_late)
{
    show_open_with(
        (struct machine_config){.seed = 1, .host_pages = HOST_PAGES, .schedule_seed = (uint64_t)_i});
    new_target(1000);
    shrink(1016, 8);
    shrink(1008, 8);
    shrink(1000, 8);
    say("balloon0: current reservation: 1024 pages => target: 1000 pages");
    driver_sleeps();
    rest();
    if (_i != 0)
        held(INVARIANT_FLOOR);
    else
        broken(INVARIANT_FLOOR, "current 1024; its reservation was 1000 pages", NULL);
    show_close();
}
END_TEST

START_TEST(a_message_that_was_never_right)
{
    show_open_with((struct machine_config){.seed = 1, .host_pages = HOST_PAGES, .schedule_seed = 1});
    new_target(1010);
    shrink(1010, 14);
    driver_sleeps();
    new_target(1000);
    shrink(1000, 10);
    say("balloon0: current reservation: 1024 pages => target: 1000 pages");
    driver_sleeps();
    rest();
    broken(INVARIANT_FLOOR, "current 1024; its reservation was 1000 pages", NULL);
    show_close();
}
END_TEST

START_TEST(a_message_in_two_units)
{
    show_open();
    new_target(MAXMEM_PAGES);
    say("balloon0: WARNING: balloon could not reach target 8192 (current 1024)");
    rest();
    broken(INVARIANT_FLOOR, "named target 8192 and current 1024", "reservation was 1024 pages",
        "target 2048 pages (8192 KiB)", NULL);
    show_close();
}
END_TEST

START_TEST(a_message_in_the_wrong_unit)
{
    show_open();
    new_target(1000);
    say("balloon0: current reservation: 4096 pages => target: 4000 pages");
    shrink(1000, 24);
    driver_sleeps();
    rest();
    broken(INVARIANT_FLOOR, "named target 4000 and current 4096", NULL);
    show_close();
}
END_TEST

/* The node says the same, and is as wrong. */
START_TEST(a_target_read_wrongly)
{
    show_open();
    new_target(1000);
    say("balloon0: current reservation: 1024 pages => target: 500 pages");
    shrink(500, 524);
    nodes(9, 500 * 4, 500 * 4, (BOOT_PAGES + 256) * 4);
    rest();
    broken(INVARIANT_FLOOR, "named target 500 and current 1024", "target 1000 pages", NULL);
    show_close();
}
END_TEST

/* What it said of the target shows where it looked at it. */
START_TEST(refused_and_obeyed)
{
    uint64_t said;

    show_open();
    new_target(BOOT_PAGES);
    nodes(4000, BOOT_PAGES * 4, BOOT_PAGES * 4, (BOOT_PAGES + 256) * 4);
    rest();
    new_target(990);
    say("balloon0: new target 3960 is below min 4000");
    said = recorder_events(stage.recorder);
    shrink(990, 34);
    nodes(4000, 990 * 4, 990 * 4, (BOOT_PAGES + 256) * 4);
    driver_sleeps();
    rest();
    ck_assert_uint_eq(broken(INVARIANT_FLOOR, "10 under its own minimum", NULL)->cause, said);
    show_close();
}
END_TEST

START_TEST(a_limit_that_is_none)
{
    show_open();
    new_target(1000);
    say("balloon0: new target 4000 is below min 4608");
    rest();
    held(INVARIANT_FLOOR);
    say("balloon0: new target 131072 is above max 5120");
    rest();
    held(INVARIANT_FLOOR);
    say("balloon0: new target 131072 is below min 4608");
    rest();
    broken(INVARIANT_FLOOR, "calls the target of 131072 KiB below its min of 4608 KiB", NULL);
    show_close();
}
END_TEST

/* The driver's node says what its minimum is, and what it was when it was asked the last time. */
START_TEST(a_minimum_that_is_none)
{
    const bool twice = _i == 1;

    show_open();
    new_target(1000);
    right_nodes();
    if (twice)
        right_nodes();
    say("balloon0: new target 4000 is below min 4608");
    rest();
    if (twice)
        broken(INVARIANT_FLOOR, "names a minimum of 4608 KiB; its node min says 1200 KiB", NULL);
    else
        held(INVARIANT_FLOOR);
    show_close();
}
END_TEST

/* What the driver says that it clips the target to may stand in its node. */
START_TEST(a_node_with_the_clipped_target)
{
    show_open();
    new_target(MAXMEM_PAGES);
    say("balloon0: P2M ends at page 2048 - clipping reservation 2048 => 1100 pages.");
    nodes(1200, BOOT_PAGES * 4, 1100 * 4, (BOOT_PAGES + 256) * 4);
    rest();
    held(INVARIANT_FLOOR);
    nodes(1200, BOOT_PAGES * 4, 1101 * 4, (BOOT_PAGES + 256) * 4);
    rest();
    ck_assert_uint_gt(invariant_broken(show.inv, INVARIANT_FLOOR), 0);
    show_close();
}
END_TEST

/* With a seeded schedule a driver may speak late, but not of a reservation from before the target was written. */
START_TEST(a_reservation_of_another_target)
{
    show_open_with((struct machine_config){.seed = 1, .host_pages = HOST_PAGES, .schedule_seed = 1});
    new_target(990);
    shrink(990, 34);
    new_target(BOOT_PAGES);
    ck_assert_int_eq(take(17), 17);
    ck_assert_int_eq(take(17), 17);
    new_target(1000);
    say("balloon0: current reservation: 990 pages => target: 1000 pages");
    rest();
    broken(INVARIANT_FLOOR, "named target 1000 and current 990", NULL);
    show_close();
}
END_TEST

/* It may speak of the target as it clips it: to Xen's maximum, with what the toolstack adds or without. */
START_TEST(a_target_named_as_it_is_clipped)
{
    static const uint64_t clipped[] = {BOOT_PAGES + 256, BOOT_PAGES, MAXMEM_PAGES, 1500};
    char line[80];

    show_open();
    new_target(3000);
    snprintf(line, sizeof line, "balloon0: current reservation: 1024 pages => target: %ju pages",
        (uintmax_t)clipped[_i]);
    say(line);
    rest();
    ck_assert_uint_eq(invariant_broken(show.inv, INVARIANT_FLOOR), _i == 3);
    show_close();
}
END_TEST

START_TEST(a_maximum_of_yesterday)
{
    show_open();
    new_target(1000);
    say("balloon0: new target 131072 is above max 66560");
    broken(INVARIANT_FLOOR, "names a maximum of 66560 KiB, which is none", "Xen's maximum 5120 KiB",
        "its P2M ends at 8192 KiB", NULL);
    show_close();
}
END_TEST

/* A driver may name any limit that it is held to: here the end of its P2M. */
START_TEST(a_maximum_by_the_p2m)
{
    show_open();
    new_target(1000);
    ck_assert_int_eq(dom0("xenstore-write /local/domain/1/memory/static-max 16384"), 0);
    say("balloon0: new target 131072 is above max 8192");
    rest();
    held(INVARIANT_FLOOR);
    show_close();
}
END_TEST

/* A target that static-max, Xen's maximum and the P2M all allow is not clipped to anything. */
START_TEST(clipped_for_no_reason)
{
    show_open();
    new_target(MAXMEM_PAGES);
    say("balloon0: P2M ends at page 2048 - clipping reservation 2048 => 1084 pages.");
    rest();
    held(INVARIANT_FLOOR); /* Xen's maximum is lower */
    new_target(1200);
    say("balloon0: P2M ends at page 2048 - clipping reservation 1200 => 1084 pages.");
    broken(INVARIANT_FLOOR, "clips a target of 1200 pages to 1084, and nothing forbids it", NULL);
    rest();
    broken(INVARIANT_LAST_TARGET_WINS, "it logged no reason", NULL);
    show_close();
}
END_TEST

START_TEST(a_warning_about_the_target_before)
{
    show_open();
    new_target(1200);
    new_target(1100);
    say("balloon0: WARNING: balloon could not reach target 1200 (current 1024)");
    rest();
    broken(INVARIANT_LAST_TARGET_WINS, "it logged no reason", NULL);
    only_broken(INVARIANT_LAST_TARGET_WINS);
    show_close();
}
END_TEST

/* … and in a later attempt it is wrong, whatever else was said. */
START_TEST(a_warning_long_after_the_target)
{
    show_open();
    new_target(1200);
    driver_sleeps();
    new_target(1100);
    say("balloon0: something is amiss");
    driver_sleeps();
    say("balloon0: WARNING: balloon could not reach target 1200 (current 1024)");
    nodes(1200, BOOT_PAGES * 4, 1100 * 4, MAXMEM_PAGES * 4);
    rest();
    broken(INVARIANT_FLOOR, "named target 1200 and current 1024", "its target 1100 pages", NULL);
    only_broken(INVARIANT_FLOOR);
    show_close();
}
END_TEST

/* Not when it was said in the attempt in which the new one was read, nor when the driver has kept to the one before. */
START_TEST(a_warning_about_a_target_kept_to)
{
    show_open();
    new_target(1200);
    driver_sleeps();
    new_target(1100);
    say("balloon0: WARNING: balloon could not reach target 1200 (current 1024)");
    say("balloon0: something is amiss");
    nodes(1200, BOOT_PAGES * 4, 1100 * 4, MAXMEM_PAGES * 4);
    rest();
    held(INVARIANT_FLOOR);
    driver_sleeps();
    say("balloon0: WARNING: balloon could not reach target 1200 (current 1024)");
    nodes(1200, BOOT_PAGES * 4, 1200 * 4, MAXMEM_PAGES * 4);
    rest();
    held(INVARIANT_FLOOR);
    show_close();
}
END_TEST

/* What was asked and done stands in the call. A driver may add up several calls for one thing. */
START_TEST(figures_of_a_short_call)
{
    show_open();
    new_target(1500);
    ck_assert_int_eq(take(512), 256);
    say("balloon0: increase reservation incomplete: was 512, returned 256");
    say("balloon0: increase reservation incomplete: was 600, returned 344");
    rest();
    ck_assert_uint_eq(invariant_broken(show.inv, INVARIANT_FLOOR), 0);
    say(_i == 0 ? "balloon0: increase reservation incomplete: was 256, returned 512"
                : "balloon0: increase reservation incomplete: was 512, returned 255");
    broken(INVARIANT_FLOOR, "the last one was for 512, and 256 were done", NULL);
    show_close();
}
END_TEST

/* Who is where it was asked to be has nothing to complain about. */
START_TEST(short_of_what_it_has)
{
    show_open();
    new_target(BOOT_PAGES - 1);
    say("could not reach target 1023 (current 1024)");
    ck_assert_uint_eq(invariant_broken(show.inv, INVARIANT_FLOOR), 0);
    say("could not reach target 1024 (current 1024)");
    broken(INVARIANT_FLOOR, "the target of 1024 could not be reached, and that it is there", NULL);
    show_close();
}
END_TEST

/* Frames that Xen doesn't take back are the domain's, and no memory that anybody can use. */
START_TEST(short_of_what_it_can_not_give_back)
{
    struct fault_spec spec = {.site = FAULT_SITE_DECREASE_RESERVATION, .when = FAULT_EVERY, .n = 1};

    show_open();
    new_target(BOOT_PAGES);
    ck_assert(fault_arm(show.p->domain->faults, &spec));
    ck_assert_int_eq(give_back(40), 0);
    say("could not reach target 1024 (current 1024)");
    ck_assert_uint_eq(invariant_broken(show.inv, INVARIANT_FLOOR), 0);
    show_close();
}
END_TEST

static const char *const plugs_said[] = {
    "0x408 - 0x40b", "0x400 - 0x40a", "0x400 - 0x40c", "0x409 - 0x40b", "0x40b - 0x400"};

/* A message may be about one plug, or about some of them together. */
START_TEST(frames_that_were_plugged)
{
    char line[80];

    show_open();
    grow(BOOT_PAGES, 8);
    grow(BOOT_PAGES + 8, 4);
    say("memory 'hot-plug': frames 0x400 - 0x40b plugged");
    say("memory 'hot-plug': frames 0x408 - 0x40b plugged");
    ck_assert_uint_eq(invariant_broken(show.inv, INVARIANT_FLOOR), 0);
    snprintf(line, sizeof line, "memory 'hot-plug': frames %s plugged", plugs_said[_i]);
    say(line);
    if (_i == 0)
        ck_assert_uint_eq(invariant_broken(show.inv, INVARIANT_FLOOR), 0);
    else
        broken(INVARIANT_FLOOR, "the last plug was of 0x408 to 0x40b", NULL);
    show_close();
}
END_TEST

Suite *floor_suite(void)
{
    Suite *suite = suite_create("invariants/floor");
    TCase *tests = tcase_create("floor");

    tcase_add_test(tests, nodes_that_agree);
    tcase_add_test(tests, pages_for_kib);
    tcase_add_test(tests, a_target_node_that_is_not_the_target);
    tcase_add_test(tests, a_maximum_in_pages);
    tcase_add_test(tests, a_maximum_from_before);
    tcase_add_test(tests, a_node_that_could_not_be_read);
    tcase_add_test(tests, minimum_above_maximum);
    tcase_add_test(tests, under_the_floor);
    tcase_add_test(tests, under_the_floor_and_back);
    tcase_add_test(tests, a_floor_raised_later);
    tcase_add_test(tests, messages_that_agree);
    tcase_add_loop_test(tests, a_message_that_came_late, 0, 2);
    tcase_add_test(tests, a_message_that_was_never_right);
    tcase_add_test(tests, a_message_in_two_units);
    tcase_add_test(tests, a_message_in_the_wrong_unit);
    tcase_add_test(tests, a_limit_that_is_none);
    tcase_add_loop_test(tests, a_minimum_that_is_none, 0, 2);
    tcase_add_test(tests, a_node_with_the_clipped_target);
    tcase_add_test(tests, a_reservation_of_another_target);
    tcase_add_loop_test(tests, a_target_named_as_it_is_clipped, 0, 4);
    tcase_add_test(tests, a_maximum_of_yesterday);
    tcase_add_test(tests, a_maximum_by_the_p2m);
    tcase_add_test(tests, clipped_for_no_reason);
    tcase_add_test(tests, a_warning_about_the_target_before);
    tcase_add_test(tests, a_warning_long_after_the_target);
    tcase_add_test(tests, a_warning_about_a_target_kept_to);
    tcase_add_loop_test(tests, figures_of_a_short_call, 0, 2);
    tcase_add_test(tests, short_of_what_it_has);
    tcase_add_test(tests, short_of_what_it_can_not_give_back);
    tcase_add_loop_test(tests, frames_that_were_plugged, 0, 5);
    tcase_add_test(tests, a_target_read_wrongly);
    tcase_add_test(tests, refused_and_obeyed);
    suite_add_tcase(suite, tests);
    return suite;
}
