/* SPDX-License-Identifier: BSD-2-Clause */
/* C source as tokens: reading, brackets, functions, and where statements begin. */
#include "harness/tests/mutants/source.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool read_text(struct source *source, const char *path)
{
    FILE *file = fopen(path, "r");
    size_t capacity = 0;
    ssize_t length;

    if (file == NULL)
        return false;
    length = getdelim(&source->text, &capacity, 0, file);
    source->bytes = length < 0 ? 0 : (size_t)length;
    fclose(file);
    return length >= 0;
}

static size_t past_comment_or_line(const char *text, size_t at)
{
    const char *end;

    if (text[at] == '#') { /* a directive, with the lines that continue it */
        for (end = text + at; *end != 0 && (*end != '\n' || end[-1] == '\\'); end++)
            ;
        return (size_t)(end - text);
    }
    end = text[at + 1] == '*' ? strstr(text + at + 2, "*/") : strchr(text + at, '\n');
    return end == NULL ? strlen(text) : (size_t)(end - text) + (*end == '*' ? 2 : 0);
}

static size_t past_quote(const char *text, size_t at)
{
    const char quote = text[at];

    for (at++; text[at] != 0 && text[at] != quote; at++)
        at += text[at] == '\\' && text[at + 1] != 0;
    return text[at] == 0 ? at : at + 1;
}

static size_t past_mark(const char *text, size_t at)
{
    static const char *const marks[] = {"<<=", ">>=", "...", "->", "++", "--", "<<", ">>",
        "<=", ">=", "==", "!=", "&&", "||", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^="};

    for (size_t m = 0; m < sizeof marks / sizeof marks[0]; m++)
        if (strncmp(text + at, marks[m], strlen(marks[m])) == 0)
            return at + strlen(marks[m]);
    return at + 1;
}

static size_t past_token(const char *text, size_t at, enum token_kind *kind)
{
    const unsigned char first = (unsigned char)text[at];

    if (first == '"' || first == '\'') {
        *kind = TOKEN_TEXT;
        return past_quote(text, at);
    }
    if (isalnum(first) || first == '_') {
        *kind = isdigit(first) ? TOKEN_NUMBER : TOKEN_WORD;
        while (isalnum((unsigned char)text[at]) || text[at] == '_')
            at++;
        return at;
    }
    *kind = TOKEN_MARK;
    return past_mark(text, at);
}

static bool add_token(struct source *source, enum token_kind kind, size_t at, size_t end, unsigned line)
{
    const size_t index = source->nr_tokens;

    if ((index & (index + 1)) == 0 || source->tokens == NULL) { /* room for the next power of two */
        struct token *more = realloc(source->tokens, (2 * index + 2) * sizeof *more);
        if (more == NULL)
            return false;
        source->tokens = more;
    }
    source->tokens[index] = (struct token){.kind = kind,
        .at = at,
        .length = end - at,
        .line = line,
        .mate = index,
        .inside = NOT_A_TOKEN,
        .function = NOT_A_TOKEN};
    source->nr_tokens++;
    return true;
}

static bool split(struct source *source)
{
    const char *text = source->text;
    unsigned line = 1;
    bool line_begins = true;

    for (size_t at = 0, end; at < source->bytes; at = end) {
        enum token_kind kind;

        if (isspace((unsigned char)text[at])) {
            line_begins = line_begins || text[at] == '\n';
            end = at + 1;
        } else if ((text[at] == '#' && line_begins) ||
                   (text[at] == '/' && (text[at + 1] == '*' || text[at + 1] == '/')))
            end = past_comment_or_line(text, at);
        else {
            end = past_token(text, at, &kind);
            if (!add_token(source, kind, at, end, line))
                return false;
            line_begins = false;
        }
        for (size_t i = at; i < end; i++)
            line += text[i] == '\n';
    }
    return true;
}

static void pair_brackets(struct source *source, const char *path)
{
    size_t open = NOT_A_TOKEN;

    for (size_t i = 0; i < source->nr_tokens; i++) {
        struct token *token = &source->tokens[i];
        const char mark = token->kind == TOKEN_MARK ? source->text[token->at] : 0;

        token->inside = open;
        if (mark == '(' || mark == '[' || mark == '{')
            open = i;
        else if (mark == ')' || mark == ']' || mark == '}') {
            if (open == NOT_A_TOKEN) {
                fprintf(stderr, "%s:%u: no bracket opens before this one\n", path, token->line);
                exit(4);
            }
            token->mate = open;
            source->tokens[open].mate = i;
            open = token->inside = source->tokens[open].inside;
        }
    }
    if (open != NOT_A_TOKEN) {
        fprintf(stderr, "%s:%u: this bracket is never closed\n", path, source->tokens[open].line);
        exit(4);
    }
}

bool token_is(const struct source *source, size_t token, const char *text)
{
    return token < source->nr_tokens && source->tokens[token].length == strlen(text) &&
           memcmp(source->text + source->tokens[token].at, text, strlen(text)) == 0;
}

bool token_is_one_of(const struct source *source, size_t token, const char *words)
{
    for (const char *word = words; *word != 0;) {
        const size_t length = strcspn(word, " ");

        if (token < source->nr_tokens && source->tokens[token].length == length &&
            memcmp(source->text + source->tokens[token].at, word, length) == 0)
            return true;
        word += length + (word[length] == ' ');
    }
    return false;
}

bool token_has(const struct source *source, size_t token, const char *part)
{
    return token < source->nr_tokens && memmem(source->text + source->tokens[token].at,
                                            source->tokens[token].length, part, strlen(part)) != NULL;
}

bool token_is_word(const struct source *source, size_t token)
{
    return token < source->nr_tokens && source->tokens[token].kind == TOKEN_WORD;
}

/* A brace behind a parenthesis outside of all brackets begins a function, whose name stands before the parenthesis. */
static void name_functions(struct source *source)
{
    for (size_t i = 2; i < source->nr_tokens; i++) {
        const struct token *brace = &source->tokens[i];

        if (!token_is(source, i, "{") || brace->inside != NOT_A_TOKEN || !token_is(source, i - 1, ")"))
            continue;
        const size_t open = source->tokens[i - 1].mate;
        if (open == 0 || !token_is_word(source, open - 1))
            continue;
        for (size_t inner = i + 1; inner < brace->mate; inner++)
            source->tokens[inner].function = open - 1;
    }
}

/* A brace that holds statements and no initial values. */
static bool is_block(const struct source *source, size_t brace)
{
    return token_is(source, brace, "{") && brace > 0 &&
           token_is_one_of(source, brace - 1, ") else do ; { } :");
}

static bool begins_here(const struct source *source, size_t i)
{
    const size_t inside = source->tokens[i].inside;

    if (inside == NOT_A_TOKEN || !is_block(source, inside) || token_is(source, i, "}"))
        return false;
    if (token_is_one_of(source, i - 1, "; { } else do"))
        return true;
    if (token_is(source, i - 1, ":")) /* behind a label; not the last part of "a ? b : c" */
        return token_is_word(source, i - 2) &&
               (token_is_one_of(source, i - 3, "; { } case") || token_is(source, i - 2, "default"));
    if (token_is(source, i - 1, ")")) { /* behind the condition of one of these */
        const size_t open = source->tokens[i - 1].mate;
        return open > 0 && (token_is_one_of(source, open - 1, "if for while switch") ||
                               token_has(source, open - 1, "FOREACH"));
    }
    return false;
}

static void mark_statements(struct source *source)
{
    for (size_t i = 3; i < source->nr_tokens; i++)
        if (source->tokens[i].function != NOT_A_TOKEN)
            source->tokens[i].starts = begins_here(source, i);
    for (size_t i = 0; i + 1 < source->nr_tokens; i++)
        if (token_is_one_of(source, i,
                "assert static_assert _Static_assert KASSERT KASSERTMSG KDASSERT CTASSERT "
                "GUEST_ASSERT guest_assert") &&
            token_is(source, i + 1, "("))
            for (size_t inner = i; inner <= source->tokens[i + 1].mate; inner++)
                source->tokens[inner].assertion = true;
}

bool source_read(struct source *source, const char *path)
{
    *source = (struct source){0};
    if (!read_text(source, path) || !split(source))
        return false;
    pair_brackets(source, path);
    name_functions(source);
    mark_statements(source);
    return true;
}

void source_free(struct source *source)
{
    free(source->text);
    free(source->tokens);
    *source = (struct source){0};
}

/* ---- statements --------------------------------------------------------------------------------- */

size_t statement_end(const struct source *source, size_t token)
{
    size_t i = token;

    assert(source->tokens[token].starts);
    while (i < source->nr_tokens && !token_is(source, i, ";")) {
        if (token_is(source, i, "{") && is_block(source, i))
            return NOT_A_TOKEN;
        i = source->tokens[i].mate > i ? source->tokens[i].mate + 1 : i + 1;
    }
    return i < source->nr_tokens ? i : NOT_A_TOKEN;
}

static bool is_declaration(const struct source *source, size_t token)
{
    size_t i = token;

    if (token_is_one_of(source, token,
            "const static struct enum union unsigned signed int long char bool void volatile "
            "_Alignas extern"))
        return true;
    if (!token_is_word(source, token))
        return false;
    do
        i++;
    while (token_is(source, i, "*"));
    return token_is_word(source, i) && (i == token + 1 || token_is_one_of(source, i + 1, "= ; , ["));
}

bool statement_is_expression(const struct source *source, size_t token)
{
    const struct token *first = &source->tokens[token];

    if (!first->starts || first->assertion || is_declaration(source, token))
        return false;
    if (token_is_one_of(
            source, token, "if for while switch do else case default return goto break continue ; {") ||
        token_has(source, token, "FOREACH") || token_is(source, token + 1, ":"))
        return false;
    return statement_end(source, token) != NOT_A_TOKEN;
}

size_t statement_call(const struct source *source, size_t token)
{
    size_t name = token;

    if (!statement_is_expression(source, token))
        return NOT_A_TOKEN;
    if (token_is(source, name, "(") && token_is(source, name + 1, "void") && token_is(source, name + 2, ")"))
        name += 3;
    if (!token_is_word(source, name) || !token_is(source, name + 1, "("))
        return NOT_A_TOKEN;
    return token_is(source, source->tokens[name + 1].mate + 1, ";") ? name : NOT_A_TOKEN;
}
