/* SPDX-License-Identifier: BSD-2-Clause */
/* segments: plugs and unplugs against one another and the P2M, and a walk at rest against both. */
#include "sim/invariants/testing.h"

Suite *segments_suite(void);

static void walk(void)
{
    note(NOTE_AUDIT_END, 0, 0, 0);
    recorder_append(stage.recorder, REC_REST, DOMID_HOST, machine_now_ns(stage.machine), NULL, 0, NULL, 0, 0);
    invariants_at_rest(show.inv);
}

START_TEST(plugs_in_a_row)
{
    show_open();
    new_target(MAXMEM_PAGES);
    grow(BOOT_PAGES, 100);
    grow(BOOT_PAGES + 100, 28);
    driver_sleeps();
    new_target(BOOT_PAGES + 128);
    rest();
    held(INVARIANT_SEGMENTS);
    show_close();
}
END_TEST

START_TEST(plugged_twice)
{
    show_open();
    new_target(MAXMEM_PAGES);
    grow(BOOT_PAGES, 16);
    plug_begin(BOOT_PAGES + 8, 4);
    plug_end(BOOT_PAGES + 8, 4);
    broken(INVARIANT_SEGMENTS, "nb plugged [0x408, 0x40c)", "plugged already", NULL);
    show_close();
}
END_TEST

START_TEST(plugged_past_the_p2m)
{
    show_open();
    new_target(MAXMEM_PAGES);
    plug_begin(MAXMEM_PAGES - 4, 8);
    note(NOTE_PLUG_END, MAXMEM_PAGES - 4, 8, 1);
    broken(INVARIANT_SEGMENTS, "past the end of its P2M of 2048 entries", NULL);
    show_close();
}
END_TEST

START_TEST(plugged_beyond_reason)
{
    show_open();
    plug_begin(UINT64_MAX - 4, 8);
    note(NOTE_PLUG_END, UINT64_MAX - 4, 8, 1);
    broken(INVARIANT_SEGMENTS, "past the end of its P2M", NULL);
    show_close();
}
END_TEST

START_TEST(a_refused_plug_is_no_segment)
{
    show_open();
    plug_begin(BOOT_PAGES, 8);
    note(NOTE_PLUG_END, BOOT_PAGES, 8, 0);
    rest();
    held(INVARIANT_SEGMENTS);
    show_close();
}
END_TEST

START_TEST(unplugged_what_was_not_there)
{
    show_open();
    note(NOTE_UNPLUG_BEGIN, BOOT_PAGES - 2, 4, 0);
    note(NOTE_UNPLUG_END, BOOT_PAGES - 2, 4, 1);
    broken(INVARIANT_SEGMENTS, "nb unplugged [0x3fe, 0x402)", "2 pages were not plugged", NULL);
    show_close();
}
END_TEST

START_TEST(overlapping_in_a_walk)
{
    show_open();
    audit_begin();
    audit_segment(image_end(), 500);
    audit_segment(499, BOOT_PAGES);
    walk();
    broken(INVARIANT_SEGMENTS, "not sorted and disjoint", "[0x1f3, 0x400)", "0x1f4", NULL);
    only_broken(INVARIANT_SEGMENTS);
    show_close();
}
END_TEST

START_TEST(touching_in_a_walk)
{
    show_open();
    audit_begin();
    audit_segment(image_end(), 500);
    audit_segment(500, BOOT_PAGES);
    walk();
    held(INVARIANT_SEGMENTS);
    show_close();
}
END_TEST

START_TEST(one_structure_for_two_pfns)
{
    show_open();
    audit_begin();
    note(NOTE_SEGMENT, image_end(), BOOT_PAGES, BOOT_PAGES - image_end() - 1);
    walk();
    broken(INVARIANT_SEGMENTS, "632 structures of pages", NULL);
    show_close();
}
END_TEST

START_TEST(upside_down)
{
    show_open();
    audit_begin();
    note(NOTE_SEGMENT, 700, 700, 0);
    audit_segment(image_end(), BOOT_PAGES);
    walk();
    broken(INVARIANT_SEGMENTS, "ends before it begins", NULL);
    show_close();
}
END_TEST

START_TEST(a_walk_that_finds_less)
{
    show_open();
    audit_begin();
    audit_segment(image_end(), BOOT_PAGES - 24);
    walk();
    broken(INVARIANT_SEGMENTS, "a walk over the segments of nb finds", NULL);
    show_close();
}
END_TEST

/* Ballooned pages have no frame, and the kernel says so; one more has none, and it doesn't. */
START_TEST(a_plugged_page_without_a_frame)
{
    show_open();
    new_target(1000);
    shrink(1000, 24);
    driver_sleeps();
    rest();
    held(INVARIANT_SEGMENTS);
    show.counters->ballooned_pages--;
    rest();
    broken(
        INVARIANT_SEGMENTS, "24 plugged pfns of nb have no frame", "0x3e8", "but 23 are ballooned out", NULL);
    show_close();
}
END_TEST

/* The same page, given back to the allocator: that was told when it happened, and with its line. */
START_TEST(a_freed_page_without_a_frame_is_told_once)
{
    show_open();
    new_target(1000);
    shrink(1000, 24);
    driver_sleeps();
    note(NOTE_PAGE_FREE, 1000, 1, 0);
    broken(INVARIANT_BACKED_BEFORE_USE, "pfn 0x3e8 of nb", "no frame", NULL);
    show.counters->ballooned_pages--;
    rest();
    ck_assert_uint_gt(asked(INVARIANT_SEGMENTS), 0);
    only_broken(INVARIANT_BACKED_BEFORE_USE);
    show_close();
}
END_TEST

Suite *segments_suite(void)
{
    Suite *suite = suite_create("invariants/segments");
    TCase *tests = tcase_create("segments");

    tcase_add_test(tests, plugs_in_a_row);
    tcase_add_test(tests, plugged_twice);
    tcase_add_test(tests, plugged_past_the_p2m);
    tcase_add_test(tests, plugged_beyond_reason);
    tcase_add_test(tests, a_refused_plug_is_no_segment);
    tcase_add_test(tests, unplugged_what_was_not_there);
    tcase_add_test(tests, overlapping_in_a_walk);
    tcase_add_test(tests, touching_in_a_walk);
    tcase_add_test(tests, one_structure_for_two_pfns);
    tcase_add_test(tests, upside_down);
    tcase_add_test(tests, a_walk_that_finds_less);
    tcase_add_test(tests, a_plugged_page_without_a_frame);
    tcase_add_test(tests, a_freed_page_without_a_frame_is_told_once);
    suite_add_tcase(suite, tests);
    return suite;
}
