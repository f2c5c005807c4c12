/* SPDX-License-Identifier: BSD-2-Clause */
/* The pages' data are JSON, and whatever a guest or a user wrote, nothing of it is markup. The look of the pages is not here. */
#include <jansson.h>

#include "reports/html.h"
#include "reports/html_text.h"
#include "reports/recording_for_tests.h"

#define HOSTILE "</script><script>alert(1)</script><!-- \"\\ \x01\xff\xe2\x80\xa8"

Suite *html_suite(void);

static const char *hostile_place(void *context, uint64_t event)
{
    (void)context;
    return event == 3 ? HOSTILE : NULL;
}

/* A hostile scenario, domain, console line, place, path and command. */
static void record_hostile(void)
{
    add_text(REC_SCENARIO, DOMID_HOST, 0, "language 1\n# " HOSTILE "\n");
    add_domain(1, HOSTILE, 16, 32);
    add_text(REC_LOG, 1, MS, HOSTILE);
    add_violation(1, 2 * MS, INVARIANT_ROLLBACK, 3, HOSTILE);
    add_value(REC_VERDICT, DOMID_HOST, 3 * MS, 5);
    finish_recording();
}

static struct text_style hostile_style(void)
{
    return (struct text_style){
        .path = HOSTILE, .command = HOSTILE, .place = hostile_place, .backtrace = hostile_place};
}

static unsigned count(const char *text, const char *part)
{
    unsigned times = 0;

    for (; (text = strstr(text, part)) != NULL; text++)
        times++;
    return times;
}

/* The element of that id, as JSON. */
static json_t *data_of(const char *page, const char *id)
{
    char begin[80];
    json_error_t error;

    snprintf(begin, sizeof begin, "<script type=\"application/json\" id=\"%s\">", id);
    const char *text = strstr(page, begin);
    ck_assert_msg(text != NULL, "no %s", begin);
    text += strlen(begin);
    const char *end = strstr(text, "</script>");
    ck_assert_ptr_nonnull(end);
    json_t *data = json_loadb(text, (size_t)(end - text), 0, &error);
    ck_assert_msg(data != NULL, "%s: %s", id, error.text);
    return data;
}

/* Behind the style and before the script of our own there is no tag but those of the data, and the hostile text nowhere. */
static void ck_harmless(const char *page, unsigned elements)
{
    const char *body = strstr(page, "<body>");

    ck_assert_ptr_nonnull(body);
    ck_assert_ptr_null(strstr(page, "alert(1)</script>"));
    ck_assert_uint_eq(count(body, "<script"), elements + 1);
    ck_assert_uint_eq(count(body, "</script>"), elements + 1);
    ck_assert_ptr_null(strstr(page, "<!-- \""));
    ck_assert_ptr_null(strchr(page, 1));
}

START_TEST(text_of_others_is_no_markup)
{
    record_hostile();
    const struct text_style style = hostile_style();
    ck_assert(html_run(out, &(struct html_page){.reading = reading, .style = &style, .name = "x.html"}));
    fflush(out);
    ck_harmless(printed, 3);
    json_t *data = data_of(printed, "data"), *piece = data_of(printed, "piece0");
    ck_assert_ptr_nonnull(
        strstr(json_string_value(json_object_get(data, "scenario")), "</script><script>alert(1)"));
    ck_assert_ptr_nonnull(strstr(
        json_string_value(json_array_get(json_object_get(piece, "x"), 2)), "</script><script>alert(1)"));
    ck_assert_uint_eq(json_array_size(json_object_get(piece, "x")), reading_events(reading));
    json_decref(data);
    json_decref(piece);
}
END_TEST

START_TEST(index_of_others_is_no_markup)
{
    record_hostile();
    const struct text_style style = hostile_style();
    const struct html_page run = {.reading = reading, .style = &style, .name = HOSTILE, .verdict = 5};
    const struct html_page none = {.style = &style, .name = "", .verdict = 4, .sentence = HOSTILE};

    ck_assert(html_index_begin(out) && html_index_add(out, &run, 0) && html_index_add(out, &none, 1));
    html_index_end(out);
    fflush(out);
    ck_harmless(printed, 1);
    json_t *data = data_of(printed, "data"), *runs = json_object_get(data, "runs"),
           *first = json_array_get(runs, 0);
    ck_assert_uint_eq(json_array_size(runs), 2);
    ck_assert_str_eq(json_string_value(json_object_get(first, "verdict")), "FAIL");
    ck_assert_str_eq(
        json_string_value(json_object_get(json_array_get(json_object_get(first, "findings"), 0), "what")),
        "rollback");
    ck_assert_str_eq(json_string_value(json_object_get(json_array_get(runs, 1), "verdict")), "ERROR");
    ck_assert_str_eq(json_string_value(json_object_get(first, "kernel")), "testix");
    ck_assert_uint_eq(
        json_array_size(json_object_get(first, "took")), json_array_size(json_object_get(data, "columns")));
    ck_assert_str_eq(json_string_value(json_array_get(json_object_get(first, "took"), 0)), "0.000 s");
    json_decref(data);
}
END_TEST

START_TEST(plain_text)
{
    bool failed = false;

    html_plain(out, "<a href=\"x\">&'", &failed);
    ck_printed("&lt;a href=&quot;x&quot;&gt;&amp;'");
    ck_assert(!failed);
}
END_TEST

static void add_call(uint32_t op, uint32_t subop, const uint32_t *frames, size_t count)
{
    const struct record_hypercall call = {.op = op, .subop = subop, .ret = (int64_t)count};

    recorder_append(rec, REC_HYPERCALL, 1, MS, &call, sizeof call, frames, sizeof *frames, count);
}

/* Frames that go back to Xen are named by themselves; the map wants the pages that they were bound to, as ranges. */
START_TEST(frames_that_go_back_leave_their_pages)
{
    static const uint32_t up[] = {70, 0x4000, 9, 0x4001, 33, 0x4002}, down[] = {50, 0x5002, 51, 0x5001},
                          again[] = {9, 0x6000}, back[] = {33, 70, 9, 50, 51, 12};

    add_domain(1, "nb", 16384, 32768);
    add_call(
        __HYPERVISOR_memory_op, XENMEM_decrease_reservation, back, 6); /* of none of them a pfn is known */
    add_call(__HYPERVISOR_mmu_update, 0, up, 6);
    add_call(__HYPERVISOR_mmu_update, 0, down, 4);
    add_call(__HYPERVISOR_mmu_update, 0, again, 2);
    add_call(__HYPERVISOR_memory_op, XENMEM_decrease_reservation, back, 6);
    finish_recording();
    ck_assert(html_run(
        out, &(struct html_page){.reading = reading, .style = &(struct text_style){.path = "a.scn"}}));
    fflush(out);
    json_t *data = data_of(printed, "data"), *domain = json_array_get(json_object_get(data, "domains"), 0);
    char *map = json_dumps(json_object_get(domain, "map"), JSON_COMPACT);
    ck_assert_str_eq(
        map, "[3,6,16384,3,4,6,20481,2,5,6,24576,1,6,7,16386,1,6,7,16384,1,6,7,24576,1,6,7,20481,2]");
    free(map);
    json_decref(data);
}
END_TEST

/* What the page draws: steps with the events that made them, and what became of pages. */
START_TEST(data_of_a_domain)
{
    add_domain(1, "nb", 16384, 32768);
    add_note(1, 0, NOTE_PHYSLOAD, 0x10, 0x4000, 0);
    add_reservation(1, MS, XENMEM_increase_reservation, 2, 16386, 32768);
    add_note(1, MS, NOTE_PLUG_END, 0x4000, 2, 1);
    add_note(1, MS, NOTE_PLUG_END, 0x4002, 2, 0);
    add_reservation(1, MS, XENMEM_decrease_reservation, 1, 16385, 32768);
    finish_recording();
    ck_assert(html_run(
        out, &(struct html_page){.reading = reading, .style = &(struct text_style){.path = "a.scn"}}));
    fflush(out);
    json_t *data = data_of(printed, "data"), *domain = json_array_get(json_object_get(data, "domains"), 0);
    char *steps = json_dumps(json_object_get(domain, "reservation"), JSON_COMPACT),
         *map = json_dumps(json_object_get(domain, "map"), JSON_COMPACT);
    ck_assert_str_eq(steps, "[1,16384,3,16386,6,16385]");
    ck_assert_str_eq(map, "[2,0,16,16368,4,1,16384,2]");
    free(steps);
    free(map);
    json_decref(data);
}
END_TEST

Suite *html_suite(void)
{
    Suite *suite = suite_create("html");
    TCase *tcase = tcase_create("html");

    tcase_add_checked_fixture(tcase, begin_recording, drop_recording);
    tcase_add_test(tcase, text_of_others_is_no_markup);
    tcase_add_test(tcase, index_of_others_is_no_markup);
    tcase_add_test(tcase, plain_text);
    tcase_add_test(tcase, data_of_a_domain);
    tcase_add_test(tcase, frames_that_go_back_leave_their_pages);
    suite_add_tcase(suite, tcase);
    return suite;
}
