/* SPDX-License-Identifier: BSD-2-Clause */
/* What is counted of a recording, and how it is printed beside another. */
#include "reports/recording_for_tests.h"
#include "reports/measures.h"

#include <jansson.h>

static uint64_t mem_set(unsigned domid, uint64_t time_ns, int64_t status, uint64_t pages)
{
    const struct record_command command = {.status = status,
        .tool = COMMAND_OF_XL,
        .does = COMMAND_DOES_MEM_SET,
        .domid = domid,
        .has_size = 1,
        .size_kib = pages * 4};

    return add_texts(REC_COMMAND, DOMID_HOST, time_ns, &command, sizeof command, "xl mem-set nb 1m", "");
}

static uint64_t touch(unsigned domid, uint32_t what)
{
    const struct record_touch list[] = {
        {.mfn = 1, .what = what}, {.mfn = 2, .what = TOUCH_MAP | TOUCH_UNMAP}};

    return recorder_append(rec, REC_PAGE_TOUCH, domid, 0, NULL, 0, list, sizeof list[0], 2);
}

/* Host memory beside a guest that owns so many of the pages that it may have. */
static void call_of_order(unsigned order, uint64_t host_free_pages, uint64_t time_ns, unsigned subop,
    const uint32_t *frames, size_t count, uint64_t reservation_pages)
{
    const struct record_hypercall call = {.op = __HYPERVISOR_memory_op,
        .subop = subop,
        .ret = (int64_t)(count >> order),
        .asked = count >> order,
        .flags = order,
        .reservation_pages = reservation_pages,
        .maximum_pages = 2000,
        .host_free_pages = host_free_pages};

    recorder_append(rec, REC_HYPERCALL, 1, time_ns, &call, sizeof call, frames, sizeof *frames, count);
}

static void call_that_leaves(uint64_t host_free_pages, uint64_t time_ns, unsigned subop,
    const uint32_t *frames, size_t count, uint64_t reservation_pages)
{
    call_of_order(0, host_free_pages, time_ns, subop, frames, count, reservation_pages);
}

/* 100 extents in 3 ms for the first target, none for the second, which was refused, 1 at 9 ms for the third. */
static void record_a_run(void)
{
    add_domain(1, "nb", 1000, 2000);
    add_note(1, 0, NOTE_SLEEP, 1, 0, 0);
    mem_set(1, 10 * MS, 0, 1100);
    add_reservation(1, 12 * MS, XENMEM_populate_physmap, 60, 1060, 2000);
    add_reservation(1, 13 * MS, XENMEM_populate_physmap, 40, 1100, 2000);
    add_reservation(1, 14 * MS, XENMEM_populate_physmap, 0, 1100, 2000);
    add_note(1, 14 * MS, NOTE_SLEEP, 1, 0, 0);
    add_note(1, 14 * MS, NOTE_SLEEP, 0, 0, 0);
    mem_set(1, 20 * MS, 1, 1);
    mem_set(1, 30 * MS, 0, 1050);
    add_reservation(1, 39 * MS, XENMEM_decrease_reservation, 1, 1099, 2000);
    add_reservation(1, 39 * MS, XENMEM_maximum_reservation, 512, 1099, 2000);
    add_violation(1, 39 * MS, INVARIANT_NO_LEAK, 9, "nb");
    add_value(REC_VERDICT, DOMID_HOST, 40 * MS, 5);
}

START_TEST(what_is_counted)
{
    struct measures m;

    record_a_run();
    ck_assert(measures_take(finish_recording(), &m));
    ck_assert_uint_eq(m.to_targets_ns, 12 * MS);
    ck_assert_uint_eq(m.missed_pages, 49);
    ck_assert_uint_eq(m.calls, 5);
    ck_assert_uint_eq(m.memory_calls, 4);
    ck_assert_uint_eq(m.extents, 101);
    ck_assert_uint_eq(m.extents_a_call, 25);
    ck_assert_uint_eq(m.wake_ups, 2);
    ck_assert_uint_eq(m.idle_wake_ups, 1);
    ck_assert_uint_eq(m.image_pages, 1024);
    ck_assert_uint_eq(m.host_least_free_pages, 98304);
    ck_assert_uint_eq(m.host_peak_pages, 0);
    ck_assert_uint_eq(m.reservation_pages, 1099);
    ck_assert_uint_eq(m.recovered_pages, MEASURE_UNKNOWN);
    ck_assert_uint_eq(m.structs_boot_pages, MEASURE_UNKNOWN);
    ck_assert_uint_eq(m.present_pages, MEASURE_UNKNOWN);
    ck_assert_str_eq(m.version, "1");
    ck_assert_uint_eq(m.broken, UINT64_C(1) << INVARIANT_NO_LEAK);
    ck_assert_int_eq(m.verdict, 5);
}
END_TEST

/* A guest of two boot segments that plugs 20 pages, fails at 5 more, and unplugs nothing. */
START_TEST(what_a_kernel_says_of_its_memory)
{
    struct measures m;

    add_domain(1, "nb", 1000, 2000);
    add_note(1, 0, NOTE_PHYSLOAD, 0, 100, 4000);
    add_note(1, 0, NOTE_PHYSLOAD, 200, 300, 4000);
    touch(1, TOUCH_WRITE);
    add_note(1, 0, NOTE_PLUG_BEGIN, 400, 20, 0);
    touch(1, TOUCH_ZERO);
    touch(1, TOUCH_MAP);
    add_note(1, 0, NOTE_PLUG_END, 400, 20, 1);
    add_note(1, 0, NOTE_PLUG_BEGIN, 420, 5, 0);
    add_note(1, 0, NOTE_PLUG_END, 420, 5, 0);
    add_note(1, 0, NOTE_AUDIT_BEGIN, 220, 190, 8);
    add_note(1, 0, NOTE_AUDIT_END, 0, 0, 4096 * 4);
    add_note(1, 0, NOTE_AUDIT_BEGIN, 210, 180, 4);
    add_note(1, 0, NOTE_AUDIT_END, 0, 0, 8193);
    add_note(1, 0, NOTE_RECLAIMED, 5, 0, 0);
    add_note(1, 0, NOTE_RECLAIMED, 7, 0, 0);
    add_note(1, 0, NOTE_HOST_MAPPINGS, 9, 1, 0);
    add_note(1, 0, NOTE_HOST_MAPPINGS, 6, 3, 0);
    ck_assert(measures_take(finish_recording(), &m));
    ck_assert_uint_eq(m.structs_boot_pages, 2);
    ck_assert_uint_eq(m.structs_added_pages, 2);
    ck_assert_uint_eq(m.structs_end_pages, 3);
    ck_assert_uint_eq(m.present_pages, 210);
    ck_assert_uint_eq(m.managed_pages, 180);
    ck_assert_uint_eq(m.fragmented_pages, 3);
    ck_assert_uint_eq(m.reclaimed_pages, 7);
    ck_assert_uint_eq(m.whole_2m, 6);
    ck_assert_uint_eq(m.shattered_2m, 3);
    ck_assert_uint_eq(m.direct_map_pages, MEASURE_UNKNOWN);
    ck_assert_uint_eq(m.plugs, 1);
    ck_assert_uint_eq(m.plugged_pages, 20);
    ck_assert_uint_eq(m.largest_plug_pages, 20);
    ck_assert_uint_eq(m.failed_plugs, 1);
    ck_assert_uint_eq(m.touched_in_plugs, 1);
}
END_TEST

/* A PV guest has no table of Xen's, and one that is translated tells nothing of its direct map. Both together: nothing is known. */
START_TEST(what_the_machine_says_of_mappings)
{
    struct measures m;

    add_domain(1, "pv", 1000, 2000);
    add_note(1, 0, NOTE_DIRECT_MAP, 70, 0, 0);
    add_note(1, 0, NOTE_DIRECT_MAP, 80, 0, 0);
    if (_i != 0) {
        add_domain(2, "pvh", 1000, 2000);
        add_note(2, 0, NOTE_HOST_MAPPINGS, 6, 3, 0);
    }
    ck_assert(measures_take(finish_recording(), &m));
    ck_assert_uint_eq(m.direct_map_pages, _i == 0 ? 80 : MEASURE_UNKNOWN);
    ck_assert_uint_eq(m.whole_2m, MEASURE_UNKNOWN);
    ck_assert_uint_eq(m.shattered_2m, MEASURE_UNKNOWN);
}
END_TEST

START_TEST(what_the_host_lacked_for_a_moment)
{
    static const uint32_t frames[] = {7, 8, 9, 4, 3, 20};
    struct measures m;

    add_domain(1, "nb", 1000, 2000);
    call_that_leaves(500, 0, XENMEM_populate_physmap, frames, 6, 1006);
    call_that_leaves(503, 0, XENMEM_decrease_reservation, frames, 3, 1003);
    ck_assert(measures_take(finish_recording(), &m));
    ck_assert_uint_eq(m.host_least_free_pages, 500);
    ck_assert_uint_eq(m.host_end_free_pages, 503);
    ck_assert_uint_eq(m.host_peak_pages, 3);
    ck_assert_uint_eq(m.frames_given, 6);
    ck_assert_uint_eq(m.frame_runs, 3);
}
END_TEST

/* A call's list has each frame of an extent: one of 4 pages is 4 frames, and its neighbour in the heap makes the run longer. */
START_TEST(what_extents_of_many_frames_are)
{
    static const uint32_t frames[] = {8, 9, 10, 11, 12, 13, 14, 15, 32, 33, 34, 35};
    struct measures m;

    add_domain(1, "nb", 1000, 2000);
    call_of_order(2, 500, 0, XENMEM_populate_physmap, frames, 12, 1012);
    ck_assert(measures_take(finish_recording(), &m));
    ck_assert_uint_eq(m.extents, 3);
    ck_assert_uint_eq(m.frames_given, 12);
    ck_assert_uint_eq(m.frame_runs, 2);
}
END_TEST

static void move_pages(enum record_type type, uint32_t pfn, uint32_t pages)
{
    const struct record_run run = {.pfn = pfn, .pages = pages};

    recorder_append(rec, type, 1, 0, NULL, 0, &run, sizeof run, 1);
}

/* A kernel without blocks: three times 2 MiB are free, a page of the second goes, and half of another 2 MiB comes. */
START_TEST(free_pages_that_are_scattered)
{
    struct measures m;

    add_domain(1, "nb", 1000, 2000);
    move_pages(REC_PAGE_FREE, 512, 3 * 512);
    move_pages(REC_PAGE_ALLOC, 1024, 1);
    move_pages(REC_PAGE_ALLOC, 0, 100); /* they were not free */
    move_pages(REC_PAGE_FREE, 4096 + 256, 512);
    add_note(1, 0, NOTE_AUDIT_BEGIN, 2000, 1900, 0);
    move_pages(REC_PAGE_FREE, 9000, 10); /* behind the last audit */
    if (_i != 0)
        add_note(1, 0, NOTE_AUDIT_BEGIN, 2000, 1900, 1 + 77); /* one with blocks: its own word counts */
    ck_assert(measures_take(finish_recording(), &m));
    ck_assert_uint_eq(m.fragmented_pages, _i == 0 ? 511 + 2 * 256 : 77);
}
END_TEST

/* The pages of the last audit; and those that a run without growth had taken from their users, and this one did not. */
START_TEST(what_was_spared)
{
    struct measures m, ungrown = {.reclaimed_pages = _i == 0 ? 9 : 3};

    add_domain(1, "nb", 1000, 2000);
    add_note(1, 0, NOTE_AUDIT_BEGIN, 2000, 1900, 0);
    add_note(1, 0, NOTE_RECLAIMED, 4, 0, 0);
    add_note(1, 0, NOTE_IN_VAIN, 6, 0, 0);
    add_note(1, 0, NOTE_IN_VAIN, 8, 0, 0);
    ck_assert(measures_take(finish_recording(), &m));
    ck_assert_uint_eq(m.scanned_pages, 8);
    ck_assert_uint_eq(m.spared_pages, MEASURE_UNKNOWN);
    ck_assert_uint_eq(m.largest_times, MEASURE_UNKNOWN);
    measures_add_ungrown(&m, &ungrown);
    ck_assert_uint_eq(m.ungrown_reclaimed_pages, _i == 0 ? 9 : 3);
    ck_assert_uint_eq(m.spared_pages, _i == 0 ? 5 : 0);
}
END_TEST

static void lose(uint64_t time_ns, uint64_t frames)
{
    const struct record_violation violation = {.invariant = INVARIANT_NO_LEAK, .count = frames};

    recorder_append(rec, REC_VIOLATION, 1, time_ns, &violation, sizeof violation, "x", 1, 2);
}

/* By two causes at one rest, and fewer at another. */
START_TEST(what_was_stranded)
{
    struct measures m;

    add_domain(1, "nb", 1000, 2000);
    lose(1 * MS, 40);
    lose(2 * MS, 20);
    lose(2 * MS, 30);
    lose(3 * MS, 1);
    ck_assert(measures_take(finish_recording(), &m));
    ck_assert_uint_eq(m.stranded_pages, 50);
}
END_TEST

/* The call that was refused gives a part, what was without a page goes back, and then all comes. */
START_TEST(what_comes_after_a_refusal)
{
    struct measures m;

    add_domain(1, "nb", 1000, 2000);
    add_reservation(1, 0, XENMEM_populate_physmap, 50, 1050, 2000);
    add_fault(1, 0, FAULT_SITE_POPULATE_PHYSMAP, FAULT_CALL, 1, 0, 0, 0);
    add_reservation(1, 0, XENMEM_populate_physmap, 99, 1149, 2000);
    add_note(1, 0, NOTE_SLEEP, 1, 0, 0);
    if (_i == 0)
        add_reservation(1, 0, XENMEM_decrease_reservation, 9, 1140, 2000);
    add_reservation(1, 0, XENMEM_populate_physmap, 200, 1340, 2000);
    ck_assert(measures_take(finish_recording(), &m));
    ck_assert_uint_eq(m.recovered_pages, _i == 0 ? 200 : 191);
}
END_TEST

/* A watch event that comes late is injected, too, but refuses nothing. */
START_TEST(what_is_told_late_is_no_refusal)
{
    struct measures m;

    add_domain(1, "nb", 1000, 2000);
    add_fault(1, 0, FAULT_SITE_XENSTORE_EVENT_LATE, FAULT_CALL, 1, 0, 0, 0);
    add_reservation(1, 0, XENMEM_populate_physmap, 50, 1050, 2000);
    ck_assert(measures_take(finish_recording(), &m));
    ck_assert_uint_eq(m.recovered_pages, MEASURE_UNKNOWN);
}
END_TEST

/* A domain that takes the number of one that was before it is another guest. */
START_TEST(one_number_and_two_guests)
{
    struct measures m;

    for (int i = 0; i < 2; i++) {
        add_domain(1, "nb", 1000, 2000);
        add_note(1, 0, NOTE_PHYSLOAD, 0, 100, 4096);
        mem_set(1, 0, 0, 1010);
    }
    ck_assert(measures_take(finish_recording(), &m));
    ck_assert_uint_eq(m.structs_boot_pages, 2);
    ck_assert_uint_eq(m.reservation_pages, 2000);
    ck_assert_uint_eq(m.missed_pages, 20);
}
END_TEST

START_TEST(as_tables)
{
    struct measured runs[] = {{.scenario = "a\033.scn", .kernel = "one"},
        {.scenario = "a\033.scn", .kernel = "two", .measures.verdict = -1},
        {.scenario = "b.scn", .kernel = "one", .measures.verdict = 3}};

    record_a_run();
    ck_assert(measures_take(finish_recording(), &runs[0].measures));
    ck_assert(measures_print_tables(out, runs, 3, 1u << MEASURES_SUMMARY | 1u << MEASURES_HOST));
    ck_printed("a\\x1b.scn\n"
               "                                 to targets  missed  hypercalls  extents/call  structures   "
               "added  wake-ups  in vain  host peak\n"
               "  one                    FAIL       0.012 s      49           5            25           -   "
               "    -         2        1          0\n"
               "                         breaks no-leak\n"
               "  two                    no run\n"
               "  structures -: its kernel does not say it\n"
               "  added -: its kernel does not say it\n"
               "\n"
               "                                 least free  free at end  frames  in runs\n"
               "  one                    FAIL         98304        98304     100      100\n"
               "  two                    no run\n"
               "\n"
               "b.scn\n"
               "                                 to targets  missed  hypercalls  extents/call  structures   "
               "added  wake-ups  in vain  host peak\n"
               "  one                    SKIP\n"
               "\n"
               "                                 least free  free at end  frames  in runs\n"
               "  one                    SKIP\n");
}
END_TEST

START_TEST(as_json)
{
    struct measured runs[] = {{.scenario = "a\"\xff.scn", .kernel = "one"},
        {.scenario = "b.scn", .kernel = "two", .measures.verdict = 3}};
    json_error_t error;

    record_a_run();
    ck_assert(measures_take(finish_recording(), &runs[0].measures));
    ck_assert(measures_print_json(out, runs, 2));
    fflush(out);
    json_t *all = json_loads(printed, 0, &error);
    ck_assert_msg(all != NULL, "%s in:\n%s", error.text, printed);
    const json_t *run = json_array_get(json_object_get(all, "runs"), 0);
    ck_assert_int_eq(json_integer_value(json_object_get(run, "extents")), 101);
    ck_assert(json_is_null(json_object_get(run, "present_pages")));
    ck_assert_str_eq(json_string_value(json_object_get(run, "verdict")), "FAIL");
    ck_assert_str_eq(json_string_value(json_array_get(json_object_get(run, "broken"), 0)), "no-leak");
    run = json_array_get(json_object_get(all, "runs"), 1);
    ck_assert_ptr_null(json_object_get(run, "extents"));
    ck_assert_str_eq(json_string_value(json_object_get(run, "verdict")), "SKIP");
    json_decref(all);
}
END_TEST

Suite *measures_suite(void);
Suite *measures_suite(void)
{
    Suite *suite = suite_create("reports/measures");
    TCase *tests = tcase_create("measures");

    tcase_add_checked_fixture(tests, begin_recording, drop_recording);
    tcase_add_test(tests, what_is_counted);
    tcase_add_test(tests, what_a_kernel_says_of_its_memory);
    tcase_add_loop_test(tests, what_the_machine_says_of_mappings, 0, 2);
    tcase_add_test(tests, what_the_host_lacked_for_a_moment);
    tcase_add_test(tests, what_extents_of_many_frames_are);
    tcase_add_loop_test(tests, free_pages_that_are_scattered, 0, 2);
    tcase_add_loop_test(tests, what_was_spared, 0, 2);
    tcase_add_test(tests, what_was_stranded);
    tcase_add_loop_test(tests, what_comes_after_a_refusal, 0, 2);
    tcase_add_test(tests, what_is_told_late_is_no_refusal);
    tcase_add_test(tests, one_number_and_two_guests);
    tcase_add_test(tests, as_tables);
    tcase_add_test(tests, as_json);
    suite_add_tcase(suite, tests);
    return suite;
}
