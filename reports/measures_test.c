/* SPDX-License-Identifier: BSD-2-Clause */
/* What is counted of a recording, and how it is printed beside another. */
#include "reports/recording_for_tests.h"
#include "reports/measures.h"

#include <jansson.h>

static uint64_t mem_set(unsigned domid, uint64_t time_ns, int64_t status)
{
    const struct record_command command = {
        .status = status, .tool = COMMAND_OF_XL, .does = COMMAND_DOES_MEM_SET, .domid = domid};

    return add_texts(REC_COMMAND, DOMID_HOST, time_ns, &command, sizeof command, "xl mem-set nb 1m", "");
}

static void sleep_of(uint64_t driver, uint64_t time_ns)
{
    const struct record_note note = {.note = NOTE_SLEEP, .a = driver};

    recorder_append(rec, REC_NOTE, 1, time_ns, &note, sizeof note, NULL, 0, 0);
}

/* 100 extents in 3 ms for the first target, none for the second, which was refused, 1 at 9 ms for the third. */
static void record_a_run(void)
{
    add_domain(1, "nb", 1000, 2000);
    sleep_of(1, 0);
    mem_set(1, 10 * MS, 0);
    add_reservation(1, 12 * MS, XENMEM_populate_physmap, 60, 1060, 2000);
    add_reservation(1, 13 * MS, XENMEM_populate_physmap, 40, 1100, 2000);
    add_reservation(1, 14 * MS, XENMEM_populate_physmap, 0, 1100, 2000);
    sleep_of(1, 14 * MS);
    sleep_of(0, 14 * MS);
    mem_set(1, 20 * MS, 1);
    mem_set(1, 30 * MS, 0);
    add_reservation(1, 39 * MS, XENMEM_decrease_reservation, 1, 1099, 2000);
    add_reservation(1, 39 * MS, XENMEM_maximum_reservation, 512, 1099, 2000);
    add_violation(1, 39 * MS, INVARIANT_NO_LEAK, 9, "nb");
    add_value(REC_VERDICT, DOMID_HOST, 40 * MS, 5);
}

START_TEST(what_is_counted)
{
    struct measures m;

    record_a_run();
    measures_take(finish_recording(), &m);
    ck_assert_uint_eq(m.to_targets_ns, 12 * MS);
    ck_assert_uint_eq(m.calls, 5);
    ck_assert_uint_eq(m.memory_calls, 4);
    ck_assert_uint_eq(m.extents, 101);
    ck_assert_uint_eq(m.wake_ups, 2);
    ck_assert_uint_eq(m.image_pages, 1024);
    ck_assert_uint_eq(m.host_least_free_pages, 98304);
    ck_assert_str_eq(m.version, "1");
    ck_assert_uint_eq(m.broken, UINT64_C(1) << INVARIANT_NO_LEAK);
    ck_assert_int_eq(m.verdict, 5);
}
END_TEST

START_TEST(as_a_table)
{
    struct measured runs[] = {{.scenario = "a\033.scn", .kernel = "one"},
        {.scenario = "a\033.scn", .kernel = "two", .measures.verdict = -1}};

    record_a_run();
    measures_take(finish_recording(), &runs[0].measures);
    ck_assert(measures_print_table(out, runs, 2));
    fflush(out);
    ck_assert_ptr_null(strchr(printed, '\033'));
    ck_assert_ptr_nonnull(
        strstr(printed, "  one                    FAIL          0.012 s          5            4"
                        "         25.2          2        1024      98304\n"
                        "                         breaks no-leak\n"));
    ck_assert_ptr_nonnull(strstr(printed, "  two                    no run  \n"));
}
END_TEST

START_TEST(as_json)
{
    struct measured runs[] = {{.scenario = "a\"\xff.scn", .kernel = "one"}};
    json_error_t error;

    record_a_run();
    measures_take(finish_recording(), &runs[0].measures);
    ck_assert(measures_print_json(out, runs, 1));
    fflush(out);
    json_t *all = json_loads(printed, 0, &error);
    ck_assert_msg(all != NULL, "%s in:\n%s", error.text, printed);
    const json_t *run = json_array_get(json_object_get(all, "runs"), 0);
    ck_assert_int_eq(json_integer_value(json_object_get(run, "extents")), 101);
    ck_assert_str_eq(json_string_value(json_object_get(run, "verdict")), "FAIL");
    ck_assert_str_eq(json_string_value(json_array_get(json_object_get(run, "broken"), 0)), "no-leak");
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
    tcase_add_test(tests, as_a_table);
    tcase_add_test(tests, as_json);
    suite_add_tcase(suite, tests);
    return suite;
}
