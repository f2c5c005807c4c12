/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The scenarios that stand in files: each of scenarios/bad is refused with exactly the text beside it, each
 * of the others can be read. Run from the project's root.
 */
#include "harness/image/kernels.h"
#include "harness/language/scenario.h"

#include <check.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const struct kernels kernels = {.describe = kernel_describe};

START_TEST(each_line_is_found)
{
    static const char text[] = "language 1\n\ndomain nb kernel=netbsd memory=64m\n+0";
    static const struct {
        uint32_t line;
        const char *text; /* NULL: there is none */
    } lines[] = {{0, NULL}, {1, "language 1"}, {2, ""}, {3, "domain nb kernel=netbsd memory=64m"}, {4, "+0"},
        {5, NULL}};
    struct complaint complaint;
    struct scenario *s = scenario_parse("a.scn", text, sizeof text - 1, &kernels, &complaint);

    ck_assert_msg(s != NULL, "%s", complaint.message);
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        size_t bytes;
        const char *line = scenario_line(s, lines[i].line, &bytes);
        ck_assert_int_eq(line == NULL, lines[i].text == NULL);
        if (line != NULL)
            ck_assert_msg(bytes == strlen(lines[i].text) && memcmp(line, lines[i].text, bytes) == 0, "%.*s",
                (int)bytes, line);
    }
    scenario_free(s);
}
END_TEST

Suite *scenario_suite(void);

#define BAD_AT_LEAST 25u

static char *contents(const char *path)
{
    struct complaint complaint;
    size_t bytes;
    char *text = scenario_text(path, &bytes, &complaint);

    ck_assert_msg(text != NULL, "%s: %s", path, complaint.message);
    return text;
}

static void is_refused_as_expected(const char *path)
{
    struct complaint complaint;
    char out[2000], expected[200];
    char *text = contents(path), *wanted;
    struct scenario *s = scenario_read(path, &kernels, &complaint);

    ck_assert_msg(s == NULL, "%s can be read, and should not", path);
    complaint_text(strrchr(path, '/') + 1, text, &complaint, out, sizeof out);
    snprintf(expected, sizeof expected, "%.*s.expected", (int)(strlen(path) - strlen(".scn")), path);
    wanted = contents(expected);
    ck_assert_msg(strcmp(out, wanted) == 0, "%s: wanted\n%sgot\n%s", path, wanted, out);
    free(wanted);
    free(text);
}

START_TEST(bad_ones_are_refused)
{
    glob_t found;

    ck_assert_int_eq(glob("scenarios/bad/*.scn", 0, NULL, &found), 0);
    ck_assert_uint_ge(found.gl_pathc, BAD_AT_LEAST);
    for (size_t i = 0; i < found.gl_pathc; i++)
        is_refused_as_expected(found.gl_pathv[i]);
    globfree(&found);
}
END_TEST

/* No message without its scenario. */
START_TEST(every_message_has_its_scenario)
{
    glob_t found;
    char path[200];

    ck_assert_int_eq(glob("scenarios/bad/*.expected", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        const char *name = found.gl_pathv[i];
        snprintf(path, sizeof path, "%.*s.scn", (int)(strlen(name) - strlen(".expected")), name);
        free(contents(path));
    }
    globfree(&found);
}
END_TEST

START_TEST(all_others_are_read)
{
    glob_t found;
    struct complaint complaint;
    char out[2000];

    ck_assert_int_eq(glob("scenarios/*/*.scn", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        if (strncmp(found.gl_pathv[i], "scenarios/bad/", 14) == 0)
            continue;
        struct scenario *s = scenario_read(found.gl_pathv[i], &kernels, &complaint);
        complaint_text(found.gl_pathv[i], NULL, &complaint, out, sizeof out);
        ck_assert_msg(s != NULL, "%s", out);
        scenario_free(s);
    }
    globfree(&found);
}
END_TEST

/* The tour is what a newcomer reads: each file says in two lines what it is for. */
START_TEST(tour_says_what_it_is_for)
{
    glob_t found;

    ck_assert_int_eq(glob("scenarios/tour/*.scn", 0, NULL, &found), 0);
    ck_assert_uint_ge(found.gl_pathc, 15);
    for (size_t i = 0; i < found.gl_pathc; i++) {
        char *text = contents(found.gl_pathv[i]);
        const char *second = strchr(text, '\n'), *third = second != NULL ? strchr(second + 1, '\n') : NULL;
        ck_assert_msg(third != NULL && strncmp(text, "language 1\n", 11) == 0 && second[1] == '#',
            "%s does not begin with `language 1` and what it is for", found.gl_pathv[i]);
        free(text);
    }
    globfree(&found);
}
END_TEST

START_TEST(files_that_cant_be_read)
{
    struct complaint complaint;
    char out[400];

    ck_assert_ptr_null(scenario_read("scenarios/no-such.scn", &kernels, &complaint));
    complaint_text("scenarios/no-such.scn", NULL, &complaint, out, sizeof out);
    ck_assert_str_eq(out, "scenarios/no-such.scn: can't be read: No such file or directory\n");
    ck_assert_ptr_null(scenario_read("scenarios", &kernels, &complaint));
    ck_assert_ptr_nonnull(strstr(complaint.message, "can't be read"));
}
END_TEST

START_TEST(complaint_reads_its_line_again)
{
    struct complaint complaint;
    char out[400];

    ck_assert_ptr_null(scenario_read("scenarios/bad/language-2.scn", &kernels, &complaint));
    complaint_text("scenarios/bad/language-2.scn", NULL, &complaint, out, sizeof out);
    ck_assert_ptr_nonnull(strstr(out, "    1 | language 2\n      |          ^\n"));
}
END_TEST

Suite *scenario_suite(void)
{
    Suite *suite = suite_create("scenario");
    TCase *tc = tcase_create("files");

    tcase_add_test(tc, bad_ones_are_refused);
    tcase_add_test(tc, every_message_has_its_scenario);
    tcase_add_test(tc, all_others_are_read);
    tcase_add_test(tc, tour_says_what_it_is_for);
    tcase_add_test(tc, files_that_cant_be_read);
    tcase_add_test(tc, each_line_is_found);
    tcase_add_test(tc, complaint_reads_its_line_again);
    suite_add_tcase(suite, tc);
    return suite;
}
