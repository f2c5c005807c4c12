/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Any one statement: its first word selects the function that parses the rest. `on` and `every` hold a second statement
 * behind a colon, which is parsed in the same way, so the end of these two is here.
 */
#include "harness/language/parser.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <ctype.h>
#include <string.h>

static const struct {
    const char *word;
    enum statement_use use;
} words[NR_STATEMENT_WORDS] = {
#define X(id, use, word, form, meaning) [WORD_##id] = {word, STATEMENT_##use},
    STATEMENT_WORDS(X)
#undef X
};

static bool unknown_statement(struct parser *p)
{
    const struct token *token = &p->token;
    struct suggestion s;
    char text[80], list[240] = "";

    const char *dollar = memchr(token->start, '$', token->bytes);
    const size_t name = dollar != NULL ? (size_t)(dollar - token->start) : 0, behind = name + 1;
    if (dollar != NULL && find_domain(p, token->start, name) != NULL)
        return complain(p, token->span,
            "`%.*s` begins no statement; a command is typed inside a domain, and a blank stands behind the "
            "$: "
            "`%.*s %.*s`",
            SHOWN_BYTES(token->bytes), token->start, (int)behind, token->start,
            SHOWN_BYTES(token->bytes - behind), token->start + behind);
    if (isdigit((unsigned char)token->start[0]))
        return complain(p, token->span,
            "`%.*s` begins no statement; a line that is done so much later begins with `+%.*s`",
            SHOWN_BYTES(token->bytes), token->start, SHOWN_BYTES(token->bytes), token->start);
    if (token_is(token, "wait") || token_is(token, "sleep"))
        return complain(p, token->span,
            "`%.*s` begins no statement; a line with nothing but a time, such as `+1s`, waits",
            SHOWN_BYTES(token->bytes), token->start);
    suggest_begin(&s, token->start, token->bytes);
    for (unsigned i = 0; i < NR_STATEMENT_WORDS; i++) {
        const char *word = words[i].word;
        size_t used = strlen(list);
        if (strncmp(word, "DOM", 3) != 0)
            suggest_offer(&s, word);
        /* xenstore has many tools, and people know them: one is named for all. */
        if (i == WORD_XENSTORE_READ || strncmp(word, "xenstore-", 9) != 0)
            snprintf(list + used, sizeof list - used, "%s%s", used > 0 ? ", " : "",
                i == WORD_XENSTORE_READ ? "xenstore-..." : word);
    }
    suggest_domains(p, &s);
    if (s.best != NULL)
        return complain(p, token->span, "`%.*s` begins no statement%s", SHOWN_BYTES(token->bytes),
            token->start, meant(&s, text, sizeof text));
    return complain(p, token->span, "`%.*s` begins no statement; expected one of %s",
        SHOWN_BYTES(token->bytes), token->start, list);
}

/* A statement by its first word, without what it may hold. */
static bool parse_one(struct parser *p, struct statement *statement)
{
    static const struct {
        enum statement_word word;
        bool (*parse)(struct parser *, struct statement *);
    } parsers[] = {
        {WORD_BOOT_MAP, parse_boot_map},
        {WORD_FAULT, parse_fault},
        {WORD_HEAL, parse_heal},
        {WORD_SETTLE, parse_settle},
        {WORD_EXPECT, parse_expect},
        {WORD_ALWAYS, parse_always},
        {WORD_ON, parse_on},
        {WORD_EVERY, parse_every},
    };
    static const enum statement_word pasted[] = {WORD_XL, WORD_XM, WORD_XENSTORE_READ, WORD_XENSTORE_WRITE,
        WORD_XENSTORE_RM, WORD_XENSTORE_EXISTS, WORD_XENSTORE_LIST, WORD_XENSTORE_LS};
    const struct token *token = &p->token;

    if (token->kind != TOKEN_WORD)
        return expected(p, "a statement");
    if (token->start[token->bytes - 1] == '$')
        return parse_guest(p, statement);
    if (begins_group(p))
        return parse_for_group(p, statement);
    for (size_t i = 0; i < sizeof pasted / sizeof pasted[0]; i++) {
        if (token_is(token, words[pasted[i]].word))
            return parse_toolstack(p, statement);
    }
    for (size_t i = 0; i < sizeof parsers / sizeof parsers[0]; i++) {
        if (accept_word(p, words[parsers[i].word].word))
            return parsers[i].parse(p, statement);
    }
    if (token_is(token, "dom0") && !know_dom0(p, token->span))
        return false;
    if (find_domain(p, token->start, token->bytes) != NULL ||
        find_group(p, token->start, token->bytes) != NULL)
        return parse_call_or_probe(p, statement);
    return unknown_statement(p);
}

static const char *holder_word(const struct statement *holder)
{
    assert(holder->kind == ST_ON || holder->kind == ST_EVERY);
    return words[holder->kind == ST_ON ? WORD_ON : WORD_EVERY].word;
}

static bool may_be_held(struct parser *p, const struct statement *holder)
{
    for (size_t i = 0; i < NR_STATEMENT_WORDS; i++) {
        if (words[i].use != STATEMENT_HELD && token_is(&p->token, words[i].word))
            return complain(p, p->token.span,
                "`%s` can hold a command, a call, a probe's line, a fault, a heal or an expect, not `%s`",
                holder_word(holder), words[i].word);
    }
    return true;
}

/* Does a probe's line name a frame of another probe, as q.$a? That one would have to be asked first. */
static bool names_other_frames(const char *text)
{
    return strstr(text, ".$") != NULL;
}

/* `: STATEMENT`. A statement that can't be held is refused before it is parsed, so that there is no nesting. */
static bool parse_body(struct parser *p, struct statement *holder)
{
    if (p->token.kind != TOKEN_COLON)
        return expected(p, "`:` and a statement");
    advance(p);
    if (p->token.kind == TOKEN_END)
        return expected(p, "a statement");
    if (!may_be_held(p, holder))
        return false;

    const struct span where = p->token.span;
    const char *const start = p->token.start;
    struct statement *body = calloc(1, sizeof *body);
    if (body == NULL)
        return complain(p, where, "out of memory");
    holder->body = body; /* freed with its holder, whatever happens */
    body->where = where;
    if (!parse_one(p, body))
        return false;
    if (body->kind == ST_PROBE && names_other_frames(body->text))
        return complain(p, where,
            "`%s` can hold a probe's line about frames of its own, not about another probe's",
            holder_word(holder));
    if ((body->kind == ST_EXPECT && (body->has_within || body->for_ns > 0)) ||
        body->kind == ST_EXPECT_REFUSED || body->kind == ST_EXPECT_VIOLATION || body->kind == ST_EXPECT_CRASH)
        return complain(p, where, "`%s` can hold an `expect CONDITION`, which looks at once, and no other",
            holder_word(holder));
    assert(body->body == NULL && body->time_ns == 0);
    body->where = span_to_here(p, where);
    return keep_said(p, body, start);
}

bool parse_statement(struct parser *p, struct statement *statement)
{
    if (!parse_one(p, statement))
        return false;
    return (statement->kind != ST_ON && statement->kind != ST_EVERY) || parse_body(p, statement);
}
