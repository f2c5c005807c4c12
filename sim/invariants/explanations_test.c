/* SPDX-License-Identifier: BSD-2-Clause */
/* Names, explanations, and docs/invariants.md, which has to say the same. */
#include <check.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/invariants/explanations.h"
#include "sim/invariants/names.h"

#define DOCUMENT       "docs/invariants.md"
#define DOCUMENT_BYTES (1u << 16)

Suite *explanations_suite(void);

/* The text with each run of white space as one blank: lines may be wrapped anywhere. */
static char *one_line(const char *text)
{
    char *line = malloc(strlen(text) + 1), *to = line;

    ck_assert_ptr_nonnull(line);
    for (bool blank = false; *text != '\0'; text++) {
        if (isspace((unsigned char)*text)) {
            blank = true;
            continue;
        }
        if (blank && to > line)
            *to++ = ' ';
        blank = false;
        *to++ = *text;
    }
    *to = '\0';
    return line;
}

static void document_says(const char *document, enum invariant which, const char *sentence)
{
    char *wanted = one_line(sentence);

    ck_assert_msg(strstr(document, wanted) != NULL, "%s, on %s, does not say: %s", DOCUMENT,
        invariant_name(which), wanted);
    free(wanted);
}

START_TEST(the_document_agrees)
{
    char *text = calloc(1, DOCUMENT_BYTES), *document;
    FILE *file = fopen(DOCUMENT, "r");

    ck_assert_msg(file != NULL, "%s can't be read: tests run from the project's root", DOCUMENT);
    ck_assert_uint_lt(fread(text, 1, DOCUMENT_BYTES - 1, file), DOCUMENT_BYTES - 1);
    fclose(file);
    document = one_line(text);
    for (unsigned i = 0; i < NR_INVARIANTS; i++) {
        const struct invariant_explanation *explanation = invariant_explain((enum invariant)i);
        char heading[64];

        snprintf(heading, sizeof heading, "## %s ", invariant_name((enum invariant)i));
        ck_assert_ptr_nonnull(strstr(document, heading));
        document_says(document, (enum invariant)i, invariant_holds((enum invariant)i) + 1);
        document_says(document, (enum invariant)i, explanation->checked);
        document_says(document, (enum invariant)i, explanation->blind);
        document_says(document, (enum invariant)i, explanation->broken_by);
        document_says(document, (enum invariant)i, explanation->example);
    }
    free(document);
    free(text);
}
END_TEST

START_TEST(names_there_and_back)
{
    enum invariant found;

    for (unsigned i = 0; i < NR_INVARIANTS; i++) {
        const char *name = invariant_name((enum invariant)i);

        ck_assert(invariant_by_name(name, strlen(name), &found));
        ck_assert_uint_eq(found, i);
        ck_assert(!invariant_by_name(name, strlen(name) - 1, &found));
    }
    ck_assert(!invariant_by_name("", 0, &found));
    ck_assert(!invariant_by_name("no-leaks", 8, &found));
    ck_assert(invariant_by_name("no-leaks", 7, &found));
}
END_TEST

Suite *explanations_suite(void)
{
    Suite *suite = suite_create("invariants/explain");
    TCase *tests = tcase_create("explain");

    tcase_add_test(tests, the_document_agrees);
    tcase_add_test(tests, names_there_and_back);
    suite_add_tcase(suite, tests);
    return suite;
}
