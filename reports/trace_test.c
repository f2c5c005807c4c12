/* SPDX-License-Identifier: BSD-2-Clause */
/* What stands on which track, and when. That the whole is of the format is seen by harness/tests/check-formats.sh. */
#include <jansson.h>

#include "reports/recording_for_tests.h"
#include "reports/trace.h"

Suite *trace_suite(void);

static const char *frames_of(void *context, uint64_t event)
{
    (void)context;
    return event >= 3 && event <= 5 ? "balloon.c:10 (balloon_grow)\tballoon.c:20 (balloon_thread)"
           : event == 7             ? "balloon.c:30 (balloon_attach)"
                                    : NULL;
}

static void ck_line(const char *wanted)
{
    ck_assert_msg(strstr(printed, wanted) != NULL, "no\n%s\nin\n%s", wanted, printed);
}

START_TEST(tracks)
{
    const struct text_style style = {.backtrace = frames_of};
    json_error_t error;

    add_domain(1, "nb", 16384, 32768);
    add_plain(REC_REST, 0);
    add_note(1, MS, NOTE_PLUG_BEGIN, 0x4000, 2, 0);
    add_note(1, 2 * MS, NOTE_PLUG_END, 0x4000, 2, 1);
    add_reservation(1, 3 * MS, XENMEM_increase_reservation, 2, 16386, 32768);
    add_note(1, 4 * MS, NOTE_SLEEP, 1, 0, 0);
    add_reservation(1, 5 * MS + 1, XENMEM_current_reservation, 0, 16386, 32768);
    finish_recording();
    ck_assert(trace_print(out, reading, &style));
    fflush(out);
    json_t *whole = json_loads(printed, 0, &error);
    ck_assert_msg(whole != NULL, "%s", error.text);
    json_decref(whole);
    ck_line(
        "{\"ph\": \"M\", \"pid\": 1, \"tid\": 0, \"name\": \"process_name\", \"args\": {\"name\": \"nb\"}}");
    ck_line("{\"ph\": \"C\", \"pid\": 1, \"tid\": 0, \"name\": \"reservation\", \"ts\": 3000.000, \"args\": "
            "{\"pages\": 16386}}");
    ck_line("{\"ph\": \"X\", \"pid\": 1, \"tid\": 3, \"name\": \"plug\", \"ts\": 1000.000, \"dur\": "
            "1000.000, \"args\": {\"event\": 4,");
    ck_line("{\"ph\": \"X\", \"pid\": 1, \"tid\": 2, \"name\": \"XENMEM_increase_reservation\", \"ts\": "
            "2000.000, \"dur\": 1000.000,");
    /* After a sleep nobody knows when a call began. */
    ck_line("\"name\": \"XENMEM_current_reservation\", \"ts\": 5000.001, \"dur\": 0.000,");
    ck_line("\"tid\": 7, \"name\": \"thread_name\", \"args\": {\"name\": \"balloon_thread\"}}");
    ck_line("\"tid\": 8, \"name\": \"thread_name\", \"args\": {\"name\": \"balloon_attach\"}}");
    ck_line("{\"ph\": \"X\", \"pid\": 1, \"tid\": 1, \"name\": \"balloon_thread\", \"ts\": 1000.000, "
            "\"dur\": 2000.000}");
}
END_TEST

/* As in events of JSON: the line is one of the file that it stands in. */
START_TEST(a_line_of_an_included_file)
{
    const struct text_style style = {.path = "grow.scn"};

    add_text(REC_SCENARIO, DOMID_HOST, 0, "language 1\ninclude a.inc\n++ a.inc ++\nlanguage 1\nsettle\n");
    add_domain(1, "nb", 16384, 32768);
    recorder_set_line(rec, 5);
    add_reservation(1, MS, XENMEM_increase_reservation, 2, 16386, 32768);
    finish_recording();
    ck_assert(trace_print(out, reading, &style));
    fflush(out);
    ck_line("\"args\": {\"event\": 3, \"line\": 2, \"file\": \"a.inc\", \"text\": ");
}
END_TEST

Suite *trace_suite(void)
{
    Suite *suite = suite_create("trace");
    TCase *tcase = tcase_create("trace");

    tcase_add_checked_fixture(tcase, begin_recording, drop_recording);
    tcase_add_test(tcase, tracks);
    tcase_add_test(tcase, a_line_of_an_included_file);
    suite_add_tcase(suite, tcase);
    return suite;
}
