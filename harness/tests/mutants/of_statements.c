/* SPDX-License-Identifier: BSD-2-Clause */
/* The operators that change whole statements: one is forgotten, or stands in the wrong place. */
#include "harness/tests/mutants/mutants.h"

#include <stdlib.h>
#include <string.h>

static bool has_one_of(const struct source *source, size_t token, const char *const parts[])
{
    for (size_t p = 0; parts[p] != NULL; p++)
        if (token_has(source, token, parts[p]))
            return true;
    return false;
}

static bool frees(const struct source *source, size_t token)
{
    static const char *const parts[] = {"free", "FREE", NULL};
    const size_t name = statement_call(source, token);

    return name != NOT_A_TOKEN && has_one_of(source, name, parts) && !token_has(source, name, "freelist");
}

static bool locks(const struct source *source, size_t token)
{
    static const char *const parts[] = {"mutex_", "rw_enter", "rw_exit", "spl", "lock", NULL};
    const size_t name = statement_call(source, token);

    return name != NOT_A_TOKEN && has_one_of(source, name, parts) && !token_has(source, name, "init") &&
           !token_has(source, name, "destroy");
}

/* What a function does before it returns that it has failed, and calls that take something back. */
static bool undoes(const struct source *source, size_t token)
{
    static const char *const parts[] = {"destroy", "remove", "REMOVE", "unmap", "release", "undo",
        "unregister", "unname", "cancel", "drop", "forget", NULL};
    const size_t name = statement_call(source, token);

    if (name != NOT_A_TOKEN && has_one_of(source, name, parts))
        return true;
    if (!statement_is_expression(source, token))
        return false;
    const size_t next = statement_end(source, token) + 1;
    return token_is(source, next, "return") &&
           (token_is_one_of(source, next + 1, "false NULL 0 error -") && !token_is(source, token + 1, "("));
}

/* An assignment of nothing, or a call that fills memory. */
static bool zeroes(const struct source *source, size_t token)
{
    const size_t name = statement_call(source, token);

    if (name != NOT_A_TOKEN)
        return token_is_one_of(source, name, "memset bzero TAILQ_INIT LIST_INIT QUEUE_INIT");
    if (!statement_is_expression(source, token))
        return false;
    const size_t end = statement_end(source, token);
    return end >= 3 && token_is(source, end - 2, "=") && token_is_one_of(source, end - 1, "0 NULL false");
}

static bool plain(const struct source *source, size_t token)
{
    return statement_is_expression(source, token) && !frees(source, token) && !locks(source, token) &&
           !undoes(source, token) && !zeroes(source, token);
}

static void leave_out(const struct operation *operation, size_t token)
{
    mutant_replace(operation, token, statement_end(operation->source, token) + 1, ";");
}

void mutate_delete(const struct operation *operation, size_t token)
{
    if (plain(operation->source, token))
        leave_out(operation, token);
}

void mutate_leak(const struct operation *operation, size_t token)
{
    if (frees(operation->source, token))
        leave_out(operation, token);
}

void mutate_undo(const struct operation *operation, size_t token)
{
    const struct source *source = operation->source;

    if (undoes(source, token) && !frees(source, token) && !locks(source, token) && !zeroes(source, token))
        leave_out(operation, token);
}

void mutate_zeroing(const struct operation *operation, size_t token)
{
    const struct source *source = operation->source;

    if (zeroes(source, token))
        leave_out(operation, token);
    if (token_is(source, token, "kmem_zalloc"))
        mutant_replace(operation, token, token + 1, "kmem_alloc");
    if (token_is(source, token, "UVM_PGA_ZERO"))
        mutant_replace(operation, token, token + 1, "0");
    if (token_is(source, token, "=") && token_is(source, token + 1, "{") &&
        (source->tokens[token + 1].mate == token + 2 ||
            (source->tokens[token + 1].mate == token + 3 && token_is(source, token + 2, "0"))))
        mutant_replace(operation, token, source->tokens[token + 1].mate + 1, " ");
}

/* The call that lets go of what a call has taken: of the same thing, in the same function, behind it. */
static size_t let_go(const struct source *source, size_t token, size_t name)
{
    char *thing = tokens_text(source, name + 1, source->tokens[name + 1].mate + 1);
    size_t found = NOT_A_TOKEN;

    for (size_t i = statement_end(source, token) + 1;
         found == NOT_A_TOKEN && i < source->nr_tokens &&
         source->tokens[i].function == source->tokens[token].function;
         i++) {
        const size_t other = locks(source, i) ? statement_call(source, i) : NOT_A_TOKEN;
        if (other == NOT_A_TOKEN || !(token_has(source, other, "exit") || token_has(source, other, "unlock")))
            continue;
        char *its = tokens_text(source, other + 1, source->tokens[other + 1].mate + 1);
        if (strcmp(its, thing) == 0)
            found = i;
        free(its);
    }
    free(thing);
    return found;
}

/* A lock that is not taken at all, and one that is not let go. */
void mutate_lock(const struct operation *operation, size_t token)
{
    const struct source *source = operation->source;

    if (!locks(source, token))
        return;
    const size_t name = statement_call(source, token);
    if (token_has(source, name, "exit") || token_has(source, name, "unlock")) {
        leave_out(operation, token);
        return;
    }
    const size_t end = let_go(source, token, name);
    if (end == NOT_A_TOKEN)
        return;
    const size_t begins = statement_end(source, token) + 1;
    char *between = begins < end ? tokens_text(source, begins, end) : NULL;
    mutant_replace(operation, token, statement_end(source, end) + 1, "%s", between != NULL ? between : ";");
    free(between);
}

static size_t argument_end(const struct source *source, size_t token)
{
    while (!token_is_one_of(source, token, ", )"))
        token = source->tokens[token].mate > token ? source->tokens[token].mate + 1 : token + 1;
    return token;
}

/* Two arguments of a call, which begins at its parenthesis. */
static void swap_arguments(const struct operation *operation, size_t open)
{
    const struct source *source = operation->source;

    for (size_t first = open + 1, comma; first < source->tokens[open].mate; first = comma + 1) {
        comma = argument_end(source, first);
        if (!token_is(source, comma, ",") || comma == first)
            return;
        const size_t end = argument_end(source, comma + 1);
        char *one = tokens_text(source, first, comma), *other = tokens_text(source, comma + 1, end);
        if (strcmp(one, other) != 0 && one[0] != '"' && other[0] != '"' &&
            !(token_is_one_of(source, first, "0 NULL") && token_is_one_of(source, comma + 1, "0 NULL")))
            mutant_replace(operation, first, end, "%s, %s", other, one);
        free(one);
        free(other);
    }
}

/* Two statements, and two arguments of a call, change places. */
void mutate_order(const struct operation *operation, size_t token)
{
    const struct source *source = operation->source;

    if (token_is_word(source, token) && token_is(source, token + 1, "(") &&
        !token_is_one_of(source, token, "if for while switch return sizeof offsetof MIN MAX"))
        swap_arguments(operation, token + 1);
    if (!statement_is_expression(source, token))
        return;
    const size_t next = statement_end(source, token) + 1;
    if (next >= source->nr_tokens || !statement_is_expression(source, next) ||
        source->tokens[next].inside != source->tokens[token].inside)
        return;
    char *one = tokens_text(source, token, next),
         *other = tokens_text(source, next, statement_end(source, next) + 1);
    /* Two assignments without a call: nobody looks in between. */
    if (strcmp(one, other) != 0 && (strchr(one, '(') != NULL || strchr(other, '(') != NULL))
        mutant_replace(operation, token, statement_end(source, next) + 1, "%s %s", other, one);
    free(one);
    free(other);
}
