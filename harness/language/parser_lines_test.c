/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * let, repeat and include: which statements come of them, and what is complained of where. Included files stand in the
 * scenario's own text, or in a folder.
 */
#include "harness/image/kernels.h"
#include "harness/language/scenario.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct kernels kernels = {.describe = kernel_describe};

Suite *parser_lines_suite(void);

#define HEAD "language 1\ndomain nb kernel=netbsd memory=64m\n"

static struct scenario *parse(const char *path, const char *text)
{
    struct complaint complaint;
    char out[3000];
    struct scenario *s = scenario_parse(path, text, strlen(text), &kernels, &complaint);

    complaint_text(path, text, &complaint, out, sizeof out);
    ck_assert_msg(s != NULL, "%s", out);
    return s;
}

static void says(const char *path, const char *text, const char *wanted)
{
    struct complaint complaint;
    char out[3000];

    ck_assert_ptr_null(scenario_parse(path, text, strlen(text), &kernels, &complaint));
    complaint_text(path, text, &complaint, out, sizeof out);
    ck_assert_str_eq(out, wanted);
}

/* The commands of dom0, one behind the other. */
static const char *commands(const struct scenario *s)
{
    static char all[2000];

    all[0] = '\0';
    for (size_t i = 0; i < s->nr_statements; i++)
        if (s->statements[i].kind == ST_TOOLSTACK)
            snprintf(all + strlen(all), sizeof all - strlen(all), "%s|", s->statements[i].text);
    return all;
}

static void does(const char *text, const char *wanted)
{
    struct scenario *s = parse("t.scn", text);

    ck_assert_str_eq(commands(s), wanted);
    scenario_free(s);
}

START_TEST(a_name_stands_for_its_text)
{
    does(HEAD
        "let a = 3\nlet b = {a}4m  # not this\nxl mem-set nb {b}\nlet a = xl mem-max\n{a} nb {b} # {what}\n",
        "xl mem-set nb 34m|xl mem-max nb 34m|");
    /* Without a name a brace is nothing special, and a comment may hold any. */
    does(HEAD "xenstore-write /a \"{x}\"\n", "xenstore-write /a \"{x}\"|");
    does(HEAD "let a = 1\n# {x}\nxenstore-write /a \"{1x}{a}{ a}\"\n", "xenstore-write /a \"{1x}1{ a}\"|");
}
END_TEST

/* A domain may have been called so before these words were there. */
START_TEST(words_may_be_domains)
{
    static const char *const words[] = {"let", "repeat", "end", "include"};

    for (size_t w = 0; w < 4; w++) {
        char text[200];
        snprintf(text, sizeof text,
            "language 1\ndomain %s kernel=netbsd memory=64m\n+0 %s call "
            "uvm_physseg_find pfn=3\n%s$ hold 1m\n",
            words[w], words[w], words[w]);
        struct scenario *s = parse("t.scn", text);
        ck_assert_uint_eq(s->nr_statements, 2);
        scenario_free(s);
    }
}
END_TEST

START_TEST(spans_are_those_of_the_line_as_it_stands)
{
    struct scenario *s = parse("t.scn", HEAD "let long = nb reservation\n+1s expect {long} == 64m\n");
    const struct statement *st = &s->statements[0];

    ck_assert_str_eq(st->said, "expect nb reservation == 64m");
    ck_assert_uint_eq(st->where.line, 4);
    ck_assert_uint_eq(st->where.column, 5);
    ck_assert_uint_eq(st->where.length, strlen("expect {long} == 64m"));
    ck_assert_uint_eq(st->condition.query.where.column, 12);
    ck_assert_uint_eq(st->condition.query.where.length, strlen("{long}"));
    ck_assert_uint_eq(st->condition.value_span.column, 22);
    scenario_free(s);
    says("t.scn", HEAD "let long = nb reservatoin\nexpect {long} == 64m\n",
        "t.scn:4:8: a domain can't be asked for `reservatoin`; did you mean `reservation`?\n"
        "    4 | expect {long} == 64m\n      |        ^~~~~~\n");
    says("t.scn", HEAD "let size = 64m\nexpect nb reservation == {siez}\n",
        "t.scn:4:26: no line above says what {siez} stands for; did you mean `size`?\n"
        "    4 | expect nb reservation == {siez}\n      |                          ^~~~~~\n");
}
END_TEST

START_TEST(lines_are_repeated)
{
    does(HEAD "repeat 3\nxl mem-set nb 1m\nend\n", "xl mem-set nb 1m|xl mem-set nb 1m|xl mem-set nb 1m|");
    does(HEAD "repeat i = 7..9\nxl mem-set nb {i}m\nend # {i}\n",
        "xl mem-set nb 7m|xl mem-set nb 8m|xl mem-set nb 9m|");
    does(HEAD
        "repeat i = 1..2\nrepeat j = {i}..2\nlet b = {i}{j}\nxl mem-set nb {b}m\nend\nend\nxl list {j}\n",
        "xl mem-set nb 11m|xl mem-set nb 12m|xl mem-set nb 22m|xl list 2|");
    does("language 1\nrepeat i = 1..2\ndomain a{i} kernel=netbsd memory=4m\nend\nxl mem-set a2 3m\n",
        "xl mem-set a2 3m|");
}
END_TEST

START_TEST(files_are_included)
{
    does(HEAD "include a/b.inc\nxl mem-set nb {x}\n-- a/b.inc --\nlanguage 1\nlet x = 3m\ninclude ../c.inc\n"
              "include ./d.inc\n-- c.inc --\nlanguage 1\nxl mem-set nb 1{x}\n-- a/d.inc --\nlanguage 1\n",
        "xl mem-set nb 13m|xl mem-set nb 3m|");
    does(HEAD "repeat i = 1..2\ninclude a.inc\nend\n-- a.inc --\nlanguage 1\nxl mem-set nb {i}m",
        "xl mem-set nb 1m|xl mem-set nb 2m|");
}
END_TEST

static void write_file(const char *folder, const char *name, const char *text)
{
    char path[300];

    snprintf(path, sizeof path, "%s/%s", folder, name);
    FILE *file = fopen(path, "we");
    ck_assert_ptr_nonnull(file);
    fputs(text, file);
    fclose(file);
}

START_TEST(files_are_found_beside_the_scenario)
{
    char folder[] = "/tmp/ballast-include-XXXXXX", path[100], wanted[800];

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/x", folder);
    ck_assert_int_eq(mkdir(path, 0700), 0);
    write_file(folder, "x/a.inc", "language 1\ninclude b.inc\n");
    write_file(folder, "x/b.inc", "language 1\nxl mem-set nb 5m");
    snprintf(path, sizeof path, "%s/t.scn", folder);
    struct scenario *s = parse(path, HEAD "include x/a.inc");
    ck_assert_str_eq(commands(s), "xl mem-set nb 5m|");
    ck_assert_str_eq(s->text,
        HEAD "include x/a.inc\n++ x/a.inc ++\nlanguage 1\ninclude b.inc\n++ x/b.inc ++\n"
             "language 1\nxl mem-set nb 5m");
    struct scenario *again = parse("elsewhere.scn", s->text); /* the text is all it takes */
    ck_assert_str_eq(commands(again), "xl mem-set nb 5m|");
    scenario_free(again);
    scenario_free(s);
    write_file(folder, "x/b.inc", "language 1\nxl mem-set bn 5m\nsettel\n");
    snprintf(wanted, sizeof wanted,
        "%s/x/b.inc:3:1: `settel` begins no statement; did you mean `settle`?\n    3 | settel\n      | "
        "^~~~~~\n"
        "      included at %s/x/a.inc:2:9\n      included at %s/t.scn:3:9\n",
        folder, folder, folder);
    says(path, HEAD "include x/a.inc", wanted);
    unlink(path);
    snprintf(path, sizeof path, "%s/x/b.inc", folder);
    unlink(path);
    snprintf(path, sizeof path, "%s/x/a.inc", folder);
    unlink(path);
    snprintf(path, sizeof path, "%s/x", folder);
    rmdir(path);
    rmdir(folder);
}
END_TEST

static const struct {
    const char *text;
    uint32_t line, column;
    const char *words;
} refused[] = {
    {"let", 3, 4, "a name"},
    {"let 5 = 3", 3, 5, "`5` is no name"},
    {"let a 3", 3, 7, "`=`, as in"},
    {"let a =", 3, 8, "what the name stands for"},
    {"let a = # 3", 3, 9, "what the name stands for"},
    {"+1s let a = 3", 3, 5, "`let` takes no time"},
    {"repeat", 3, 7, "how often"},
    {"repeat 0\nsettle\nend", 3, 8, "does nothing"},
    {"repeat x", 3, 8, "how often"},
    {"repeat i = 3", 3, 12, "as 1..50"},
    {"repeat i = 4..3\nsettle\nend", 3, 12, "this range is empty"},
    {"repeat 3 times\nend", 3, 10, "complete before `times`"},
    {"repeat 3\n# settle\nend", 3, 1, "nothing stands between"},
    {"repeat 3\nsettle\n", 3, 1, "has no `end`"},
    {"@3s repeat 3\nsettle\nend", 3, 5, "`repeat` takes no time"},
    {"end", 3, 1, "there is none above"},
    {"repeat 1\nsettle\nend now", 5, 5, "complete before `now`"},
    {"repeat 1000\nrepeat 1000\nsettle\nend\nend", 6, 1, "more than 100000 repeated and included lines"},
    {"repeat 18446744073709551615\nlet a = 3\nend", 4, 1, "more than 100000 repeated and included lines"},
    {"include", 3, 8, "the name of a file"},
    {"include a.scn", 3, 9, "ends in .inc"},
    {"include .inc", 3, 9, "ends in .inc"},
    {"include /a.inc", 3, 9, "relative"},
    {"include a b.inc", 3, 9, "without blanks"},
    {"let x = a\ninclude {x}.inc", 4, 9, "written out"},
    {"include no-such-file.inc", 3, 9, "no-such-file.inc can't be read"},
    {"include a.inc\n-- a.inc --\nlanguage 1\ninclude a.inc\n", 6, 9, "includes a.inc again"},
    {"include a.inc\n-- a.inc --\nlanguage 1\nrepeat 3\n", 6, 1, "has no `end` below it in its file"},
    {"include a.inc\n-- a.inc --\nsettle\n", 5, 1, "begins with the line `language 1`"},
    {"include a.inc\n-- a.inc --", 5, 1, "the file is empty"},
};

START_TEST(what_is_wrong)
{
    struct complaint complaint;
    char text[400];

    snprintf(text, sizeof text, HEAD "%s", refused[_i].text);
    struct scenario *s = scenario_parse("t.scn", text, strlen(text), &kernels, &complaint);
    ck_assert_msg(s == NULL, "was accepted: %s", text);
    ck_assert_msg(strstr(complaint.message, refused[_i].words) != NULL, "%s: %s", text, complaint.message);
    ck_assert_msg(complaint.where.line == refused[_i].line && complaint.where.column == refused[_i].column,
        "%u:%u: %s: %s", complaint.where.line, complaint.where.column, text, complaint.message);
}
END_TEST

/* A name that grows with each line ends the file, not the computer's memory. */
START_TEST(texts_do_not_grow_without_end)
{
    char text[8000] = HEAD "let a = 0123456789012345678901234567890123456789\n";
    struct complaint complaint;

    for (int i = 0; i < 5; i++)
        strcat(text, "let a = {a}{a}\n");
    ck_assert_ptr_null(scenario_parse("t.scn", text, strlen(text), &kernels, &complaint));
    ck_assert_ptr_nonnull(strstr(complaint.message, "more than 255 bytes"));
    strcpy(text, HEAD
        "let a = 0123456789012345678901234567890123456789012345678901234567890123456789\nxl mem-set nb ");
    for (int i = 0; i < 200; i++)
        strcat(text, "{a}");
    ck_assert_ptr_null(scenario_parse("t.scn", text, strlen(text), &kernels, &complaint));
    ck_assert_ptr_nonnull(strstr(complaint.message, "more than 8192 bytes"));
}
END_TEST

Suite *parser_lines_suite(void)
{
    Suite *suite = suite_create("parser_lines");
    TCase *tests = tcase_create("let, repeat, include");

    tcase_add_test(tests, a_name_stands_for_its_text);
    tcase_add_test(tests, words_may_be_domains);
    tcase_add_test(tests, spans_are_those_of_the_line_as_it_stands);
    tcase_add_test(tests, lines_are_repeated);
    tcase_add_test(tests, files_are_included);
    tcase_add_test(tests, files_are_found_beside_the_scenario);
    tcase_add_loop_test(tests, what_is_wrong, 0, (int)(sizeof refused / sizeof refused[0]));
    tcase_add_test(tests, texts_do_not_grow_without_end);
    suite_add_tcase(suite, tests);
    return suite;
}
