/* SPDX-License-Identifier: BSD-2-Clause */
/* The operators that change an expression: a condition, a number, a unit, a name. */
#include "harness/tests/mutants/mutants.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The condition of an if or a while begins at the token behind its parenthesis. */
static bool is_condition(const struct source *source, size_t token)
{
    return token >= 2 && token_is(source, token - 1, "(") && token_is_one_of(source, token - 2, "if while");
}

static size_t condition_end(const struct source *source, size_t token)
{
    return source->tokens[token - 1].mate;
}

/* The operand on one side of a mark: up to a bracket, or a mark that binds less. */
static size_t operand_begin(const struct source *source, size_t mark)
{
    size_t i = mark;

    while (i > 0 && source->tokens[i - 1].inside == source->tokens[mark].inside &&
           !token_is_one_of(source, i - 1, "&& || ? : , ; = return { }"))
        i = source->tokens[i - 1].mate < i - 1 ? source->tokens[i - 1].mate : i - 1;
    return i;
}

static size_t operand_end(const struct source *source, size_t mark)
{
    size_t i = mark + 1;

    while (i < source->nr_tokens && !token_is_one_of(source, i, "&& || ? : , ; ) ] }"))
        i = source->tokens[i].mate > i ? source->tokens[i].mate + 1 : i + 1;
    return i;
}

static void negate(const struct operation *operation, size_t first, size_t end)
{
    char *text = tokens_text(operation->source, first, end);

    if (token_is(operation->source, first, "!") && !token_is(operation->source, first + 1, "(") &&
        strpbrk(text, "=<>&|") == NULL)
        mutant_replace(operation, first, end, "%s", text + 1);
    else
        mutant_replace(operation, first, end, "!(%s)", text);
    free(text);
}

void mutate_negate(const struct operation *operation, size_t token)
{
    const struct source *source = operation->source;

    if (is_condition(source, token) && condition_end(source, token) > token)
        negate(operation, token, condition_end(source, token));
    if (token_is(source, token, "?") && operand_begin(source, token) < token)
        negate(operation, operand_begin(source, token), token);
    if (!token_is_one_of(source, token, "&& ||"))
        return;
    const size_t first = operand_begin(source, token);
    if (first > 0 && !token_is_one_of(source, first - 1, "&& ||"))
        negate(operation, first, token);
    negate(operation, token + 1, operand_end(source, token));
    mutant_replace(operation, token, token + 1, "%s", token_is(source, token, "&&") ? "||" : "&&");
}

/* A name that says that it counts something. */
static bool counts(const struct source *source, size_t token)
{
    static const char *const parts[] = {
        "npages", "nframes", "nspares", "count", "size", "bytes", "taken", "nr_", "pages", "pfn", NULL};

    if (!token_is_word(source, token) || token_is_one_of(source, token, "sizeof size_t psize_t vsize_t"))
        return false;
    for (size_t p = 0; parts[p] != NULL; p++)
        if (token_has(source, token, parts[p]))
            return true;
    return false;
}

static size_t chain_begin(const struct source *source, size_t token)
{
    while (token >= 2 && token_is_one_of(source, token - 1, "-> ."))
        token -= 2;
    return token;
}

void mutate_off_by_one(const struct operation *operation, size_t token)
{
    const struct source *source = operation->source;
    char *text, *end;

    if (source->tokens[token].kind == TOKEN_NUMBER) {
        text = tokens_text(source, token, token + 1);
        const unsigned long long value = strtoull(text, &end, 0);
        if (*end == 0 || strspn(end, "uUlL") == strlen(end))
            mutant_replace(operation, token, token + 1, strncmp(text, "0x", 2) == 0 ? "0x%llx%s" : "%llu%s",
                value + 1, end);
        free(text);
    }
    if (token_is_one_of(source, token, "+ -") && token_is(source, token + 1, "1"))
        mutant_replace(operation, token, token + 2, " ");
    /* An argument, or what is assigned or returned. */
    if (counts(source, token) && token_is_one_of(source, token + 1, ", ) ;")) {
        const size_t first = chain_begin(source, token);
        if (token_is_one_of(source, first - 1, ", ( = += -= return") && !token_is(source, first - 1, "*") &&
            !(token_is(source, first - 1, "(") && token_is_one_of(source, first - 2, "if while"))) {
            text = tokens_text(source, first, token + 1);
            mutant_replace(operation, first, token + 1, "%s - 1", text);
            mutant_replace(operation, first, token + 1, "%s + 1", text);
            free(text);
        }
    }
}

void mutate_units(const struct operation *operation, size_t token)
{
    static const char *const units[] = {"KIB", "kib", "ptoa", "atop", "_of_pages", "pages_of", "to_bytes",
        "to_pages", "mstohz", "_page", NULL};
    const struct source *source = operation->source;

    if (token_is_one_of(source, token, "<< >> * / %") &&
        (token_has(source, token + 1, "SHIFT") || token_has(source, token + 1, "PAGE_SIZE") ||
            token_has(source, token + 1, "_KIB") || token_has(source, token + 1, "PER_") ||
            token_is_one_of(source, token + 1, "4 10 12 1000 1024 1000000"))) {
        mutant_replace(operation, token, token + 2, " ");
        if (token_is_one_of(source, token, "<< >>"))
            mutant_replace(operation, token, token + 1, "%s", token_is(source, token, "<<") ? ">>" : "<<");
    }
    for (size_t u = 0; units[u] != NULL; u++) {
        if (!token_is_word(source, token) || !token_has(source, token, units[u]) ||
            !token_is(source, token + 1, "("))
            continue;
        const size_t end = source->tokens[token + 1].mate;
        if (end == token + 2)
            continue;
        char *text = tokens_text(source, token + 2, end);
        if (token_is(source, token, "ptoa"))
            mutant_replace(operation, token, token + 1, "atop");
        else if (token_is(source, token, "atop"))
            mutant_replace(operation, token, token + 1, "ptoa");
        mutant_replace(operation, token, end + 1, "(%s)", text);
        free(text);
        break;
    }
}

/* An answer that says "failed" is taken for "done". */
void mutate_ignore(const struct operation *operation, size_t token)
{
    const struct source *source = operation->source;

    if (is_condition(source, token)) {
        const size_t end = condition_end(source, token);
        bool call = false, compares = false;
        for (size_t i = token; i < end; i++) {
            call = call || (token_is_word(source, i) && token_is(source, i + 1, "("));
            compares = compares || token_is_one_of(source, i, "! != == < <= > >=");
        }
        char *text = tokens_text(source, token, end);
        if (token_is(source, token, "error") || token_is(source, end - 1, "NULL") || (call && compares))
            mutant_replace(operation, token, end, "(%s) && 0", text);
        else if (call)
            mutant_replace(operation, token, end, "(%s) || 1", text);
        free(text);
    }
    if (source->tokens[token].starts && token_is(source, token, "error") &&
        token_is(source, token + 1, "=")) {
        char *text = tokens_text(source, token + 2, statement_end(source, token));
        mutant_replace(operation, token + 2, statement_end(source, token), "((void)(%s), 0)", text);
        free(text);
    }
    if (token_is(source, token, "return") && source->tokens[token].starts &&
        token_is_word(source, token + 1) && token_is(source, token + 2, "(") &&
        token_is(source, source->tokens[token + 2].mate + 1, ";")) {
        char *text = tokens_text(source, token + 1, source->tokens[token + 2].mate + 1);
        mutant_replace(operation, token, source->tokens[token + 2].mate + 1, "return (void)%s, 1", text);
        free(text);
    }
}

void mutate_field(const struct operation *operation, size_t token)
{
    const struct source *source = operation->source;

    if (!token_is_word(source, token) || !token_is_one_of(source, token - 1, "-> ."))
        return;
    for (unsigned nth = 0; nth < 2; nth++) {
        const char *other = member_like(operation, token, nth);
        if (other != NULL)
            mutant_replace(operation, token, token + 1, "%s", other);
    }
}

void mutate_flag(const struct operation *operation, size_t token)
{
    static const char *const pairs[][2] = {{"true", "false"}, {"false", "true"}, {"KM_NOSLEEP", "KM_SLEEP"},
        {"KM_SLEEP", "KM_NOSLEEP"}, {"EPERM", "0"}, {"DOMID_SELF", "0"}, {"|=", "&="}, {"+=", "-="},
        {"-=", "+="}};
    const struct source *source = operation->source;

    for (size_t p = 0; p < sizeof pairs / sizeof pairs[0]; p++)
        if (token_is(source, token, pairs[p][0])) {
            mutant_replace(operation, token, token + 1, "%s", pairs[p][1]);
            return;
        }
    const char *other = flag_like(operation, token);
    if (other != NULL)
        mutant_replace(operation, token, token + 1, "%s", other);
}

void mutate_boundary(const struct operation *operation, size_t token)
{
    static const char *const turned[][2] = {{"<", "<="}, {"<=", "<"}, {">", ">="}, {">=", ">"}};
    const struct source *source = operation->source;

    for (size_t t = 0; t < sizeof turned / sizeof turned[0]; t++)
        if (token_is(source, token, turned[t][0]))
            mutant_replace(operation, token, token + 1, "%s", turned[t][1]);
    if (token_is(source, token, "==") && !token_is(source, token + 1, "NULL"))
        mutant_replace(operation, token, token + 1, ">=");
    if (!token_is_one_of(source, token, "MIN MAX min max min_u64 max_u64 min_size max_size") ||
        !token_is(source, token + 1, "("))
        return;
    const size_t end = source->tokens[token + 1].mate, comma = operand_end(source, token + 1);
    if (!token_is(source, comma, ","))
        return;
    char *one = tokens_text(source, token + 2, comma), *other = tokens_text(source, comma + 1, end);
    mutant_replace(operation, token, end + 1, "(%s)", one);
    mutant_replace(operation, token, end + 1, "(%s)", other);
    free(one);
    free(other);
}
