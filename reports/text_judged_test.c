/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of whose files a verdict is about, in each place that says so. */
#include "reports/recording_for_tests.h"
#include "reports/results.h"
#include "reports/text_failures.h"
#include "reports/text_judged.h"

#define LEAST "family testix\nversion 1\nabout tests\nimage 1 1\n"
#define USERS "file driver xxh64:00000000000000aa my <b>.c\nfile vm ours\noptions -DDEBUG\n"
#define LINE  "driver my <b>.c xxh64:00000000000000aa, vm ours, -DDEBUG"

static void add_kernel(unsigned domid, const char *kernel, const char *rows)
{
    struct record_domain domain = {.memory_pages = 1, .maxmem_pages = 1};

    snprintf(domain.kernel, sizeof domain.kernel, "%s", kernel);
    add_texts(REC_DOMAIN, domid, 0, &domain, sizeof domain, "nb", rows);
}

static void finish_failing(void)
{
    add_value(REC_VERDICT, DOMID_HOST, MS, 5);
    finish_recording();
}

static const struct {
    const char *first, *second, *judged;
} kernels[] = {
    {LEAST, LEAST, ""},
    {"file driver ours\nfile vm ours\n" LEAST, LEAST, "ours"},
    {"file driver ours\n" LEAST, "file driver ours\n" LEAST, "ours"},
    {"file driver ours\noptions -DDEBUG\n" LEAST, LEAST, "driver ours, -DDEBUG"},
    {USERS LEAST, USERS LEAST, LINE},
    {USERS LEAST, "file driver xxh64:bb other.c\n" LEAST, LINE "; driver other.c xxh64:bb"},
};

START_TEST(each_build_is_named_once)
{
    add_kernel(1, "one", kernels[_i].first);
    add_kernel(2, "two", kernels[_i].second);
    finish_failing();
    char *judged = judged_of(reading);
    ck_assert_str_eq(judged, kernels[_i].judged);
    free(judged);
}
END_TEST

START_TEST(the_verdict_says_whose_files)
{
    add_kernel(1, "one", USERS LEAST);
    finish_failing();
    text_verdict_line(out, reading, NULL);
    ck_printed("FAIL    grow.scn  (0.001 s of virtual time, 3 events; " LINE ")\n");
}
END_TEST

static const struct {
    const struct results_format *format;
    const char *says;
} formats[] = {
    {&results_json, "\"judged\": \"" LINE "\""},
    {&results_junit, "<property name=\"judged\" value=\"driver my &lt;b&gt;.c xxh64:00000000000000aa, vm "
                     "ours, -DDEBUG\"/>"},
    {&results_tap, "\n# judged: " LINE "\n"},
    {&results_table, "judged: " LINE "\n"},
};

/* With a recording, and for a run that left none. */
START_TEST(each_format_says_whose_files)
{
    for (int recorded = 1; recorded >= 0; recorded--) {
        char *text = NULL;
        size_t bytes;
        FILE *memory = open_memstream(&text, &bytes);
        struct result result = {.path = "a.scn", .verdict = 7, .sentence = ""};
        if (recorded) {
            add_kernel(1, "one", USERS LEAST);
            finish_failing();
            result.reading = reading;
        } else
            result.style.judged = LINE;
        void *state = formats[_i].format->begin(memory, 1);
        ck_assert(formats[_i].format->add(state, &result));
        ck_assert(formats[_i].format->end(state));
        fclose(memory);
        ck_assert_msg(strstr(text, formats[_i].says) != NULL, "no %s in: %s", formats[_i].says, text);
        free(text);
    }
}
END_TEST

START_TEST(what_to_type_is_what_was_typed)
{
    const struct text_style style = {.path = "a.scn", .command = "build/ballast replay --guest 'my dir'"};

    add_kernel(1, "one", LEAST);
    add_text(REC_CRASH, 1, MS, "it died");
    finish_failing();
    text_failures(out, reading, &style);
    fflush(out);
    ck_assert_ptr_nonnull(strstr(
        printed, "  replay to there:  build/ballast replay --guest 'my dir' a.scn --seed 1 --until 2\n"));
    ck_assert_ptr_nonnull(strstr(printed,
        "  in the debugger:  build/ballast replay --guest 'my dir' a.scn --seed 1 --until 2 --gdb\n"));
}
END_TEST

Suite *text_judged_suite(void)
{
    Suite *suite = suite_create("whose files were judged");
    TCase *tests = tcase_create("judged");

    tcase_add_checked_fixture(tests, begin_recording, drop_recording);
    tcase_add_loop_test(tests, each_build_is_named_once, 0, (int)(sizeof kernels / sizeof kernels[0]));
    tcase_add_test(tests, the_verdict_says_whose_files);
    tcase_add_loop_test(tests, each_format_says_whose_files, 0, (int)(sizeof formats / sizeof formats[0]));
    tcase_add_test(tests, what_to_type_is_what_was_typed);
    suite_add_tcase(suite, tests);
    return suite;
}
