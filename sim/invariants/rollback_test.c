/* SPDX-License-Identifier: BSD-2-Clause */
/* rollback: counters when a plug returns false, tables and frames when the driver's thread sleeps next. */
#include "sim/invariants/testing.h"

Suite *rollback_suite(void);

static void plug_refused(uint64_t pfn, uint64_t pages)
{
    plug_begin(pfn, pages);
    note(NOTE_PLUG_END, pfn, pages, 0);
}

/* A batch taken, bound and refused, as far as the driver has to undo it. */
static void refused_batch(uint64_t pages)
{
    show_open();
    new_target(MAXMEM_PAGES);
    ck_assert_int_eq(take(pages), (long)pages);
    bind(BOOT_PAGES, pages);
    flush(BOOT_PAGES, pages);
    plug_refused(BOOT_PAGES, pages);
}

START_TEST(undone)
{
    refused_batch(40);
    unbind(BOOT_PAGES, 40);
    ck_assert_int_eq(give_back(40), 40);
    say("balloon0: memory 'hot-plug' refused: 0 of 40 pages plugged");
    driver_sleeps();
    held(INVARIANT_ROLLBACK);
    ck_assert_uint_gt(asked(INVARIANT_ROLLBACK), 1);
    show_close();
}
END_TEST

/* What of the range is plugged by a later call is no longer refused. */
START_TEST(half_of_it_plugged)
{
    refused_batch(40);
    plug_begin(BOOT_PAGES, 20);
    plug_end(BOOT_PAGES, 20);
    unbind(BOOT_PAGES + 20, 20);
    ck_assert_int_eq(give_back(20), 20);
    driver_sleeps();
    held(INVARIANT_ROLLBACK);
    show_close();
}
END_TEST

START_TEST(nothing_undone)
{
    refused_batch(40);
    driver_sleeps();
    for (unsigned i = 0; i < show.nr_caught; i++) {
        ck_assert_uint_eq(show.caught[i].invariant, INVARIANT_ROLLBACK);
        ck_assert_uint_gt(show.caught[i].cause, 0);
    }
    ck_assert_uint_eq(show.nr_caught, 3);
    ck_assert_ptr_nonnull(strstr(show.caught[0].text, "40 of the 40 frames taken for it"));
    ck_assert_ptr_nonnull(strstr(show.caught[1].text, "40 of the refused pfns still had a valid P2M entry"));
    ck_assert_ptr_nonnull(strstr(show.caught[2].text, "M2P entries of 40"));
    show_close();
}
END_TEST

/* The first hot-plug patch undoes the P2M and leaves. */
START_TEST(frames_not_given_back)
{
    refused_batch(40);
    unbind(BOOT_PAGES, 40);
    flush(UINT64_MAX, 40);
    driver_sleeps();
    broken(INVARIANT_ROLLBACK, "40 of the 40 frames", "reservation 1064 pages", NULL);
    only_broken(INVARIANT_ROLLBACK);
    show_close();
}
END_TEST

/* Xen doesn't take them now: that is not the driver's doing, whatever their M2P entries name until it does. */
START_TEST(frames_not_taken_back)
{
    struct fault_spec spec = {.site = FAULT_SITE_DECREASE_RESERVATION, .when = FAULT_EVERY, .n = 1};

    refused_batch(40);
    unbind(BOOT_PAGES, 40);
    if (_i == 0)
        flush(UINT64_MAX, 40);
    ck_assert(fault_arm(show.p->domain->faults, &spec));
    ck_assert_int_eq(give_back(40), 0);
    driver_sleeps();
    held(INVARIANT_ROLLBACK);
    show_close();
}
END_TEST

/* A driver that tries parts of what was refused names the same frames again: they are counted once. */
START_TEST(refused_in_parts)
{
    struct fault_spec spec = {.site = FAULT_SITE_DECREASE_RESERVATION, .when = FAULT_EVERY, .n = 1};

    refused_batch(40);
    plug_refused(BOOT_PAGES, 20);
    plug_refused(BOOT_PAGES, 10);
    unbind(BOOT_PAGES, 40);
    ck_assert(fault_arm(show.p->domain->faults, &spec));
    ck_assert_int_eq(give_back(40), 0);
    driver_sleeps();
    held(INVARIANT_ROLLBACK);
    show_close();
}
END_TEST

START_TEST(end_of_memory_not_put_back)
{
    refused_batch(40);
    unbind(BOOT_PAGES, 40);
    give_back(40);
    show.counters->memory_end_pfn = BOOT_PAGES + 40;
    driver_sleeps();
    broken(INVARIANT_ROLLBACK, "testix_end was pfn 0x428", "ends at 0x400", NULL);
    show_close();
}
END_TEST

/* It goes on behind the refused page, in the same step: when it sleeps, the end of memory is right again, and a page is lost. */
START_TEST(end_of_memory_passes_over_what_was_refused)
{
    refused_batch(40);
    plug_refused(BOOT_PAGES, 40);
    plug_refused(BOOT_PAGES, 20);
    held(INVARIANT_ROLLBACK);
    plug_begin(BOOT_PAGES + 20, 20);
    broken(INVARIANT_ROLLBACK, "testix_end was not taken back: the next one begins at pfn 0x414",
        "ends at 0x400", NULL);
    show_close();
}
END_TEST

START_TEST(counters_changed)
{
    show_open();
    plug_begin(BOOT_PAGES, 8);
    show.counters->segment_live += 2;
    show.counters->present_pages += 8;
    note(NOTE_PLUG_END, BOOT_PAGES, 8, 0);
    ck_assert_uint_eq(show.nr_caught, 2);
    ck_assert_ptr_nonnull(strstr(show.caught[0].text, "testix.present went from 1024 to 1032"));
    ck_assert_ptr_nonnull(strstr(show.caught[1].text, "section_live went from 0 to 2"));
    only_broken(INVARIANT_ROLLBACK);
    show_close();
}
END_TEST

START_TEST(a_failed_unplug)
{
    show_open();
    note(NOTE_UNPLUG_BEGIN, 900, 8, 0);
    show.counters->managed_pages -= 8;
    note(NOTE_UNPLUG_END, 900, 8, 0);
    broken(
        INVARIANT_ROLLBACK, "unplug of [0x384, 0x38c) by nb returned false", "the sum of all sections", NULL);
    show_close();
}
END_TEST

/* Another thread that ran inside the call may have allocated. */
START_TEST(another_thread_inside)
{
    show_open();
    plug_begin(BOOT_PAGES, 8);
    note(NOTE_SLEEP, 0, 0, 0);
    show.counters->free_pages -= 3;
    show.counters->heap_live += 1;
    note(NOTE_PLUG_END, BOOT_PAGES, 8, 0);
    held(INVARIANT_ROLLBACK);
    show.counters->free_pages += 3;
    plug_begin(BOOT_PAGES, 8);
    show.counters->heap_live += 1;
    note(NOTE_PLUG_END, BOOT_PAGES, 8, 0);
    broken(INVARIANT_ROLLBACK, "heap_live went from 1 to 2", NULL);
    show_close();
}
END_TEST

START_TEST(refused_beyond_reason)
{
    show_open();
    plug_refused(UINT64_MAX - 3, 8);
    plug_refused(MAXMEM_PAGES, UINT64_MAX / 2);
    plug_refused(MAXMEM_PAGES - 1, 100);
    driver_sleeps();
    held(INVARIANT_ROLLBACK);
    show_close();
}
END_TEST

/* Plugging what is plugged already is refused, and its pages stay as they are. */
START_TEST(refused_because_it_is_there)
{
    show_open();
    plug_refused(900, 8);
    driver_sleeps();
    held(INVARIANT_ROLLBACK);
    show_close();
}
END_TEST

/* The lists are used again for the next run: as empty, and as long as they are. */
START_TEST(another_run_of_more_pages)
{
    const struct machine_config config = {.seed = 2, .host_pages = HOST_PAGES};

    show_open();
    new_target(MAXMEM_PAGES);
    for (unsigned run = 0; run < 2; run++) {
        const uint64_t refused = run == 0 ? 4 : 200;

        ck_assert_int_eq(take(256), 256);
        bind(BOOT_PAGES, refused);
        flush(BOOT_PAGES, refused);
        plug_refused(BOOT_PAGES, refused);
        driver_sleeps();
        ck_assert_uint_gt(invariant_broken(show.inv, INVARIANT_ROLLBACK), 0);
        if (run > 0)
            break;
        stage.nr_test_guests = 0;
        ck_assert(machine_reset(stage.machine, &config));
        recorder_begin(stage.recorder, "again", "sim", 2);
        invariants_reset(show.inv);
        show_guest();
        new_target(MAXMEM_PAGES);
        ck_assert_uint_eq(invariant_broken(show.inv, INVARIANT_ROLLBACK), 0);
    }
    show_close();
}
END_TEST

/* An attach that was given up is told with all that it left. Nodes alone do no harm. */
START_TEST(a_failed_attach_leaves_something)
{
    static const struct {
        uint64_t c;
        const char *text;
    } left[] = {
        {0, NULL},
        {3, NULL},
        {2ull << 40 | 1ull << 20 | 3,
            "left behind 2 allocations of kernel memory (8192 bytes), 1 pool or cache of "
            "objects, 3 sysctl nodes"},
        {5ull << 20 | 1, "left behind 5 pools or caches of objects, 1 sysctl node"},
    };

    show_open();
    show.counters->attach_refused = 1;
    note(NOTE_ATTACHED, 0, 8192, left[_i].c);
    if (left[_i].text != NULL)
        broken(INVARIANT_ROLLBACK, "was refused a watch or a thread", left[_i].text, NULL);
    else
        held(INVARIANT_ROLLBACK);
    show_close();
}
END_TEST

Suite *rollback_suite(void)
{
    Suite *suite = suite_create("invariants/rollback");
    TCase *tests = tcase_create("rollback");

    tcase_add_test(tests, undone);
    tcase_add_test(tests, half_of_it_plugged);
    tcase_add_test(tests, nothing_undone);
    tcase_add_test(tests, frames_not_given_back);
    tcase_add_loop_test(tests, frames_not_taken_back, 0, 2);
    tcase_add_test(tests, refused_in_parts);
    tcase_add_test(tests, end_of_memory_not_put_back);
    tcase_add_test(tests, end_of_memory_passes_over_what_was_refused);
    tcase_add_test(tests, counters_changed);
    tcase_add_test(tests, a_failed_unplug);
    tcase_add_test(tests, another_thread_inside);
    tcase_add_test(tests, refused_beyond_reason);
    tcase_add_test(tests, refused_because_it_is_there);
    tcase_add_test(tests, another_run_of_more_pages);
    tcase_add_loop_test(tests, a_failed_attach_leaves_something, 0, 4);
    suite_add_tcase(suite, tests);
    return suite;
}
