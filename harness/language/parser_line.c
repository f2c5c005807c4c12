/* SPDX-License-Identifier: BSD-2-Clause */
/* One line: its time column and its statement, by the function of its first word; and the line that says the language. */
#include "harness/language/parser.h"

#include <assert.h>
#include <string.h>

/* +T or @T, if the line begins so. */
static bool parse_time_column(struct parser *p, bool *timed, enum time_kind *kind, uint64_t *time_ns)
{
    const struct token token = p->token;
    struct span number = token.span;

    *kind = TIME_AFTER;
    *time_ns = 0;
    *timed = token.kind == TOKEN_WORD && (token.start[0] == '+' || token.start[0] == '@');
    if (!*timed)
        return true;
    *kind = token.start[0] == '@' ? TIME_AT : TIME_AFTER;
    if (token.bytes == 1)
        return complain(p, token.span, "the time is missing: write `%c1s`, without a blank", token.start[0]);
    number.column++;
    number.length--;
    if (!time_of(p, number, token.start + 1, token.bytes - 1, "the time column", time_ns))
        return false;
    advance(p);
    return true;
}

/* The last statement is `expect refused`: marks the command before it. */
static void expect_refusal(struct scenario *s)
{
    size_t command = s->nr_statements - 1;

    while (command > 0 && s->statements[command].kind == ST_EXPECT_REFUSED)
        command--;
    assert(s->statements[command].kind == ST_TOOLSTACK || s->statements[command].kind == ST_GUEST);
    s->statements[command].refusal_expected = true;
}

/* A line that takes no time. False: it stands here with one. */
static bool takes_no_time(struct parser *p, bool timed)
{
    static const char *const words[] = {
#define X(id, use, word, form, meaning) STATEMENT_##use == STATEMENT_SHAPES ? word : "",
        STATEMENT_WORDS(X)
#undef X
    };

    for (size_t w = 0; timed && w < NR_STATEMENT_WORDS; w++)
        if (token_is(&p->token, words[w]) && find_domain(p, words[w], strlen(words[w])) == NULL)
            return complain(p, p->token.span,
                "`%s` takes no time; a line before it may wait, with a time alone", words[w]);
    return true;
}

bool parse_line(struct parser *p)
{
    struct statement *statement;
    enum time_kind kind;
    uint64_t time_ns;
    struct span first;
    bool timed;

    if (!parse_time_column(p, &timed, &kind, &time_ns))
        return false;
    first = p->token.span;
    const char *const start = p->token.start;
    if (!takes_no_time(p, timed))
        return false;
    if (token_is(&p->token, "language"))
        return complain(p, first, "`language` stands once, in the first line");
    if (token_is(&p->token, "host") && timed)
        return complain(p, first, "the host is declared once, without a time");
    if (accept_word(p, "host"))
        return parse_host(p);
    if (accept_word(p, "domain")) {
        p->began = p->began || timed;
        return parse_domains(p, first, p->began, kind, time_ns);
    }
    if (token_is(&p->token, "needs") && timed)
        return complain(p, first, "what a domain needs is declared without a time");
    if (accept_word(p, "needs"))
        return parse_needs(p, first);
    if (token_is(&p->token, "boot-map") && timed)
        return complain(p, first, "a boot map is declared without a time");
    statement = add_statement(p, p->token.kind == TOKEN_END ? p->last : first);
    if (statement == NULL)
        return false;
    statement->time_kind = kind;
    statement->time_ns = time_ns;
    if (p->token.kind == TOKEN_END) {
        assert(timed);
        statement->kind = ST_WAIT;
    } else {
        if (!parse_statement(p, statement))
            return false;
        statement->where = span_to_here(p, first);
        if (!keep_said(p, statement, start))
            return false;
    }
    if (statement->kind == ST_EXPECT_REFUSED)
        expect_refusal(p->scenario);
    else
        p->behind_command = statement->kind == ST_TOOLSTACK || statement->kind == ST_GUEST;
    p->began = p->began || statement->kind != ST_BOOT_MAP;
    return true;
}

bool parse_language(struct parser *p)
{
    struct span where = p->token.span;
    uint64_t version;

    if (!token_is(&p->token, "language"))
        return complain(p, where, "a scenario begins with the line `language %u`", SCENARIO_LANGUAGE);
    advance(p);
    where = p->token.span;
    if (!parse_number(p, "the language's version, 1", &version))
        return false;
    if (version != SCENARIO_LANGUAGE)
        return complain(p, where, "this program reads language %u, not %llu", SCENARIO_LANGUAGE,
            (unsigned long long)version);
    return at_end(p);
}
