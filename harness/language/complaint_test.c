/* SPDX-License-Identifier: BSD-2-Clause */
/* What a complaint looks like: columns, tabs, characters of many bytes, long lines, small buffers. */
#include "harness/language/scenario.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Suite *complaint_suite(void);

static void shows(const char *text, struct span where, const char *wanted)
{
    struct complaint complaint = {.where = where, .message = "wrong"};
    char out[1000];
    size_t bytes = complaint_text("f.scn", text, &complaint, out, sizeof out);

    ck_assert_str_eq(out, wanted);
    ck_assert_uint_eq(bytes, strlen(wanted));
}

START_TEST(puts_a_caret_under_the_span)
{
    shows("language 1\nxl mem-set bn 1m\nsettle\n", (struct span){2, 12, 2},
        "f.scn:2:12: wrong\n    2 | xl mem-set bn 1m\n      |            ^~\n");
    shows("abc", (struct span){1, 1, 1}, "f.scn:1:1: wrong\n    1 | abc\n      | ^\n");
    shows("abc", (struct span){1, 4, 0}, "f.scn:1:4: wrong\n    1 | abc\n      |    ^\n");
}
END_TEST

START_TEST(aligns_beyond_line_99999)
{
    char text[100002];

    memset(text, '\n', sizeof text);
    text[100000] = 'x';
    text[100001] = 0;
    shows(text, (struct span){100001, 1, 1}, "f.scn:100001:1: wrong\n100001 | x\n       | ^\n");
}
END_TEST

START_TEST(says_no_place_when_there_is_none)
{
    shows("abc", (struct span){0, 0, 0}, "f.scn: wrong\n");
    shows("abc", (struct span){1, 0, 0}, "f.scn:1:0: wrong\n"); /* a line, and nothing in it */
}
END_TEST

START_TEST(keeps_tabs_and_counts_characters)
{
    shows("\tab\tcd", (struct span){1, 5, 2}, "f.scn:1:5: wrong\n    1 | \tab\tcd\n      | \t  \t^~\n");
    shows("\xc3\xa4\xe2\x82\xac x\xc3\xb6", (struct span){1, 7, 3},
        "f.scn:1:7: wrong\n    1 | \xc3\xa4\xe2\x82\xac x\xc3\xb6\n      |    ^~\n");
}
END_TEST

START_TEST(hides_what_cant_be_shown)
{
    shows("a\x01\xff\r\x7fz", (struct span){1, 6, 1}, "f.scn:1:6: wrong\n    1 | a????z\n      |      ^\n");
    shows("\xff"
          "ab",
        (struct span){1, 2, 2}, "f.scn:1:2: wrong\n    1 | ?ab\n      |  ^~\n");
}
END_TEST

START_TEST(survives_places_outside)
{
    shows("ab\ncd", (struct span){9, 5, 4}, "f.scn:9:5: wrong\n    9 | \n      | ^\n");
    shows("ab", (struct span){1, 4000000000u, 4000000000u},
        "f.scn:1:4000000000: wrong\n    1 | ab\n      |   ^\n");
    shows("", (struct span){1, 1, 1}, "f.scn:1:1: wrong\n    1 | \n      | ^\n");
    shows("ab", (struct span){1, 1, 4000000000u}, "f.scn:1:1: wrong\n    1 | ab\n      | ^~\n");
}
END_TEST

START_TEST(shows_a_window_of_a_long_line)
{
    size_t bytes = 100000;
    char *text = malloc(bytes + 1);
    char out[1000];
    struct complaint complaint = {.where = {1, 50001, 3}, .message = "wrong"};
    const char *line, *caret;

    memset(text, 'x', bytes);
    text[bytes] = 0;
    memcpy(text + 50000, "BAD", 3);
    ck_assert_uint_lt(complaint_text("f", text, &complaint, out, sizeof out), 500);
    line = strchr(out, '\n') + 1;
    caret = strchr(line, '\n') + 1;
    ck_assert_ptr_nonnull(strstr(line, "| ...xxx"));
    ck_assert_ptr_nonnull(strstr(line, "xxx...\n"));
    ck_assert_int_eq(strstr(line, "BAD") - line, strchr(caret, '^') - caret);
    ck_assert_ptr_nonnull(strstr(caret, "^~~\n"));
    free(text);
}
END_TEST

/* A line of 2001 bytes, an x and then one character again and again; what of it is shown for that column. */
static void long_line_shows(const char *character, uint32_t column, const char *begins, const char *ends)
{
    const size_t bytes = strlen(character);
    char text[2002] = "x", out[1000];
    const struct span where = {1, column, 1};

    for (size_t at = 1; at < sizeof text - 1; at++)
        text[at] = character[(at - 1) % bytes];
    excerpt_text(text, &where, NULL, out, sizeof out);
    const char *line = strchr(out, '|') + 2, *end = strchr(line, '\n');
    ck_assert_msg(strncmp(line, begins, strlen(begins)) == 0, "%s", out);
    ck_assert_uint_gt((size_t)(end - line), strlen(ends));
    ck_assert_msg(strncmp(end - strlen(ends), ends, strlen(ends)) == 0, "%s", out);
}

START_TEST(a_window_cuts_no_character)
{
    long_line_shows("\xc3\xa4", 301, "...\xc3\xa4\xc3\xa4", "\xc3\xa4...");
    long_line_shows("\xe2\x82\xac\xc2\xa3", 302, "...\xe2\x82\xac\xc2\xa3", "...");
    long_line_shows("\xc3\xa4", 1990, "...\xc3\xa4", "\xc3\xa4"); /* to its end */
    /* What is no character is not looked for further than one is long, nor before the line. */
    long_line_shows("\x80", 1000, "...????", "???...");
    long_line_shows("\x80", 63, "x??", "???...");
}
END_TEST

START_TEST(fits_any_buffer)
{
    struct complaint complaint = {.where = {1, 3, 2}, .message = "a message of some length"};
    const char *text = "ab cd\n";
    char whole[300], part[300];
    size_t wanted = complaint_text("f.scn", text, &complaint, whole, sizeof whole);

    for (size_t room = 1; room < sizeof part; room++) {
        memset(part, '#', sizeof part);
        ck_assert_uint_eq(complaint_text("f.scn", text, &complaint, part, room), wanted);
        size_t written = room - 1 < wanted ? room - 1 : wanted;
        ck_assert_int_eq(memcmp(part, whole, written), 0);
        ck_assert_int_eq(part[written], 0);
        for (size_t i = room; i < sizeof part; i++)
            ck_assert_int_eq(part[i], '#');
    }
    ck_assert_uint_eq(complaint_text("f.scn", text, &complaint, NULL, 0), wanted);
}
END_TEST

START_TEST(puts_a_note_behind_the_caret)
{
    char out[200];
    struct span where = {2, 11, 11};

    excerpt_text(
        "language 1\nexpect nb reservation == 3m\n", &where, "got 16896p, 413p over", out, sizeof out);
    ck_assert_str_eq(
        out, "    2 | expect nb reservation == 3m\n      |           ^~~~~~~~~~~ got 16896p, 413p over\n");
}
END_TEST

Suite *complaint_suite(void)
{
    Suite *suite = suite_create("complaint");
    TCase *tc = tcase_create("text");

    tcase_add_test(tc, puts_a_caret_under_the_span);
    tcase_add_test(tc, aligns_beyond_line_99999);
    tcase_add_test(tc, says_no_place_when_there_is_none);
    tcase_add_test(tc, keeps_tabs_and_counts_characters);
    tcase_add_test(tc, hides_what_cant_be_shown);
    tcase_add_test(tc, survives_places_outside);
    tcase_add_test(tc, shows_a_window_of_a_long_line);
    tcase_add_test(tc, a_window_cuts_no_character);
    tcase_add_test(tc, fits_any_buffer);
    tcase_add_test(tc, puts_a_note_behind_the_caret);
    suite_add_tcase(suite, tc);
    return suite;
}
