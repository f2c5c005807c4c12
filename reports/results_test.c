/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tests of what the formats for programs contain. check-formats.sh has other people's parsers read them.
 */
#include "reports/recording_for_tests.h"
#include "reports/results.h"

#include <jansson.h>

Suite *results_suite(void);

#define FAIL    5
#define SKIP    3
#define TIMEOUT 7

static struct result result_of(int verdict, const char *sentence)
{
    return (struct result){
        .path = "tour/a.scn", .verdict = verdict, .sentence = sentence, .style.path = "tour/a.scn"};
}

static void print_with(const struct results_format *format, const struct result *results, size_t count)
{
    void *state = format->begin(out, count);

    ck_assert_ptr_nonnull(state);
    for (size_t r = 0; r < count; r++)
        ck_assert(format->add(state, &results[r]));
    ck_assert(format->end(state));
    fflush(out);
}

/* What was printed, parsed again as strictly as jansson can. */
static json_t *printed_json(void)
{
    json_error_t error;
    json_t *root = json_loadb(printed, printed_bytes, JSON_REJECT_DUPLICATES, &error);

    ck_assert_msg(root != NULL, "%s at line %d of:\n%s", error.text, error.line, printed);
    return root;
}

static json_t *at(json_t *root, const char *array, size_t index)
{
    json_t *element = json_array_get(json_object_get(root, array), index);

    ck_assert_msg(element != NULL, "no %s[%zu]", array, index);
    return element;
}

static const char *text_at(json_t *object, const char *key)
{
    const char *text = json_string_value(json_object_get(object, key));

    ck_assert_msg(text != NULL, "no text %s", key);
    return text;
}

static json_int_t number_at(json_t *object, const char *key)
{
    json_t *number = json_object_get(object, key);

    ck_assert_msg(json_is_integer(number), "no number %s", key);
    return json_integer_value(number);
}

/* An expect that fails, and an invariant broken by the event before. */
static struct result a_failure(uint64_t seed, const char *seen)
{
    struct result result = result_of(FAIL, "");

    recorder_begin(rec, "a.scn", "sim", seed);
    add_text(REC_SCENARIO, DOMID_HOST, 0, "language 1\nexpect nb reservation == 5m\n");
    add_domain(1, "nb", 1024, 2048);
    recorder_set_line(rec, 2);
    add_expect(MS, EXPECT_CONDITION, false, 11, 11, "reservation == 5m", seen);
    uint64_t cause = add_value(REC_EVTCHN, 1, 2 * MS, 1);
    add_plain(REC_REST, 3 * MS);
    add_violation(1, 3 * MS, INVARIANT_NO_LEAK, cause, "7 frames of nb");
    add_value(REC_VERDICT, DOMID_HOST, 3 * MS, FAIL);
    result.reading = finish_recording();
    return result;
}

START_TEST(json_tells_the_parts_of_a_failure)
{
    const struct result result = a_failure(UINT64_MAX, "4m");

    print_with(&results_json, &result, 1);
    json_t *root = printed_json(), *told = at(root, "results", 0), *failure = at(told, "failures", 0),
           *violation = at(told, "violations", 0);
    ck_assert_str_eq(text_at(told, "verdict"), "FAIL");
    ck_assert_int_eq(number_at(told, "exit_code"), FAIL);
    ck_assert_str_eq(text_at(told, "seed"), "18446744073709551615");
    ck_assert_uint_eq(strlen(text_at(told, "sum")), 16);
    ck_assert_str_eq(text_at(failure, "kind"), "expect");
    ck_assert_str_eq(text_at(failure, "wanted"), "reservation == 5m");
    ck_assert_str_eq(text_at(failure, "seen"), "4m");
    ck_assert_str_eq(text_at(failure, "statement"), "expect nb reservation == 5m");
    ck_assert_int_eq(number_at(failure, "line"), 2);
    ck_assert_int_eq(number_at(failure, "column"), 11);
    ck_assert_int_eq(number_at(failure, "event"), 3);
    ck_assert_str_eq(text_at(violation, "invariant"), "no-leak");
    ck_assert_str_eq(text_at(violation, "text"), "7 frames of nb");
    ck_assert_str_eq(text_at(violation, "domain"), "nb");
    ck_assert_int_eq(number_at(violation, "cause_event"), 4);
    ck_assert_int_eq(number_at(violation, "times"), 1);
    ck_assert(json_is_true(json_object_get(violation, "at_rest")));
    ck_assert_uint_eq(json_array_size(json_object_get(told, "failures")), 1);
    ck_assert_uint_eq(json_array_size(json_object_get(told, "violations")), 1);
    json_decref(root);
}
END_TEST

static const struct {
    const char *name, *bytes, *clean;
} texts[] = {
    {"control characters", "a\x01\x1b[2J\x7f", "a\\x01\\x1b[2J\\x7f"},
    {"well-formed characters", "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x8e\x88",
        "\xc3\xa4 \xe2\x82\xac \xf0\x9f\x8e\x88"},
    {"a lone continuation", "\x80", "\\x80"},
    {"a longer form than needed", "\xe0\x80\xaf \xf0\x80\x80\xaf \xc0\xaf",
        "\\xe0\\x80\\xaf \\xf0\\x80\\x80\\xaf \\xc0\\xaf"},
    {"a surrogate", "\xed\xa0\x80", "\\xed\\xa0\\x80"},
    {"past the last character", "\xf4\x90\x80\x80", "\\xf4\\x90\\x80\\x80"},
    {"a noncharacter", "\xef\xbf\xbe", "\\xef\\xbf\\xbe"},
    {"one that is cut off", "\xe2\x82", "\\xe2\\x82"},
    {"a C1 control", "\xc2\x9b", "\\xc2\\x9b"},
    {"characters at the ends of their ranges",
        "\xc2\xa0 \xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xef\xbf\xbd \xf0\x90\x80\x80 \xf4\x8f\xbf\xbf",
        "\xc2\xa0 \xe0\xa0\x80 \xed\x9f\xbf \xee\x80\x80 \xef\xbf\xbd \xf0\x90\x80\x80 \xf4\x8f\xbf\xbf"},
    {"three bytes of which the second is none", "\xe2(\xac", "\\xe2(\\xac"},
    {"a byte that begins nothing", "\xf8\xff", "\\xf8\\xff"},
    {"a tab", "a\tb", "a\tb"},
};

START_TEST(texts_of_guests_are_made_harmless)
{
    const struct result result = a_failure(1, texts[_i].bytes);

    print_with(&results_json, &result, 1);
    json_t *root = printed_json();
    ck_assert_msg(strcmp(text_at(at(at(root, "results", 0), "failures", 0), "seen"), texts[_i].clean) == 0,
        "%s", texts[_i].name);
    json_decref(root);
}
END_TEST

START_TEST(json_of_runs_without_a_recording)
{
    const struct result results[] = {
        result_of(TIMEOUT, "given up after 60 s"), result_of(SKIP, ""), result_of(SKIP, "no kernel\n")};

    print_with(&results_json, results, 3);
    json_t *root = printed_json(), *told = at(root, "results", 0);
    ck_assert_int_eq(number_at(json_object_get(root, "counts"), "SKIP"), 2);
    ck_assert_int_eq(number_at(json_object_get(root, "counts"), "TIMEOUT"), 1);
    ck_assert_int_eq(number_at(json_object_get(root, "counts"), "PASS"), 0);
    ck_assert_str_eq(text_at(told, "text"), "given up after 60 s\n");
    ck_assert_ptr_null(json_object_get(told, "events"));
    ck_assert_ptr_null(json_object_get(told, "failures"));
    json_decref(root);
}
END_TEST

/* A job that is killed leaves what was done, and a document is whole with its end. */
static const struct {
    const struct results_format *format;
    const char *line, *end;
} as_they_come[] = {
    {&results_json, "\n{\"path\": \"tour/a.scn\", \"verdict\": \"TIMEOUT\"", "\n]}"},
    {&results_junit, "<error type=\"TIMEOUT\"", "</testsuites>"},
    {&results_tap, "not ok 1 - tour/a.scn", ""},
    {&results_table, "tour/a.scn ", ""},
};

START_TEST(results_are_written_as_they_come)
{
    const struct result result = result_of(TIMEOUT, "60 s"), second = result_of(SKIP, "none");
    const struct results_format *format = as_they_come[_i].format;
    void *state = format->begin(out, 2);

    ck_assert(format->add(state, &result));
    ck_assert_msg(strstr(printed, as_they_come[_i].line) != NULL, "%s", printed); /* unasked */
    ck_assert(format->add(state, &second));
    if (format == &results_json) {
        char *cut = NULL;
        ck_assert_int_gt(asprintf(&cut, "%s%s", printed, as_they_come[_i].end), 0);
        json_t *root = json_loads(cut, JSON_REJECT_DUPLICATES, NULL);
        ck_assert_msg(root != NULL, "%s", cut);
        ck_assert_str_eq(text_at(at(root, "results", 1), "verdict"), "SKIP");
        json_decref(root);
        free(cut);
    }
    ck_assert(format->end(state));
}
END_TEST

START_TEST(junit_counts_each_kind)
{
    const struct result results[] = {
        result_of(0, ""), result_of(TIMEOUT, "60 s & more"), result_of(SKIP, "<no>"), result_of(4, "x\ny")};

    print_with(&results_junit, results, 4);
    ck_printed("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
               "<testsuites name=\"ballast\">\n"
               "  <testsuite name=\"tour/a.scn\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"0\" "
               "time=\"0.000\">\n"
               "    <testcase classname=\"tour\" name=\"a\" file=\"tour/a.scn\" time=\"0.000\"/>\n"
               "  </testsuite>\n"
               "  <testsuite name=\"tour/a.scn\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\" "
               "time=\"0.000\">\n"
               "    <testcase classname=\"tour\" name=\"a\" file=\"tour/a.scn\" time=\"0.000\">\n"
               "      <error type=\"TIMEOUT\" message=\"60 s &amp; more\">60 s &amp; more\n</error>\n"
               "    </testcase>\n"
               "  </testsuite>\n"
               "  <testsuite name=\"tour/a.scn\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\" "
               "time=\"0.000\">\n"
               "    <testcase classname=\"tour\" name=\"a\" file=\"tour/a.scn\" time=\"0.000\">\n"
               "      <skipped type=\"SKIP\" message=\"&lt;no&gt;\">&lt;no&gt;\n</skipped>\n"
               "    </testcase>\n"
               "  </testsuite>\n"
               "  <testsuite name=\"tour/a.scn\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\" "
               "time=\"0.000\">\n"
               "    <testcase classname=\"tour\" name=\"a\" file=\"tour/a.scn\" time=\"0.000\">\n"
               "      <error type=\"ERROR\" message=\"x\">x\ny\n</error>\n"
               "    </testcase>\n"
               "  </testsuite>\n"
               "</testsuites>\n");
}
END_TEST

START_TEST(junit_of_a_failure_holds_what_a_terminal_shows)
{
    struct result result = a_failure(1, "4m");

    result.wall_ms = 61007;
    print_with(&results_junit, &result, 1);
    ck_assert_ptr_nonnull(strstr(printed, "failures=\"1\" errors=\"0\" skipped=\"0\" time=\"61.007\""));
    ck_assert_ptr_nonnull(strstr(printed, "<property name=\"seed\" value=\"1\"/>"));
    ck_assert_ptr_nonnull(strstr(printed, "<property name=\"virtual-time\" value=\"0.003000000\"/>"));
    ck_assert_ptr_nonnull(strstr(printed,
        "<failure type=\"FAIL\" message=\"no-leak, event 4: 7 frames of nb; 1 expectation failed\">"));
    ck_assert_ptr_nonnull(strstr(printed, "no-leak: 7 frames of nb"));
    ck_assert_ptr_nonnull(strstr(printed, "ballast replay tour/a.scn --seed 1 --until 3\n"));
}
END_TEST

START_TEST(junit_names_a_file_without_a_folder)
{
    struct result results[] = {result_of(0, ""), result_of(0, ""), result_of(0, "")};

    results[0].path = "b.scn";
    results[1].path = "no-suffix";
    results[2].path = "/x.scn";
    print_with(&results_junit, results, 3);
    ck_assert_ptr_nonnull(strstr(printed, "classname=\".\" name=\"b\" file=\"b.scn\""));
    ck_assert_ptr_nonnull(strstr(printed, "classname=\".\" name=\"no-suffix\""));
    ck_assert_ptr_nonnull(strstr(printed, "name=\"x\" file=\"/x.scn\""));
}
END_TEST

/* ---- the table ---- */

static const char *place_of_all(void *context, uint64_t event)
{
    (void)context, (void)event;
    return "balloon.c:512 (balloon_plug)";
}

/* Each invariant once, with its first event; an unknown one has no row. */
START_TEST(a_table_names_what_was_broken)
{
    struct result result = result_of(FAIL, "");

    add_text(REC_SCENARIO, DOMID_HOST, 0, "language 1\nsettle\nexpect nb reservation == 5m\n");
    add_domain(1, "nb", 1024, 2048);
    uint64_t cause = add_value(REC_EVTCHN, 1, 2 * MS, 1);
    add_violation(1, 3 * MS, INVARIANT_NO_LEAK, cause, "7 frames of nb");
    add_violation(1, 3 * MS, INVARIANT_NO_LEAK, cause + 1, "8 frames of nb");
    add_violation(1, 3 * MS, INVARIANT_ROLLBACK, cause, "it is not as before");
    add_violation(1, 3 * MS, (enum invariant)4711, cause, "of a later version");
    recorder_set_line(rec, 3);
    add_expect(4 * MS, EXPECT_CONDITION, true, 8, 11, "reservation == 4m", "4m");
    add_expect(4 * MS, EXPECT_CONDITION, false, 8, 11, "reservation == 5m", "4m");
    add_expect(5 * MS, EXPECT_CONDITION, false, 8, 11, "reservation == 6m", "4m");
    add_value(REC_VERDICT, DOMID_HOST, 5 * MS, FAIL);
    result.reading = finish_recording();
    struct result results[] = {
        result, result, result_of(4, "no memory\nof it"), result_of(0, ""), result_of(99, ""), result};
    results[5].verdict = 4;
    results[5].sentence = "it could not be made";
    results[1].style.place = place_of_all;
    print_with(&results_table, results, 6);
    ck_assert_ptr_nonnull(strstr(printed, "\n    it could not be made\n"));
    ck_assert_ptr_nonnull(strstr(printed, "  no-leak                   3\n"));
    ck_assert_ptr_nonnull(strstr(printed, "  no-leak                   3  balloon.c:512 (balloon_plug)\n"));
    ck_assert_ptr_nonnull(strstr(printed, "  rollback                  3\n"));
    ck_assert_ptr_nonnull(strstr(printed, "  expect                    9  line 3\n"));
    ck_assert_ptr_null(strstr(printed, "10  line 3")); /* the first only */
    ck_assert_ptr_nonnull(strstr(printed, "\n    no memory…\n"));
    ck_assert_ptr_nonnull(strstr(printed, "\n6 scenarios, 1 PASS, 2 ERROR, 2 FAIL"));
    ck_assert_ptr_nonnull(strstr(printed, "no-leak            broken in 3 scenarios\n"));
}
END_TEST

static const struct {
    enum record_type type;
    const char *row;
} other_failures[] = {{REC_NOT_AT_REST, "  rest                      2  line 2\n"},
    {REC_DIFFERENCE, "  model                     2  line 2\n"}};

START_TEST(a_table_names_what_else_failed)
{
    struct result result = result_of(FAIL, "");

    add_text(REC_SCENARIO, DOMID_HOST, 0, "language 1\nsettle\n");
    recorder_set_line(rec, 2);
    add_text(other_failures[_i].type, DOMID_HOST, MS, "still busy");
    add_value(REC_VERDICT, DOMID_HOST, 2 * MS, FAIL);
    result.reading = finish_recording();
    print_with(&results_table, &result, 1);
    ck_assert_msg(strstr(printed, other_failures[_i].row) != NULL, "%s", printed);
    ck_assert_ptr_nonnull(strstr(printed, "\n1 scenario, 1 FAIL\n"));
    ck_assert_ptr_null(strstr(printed, "broken in"));
}
END_TEST

/* Of what is no scenario: each rule with how often, and the first time that it was broken, in a line. */
START_TEST(a_table_has_rows_of_rules)
{
    struct result results[] = {result_of(FAIL, "a long text\nwith lines"), result_of(0, "as well")};

    results[0].path = "parts with AN_OPTION";
    results[0].rows = "leak 12 7 bytes are held, after a(1) b\nodd-name 3 it is \x1b[2J, not 4\n";
    results[1].rows = "";
    print_with(&results_table, results, 2);
    ck_assert_ptr_nonnull(strstr(printed, "parts with AN_OPTION                             FAIL\n"));
    ck_assert_ptr_nonnull(strstr(printed, "  leak                     12  7 bytes are held, after a(1) b\n"));
    ck_assert_ptr_nonnull(strstr(printed, "  odd-name                  3  it is "));
    ck_assert_ptr_null(strstr(printed, "\x1b"));
    ck_assert_ptr_null(strstr(printed, "a long text"));
    ck_assert_ptr_null(strstr(printed, "as well"));
}
END_TEST

START_TEST(a_table_of_nothing_has_no_heading)
{
    print_with(&results_table, NULL, 0);
    ck_printed("0 scenarios\n");
}
END_TEST

START_TEST(tap_escapes_what_would_be_a_directive)
{
    struct result results[] = {
        result_of(0, ""), result_of(SKIP, "no #1\nkernel"), result_of(TIMEOUT, "late\n\n")};

    results[0].path = "a # TODO \\.scn";
    print_with(&results_tap, results, 3);
    ck_printed("TAP version 13\n"
               "1..3\n"
               "ok 1 - a \\# TODO \\\\.scn\n"
               "ok 2 - tour/a.scn # SKIP no \\#1\n"
               "not ok 3 - tour/a.scn (TIMEOUT)\n"
               "# late\n"
               "# \n");
}
END_TEST

START_TEST(a_tap_that_stops_early_is_told)
{
    const struct result result = result_of(0, "");
    void *state = results_tap.begin(out, 2);

    ck_assert(results_tap.add(state, &result));
    ck_assert(!results_tap.end(state));
}
END_TEST

Suite *results_suite(void)
{
    Suite *suite = suite_create("results");
    TCase *tests = tcase_create("formats for programs");

    tcase_add_checked_fixture(tests, begin_recording, drop_recording);
    tcase_add_test(tests, json_tells_the_parts_of_a_failure);
    tcase_add_loop_test(tests, texts_of_guests_are_made_harmless, 0, (int)(sizeof texts / sizeof texts[0]));
    tcase_add_test(tests, json_of_runs_without_a_recording);
    tcase_add_loop_test(tests, results_are_written_as_they_come, 0, 4);
    tcase_add_test(tests, junit_counts_each_kind);
    tcase_add_test(tests, junit_of_a_failure_holds_what_a_terminal_shows);
    tcase_add_test(tests, junit_names_a_file_without_a_folder);
    tcase_add_test(tests, a_table_names_what_was_broken);
    tcase_add_loop_test(tests, a_table_names_what_else_failed, 0, 2);
    tcase_add_test(tests, a_table_has_rows_of_rules);
    tcase_add_test(tests, a_table_of_nothing_has_no_heading);
    tcase_add_test(tests, tap_escapes_what_would_be_a_directive);
    tcase_add_test(tests, a_tap_that_stops_early_is_told);
    suite_add_tcase(suite, tests);
    return suite;
}
