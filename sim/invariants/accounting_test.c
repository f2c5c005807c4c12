/* SPDX-License-Identifier: BSD-2-Clause */
/* accounting: what plugging does to the kernel's counters, and caches that sit on pages. */
#include "sim/invariants/testing.h"

Suite *accounting_suite(void);

START_TEST(counters_follow_plugs)
{
    show_open();
    new_target(MAXMEM_PAGES);
    grow(BOOT_PAGES, 64);
    driver_sleeps();
    new_target(BOOT_PAGES + 64);
    rest();
    held(INVARIANT_ACCOUNTING);
    ck_assert_uint_gt(asked(INVARIANT_ACCOUNTING), 2);
    show_close();
}
END_TEST

START_TEST(present_pages_forgotten)
{
    show_open();
    new_target(MAXMEM_PAGES);
    grow(BOOT_PAGES, 64);
    show.counters->present_pages -= 64;
    driver_sleeps();
    broken(INVARIANT_ACCOUNTING, "testix.present of nb went from 1024 to 1024", "but 64 were plugged", NULL);
    only_broken(INVARIANT_ACCOUNTING);
    show_close();
}
END_TEST

START_TEST(total_pages_twice)
{
    show_open();
    new_target(MAXMEM_PAGES);
    grow(BOOT_PAGES, 64);
    show.counters->total_pages += 64;
    driver_sleeps();
    broken(INVARIANT_ACCOUNTING, "testix.total of nb", "a change of 128 pages", NULL);
    show_close();
}
END_TEST

/* Between plug's own change and its return nothing is judged. */
START_TEST(inside_a_plug)
{
    uint64_t before;

    show_open();
    new_target(BOOT_PAGES + 8);
    ck_assert_int_eq(take(8), 8);
    bind(BOOT_PAGES, 8);
    flush(BOOT_PAGES, 8);
    plug_begin(BOOT_PAGES, 8);
    before = asked(INVARIANT_ACCOUNTING);
    show.counters->present_pages += 8;
    driver_sleeps();
    nothing_broken();
    ck_assert_uint_eq(asked(INVARIANT_ACCOUNTING), before);
    show.counters->present_pages -= 8;
    plug_end(BOOT_PAGES, 8);
    driver_sleeps();
    held(INVARIANT_ACCOUNTING);
    ck_assert_uint_gt(asked(INVARIANT_ACCOUNTING), before);
    show_close();
}
END_TEST

START_TEST(unplugged_pages_count_down)
{
    show_open();
    note(NOTE_UNPLUG_BEGIN, BOOT_PAGES - 8, 8, 0);
    show.counters->present_pages -= 8;
    show.counters->total_pages -= 8;
    show.counters->managed_pages -= 8;
    show.counters->free_pages -= 8;
    note(NOTE_UNPLUG_END, BOOT_PAGES - 8, 8, 1);
    driver_sleeps();
    held(INVARIANT_ACCOUNTING);
    show.counters->present_pages += 8;
    driver_sleeps();
    broken(INVARIANT_ACCOUNTING, "testix.present", "but -8 were plugged less unplugged", NULL);
    show_close();
}
END_TEST

START_TEST(more_free_than_there_is)
{
    show_open();
    show.counters->free_pages += 1;
    rest();
    ck_assert_uint_ge(show.nr_caught, 1);
    ck_assert_ptr_nonnull(strstr(show.caught[0].text, "more than the"));
    only_broken(INVARIANT_ACCOUNTING);
    show_close();
}
END_TEST

START_TEST(free_and_ballooned_at_once)
{
    show_open();
    new_target(1000);
    shrink(1000, 24);
    show.counters->free_pages += 24;
    driver_sleeps();
    rest();
    broken(INVARIANT_ACCOUNTING, "free + 24 ballooned out are more", NULL);
    show_close();
}
END_TEST

START_TEST(managed_is_not_the_segments)
{
    show_open();
    show.counters->managed_pages += 2;
    rest();
    ck_assert_uint_eq(show.nr_caught, 2);
    ck_assert_ptr_nonnull(strstr(show.caught[0].text, "the sum of all sections"));
    ck_assert_ptr_nonnull(strstr(show.caught[1].text, "its kernel counts"));
    show_close();
}
END_TEST

START_TEST(allocations_that_stay)
{
    show_open();
    show.counters->heap_live += 64;
    rest();
    held(INVARIANT_ACCOUNTING);
    show.counters->heap_live += 1;
    show.counters->heap_live_bytes += 4096;
    rest();
    ck_assert_uint_eq(
        broken(INVARIANT_ACCOUNTING, "65 allocations of kernel memory (4096 bytes)", NULL)->cause, 0);
    show_close();
}
END_TEST

/* … and since when: the call before which the number went up for good. */
START_TEST(allocations_that_stay_since)
{
    show_open();
    new_target(BOOT_PAGES);
    rest();
    new_target(1000);
    show.counters->heap_live += 80;
    shrink(1000, 24);
    show.counters->heap_live -= 80;
    new_target(BOOT_PAGES);
    take(24);
    bind(1000, 24);
    show.counters->heap_live += 65;
    flush(1000, 24);
    const uint64_t since = show.call_event;
    note(NOTE_PAGE_FREE, 1000, 24, 0);
    show.counters->ballooned_pages -= 24;
    show.counters->free_pages += 24;
    rest();
    ck_assert_uint_eq(broken(INVARIANT_ACCOUNTING, "65 allocations", NULL)->cause, since);
    show_close();
}
END_TEST

/* Ballooned pages that get no frame while new ones are plugged: the driver knows them no longer. */
START_TEST(ballooned_pages_forgotten)
{
    show_open();
    new_target(BOOT_PAGES - 80);
    shrink(BOOT_PAGES - 80, 80);
    rest();
    new_target(BOOT_PAGES);
    grow(BOOT_PAGES, 80);
    const uint64_t taken = show.call_event;
    rest();
    ck_assert_uint_gt(
        broken(INVARIANT_ACCOUNTING, "nb plugged 80 new pages while 80 pages that were ballooned",
            "it has forgotten them", NULL)
            ->cause,
        taken);
    show_close();
}
END_TEST

/* No fault: pages that were given up only since then, and those that an agent took the frames of. */
START_TEST(ballooned_pages_not_forgotten)
{
    show_open();
    new_target(BOOT_PAGES + 80);
    grow(BOOT_PAGES, 80);
    new_target(BOOT_PAGES);
    shrink(BOOT_PAGES - 80, 80);
    rest();
    new_target(BOOT_PAGES + 80);
    grow(BOOT_PAGES + 80, 80);
    new_target(BOOT_PAGES);
    shrink(BOOT_PAGES - 160, 80);
    rest();
    held(INVARIANT_ACCOUNTING);
    show.counters->lent_pages = 100;
    new_target(BOOT_PAGES + 80);
    grow(BOOT_PAGES + 160, 80);
    rest();
    held(INVARIANT_ACCOUNTING);
    show_close();
}
END_TEST

START_TEST(plugging_over_a_full_cache)
{
    show_open();
    show.counters->idle_objects = 5;
    show.counters->idle_pages = 5;
    plug_begin(BOOT_PAGES, 8);
    broken(INVARIANT_ACCOUNTING, "nb plugs new pages while 5 idle objects", "5 pages", NULL);
    show_close();

    show_open();
    show.counters->idle_objects = 5;
    show.counters->idle_pages = 5;
    show.counters->draining = 1;
    plug_begin(BOOT_PAGES, 8);
    held(INVARIANT_ACCOUNTING);
    show_close();
}
END_TEST

START_TEST(a_failure_over_a_full_cache)
{
    show_open();
    show.counters->allocation_failures = 1;
    driver_sleeps();
    held(INVARIANT_ACCOUNTING);
    show.counters->idle_pages = 3;
    show.counters->allocation_failures = 2;
    driver_sleeps();
    held(INVARIANT_ACCOUNTING);
    show.counters->allocation_failures = 3;
    show.counters->idle_failures = 1;
    driver_sleeps();
    broken(INVARIANT_ACCOUNTING, "1 allocation failed in nb", "3 pages now", NULL);
    show_close();
}
END_TEST

Suite *accounting_suite(void)
{
    Suite *suite = suite_create("invariants/accounting");
    TCase *tests = tcase_create("accounting");

    tcase_add_test(tests, counters_follow_plugs);
    tcase_add_test(tests, present_pages_forgotten);
    tcase_add_test(tests, total_pages_twice);
    tcase_add_test(tests, inside_a_plug);
    tcase_add_test(tests, unplugged_pages_count_down);
    tcase_add_test(tests, more_free_than_there_is);
    tcase_add_test(tests, free_and_ballooned_at_once);
    tcase_add_test(tests, managed_is_not_the_segments);
    tcase_add_test(tests, allocations_that_stay);
    tcase_add_test(tests, allocations_that_stay_since);
    tcase_add_test(tests, ballooned_pages_forgotten);
    tcase_add_test(tests, ballooned_pages_not_forgotten);
    tcase_add_test(tests, plugging_over_a_full_cache);
    tcase_add_test(tests, a_failure_over_a_full_cache);
    suite_add_tcase(suite, tests);
    return suite;
}
