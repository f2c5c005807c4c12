/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Compares docs/xen-semantics.md with the tests: every row names the tests of its fact, and they exist; every scenario of
 * scenarios/xen/ is named by a row and begins with its fact. It runs from the project's root.
 */
#include <check.h>
#include <fnmatch.h>
#include <glob.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *facts_suite(void);

#define DOCUMENT   "docs/xen-semantics.md"
#define NAMES_MAX  4000u
#define NAME_BYTES 96u

static char names[NAMES_MAX][NAME_BYTES]; /* a test's is START_TEST's argument, a scenario's its base name */
static size_t nr_names;

static char *text_of(const char *path)
{
    FILE *file = fopen(path, "r");
    char *text;
    long bytes;

    ck_assert_msg(file != NULL, "%s can't be read: is this run from the project's root?", path);
    ck_assert_int_eq(fseek(file, 0, SEEK_END), 0);
    bytes = ftell(file);
    rewind(file);
    text = calloc(1, (size_t)bytes + 1);
    ck_assert_ptr_nonnull(text);
    ck_assert_uint_eq(fread(text, 1, (size_t)bytes, file), (size_t)bytes);
    fclose(file);
    return text;
}

static void add_name(const char *name, size_t bytes)
{
    ck_assert_uint_lt(nr_names, NAMES_MAX);
    ck_assert_uint_lt(bytes, NAME_BYTES);
    memcpy(names[nr_names], name, bytes);
    names[nr_names++][bytes] = '\0';
}

static void read_functions(const char *path)
{
    static const char mark[] = "START_TEST(";
    char *text = text_of(path);

    for (const char *p = strstr(text, mark); p != NULL; p = strstr(p, mark)) {
        p += sizeof mark - 1;
        add_name(p, strcspn(p, ")"));
    }
    free(text);
}

static void read_scenario(const char *path)
{
    const char *base = strrchr(path, '/') + 1;

    add_name(base, strlen(base) - strlen(".scn"));
}

static void each(const char *pattern, void (*act)(const char *path))
{
    glob_t found;

    ck_assert_msg(glob(pattern, 0, NULL, &found) == 0, "nothing matches %s", pattern);
    for (size_t i = 0; i < found.gl_pathc; i++)
        act(found.gl_pathv[i]);
    globfree(&found);
}

static void read_names(void)
{
    nr_names = 0;
    each("sim/*_test.c", read_functions);
    each("sim/*/*_test.c", read_functions);
    each("harness/*/*_test.c", read_functions);
    each("scenarios/*/*.scn", read_scenario);
}

static bool known(const char *pattern)
{
    for (size_t i = 0; i < nr_names; i++)
        if (fnmatch(pattern, names[i], 0) == 0)
            return true;
    return false;
}

/* The last cell of a table's row, in place; NULL when the line is no row, or a table's head. */
static char *last_cell(char *line)
{
    size_t bytes = strlen(line);
    char *bar;

    if (bytes < 5 || line[0] != '|' || line[bytes - 1] != '|' || strncmp(line, "| ---", 5) == 0 ||
        strncmp(line, "| fact ", 7) == 0)
        return NULL;
    line[bytes - 1] = '\0';
    bar = strrchr(line, '|');
    return bar == NULL ? NULL : bar + 1;
}

/* Calls act for each name in each row's last cell; counts the rows. */
static unsigned each_row(void (*act)(const char *fact, const char *name))
{
    char *text = text_of(DOCUMENT), *line_at = NULL, *name_at = NULL;
    unsigned rows = 0;

    for (char *line = strtok_r(text, "\n", &line_at); line != NULL; line = strtok_r(NULL, "\n", &line_at)) {
        char *cell = last_cell(line);
        unsigned in_row = 0;
        if (cell == NULL)
            continue;
        rows++;
        for (char *name = strtok_r(cell, ", ", &name_at); name != NULL;
             name = strtok_r(NULL, ", ", &name_at)) {
            in_row++;
            act(line, name);
        }
        ck_assert_msg(in_row > 0, DOCUMENT ": no test holds `%s`", line);
    }
    free(text);
    return rows;
}

static void must_be_there(const char *fact, const char *name)
{
    ck_assert_msg(
        known(name), DOCUMENT ": there is no test or scenario `%s`, which holds `%.120s`", name, fact);
}

START_TEST(each_row_has_its_test)
{
    read_names();
    ck_assert_uint_gt(nr_names, 100);
    ck_assert(!known("no_such_test") && !known("no-such-scenario"));
    ck_assert_uint_ge(each_row(must_be_there), 100);
}
END_TEST

static char wanted[NAME_BYTES];
static bool found_wanted;

static void look_for(const char *fact, const char *name)
{
    (void)fact;
    found_wanted = found_wanted || strcmp(name, wanted) == 0;
}

/* Line 1 is the language; two lines of comment follow, the first beginning with the scenario's name. */
static void judge_opening(const char *path)
{
    char *text = text_of(path), opening[NAME_BYTES + 8];
    const char *second = strchr(text, '\n');
    const char *third = second == NULL ? NULL : strchr(second + 1, '\n');

    snprintf(opening, sizeof opening, "\n# %s: ", wanted);
    ck_assert_msg(second != NULL && strncmp(second, opening, strlen(opening)) == 0,
        "%s: its second line does not begin with `%s`", path, opening + 1);
    ck_assert_msg(third != NULL && strncmp(third, "\n# ", 3) == 0, "%s: its third line is no comment", path);
    free(text);
}

static void judge_scenario(const char *path)
{
    const char *base = strrchr(path, '/') + 1;

    snprintf(wanted, sizeof wanted, "%.*s", (int)(strlen(base) - strlen(".scn")), base);
    found_wanted = false;
    each_row(look_for);
    ck_assert_msg(found_wanted, "%s holds no row of " DOCUMENT, path);
    judge_opening(path);
}

START_TEST(each_scenario_holds_a_row)
{
    each("scenarios/xen/*.scn", judge_scenario);
}
END_TEST

Suite *facts_suite(void)
{
    Suite *suite = suite_create("facts");
    TCase *tests = tcase_create("rows and tests");

    tcase_add_test(tests, each_row_has_its_test);
    tcase_add_test(tests, each_scenario_holds_a_row);
    suite_add_tcase(suite, tests);
    return suite;
}
