/* SPDX-License-Identifier: BSD-2-Clause */
/* A recording of version 1, built by hand as version 1 wrote it: what it had only in words is in fields afterwards. */
#include "reports/recording_for_tests.h"

#include "reports/findings.h"

Suite *version_1_suite(void);

static uint64_t expect_of_1(uint32_t line, bool ok, const char *wanted)
{
    struct record_expect payload = {.ok = ok, .column = 1, .length = 6};

    recorder_set_line(rec, line);
    return add_texts(REC_EXPECT, DOMID_HOST, 0, &payload, sizeof payload, wanted, "seen");
}

/* The caller frees the bytes that it gets. */
static void *open_as_1(void)
{
    char error[200] = "";
    size_t count;
    void *bytes = bytes_of_version(1, &count);

    reading = reading_open(bytes, count, error, sizeof error);
    ck_assert_msg(reading != NULL, "%s", error);
    ck_assert_uint_eq(reading_head(reading)->version, 1);
    return bytes;
}

static void ck_about(uint64_t event, enum expect_about about, uint16_t invariant)
{
    const struct record_expect *expect = record_payload(reading_event(reading, event));

    ck_assert_msg(expect->about == about, "event %llu is about %u, not %u", (unsigned long long)event,
        expect->about, about);
    ck_assert_uint_eq(expect->invariant, invariant);
    ck_assert_str_eq(record_second_text(reading_event(reading, event)), "seen");
}

START_TEST(expectations)
{
    add_text(REC_SCENARIO, DOMID_HOST, 0, "language 1\n+0 always nb x\n@1s expect nb y\nalwaysnot\n");
    expect_of_1(2, false, "== 1");
    expect_of_1(3, false, "== 1");
    expect_of_1(4, false, "== 1");
    expect_of_1(99, false, "== 1");
    expect_of_1(3, false, "accepted");
    expect_of_1(3, false, "-> 0");
    expect_of_1(3, true, "no-leak broken");
    expect_of_1(3, true, "no-such broken");
    expect_of_1(3, true, "a crash with \"x\"");
    expect_of_1(3, true, "refused \"x\"");
    void *bytes = open_as_1();
    ck_about(2, EXPECT_ALWAYS, 0);
    for (uint64_t event = 3; event <= 5; event++)
        ck_about(event, EXPECT_CONDITION, 0);
    ck_about(6, EXPECT_ACCEPTED, 0);
    ck_about(7, EXPECT_STATUS, 0);
    ck_about(8, EXPECT_VIOLATION, INVARIANT_NO_LEAK);
    ck_about(9, EXPECT_CONDITION, 0);
    ck_about(10, EXPECT_CRASH, INVARIANT_GUEST_CONTAINED);
    ck_about(11, EXPECT_REFUSED, 0);
    ck_assert(failures_expected_crash(reading));
    reading_close(reading);
    reading = NULL;
    free(bytes);
}
END_TEST

START_TEST(statements_and_commands)
{
    const struct record_value status = {3};

    add_text(REC_STATEMENT, DOMID_HOST, 0, "settle");
    add_texts(REC_COMMAND, DOMID_HOST, 0, &status, sizeof status, "xl list", "out");
    add_texts(REC_COMMAND, 7, 0, &status, sizeof status, "hold 80%", "");
    void *bytes = open_as_1();
    const struct record *record = reading_event(reading, 1);
    const struct record_command *command = record_payload(reading_event(reading, 2));
    ck_assert_uint_eq(
        ((const struct record_statement *)record_payload(record))->does, STATEMENT_DOES_UNKNOWN);
    ck_assert_str_eq(record_text(record), "settle");
    ck_assert_int_eq(command->status, 3);
    ck_assert_uint_eq(command->domid, DOMID_HOST);
    ck_assert_str_eq(record_text(reading_event(reading, 2)), "xl list");
    ck_assert_str_eq(record_second_text(reading_event(reading, 2)), "out");
    command = record_payload(reading_event(reading, 3));
    ck_assert_uint_eq(command->tool, COMMAND_IN_GUEST);
    ck_assert_uint_eq(command->domid, 7);
    reading_close(reading);
    reading = NULL;
    free(bytes);
}
END_TEST

/* The fields of today are no recording of version 1: it would be misread. */
START_TEST(a_statement_with_fields_is_refused)
{
    const struct record_statement statement = {.does = STATEMENT_DOES_SETTLE};
    char error[200] = "";
    size_t count;

    recorder_append(rec, REC_STATEMENT, DOMID_HOST, 0, &statement, sizeof statement, "settle", 1, 7);
    void *bytes = bytes_of_version(1, &count);
    ck_assert_ptr_null(reading_open(bytes, count, error, sizeof error));
    ck_assert_str_eq(error, "damaged recording: event 1 holds a text that does not end well");
    free(bytes);
}
END_TEST

Suite *version_1_suite(void)
{
    Suite *suite = suite_create("reports/version_1");
    TCase *tests = tcase_create("version_1");

    tcase_add_checked_fixture(tests, begin_recording, drop_recording);
    tcase_add_test(tests, expectations);
    tcase_add_test(tests, statements_and_commands);
    tcase_add_test(tests, a_statement_with_fields_is_refused);
    suite_add_tcase(suite, tests);
    return suite;
}
