/* SPDX-License-Identifier: BSD-2-Clause */
/* A recording of version 2, built by hand as version 2 wrote it: its faults name the sites that they named then. */
#include "reports/recording_for_tests.h"

#include "reports/names.h"
#include "reports/version_2.h"

Suite *version_2_suite(void);

/* Shorter by what a fault has gained. */
static uint64_t fault_of_2(uint32_t site)
{
    struct record_fault payload = {
        .site = site, .error = 12, .pfn = 7, .pages = 3, .nth = 2, .shortened_to = 1};

    return recorder_append(rec, REC_FAULT, 1, 5, &payload, RECORD_FAULT_BYTES_2, NULL, 0, 0);
}

static const struct record_fault *fault_at(uint64_t event)
{
    ck_assert_uint_eq(reading_event(reading, event)->type, REC_FAULT);
    return record_payload(reading_event(reading, event));
}

START_TEST(a_kernels_sites_keep_their_names)
{
    char error[200] = "", room[NAME_ROOM];
    size_t count;

    add_text(REC_SCENARIO, DOMID_HOST, 0, "language 1\n");
    add_domain(1, "nb", 16384, 32768);
    fault_of_2(8);
    fault_of_2(9);
    fault_of_2(UINT32_MAX);
    add_text(REC_LOG, 1, 9, "behind them");
    void *bytes = bytes_of_version(2, &count);
    reading = reading_open(bytes, count, error, sizeof error);
    ck_assert_msg(reading != NULL, "%s", error);
    ck_assert_uint_eq(reading_head(reading)->version, 2);
    const struct kernel *kernel = reading_kernel(reading, 1);
    ck_assert_str_eq(name_of_site(kernel, fault_at(3)->site, room), "xenstore.watch");
    ck_assert_str_eq(name_of_site(kernel, fault_at(4)->site, room), kernel->sites[0].name);
    ck_assert_uint_eq(fault_at(5)->site, UINT32_MAX);
    for (uint64_t event = 3; event <= 5; event++) {
        ck_assert(fault_at(event)->error == 12 && fault_at(event)->pfn == 7 && fault_at(event)->pages == 3);
        ck_assert(fault_at(event)->nth == 2 && fault_at(event)->shortened_to == 1);
        ck_assert(fault_at(event)->port == 0 && fault_at(event)->by_ns == 0);
    }
    ck_assert_str_eq(record_text(reading_event(reading, 6)), "behind them");
    reading_close(reading);
    reading = NULL;
    free(bytes);
}
END_TEST

/* The fault of today is no record of version 2: it would be misread. */
START_TEST(a_fault_of_today_is_refused)
{
    char error[200] = "";
    size_t count;

    add_text(REC_SCENARIO, DOMID_HOST, 0, "language 1\n");
    add_fault(1, 0, FAULT_SITE_XENSTORE_READ, FAULT_CALL, 1, 0, 0, 11);
    void *bytes = bytes_of_version(2, &count);
    ck_assert_ptr_null(reading_open(bytes, count, error, sizeof error));
    ck_assert_str_eq(error, "damaged recording: event 2 has not the size of its list");
    free(bytes);
}
END_TEST

Suite *version_2_suite(void)
{
    Suite *suite = suite_create("reports/version_2");
    TCase *tests = tcase_create("version_2");

    tcase_add_checked_fixture(tests, begin_recording, drop_recording);
    tcase_add_test(tests, a_kernels_sites_keep_their_names);
    tcase_add_test(tests, a_fault_of_today_is_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
