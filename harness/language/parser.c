/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the parsers of all statements use: the present token, the first complaint, the names declared so far, and room for
 * one more statement. No statement is parsed here.
 */
#include "harness/language/parser.h"
#include "sim/array.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A message repeats at most so much of the file's text. */
#define FOUND_BYTES_MAX 40

void advance(struct parser *p)
{
    assert(p->lexer.line > 0);
    p->last = p->token.span;
    if (p->token.start != NULL)
        p->last_end = p->token.start + p->token.bytes + (p->token.kind == TOKEN_STRING);
    p->token = lexer_next(&p->lexer);
}

/* Parts of a token that stands for a {NAME} may lie outside the line as it stands. */
static struct span inside(const struct parser *p, struct span where)
{
    size_t bytes;

    if (scenario_line(p->scenario, where.line, &bytes) == NULL)
        return where;
    if (where.column > bytes + 1)
        where.column = (uint32_t)bytes + 1;
    if (where.length > bytes + 1 - where.column)
        where.length = (uint32_t)(bytes + 1 - where.column);
    return where;
}

bool complain(struct parser *p, struct span where, const char *format, ...)
{
    va_list arguments;

    assert(p->complaint != NULL && where.line > 0 && where.column > 0);
    p->complaint->where = inside(p, where);
    va_start(arguments, format);
    vsnprintf(p->complaint->message, sizeof p->complaint->message, format, arguments);
    va_end(arguments);
    return false;
}

static int found_bytes(const struct token *token)
{
    size_t bytes = token->bytes;

    if (bytes <= FOUND_BYTES_MAX)
        return (int)bytes;
    /* Never cut a character in two. */
    for (bytes = FOUND_BYTES_MAX; bytes > 0 && ((unsigned char)token->start[bytes] & 0xc0) == 0x80;)
        bytes--;
    return (int)bytes;
}

bool expected(struct parser *p, const char *wanted)
{
    const struct token *token = &p->token;
    const char *more = token->bytes > FOUND_BYTES_MAX ? "..." : "";

    assert(wanted != NULL);
    switch (token->kind) {
    case TOKEN_END:
        return complain(p, token->span, "the line ends where %s should follow", wanted);
    case TOKEN_UNCLOSED:
        return complain(p, token->span, "this text has no closing \"");
    case TOKEN_STRING:
        return complain(p, token->span, "expected %s, found the text \"%.*s%s\"", wanted, found_bytes(token),
            token->start, more);
    default:
        return complain(
            p, token->span, "expected %s, found `%.*s%s`", wanted, found_bytes(token), token->start, more);
    }
}

bool at_end(struct parser *p)
{
    const struct token *token = &p->token;

    if (token->kind == TOKEN_END)
        return true;
    if (token->kind == TOKEN_UNCLOSED)
        return expected(p, "the end of the line");
    return complain(p, token->span, "the statement is complete before `%.*s%s`", found_bytes(token),
        token->start, token->bytes > FOUND_BYTES_MAX ? "..." : "");
}

bool accept_word(struct parser *p, const char *word)
{
    if (!token_is(&p->token, word))
        return false;
    advance(p);
    return true;
}

bool token_like(const struct parser *p, const char *prefix)
{
    size_t bytes = strlen(prefix);

    return p->token.kind == TOKEN_WORD && p->token.bytes >= bytes &&
           memcmp(p->token.start, prefix, bytes) == 0;
}

const char *meant(const struct suggestion *s, char *out, size_t out_bytes)
{
    assert(out_bytes > 0);
    if (s->best == NULL)
        return "";
    snprintf(out, out_bytes, "; did you mean `%s`?", s->best);
    return out;
}

bool has_names_bytes(const char *text, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        const bool letter = (text[i] >= 'a' && text[i] <= 'z') || (text[i] >= 'A' && text[i] <= 'Z');
        if (!letter && (i == 0 || ((text[i] < '0' || text[i] > '9') && text[i] != '-' && text[i] != '_')))
            return false;
    }
    return bytes > 0;
}

char *copy_text(struct parser *p, const char *start, size_t bytes)
{
    char *copy = malloc(bytes + 1);

    if (copy == NULL) {
        complain(p, p->token.span, "out of memory");
        return NULL;
    }
    memcpy(copy, start, bytes);
    copy[bytes] = '\0';
    return copy;
}

bool keep_said(struct parser *p, struct statement *statement, const char *start)
{
    if (p->lexer.origins == NULL)
        return true;
    assert(p->last_end >= start && p->last_end <= p->lexer.line_end);
    statement->said = copy_text(p, start, (size_t)(p->last_end - start));
    return statement->said != NULL;
}

struct span span_to_here(const struct parser *p, struct span from)
{
    assert(p->last.line == from.line && p->last.column + p->last.length >= from.column);
    from.length = p->last.column + p->last.length - from.column;
    return from;
}

static uint32_t name_hash(const char *name, size_t bytes)
{
    uint32_t hash = 2166136261u;

    for (size_t i = 0; i < bytes; i++)
        hash = (hash ^ (unsigned char)name[i]) * 16777619u;
    return hash ^ (hash >> 15);
}

static bool same_name(const char *known, const char *name, size_t bytes)
{
    return strlen(known) == bytes && memcmp(known, name, bytes) == 0;
}

const struct known_domain *find_domain(const struct parser *p, const char *name, size_t bytes)
{
    uint32_t slot = name_hash(name, bytes) % NAME_SLOTS;

    /* There are always empty slots: NAME_SLOTS is larger than DOMAINS_MAX. */
    for (; p->slots[slot] != 0; slot = (slot + 1) % NAME_SLOTS) {
        const struct known_domain *domain = &p->domains[p->slots[slot] - 1];
        if (same_name(domain->name, name, bytes))
            return domain;
    }
    return NULL;
}

const struct known_group *find_group(const struct parser *p, const char *name, size_t bytes)
{
    for (size_t i = 0; i < p->nr_groups; i++) {
        if (same_name(p->groups[i].name, name, bytes))
            return &p->groups[i];
    }
    return NULL;
}

/* All domains of a group have one kernel. */
static const struct known_domain *first_of_group(const struct parser *p, const char *name, size_t bytes)
{
    const struct known_group *group = find_group(p, name, bytes);
    char first[NAME_BYTES_MAX + 12];

    assert(group != NULL);
    snprintf(first, sizeof first, "%s%u", group->name, group->first);
    return find_domain(p, first, strlen(first));
}

const struct kernel *kernel_of_domain(const struct parser *p, const char *domain, const char **name)
{
    const char *bracket = strchr(domain, '[');
    const struct known_domain *known = bracket == NULL
                                           ? find_domain(p, domain, strlen(domain))
                                           : first_of_group(p, domain, (size_t)(bracket - domain));

    assert(known != NULL);
    *name = known->kernel;
    if (p->kernels == NULL)
        return NULL;
    if (p->kernels->instead != NULL && strcmp(domain, "dom0") != 0)
        *name = p->kernels->in_place != NULL ? p->kernels->in_place(p->kernels->instead, known->kernel)
                                             : p->kernels->instead;
    return p->kernels->describe(*name);
}

bool know_domain(struct parser *p, const struct known_domain *domain, struct span where)
{
    size_t bytes = strlen(domain->name);
    const struct known_domain *other = find_domain(p, domain->name, bytes);
    uint32_t slot = name_hash(domain->name, bytes) % NAME_SLOTS;

    assert(bytes > 0 && bytes <= NAME_BYTES_MAX);
    if (other != NULL)
        return complain(
            p, where, "the domain `%s` is declared already, at line %u", domain->name, other->line);
    if (p->nr_domains == DOMAINS_MAX)
        return complain(p, where, "more than %u domains", DOMAINS_MAX);
    while (p->slots[slot] != 0)
        slot = (slot + 1) % NAME_SLOTS;
    p->domains[p->nr_domains++] = *domain;
    p->slots[slot] = (uint16_t)p->nr_domains;
    return true;
}

void suggest_domains(const struct parser *p, struct suggestion *s)
{
    for (size_t i = 0; i < p->nr_domains; i++)
        suggest_offer(s, p->domains[i].name);
}

/* "; declared are nb, d1, d2", as many as there is room for. */
static const char *declared(const struct parser *p, char *out, size_t out_bytes)
{
    size_t used =
        (size_t)snprintf(out, out_bytes, "%s", p->nr_domains == 1 ? "; declared is" : "; declared are");

    for (size_t i = 0; i < p->nr_domains; i++) {
        const char *name = p->domains[i].name;
        if (used + strlen(name) + 8 > out_bytes) {
            snprintf(out + used, out_bytes - used, " ...");
            break;
        }
        used += (size_t)snprintf(out + used, out_bytes - used, "%s %s", i > 0 ? "," : "", name);
    }
    return out;
}

bool parse_domain_name(struct parser *p, char out[NAME_BYTES_MAX + 1])
{
    const struct token *token = &p->token;
    const struct known_domain *domain;
    struct suggestion s;
    char text[120];

    if (token->kind != TOKEN_WORD)
        return expected(p, "a domain's name");
    domain = find_domain(p, token->start, token->bytes);
    if (domain == NULL && find_group(p, token->start, token->bytes) != NULL)
        return complain(p, token->span, "`%.*s` names many domains; name one of them, as `%.*s%u`",
            (int)token->bytes, token->start, (int)token->bytes, token->start,
            find_group(p, token->start, token->bytes)->first);
    if (domain == NULL) {
        suggest_begin(&s, token->start, token->bytes);
        suggest_domains(p, &s);
        if (p->nr_domains == 0)
            return complain(p, token->span, "there is no domain `%.*s`: none is declared above this line",
                found_bytes(token), token->start);
        return complain(p, token->span, "there is no domain `%.*s`%s", found_bytes(token), token->start,
            s.best != NULL ? meant(&s, text, sizeof text) : declared(p, text, sizeof text));
    }
    memcpy(out, domain->name, sizeof domain->name);
    advance(p);
    return true;
}

bool begins_group(const struct parser *p)
{
    return p->token.kind == TOKEN_WORD && find_domain(p, p->token.start, p->token.bytes) == NULL &&
           find_group(p, p->token.start, p->token.bytes) != NULL &&
           lexer_peek(&p->lexer).kind == TOKEN_OPEN_SQUARE;
}

bool parse_domain_or_group(struct parser *p, char out[NAME_BYTES_MAX + sizeof "[*]"])
{
    const struct token group = p->token;

    if (!begins_group(p))
        return parse_domain_name(p, out);
    advance(p);
    advance(p);
    if (!token_is(&p->token, "*"))
        return complain(p, p->token.span,
            "all domains of a group are written `%.*s[*]`, one of them `%.*s%u`", (int)group.bytes,
            group.start, (int)group.bytes, group.start, find_group(p, group.start, group.bytes)->first);
    advance(p);
    if (p->token.kind != TOKEN_CLOSE_SQUARE)
        return expected(p, "`]`");
    advance(p);
    snprintf(out, NAME_BYTES_MAX + sizeof "[*]", "%.*s[*]", (int)group.bytes, group.start);
    return true;
}

struct statement *add_statement(struct parser *p, struct span where)
{
    struct scenario *s = p->scenario;

    if (!ARRAY_ONE_MORE(s->statements, p->statements_room, s->nr_statements)) {
        complain(p, where, "out of memory");
        return NULL;
    }
    struct statement *statement = &s->statements[s->nr_statements++];
    *statement = (struct statement){.where = where};
    return statement;
}
