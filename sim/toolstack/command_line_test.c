/* SPDX-License-Identifier: BSD-2-Clause */
/* What a line of the toolstack is about: tool, sub-command, domain and size, however it is written. */
#include "sim/toolstack/command_line.h"

#include <check.h>
#include <string.h>

Suite *command_line_suite(void);

static struct command_line l;

static void split(const char *line)
{
    memset(&l, 0xa5, sizeof l); /* every field is set, whatever it was */
    ck_assert(command_line_split(&l, line));
}

static void no_arguments(void)
{
    ck_assert_ptr_null(l.domain);
    ck_assert(!l.has_size);
    ck_assert_uint_eq(l.size_kib, 0);
}

START_TEST(mem_set_in_full)
{
    split("xl mem-set nb 64m");
    ck_assert_str_eq(l.tool, "xl");
    ck_assert_ptr_eq(l.command, xl_command_at(XL_COMMAND_mem_set));
    ck_assert_str_eq(l.domain, "nb");
    ck_assert_uint_eq(l.domain_at, 11);
    ck_assert(l.has_size);
    ck_assert_uint_eq(l.size_kib, 65536);
}
END_TEST

START_TEST(options_are_no_arguments)
{
    split("xl  -v -f mem-max -- 'n b' 17");
    ck_assert_ptr_eq(l.command, xl_command_at(XL_COMMAND_mem_max));
    ck_assert_str_eq(l.domain, "n b");
    ck_assert_uint_eq(l.domain_at, 21);
    ck_assert_uint_eq(l.size_kib, 17 * 1024);
    split("xl -- -v mem-max nb 17"); /* behind -- an option is a sub-command that there isn't */
    ck_assert_ptr_null(l.command);
    split("xl save -c nb file");
    ck_assert_str_eq(l.domain, "nb");
    ck_assert(!l.has_size);
    split("xl shutdown -a");
    ck_assert_ptr_eq(l.command, xl_command_at(XL_COMMAND_shutdown));
    no_arguments();
}
END_TEST

START_TEST(without_a_domain)
{
    split("xl create nb.cfg");
    ck_assert_ptr_eq(l.command, xl_command_at(XL_COMMAND_create));
    no_arguments();
    split("xl list nb");
    no_arguments();
    split("xl");
    ck_assert_ptr_null(l.command);
    no_arguments();
    split("xl nosuch nb 5m");
    ck_assert_ptr_null(l.command);
    no_arguments();
    split("");
    ck_assert_str_eq(l.tool, "");
    no_arguments();
    split("xenstore-write /local/domain/1/memory/target 4096");
    ck_assert_str_eq(l.tool, "xenstore-write");
    ck_assert_ptr_null(l.command);
    ck_assert_int_eq(l.words.count, 3);
    no_arguments();
}
END_TEST

START_TEST(sizes_that_are_none)
{
    static const char *const sizes[] = {"5mm", "x", "-1", "9999999999t", "5x"};

    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        char line[64] = "xl mem-set nb -- ";

        strcat(line, sizes[i]);
        split(line);
        ck_assert_str_eq(l.domain, "nb");
        ck_assert_msg(!l.has_size, "%s", sizes[i]);
    }
    split("xl mem-set nb 0"); /* none of them: it is refused, but it is a size */
    ck_assert(l.has_size);
    ck_assert_uint_eq(l.size_kib, 0);
    ck_assert_int_eq(size_parse_kib("4096b"), 4);
    ck_assert_int_eq(size_parse_kib("3K"), 3);
    ck_assert_int_eq(size_parse_kib("2G"), 2 << 20);
    ck_assert_int_eq(size_parse_kib("1t"), 1 << 30);
}
END_TEST

START_TEST(lines_that_can_not_be_split)
{
    static const char *const lines[] = {"xl mem-set nb 5m; xl list", "xl mem-set 'nb 5m", "xl list \\"};
    char longer[COMMAND_LINE_BYTES + 1];

    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        ck_assert(!command_line_split(&l, lines[i]));
        ck_assert_str_eq(l.tool, "");
        ck_assert_ptr_null(l.command);
        ck_assert_int_eq(l.words.count, 0);
        no_arguments();
    }
    memset(longer, 'x', sizeof longer - 1);
    longer[sizeof longer - 1] = '\0';
    ck_assert(!command_line_split(&l, longer));
    longer[COMMAND_LINE_BYTES - 1] = '\0';
    ck_assert(command_line_split(&l, longer));
}
END_TEST

/* The list of words ends with NULL, also when there is none. */
START_TEST(no_words)
{
    static const char *const lines[] = {"", "   ", "one", "one two"};
    static struct words words;
    char room[16], word[] = "left over";

    for (int i = 0; i < 4; i++) {
        for (size_t k = 0; k <= COMMAND_WORDS_MAX; k++)
            words.list[k] = word;
        ck_assert_ptr_null(words_split(&words, lines[i], room));
        ck_assert_int_eq(words.count, i < 2 ? 0 : i - 1);
        ck_assert_ptr_null(words.list[words.count]);
    }
}
END_TEST

START_TEST(facts_of_lines)
{
    ck_assert(xl_line_is("xl destroy nb", XL_WANTS_QUIET));
    ck_assert(xl_line_is("xl restore file", XL_WANTS_QUIET));
    ck_assert(!xl_line_is("xl save nb file", XL_WANTS_QUIET));
    ck_assert(!xl_line_is("xm destroy nb", XL_MODIFIES)); /* xm has no such sub-command */
    ck_assert(!xl_line_is("xl destroys nb", XL_MODIFIES));
    ck_assert(!xl_line_is("xl", XL_MODIFIES));
}
END_TEST

/* Whoever waits until no guest is in a call asks for what ends or builds domains: all of it is about their life. */
START_TEST(the_table_is_consistent)
{
    for (unsigned id = 0; id < NR_XL_COMMANDS; id++) {
        const struct xl_command *command = xl_command_at((enum xl_command_id)id);

        ck_assert_uint_eq(command->id, id);
        ck_assert_ptr_eq(xl_command_find(command->name), command);
        ck_assert(!xl_command_is(command, XL_WANTS_QUIET) || xl_command_is(command, XL_MODIFIES));
        ck_assert(!xl_command_is(command, XL_TAKES_SIZE) || xl_command_is(command, XL_NAMES_DOMAIN));
    }
    ck_assert_ptr_null(xl_command_find("migrate"));
    ck_assert(!xl_command_is(NULL, ~0u));
}
END_TEST

Suite *command_line_suite(void)
{
    Suite *suite = suite_create("toolstack/command_line");
    TCase *tests = tcase_create("command_line");

    tcase_add_test(tests, mem_set_in_full);
    tcase_add_test(tests, options_are_no_arguments);
    tcase_add_test(tests, without_a_domain);
    tcase_add_test(tests, sizes_that_are_none);
    tcase_add_test(tests, lines_that_can_not_be_split);
    tcase_add_test(tests, no_words);
    tcase_add_test(tests, facts_of_lines);
    tcase_add_test(tests, the_table_is_consistent);
    suite_add_tcase(suite, tests);
    return suite;
}
