/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Compares docs/scenario.md with the parser: each example can be read, each rejected example is refused with the text below
 * it, and the form of every statement and every query is there. It runs from the project's root. The examples are
 * replayed by `make check-scenarios`, not here.
 */
#include "harness/language/queries.h"
#include "harness/language/words.h"
#include "harness/image/kernels.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct kernels kernels = {.describe = kernel_describe};

Suite *docs_suite(void);

#define DOCUMENT "docs/scenario.md"

static char *document(void)
{
    struct complaint complaint;
    size_t bytes;
    char *text = scenario_text(DOCUMENT, &bytes, &complaint);

    ck_assert_msg(text != NULL, DOCUMENT ": %s", complaint.message);
    return text;
}

/* The next block that opens with ```KIND from p on; NULL when there is none. */
static const char *block(const char *p, const char *kind, size_t *bytes)
{
    char fence[40];
    const char *start, *end;

    snprintf(fence, sizeof fence, "\n```%s\n", kind);
    p = strstr(p, fence);
    if (p == NULL)
        return NULL;
    start = p + strlen(fence);
    end = strstr(start, "\n```\n");
    ck_assert_msg(end != NULL, "a block of %s is not closed", kind);
    *bytes = (size_t)(end - start) + 1;
    return start;
}

static void examples_are_read(const char *kind, unsigned at_least)
{
    char *text = document(), out[2000];
    struct complaint complaint;
    size_t bytes;
    unsigned count = 0;

    for (const char *p = block(text, kind, &bytes); p != NULL; p = block(p, kind, &bytes), count++) {
        char *copy = strndup(p, bytes);
        struct scenario *s = scenario_parse("example.scn", copy, bytes, &kernels, &complaint);
        complaint_text("example.scn", copy, &complaint, out, sizeof out);
        ck_assert_msg(s != NULL, "%s", out);
        scenario_free(s);
        free(copy);
    }
    ck_assert_uint_ge(count, at_least);
    free(text);
}

START_TEST(complete_examples)
{
    examples_are_read("scenario", 7);
}
END_TEST

/* A block ```scenario-unbuilt shows what the parser reads and the runner can't do yet. */
START_TEST(unbuilt_examples)
{
    examples_are_read("scenario-unbuilt", 0);
}
END_TEST

START_TEST(rejected_examples)
{
    char *text = document(), out[2000];
    struct complaint complaint;
    size_t bytes, wanted_bytes;
    unsigned count = 0;

    for (const char *p = block(text, "scenario-bad", &bytes); p != NULL;
         p = block(p, "scenario-bad", &bytes), count++) {
        char *copy = strndup(p, bytes);
        const char *wanted = block(p + bytes, "complaint", &wanted_bytes);
        ck_assert_ptr_nonnull(wanted);
        ck_assert_msg(
            wanted == p + bytes + strlen("```\n```complaint\n"), "a rejected example without its complaint");
        ck_assert_ptr_null(scenario_parse("example.scn", copy, bytes, &kernels, &complaint));
        complaint_text("example.scn", copy, &complaint, out, sizeof out);
        ck_assert_msg(strlen(out) == wanted_bytes && memcmp(out, wanted, wanted_bytes) == 0,
            "wanted\n%.*sgot\n%s", (int)wanted_bytes, wanted, out);
        free(copy);
    }
    ck_assert_uint_ge(count, 3);
    free(text);
}
END_TEST

START_TEST(every_form_stands_there)
{
    static const char *const forms[] = {
#define X(id, use, word, form, meaning) form,
        STATEMENT_WORDS(X)
#undef X
    };
    char *text = document();

    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        /* The page shows expect's form in parts, and of a pasted command the first word. */
        char part[200];
        snprintf(part, sizeof part, "%.*s", (int)strcspn(forms[i], "|"), forms[i]);
        if (strstr(forms[i], "COMMAND") != NULL || strncmp(forms[i], "xenstore", 8) == 0)
            part[strcspn(part, " ")] = '\0';
        if (strncmp(forms[i], "expect", 6) == 0)
            snprintf(part, sizeof part, "expect within TIME CONDITION");
        ck_assert_msg(strstr(text, part) != NULL, DOCUMENT " does not show `%s`", part);
    }
    free(text);
}
END_TEST

START_TEST(every_query_stands_there)
{
    char *text = document(), row[300];

    for (unsigned i = 0; i < NR_QUERIES; i++) {
        const struct query_info *info = query_info((enum query_id)i);
        const char *unit = info->unit == UNIT_TEXT                              ? "text"
                           : info->unit == UNIT_NS                              ? "time"
                           : info->unit == UNIT_PAGES || info->unit == UNIT_KIB ? "size"
                                                                                : "number";
        snprintf(row, sizeof row, "| `%s` | %s | %s |", info->name, unit, info->meaning);
        ck_assert_msg(strstr(text, row) != NULL, DOCUMENT " has no row\n%s", row);
    }
    free(text);
}
END_TEST

START_TEST(every_option_of_forms_stands_there)
{
    static const char *const words[] = {"mem=", "toolstack=", "xen=", "scrub-domheap",
        "kernel=", "memory=", "maxmem=", "p2m=", "videoram=", "cmdline=", "once", "times=", "sticky",
        "short=", "errno=", "expect refused", "expect violation", "expect crash", "ns us ms s min h",
        "k m g t p"};
    char *text = document();

    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        ck_assert_msg(strstr(text, words[i]) != NULL, DOCUMENT " does not tell of `%s`", words[i]);
    free(text);
}
END_TEST

Suite *docs_suite(void)
{
    Suite *suite = suite_create("docs");
    TCase *tc = tcase_create(DOCUMENT);

    tcase_add_test(tc, complete_examples);
    tcase_add_test(tc, unbuilt_examples);
    tcase_add_test(tc, rejected_examples);
    tcase_add_test(tc, every_form_stands_there);
    tcase_add_test(tc, every_query_stands_there);
    tcase_add_test(tc, every_option_of_forms_stands_there);
    suite_add_tcase(suite, tc);
    return suite;
}
