/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * docs/ballast.1 against the program: each command and each option that a command's --help shows stands in the manual page,
 * and the page has no option that no command takes. groff, where it is
 * installed, reads it without a word. It runs from the project's root.
 */
#include <check.h>
#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE       "docs/ballast.1"
#define TEXT_BYTES (1u << 17)

Suite *man_suite(void);

static char page[TEXT_BYTES], all_help[TEXT_BYTES];

static void read_all(FILE *in, char *text, size_t room)
{
    ck_assert_ptr_nonnull(in);
    text[fread(text, 1, room - 1, in)] = '\0';
    ck_assert_msg(text[0] != '\0', "nothing was printed");
}

static void help_of(const char *command, char *text, size_t room)
{
    const char *program = getenv("BALLAST") != NULL ? getenv("BALLAST") : "build/ballast";
    char line[600];

    snprintf(line, sizeof line, "%s help %s", program, command);
    FILE *in = popen(line, "r");
    read_all(in, text, room);
    ck_assert_int_eq(pclose(in), 0);
}

static void setup(void)
{
    FILE *in = fopen(PAGE, "re");

    read_all(in, page, sizeof page);
    fclose(in);
    all_help[0] = '\0';
}

/* Does the page have the macro's word, and not only the beginning of a longer one? */
static bool page_has(const char *macro, const char *word, size_t bytes)
{
    char wanted[80];

    snprintf(wanted, sizeof wanted, "%s %.*s", macro, (int)bytes, word);
    for (const char *at = page; (at = strstr(at, wanted)) != NULL; at++)
        if (strchr(" \n", at[strlen(wanted)]) != NULL)
            return true;
    return false;
}

/* The options of a help's line: "  -j, --jobs=N  ..." */
static void options_are_there(const char *command, const char *line)
{
    const char *at = line + strspn(line, " ");

    if (at == line || *at != '-')
        return;
    if (at[1] != '-') {
        ck_assert_msg(page_has("Fl", at + 1, 1), PAGE " does not have -%c of %s", at[1], command);
        at = strstr(at, "--");
        if (at == NULL)
            return;
    }
    const size_t bytes = strspn(at + 1, "-abcdefghijklmnopqrstuvwxyz");
    ck_assert_msg(
        page_has("Fl", at + 1, bytes), PAGE " does not have -%.*s of %s", (int)bytes, at + 1, command);
}

static void command_is_there(const char *command)
{
    static char help[TEXT_BYTES / 4];

    ck_assert_msg(page_has(".It Cm", command, strlen(command)), PAGE " does not say what %s does", command);
    help_of(command, help, sizeof help);
    strncat(all_help, help, sizeof all_help - strlen(all_help) - 1);
    for (const char *line = help; *line != '\0'; line += strcspn(line, "\n"), line += *line == '\n')
        options_are_there(command, line);
}

START_TEST(what_the_program_takes_stands_there)
{
    static char help[8000];
    char command[40];
    unsigned count = 0;

    help_of("", help, sizeof help);
    for (const char *line = help; *line != '\0'; line += strcspn(line, "\n"), line += *line == '\n')
        if (strncmp(line, "  ", 2) == 0 && islower((unsigned char)line[2]) &&
            sscanf(line, " %39[a-z-] ", command) == 1 && strcmp(command, "ballast") != 0) {
            command_is_there(command);
            count++;
        }
    ck_assert_uint_ge(count, 12);
    /* And the other way round. */
    for (const char *at = page; (at = strstr(at, "Fl -")) != NULL; at++) {
        char option[60];
        const size_t bytes = strspn(at + 4, "abcdefghijklmnopqrstuvwxyz-");
        snprintf(option, sizeof option, "--%.*s", (int)bytes, at + 4);
        ck_assert_msg(bytes == 0 || strcmp(option, "--version") == 0 || strstr(all_help, option) != NULL,
            PAGE " has %s, which no command takes", option);
    }
}
END_TEST

/* Nothing is shown before the page's head, and its macros are ones that there are. */
START_TEST(it_is_a_page_that_groff_reads)
{
    char said[600];

    for (const char *line = page; strncmp(line, ".Dd ", 4) != 0; line += strcspn(line, "\n") + 1) {
        ck_assert_msg(*line != '\0', PAGE " has no .Dd");
        ck_assert_msg(strncmp(line, ".\\\"", 3) == 0,
            PAGE " has this in front of .Dd, which is no comment: %.*s", (int)strcspn(line, "\n"), line);
    }
    if (system("command -v groff >/dev/null") != 0)
        return;
    FILE *in = popen("groff -mdoc -Tutf8 -ww -z " PAGE " 2>&1", "r");
    ck_assert_ptr_nonnull(in);
    said[fread(said, 1, sizeof said - 1, in)] = '\0';
    ck_assert_int_eq(pclose(in), 0);
    ck_assert_msg(said[0] == '\0', "%s", said);
}
END_TEST

Suite *man_suite(void)
{
    Suite *suite = suite_create("man");
    TCase *tests = tcase_create(PAGE);

    tcase_add_checked_fixture(tests, setup, NULL);
    tcase_add_test(tests, what_the_program_takes_stands_there);
    tcase_add_test(tests, it_is_a_page_that_groff_reads);
    suite_add_tcase(suite, tests);
    return suite;
}
