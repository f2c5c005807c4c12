/* SPDX-License-Identifier: BSD-2-Clause */
/* Tests of texts taken apart into words. */
#include <check.h>
#include <string.h>

#include "harness/builder/words.h"

static const struct {
    const char *text, *words; /* apart by | */
} good[] = {
    {"", ""},
    {"  \t\n", ""},
    {"-DA -DB=1", "-DA|-DB=1"},
    {"a\\ b c", "a b|c"},
    {"'a b' \"c d\"e", "a b|c de"},
    {"'it'\"'\"s", "it's"},
    {"\"a\\\"b\" '\\'", "a\"b|\\"},
    {"$(touch x) `y` ; *", "$(touch|x)|`y`|;|*"},
    {"''", ""},
};

START_TEST(a_text_is_taken_apart)
{
    struct words words = {0};
    char error[128], joined[256] = "";

    ck_assert_msg(words_take_text(&words, good[_i].text, error, sizeof error), "%s", error);
    for (size_t w = 0; w < words.count; w++) {
        strcat(joined, w > 0 ? "|" : "");
        strcat(joined, words.list[w]);
    }
    ck_assert_str_eq(joined, good[_i].words);
    words_free(&words);
}
END_TEST

static const struct {
    const char *text, *says;
} bad[] = {
    {"it's", "nothing closes its '"},
    {"-DX=\"a b", "nothing closes its \""},
    {"a\\", "nothing stands behind its \\"},
};

START_TEST(what_is_not_closed_is_refused)
{
    struct words words = {0};
    char error[128];

    ck_assert(!words_take_text(&words, bad[_i].text, error, sizeof error));
    ck_assert_str_eq(error, bad[_i].says);
    words_free(&words);
}
END_TEST

Suite *words_suite(void)
{
    Suite *suite = suite_create("words of a text");
    TCase *tcase = tcase_create("words");

    tcase_add_loop_test(tcase, a_text_is_taken_apart, 0, (int)(sizeof good / sizeof good[0]));
    tcase_add_loop_test(tcase, what_is_not_closed_is_refused, 0, (int)(sizeof bad / sizeof bad[0]));
    suite_add_tcase(suite, tcase);
    return suite;
}
