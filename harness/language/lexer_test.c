/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines, tokens, pasted commands, and the bytes that no scenario may have. */
#include "harness/language/lexer.h"

#include <check.h>
#include <string.h>

Suite *lexer_suite(void);

static struct lexer on_line(const char *text)
{
    struct lexer lx;

    lexer_begin(&lx, text, strlen(text), 1);
    ck_assert(lexer_next_line(&lx));
    return lx;
}

static void tokens_are(const char *text, const enum token_kind *kinds, size_t count)
{
    struct lexer lx = on_line(text);

    for (size_t i = 0; i < count; i++)
        ck_assert_msg(lexer_next(&lx).kind == kinds[i], "token %zu of %s", i, text);
    ck_assert_int_eq(lexer_next(&lx).kind, TOKEN_END);
    ck_assert_int_eq(lexer_next(&lx).kind, TOKEN_END);
}
#define TOKENS(text, ...) \
    tokens_are(text, (const enum token_kind[]){__VA_ARGS__}, \
        sizeof(const enum token_kind[]){__VA_ARGS__} / sizeof(enum token_kind))

START_TEST(splits_words_and_marks)
{
    TOKENS("+1s expect nb faults.fired>=1", TOKEN_WORD, TOKEN_WORD, TOKEN_WORD, TOKEN_WORD, TOKEN_GE,
        TOKEN_WORD);
    TOKENS("a == != < <= > >= ~ !~ -> = : ( ) [ ]", TOKEN_WORD, TOKEN_EQ, TOKEN_NE, TOKEN_LT, TOKEN_LE,
        TOKEN_GT, TOKEN_GE, TOKEN_MATCH, TOKEN_NO_MATCH, TOKEN_ARROW, TOKEN_ASSIGN, TOKEN_COLON, TOKEN_OPEN,
        TOKEN_CLOSE, TOKEN_OPEN_SQUARE, TOKEN_CLOSE_SQUARE);
    TOKENS("x->1", TOKEN_WORD, TOKEN_ARROW, TOKEN_WORD);
    TOKENS("d[1..50] p2m=exact", TOKEN_WORD, TOKEN_OPEN_SQUARE, TOKEN_WORD, TOKEN_CLOSE_SQUARE, TOKEN_WORD,
        TOKEN_ASSIGN, TOKEN_WORD);
    TOKENS("a # b c", TOKEN_WORD);
    TOKENS("a#b", TOKEN_WORD, TOKEN_STRAY, TOKEN_WORD);
    TOKENS("; \xc3\xa4 !", TOKEN_STRAY, TOKEN_STRAY, TOKEN_STRAY);
    TOKENS("\"a # b\" \"\\\"\" \"open", TOKEN_STRING, TOKEN_STRING, TOKEN_UNCLOSED);
    TOKENS("\"ends in a backslash\\", TOKEN_UNCLOSED);
}
END_TEST

START_TEST(places_tokens)
{
    struct lexer lx = on_line("  nb\t\"te xt\" a=1");
    struct token token = lexer_next(&lx);

    ck_assert_uint_eq(token.span.line, 1);
    ck_assert_uint_eq(token.span.column, 3);
    ck_assert_uint_eq(token.span.length, 2);
    ck_assert(!token.glued);
    token = lexer_next(&lx);
    ck_assert_uint_eq(token.span.column, 6);
    ck_assert_uint_eq(token.span.length, 7);
    ck_assert_uint_eq(token.bytes, 5);
    ck_assert(memcmp(token.start, "te xt", 5) == 0);
    lexer_next(&lx);
    ck_assert(lexer_next(&lx).glued);
    ck_assert(lexer_next(&lx).glued);
    ck_assert_uint_eq(lexer_next(&lx).span.column, 17);
}
END_TEST

START_TEST(walks_lines)
{
    struct lexer lx;
    const char *text = "a\n\nb";
    uint32_t lines = 0;

    lexer_begin(&lx, text, 3, 1);
    while (lexer_next_line(&lx))
        lines++;
    ck_assert_uint_eq(lines, 2);
    lexer_begin(&lx, text, 4, 1);
    ck_assert(lexer_next_line(&lx) && lexer_next_line(&lx) && lexer_next_line(&lx));
    ck_assert(token_is(&(struct token){.kind = TOKEN_WORD, .start = "b", .bytes = 1}, "b"));
    ck_assert_int_eq(lexer_next(&lx).kind, TOKEN_WORD);
    ck_assert(!lexer_next_line(&lx));
    lexer_begin(&lx, text, 0, 1);
    ck_assert(!lexer_next_line(&lx));
}
END_TEST

static void raw_is(const char *line, const char *raw, enum token_kind next)
{
    struct lexer lx = on_line(line);
    struct token token = lexer_raw(&lx, line);

    ck_assert_uint_eq(token.bytes, strlen(raw));
    ck_assert(memcmp(token.start, raw, token.bytes) == 0);
    ck_assert_int_eq(lexer_next(&lx).kind, next);
}

START_TEST(takes_commands_as_they_stand)
{
    raw_is("xl mem-set nb 128m", "xl mem-set nb 128m", TOKEN_END);
    raw_is("xl mem-set nb 128m   # why", "xl mem-set nb 128m", TOKEN_END);
    raw_is("sysctl -w a=5", "sysctl -w a=5", TOKEN_END);
    raw_is("sysctl -n a  == 5", "sysctl -n a", TOKEN_EQ);
    raw_is("say \"a == b # c\" -> 1", "say \"a == b # c\"", TOKEN_ARROW);
    raw_is("ls a->b", "ls a->b", TOKEN_END);
    raw_is("echo 5 > /sys/a", "echo 5 > /sys/a", TOKEN_END);
    raw_is("echo 5 > /sys/a -> 1", "echo 5 > /sys/a", TOKEN_ARROW);
    raw_is("cat /sys/a > 5", "cat /sys/a", TOKEN_GT);
    raw_is("say \"open == 1", "say \"open", TOKEN_EQ);
    raw_is("~", "~", TOKEN_END);
    raw_is("ls ->", "ls", TOKEN_ARROW);
}
END_TEST

static void bytes_are_wrong(const char *text, size_t bytes, uint32_t line, uint32_t column, const char *word)
{
    struct complaint complaint = {0};

    ck_assert(!lexer_check_bytes(text, bytes, &complaint));
    ck_assert_uint_eq(complaint.where.line, line);
    ck_assert_uint_eq(complaint.where.column, column);
    ck_assert_msg(strstr(complaint.message, word) != NULL, "%s", complaint.message);
}

START_TEST(refuses_bytes)
{
    struct complaint complaint = {0};
    const char fine[] = "tab\there, \xc3\xa4\xe2\x82\xac\xf0\x9f\x8e\x88\n";

    ck_assert(lexer_check_bytes(fine, sizeof fine - 1, &complaint));
    bytes_are_wrong("\xef\xbb\xbflanguage 1\n", 14, 1, 1, "byte order mark");
    bytes_are_wrong("language 1\r\n", 12, 1, 11, "carriage return");
    bytes_are_wrong("a\nb\0c", 5, 2, 2, "NUL");
    bytes_are_wrong("a\n\n\x1b[0m", 7, 3, 1, "0x1b");
    bytes_are_wrong("\x7f", 1, 1, 1, "0x7f");
    bytes_are_wrong("ab\xff", 3, 1, 3, "0xff");
    bytes_are_wrong("\xc0\xaf", 2, 1, 1, "0xc0");
    bytes_are_wrong("\xe0\x80\x80", 3, 1, 1, "0xe0");
    bytes_are_wrong("\xed\xa0\x80", 3, 1, 1, "0xed");
    bytes_are_wrong("\xf4\x90\x80\x80", 4, 1, 1, "0xf4");
    bytes_are_wrong("\xe2\x82", 2, 1, 1, "0xe2");
    bytes_are_wrong("\xe2\x82"
                    "a",
        3, 1, 1, "0xe2");
}
END_TEST

/* One character each, at the edges of what UTF-8 has; 0: no character begins so. */
START_TEST(characters_at_the_edges)
{
    static const struct {
        const char *bytes;
        size_t wanted;
    } characters[] = {{"\x7f", 1}, {"\x80", 0}, {"\xc1\xbf", 0}, {"\xc2\x80", 2}, {"\xdf\xbf", 2},
        {"\xe0\x9f\xbf", 0}, {"\xe0\xa0\x80", 3}, {"\xed\x9f\xbf", 3}, {"\xed\xa0\x80", 0},
        {"\xee\x80\x80", 3}, {"\xf0\x8f\xbf\xbf", 0}, {"\xf0\x90\x80\x80", 4}, {"\xf4\x8f\xbf\xbf", 4},
        {"\xf4\x90\x80\x80", 0}, {"\xf5\x80\x80\x80", 0}, {"\xe2\x82", 0}, {"\xe2\x82x", 0}};

    for (size_t c = 0; c < sizeof characters / sizeof characters[0]; c++) {
        const char *bytes = characters[c].bytes;
        ck_assert_msg(utf8_bytes(bytes, bytes + strlen(bytes)) == characters[c].wanted, "character %zu", c);
    }
}
END_TEST

Suite *lexer_suite(void)
{
    Suite *suite = suite_create("lexer");
    TCase *tc = tcase_create("lines and tokens");

    tcase_add_test(tc, splits_words_and_marks);
    tcase_add_test(tc, places_tokens);
    tcase_add_test(tc, walks_lines);
    tcase_add_test(tc, takes_commands_as_they_stand);
    tcase_add_test(tc, refuses_bytes);
    tcase_add_test(tc, characters_at_the_edges);
    suite_add_tcase(suite, tc);
    return suite;
}
