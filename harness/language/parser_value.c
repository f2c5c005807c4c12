/* SPDX-License-Identifier: BSD-2-Clause */
/* Parses values: numbers, sizes, times, an exit status, error names; and complains if one is malformed. */
#include "harness/language/parser.h"
#include "harness/language/sizes.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

bool parse_number(struct parser *p, const char *what, uint64_t *number)
{
    const struct token *token = &p->token;

    assert(what != NULL && number != NULL);
    if (token->kind != TOKEN_WORD)
        return expected(p, what);
    switch (number_parse(token->start, token->bytes, number)) {
    case READING_OK:
        advance(p);
        return true;
    case READING_TOO_LARGE:
        return complain(
            p, token->span, "%.*s does not fit in 64 bits", SHOWN_BYTES(token->bytes), token->start);
    default:
        return expected(p, what);
    }
}

bool parse_range(struct parser *p, const char *what, uint64_t *first, uint64_t *last)
{
    const struct token range = p->token;
    const char *dots = range.kind == TOKEN_WORD ? memmem(range.start, range.bytes, "..", 2) : NULL;

    if (dots == NULL || number_parse(range.start, (size_t)(dots - range.start), first) != READING_OK ||
        number_parse(dots + 2, range.bytes - (size_t)(dots - range.start) - 2, last) != READING_OK)
        return expected(p, what);
    if (*last < *first)
        return complain(p, range.span, "this range is empty: its first number is larger than its last");
    advance(p);
    return true;
}

bool size_of(struct parser *p, struct span where, const char *text, size_t bytes, const char *what,
    uint64_t *pages, char *suffix)
{
    char guess[40];

    switch (size_parse(text, bytes, pages, suffix)) {
    case READING_OK:
        return true;
    case READING_NO_UNIT:
        return complain(p, where, "%s needs a unit, one of " SIZE_UNITS " (p: pages), as in `%.*sm`", what,
            SHOWN_BYTES(bytes), text);
    case READING_TOO_LARGE:
        return complain(
            p, where, "%.*s is too large: the bytes must fit in 64 bits", SHOWN_BYTES(bytes), text);
    case READING_NOT_WHOLE:
        return complain(p, where, "%.*s is no whole number of pages (4k each)", SHOWN_BYTES(bytes), text);
    case READING_BAD_UNIT:
        if (size_guess(text, bytes, guess, sizeof guess))
            return complain(
                p, where, "`%.*s` is no size; did you mean `%s`?", SHOWN_BYTES(bytes), text, guess);
        break;
    case READING_NO_NUMBER:
        break;
    }
    return complain(p, where, "%s is a whole number and a unit of " SIZE_UNITS " (p: pages), not `%.*s`",
        what, SHOWN_BYTES(bytes), text);
}

bool parse_size(struct parser *p, const char *what, uint64_t *pages, char *suffix)
{
    const struct token *token = &p->token;

    if (token->kind != TOKEN_WORD)
        return expected(p, "a size");
    if (!size_of(p, token->span, token->start, token->bytes, what, pages, suffix))
        return false;
    advance(p);
    return true;
}

bool time_of(
    struct parser *p, struct span where, const char *text, size_t bytes, const char *what, uint64_t *ns)
{
    char guess[40];

    switch (time_parse(text, bytes, ns)) {
    case READING_OK:
        return *ns <= TIME_END_NS || complain(p, where, "virtual time does not go that far");
    case READING_NO_UNIT:
        return complain(p, where, "%s needs a unit, one of " TIME_UNITS ", as in `%.*ss`", what,
            SHOWN_BYTES(bytes), text);
    case READING_TOO_LARGE:
        return complain(p, where, "virtual time does not go that far");
    case READING_NOT_WHOLE:
        return complain(p, where, "%.*s is finer than a nanosecond", SHOWN_BYTES(bytes), text);
    case READING_BAD_UNIT:
        if (time_guess(text, bytes, guess, sizeof guess))
            return complain(
                p, where, "`%.*s` is no time; did you mean `%s`?", SHOWN_BYTES(bytes), text, guess);
        break;
    case READING_NO_NUMBER:
        break;
    }
    return complain(
        p, where, "%s is a number and a unit of " TIME_UNITS ", not `%.*s`", what, SHOWN_BYTES(bytes), text);
}

bool parse_time(struct parser *p, const char *what, uint64_t *ns)
{
    const struct token *token = &p->token;

    if (token->kind != TOKEN_WORD)
        return expected(p, "a time");
    if (!time_of(p, token->span, token->start, token->bytes, what, ns))
        return false;
    advance(p);
    return true;
}

bool parse_assign(struct parser *p, const struct token *option)
{
    assert(option->kind == TOKEN_WORD);
    if (p->token.kind != TOKEN_ASSIGN || !p->token.glued)
        return complain(p, option->span, "`%.*s` takes a value: write `%.*s=...` without blanks",
            SHOWN_BYTES(option->bytes), option->start, SHOWN_BYTES(option->bytes), option->start);
    advance(p);
    if (p->token.kind == TOKEN_END || !p->token.glued)
        return complain(
            p, p->token.span, "the value of `%.*s=` is missing", SHOWN_BYTES(option->bytes), option->start);
    return true;
}

struct named_error {
    const char *name;
    int number;
};
static const struct named_error errors[] = {
/* Xen's own list */
#define XEN_ERRNO(name, value) {#name, value},
#include <xen/errno.h>
};

bool errno_by_name(const char *name, size_t bytes, int *number)
{
    for (size_t i = 0; i < sizeof errors / sizeof errors[0]; i++) {
        if (strlen(errors[i].name) == bytes && memcmp(errors[i].name, name, bytes) == 0) {
            *number = errors[i].number;
            return true;
        }
    }
    return false;
}

bool parse_status(struct parser *p, struct statement *statement)
{
    static const char wanted[] =
        "a status: a number, true, false, refused (of a call), or an error as -EINVAL";
    const struct token *token = &p->token;
    const char *text;
    size_t bytes;
    uint64_t number;
    bool negative;
    int error;

    assert(token->kind == TOKEN_ARROW);
    advance(p);
    if (token->kind != TOKEN_WORD)
        return expected(p, wanted);
    negative = token->start[0] == '-';
    text = token->start + (negative ? 1 : 0);
    bytes = token->bytes - (negative ? 1 : 0);
    if (token_is(token, "true") || token_is(token, "false"))
        statement->status = token_is(token, "true") ? 1 : 0;
    else if (statement->kind == ST_CALL && token_is(token, "refused"))
        statement->refusal_expected = true;
    else if (bytes > 0 && number_parse(text, bytes, &number) == READING_OK && number <= INT64_MAX)
        statement->status = negative ? -(int64_t)number : (int64_t)number;
    else if (negative && errno_by_name(text, bytes, &error))
        statement->status = -error;
    else
        return expected(p, wanted);
    statement->has_status = true;
    advance(p);
    return true;
}
