/* SPDX-License-Identifier: BSD-2-Clause */
/* The mutator's table of operators, and what it knows of a file as a whole: members of structs, names of flags. */
#include "harness/tests/mutants/mutants.h"

#include <assert.h>
#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define WHAT_BYTES 90u

struct member {
    size_t structure; /* members of one struct have the same number, others have another */
    char *type, *name;
};

struct mutants {
    const struct source *source;
    mutants_found *found;
    void *context;
    struct member *members;
    size_t nr_members, structure;
    char **flags; /* sorted, each once */
    size_t nr_flags;
};

static const struct {
    const char *name;
    operator_at *at;
} operators[] = {
    {"delete", mutate_delete},
    {"negate", mutate_negate},
    {"off-by-one", mutate_off_by_one},
    {"units", mutate_units},
    {"undo", mutate_undo},
    {"lock", mutate_lock},
    {"ignore", mutate_ignore},
    {"order", mutate_order},
    {"field", mutate_field},
    {"flag", mutate_flag},
    {"leak", mutate_leak},
    {"zeroing", mutate_zeroing},
    {"boundary", mutate_boundary},
};

static void no_memory(void)
{
    fprintf(stderr, "mutate: no memory\n");
    exit(4);
}

/* Text with each run of white space, line ends among them, as one blank. */
static char *squeezed(char *text)
{
    char *to = text;

    for (const char *from = text; *from != 0; from++)
        if (!isspace((unsigned char)*from))
            *to++ = *from;
        else if (to > text && to[-1] != ' ')
            *to++ = ' ';
    *to = 0;
    return text;
}

/* What a person reads of a long change is its beginning and its end. */
static char *shortened(char *text)
{
    const size_t length = strlen(text);

    if (length > WHAT_BYTES + 5) {
        memcpy(text + WHAT_BYTES / 2, " ... ", 5);
        memmove(text + WHAT_BYTES / 2 + 5, text + length - WHAT_BYTES / 2, WHAT_BYTES / 2 + 1);
    }
    return text;
}

char *tokens_text(const struct source *source, size_t first, size_t end)
{
    const struct token *tokens = source->tokens;

    assert(first < end && end <= source->nr_tokens);
    const size_t bytes = tokens[end - 1].at + tokens[end - 1].length - tokens[first].at;
    char *text = strndup(source->text + tokens[first].at, bytes);
    if (text == NULL)
        no_memory();
    return text;
}

void mutant_replace(const struct operation *operation, size_t first, size_t end, const char *format, ...)
{
    const struct token *tokens = operation->source->tokens;
    struct mutant mutant = {.operator= operation->name, .token = first, .at = tokens[first].at};
    char *old = tokens_text(operation->source, first, end), *new;
    va_list arguments;

    va_start(arguments, format);
    if (vasprintf(&mutant.with, format, arguments) < 0)
        no_memory();
    va_end(arguments);
    mutant.length = strlen(old);
    new = strdup(mutant.with);
    if (new == NULL ||
        asprintf(&mutant.what, "%s => %s", shortened(squeezed(old)), shortened(squeezed(new))) < 0)
        no_memory();
    operation->mutants->found(operation->mutants->context, &mutant);
    free(mutant.what);
    free(mutant.with);
    free(old);
    free(new);
}

/* ---- members of structs ------------------------------------------------------------------------- */

static bool add_member(struct mutants *mutants, const struct source *source, size_t first, size_t name)
{
    struct member *more = realloc(mutants->members, (mutants->nr_members + 1) * sizeof *more);

    if (more == NULL)
        return false;
    mutants->members = more;
    more[mutants->nr_members++] = (struct member){.structure = mutants->structure,
        .type = squeezed(tokens_text(source, first, name)),
        .name = tokens_text(source, name, name + 1)};
    return true;
}

/* The declarations between a struct's braces; of one with several names, or a struct of its own inside, nothing is known. */
static bool add_structure(struct mutants *mutants, const struct source *source, size_t brace)
{
    size_t first = brace + 1, name = NOT_A_TOKEN;
    bool plain = true;

    mutants->structure++;
    for (size_t i = first; i < source->tokens[brace].mate; i++) {
        if (token_is(source, i, ";")) {
            if (plain && name != NOT_A_TOKEN && name > first && !add_member(mutants, source, first, name))
                return false;
            first = i + 1;
            name = NOT_A_TOKEN;
            plain = true;
        } else if (token_is(source, i, "["))
            i = source->tokens[i].mate;
        else if (token_is_one_of(source, i, ", { ( :"))
            plain = false;
        else if (token_is_word(source, i))
            name = i;
    }
    return true;
}

bool mutants_add_declarations(struct mutants *mutants, const struct source *source)
{
    for (size_t i = 1; i < source->nr_tokens; i++)
        if (token_is(source, i, "{") &&
            (token_is(source, i - 1, "struct") || (i >= 2 && token_is(source, i - 2, "struct"))) &&
            !add_structure(mutants, source, i))
            return false;
    return true;
}

const char *member_like(const struct operation *operation, size_t token, unsigned nth)
{
    const struct mutants *mutants = operation->mutants;

    for (size_t m = 0; m < mutants->nr_members; m++) {
        const struct member *is = &mutants->members[m];
        if (!token_is(operation->source, token, is->name))
            continue;
        for (size_t o = 0; o < mutants->nr_members; o++) {
            const struct member *other = &mutants->members[(m + 1 + o) % mutants->nr_members];
            if (other != is && other->structure == is->structure && strcmp(other->type, is->type) == 0 &&
                nth-- == 0)
                return other->name;
        }
        return NULL;
    }
    return NULL;
}

/* ---- names of flags ----------------------------------------------------------------------------- */

/* As constants are written: two capital letters, or more, an underscore, and no parenthesis behind. */
static bool is_flag(const struct source *source, size_t token)
{
    const char *text = source->text + source->tokens[token].at;
    const size_t prefix = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");

    return token_is_word(source, token) && prefix >= 2 && prefix < source->tokens[token].length &&
           text[prefix] == '_' && !token_is(source, token + 1, "(");
}

static int by_text(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static bool add_flags(struct mutants *mutants)
{
    size_t kept = 0;

    mutants->flags = calloc(mutants->source->nr_tokens + 1, sizeof *mutants->flags);
    if (mutants->flags == NULL)
        return false;
    for (size_t i = 0; i < mutants->source->nr_tokens; i++)
        if (is_flag(mutants->source, i))
            mutants->flags[mutants->nr_flags++] = tokens_text(mutants->source, i, i + 1);
    qsort(mutants->flags, mutants->nr_flags, sizeof *mutants->flags, by_text);
    for (size_t f = 0; f < mutants->nr_flags; f++)
        if (kept > 0 && strcmp(mutants->flags[kept - 1], mutants->flags[f]) == 0)
            free(mutants->flags[f]);
        else
            mutants->flags[kept++] = mutants->flags[f];
    mutants->nr_flags = kept;
    return true;
}

/* The enumeration of this file that has the name, by its brace; NOT_A_TOKEN: none has it. */
static size_t enumeration_of(const struct source *source, const char *name)
{
    for (size_t i = 0; i < source->nr_tokens; i++) {
        const size_t brace = source->tokens[i].inside;
        if (token_is(source, i, name) && brace != NOT_A_TOKEN && brace >= 1 &&
            (token_is(source, brace - 1, "enum") || (brace >= 2 && token_is(source, brace - 2, "enum"))))
            return brace;
    }
    return NOT_A_TOKEN;
}

/* The next name that begins as this one does, round the alphabet; of an enumeration, another of its names. */
const char *flag_like(const struct operation *operation, size_t token)
{
    const struct mutants *mutants = operation->mutants;

    if (!is_flag(operation->source, token))
        return NULL;
    for (size_t f = 0; f < mutants->nr_flags; f++) {
        const char *name = mutants->flags[f];
        const size_t prefix = strcspn(name, "_") + 1;
        if (!token_is(operation->source, token, name))
            continue;
        for (size_t o = 1; o < mutants->nr_flags; o++) {
            const char *other = mutants->flags[(f + o) % mutants->nr_flags];
            if (strncmp(other, name, prefix) == 0 &&
                enumeration_of(operation->source, other) == enumeration_of(operation->source, name))
                return other;
        }
    }
    return NULL;
}

/* ---- all ---------------------------------------------------------------------------------------- */

struct mutants *mutants_new(const struct source *source, mutants_found *found, void *context)
{
    struct mutants *mutants = calloc(1, sizeof *mutants);

    if (mutants == NULL)
        return NULL;
    *mutants = (struct mutants){.source = source, .found = found, .context = context};
    if (mutants_add_declarations(mutants, source) && add_flags(mutants))
        return mutants;
    mutants_free(mutants);
    return NULL;
}

void mutants_free(struct mutants *mutants)
{
    if (mutants == NULL)
        return;
    for (size_t m = 0; m < mutants->nr_members; m++) {
        free(mutants->members[m].type);
        free(mutants->members[m].name);
    }
    for (size_t f = 0; f < mutants->nr_flags; f++)
        free(mutants->flags[f]);
    free(mutants->members);
    free(mutants->flags);
    free(mutants);
}

void mutants_tell(struct mutants *mutants)
{
    for (size_t i = 0; i < mutants->source->nr_tokens; i++) {
        const struct token *token = &mutants->source->tokens[i];

        if (token->function == NOT_A_TOKEN || token->assertion)
            continue;
        for (size_t o = 0; o < sizeof operators / sizeof operators[0]; o++) {
            const struct operation operation = {mutants, mutants->source, operators[o].name};
            operators[o].at(&operation, i);
        }
    }
}
