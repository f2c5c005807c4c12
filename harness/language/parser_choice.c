/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * NAME=VALUE on a domain's line that is a choice of its kernel's and none of the language: what the kernel describes as `choice`.
 * They may stand before kernel=, so that they are looked up at the line's end. Each adds words to the command line, or makes
 * it another kernel, whose choices count from there on.
 */
#include "harness/language/parser.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

bool parse_choice(struct parser *p, struct choices *choices)
{
    const struct token name = p->token;

    for (size_t i = 0; i < choices->count; i++)
        if (token_is(&name, choices->of[i].name))
            return complain(p, name.span, "`%s` is said twice", choices->of[i].name);
    if (choices->count == CHOICES_MAX)
        return complain(p, name.span, "a domain has at most %u choices of its kernel's", CHOICES_MAX);
    struct choice *choice = &choices->of[choices->count];
    choice->where = name.span;
    advance(p);
    if (!parse_assign(p, &name))
        return false;
    if (p->token.kind != TOKEN_WORD)
        return expected(p, "a word, as on or off");
    if (name.bytes >= sizeof choice->name || p->token.bytes >= sizeof choice->value)
        return complain(p, name.span, "no kernel has a choice as long as this");
    memcpy(choice->name, name.start, name.bytes);
    choice->name[name.bytes] = '\0';
    memcpy(choice->value, p->token.start, p->token.bytes);
    choice->value[p->token.bytes] = '\0';
    choice->value_where = p->token.span;
    choices->count++;
    advance(p);
    return true;
}

static void suggest_options(const struct choices *choices, struct suggestion *s)
{
    for (size_t i = 0; i < choices->nr_options; i++)
        suggest_offer(s, choices->options[i]);
}

/* The language's own options of a domain. */
static const char *options_of(const struct choices *choices, char *out, size_t room)
{
    size_t used = 0;

    for (size_t i = 0; i < choices->nr_options; i++)
        used += (size_t)snprintf(out + used, room - used, "%s%s", i > 0 ? ", " : "", choices->options[i]);
    assert(used < room);
    return out;
}

/* The kernel's choices as "a=on, a=off": all, or those of one name. */
static const char *listed(const struct kernel *kernel, const char *name, char *out, size_t room)
{
    size_t used = 0;

    out[0] = '\0';
    for (size_t i = 0; i < kernel->nr_choices && used < room; i++) {
        const struct kernel_choice *choice = &kernel->choices[i];
        if (name == NULL || strcmp(choice->name, name) == 0)
            used += (size_t)snprintf(
                out + used, room - used, "%s%s=%s", used > 0 ? ", " : "", choice->name, choice->value);
    }
    return out;
}

static bool no_such_choice(struct parser *p, const struct choices *choices, const struct choice *choice,
    const struct kernel *kernel, const char *kernel_name)
{
    char list[300] = "", options[120], guess[64];
    struct suggestion s;

    suggest_begin(&s, choice->name, strlen(choice->name));
    suggest_options(choices, &s);
    for (size_t i = 0; kernel != NULL && i < kernel->nr_choices; i++) {
        if (strcmp(kernel->choices[i].name, choice->name) == 0)
            return complain(p, choice->value_where, "%s has no %s=%s; it has %s", kernel_name, choice->name,
                choice->value, listed(kernel, choice->name, list, sizeof list));
        suggest_offer(&s, kernel->choices[i].name);
    }
    if (s.best != NULL)
        return complain(
            p, choice->where, "a domain has no option `%s`%s", choice->name, meant(&s, guess, sizeof guess));
    if (kernel != NULL)
        listed(kernel, NULL, list, sizeof list);
    return complain(p, choice->where, "a domain has no option `%s`; expected one of %s%s%s", choice->name,
        options_of(choices, options, sizeof options), list[0] != '\0' ? ", or of its kernel's: " : "", list);
}

/* Is it an option of the language's, misspelt? */
static bool is_slip(const struct choices *choices, const struct choice *choice)
{
    struct suggestion s;

    suggest_begin(&s, choice->name, strlen(choice->name));
    suggest_options(choices, &s);
    return s.best != NULL;
}

static bool add_words(struct parser *p, struct domain_decl *decl, const char *words)
{
    const char *before = decl->command_line != NULL ? decl->command_line : "";
    const size_t bytes = strlen(before) + strlen(words) + 2;
    char *line = malloc(bytes);

    if (line == NULL)
        return complain(p, decl->where, "out of memory");
    snprintf(line, bytes, "%s%s%s", before, before[0] != '\0' ? " " : "", words);
    free(decl->command_line);
    decl->command_line = line;
    return true;
}

/*
 * What the kernel that is named says of it; where that one isn't there, the one that runs in its place. *known is NULL when
 * neither can be asked: then the domain can't be built anyway. False: complained.
 */
static bool look_up(struct parser *p, const struct choices *choices, const struct choice *choice,
    const char *name, const struct kernel_choice **known)
{
    const struct kernels *kernels = p->kernels;
    const struct kernel *kernel = kernels != NULL ? kernels->describe(name) : NULL;

    *known = kernel_choice_of(kernel, choice->name, choice->value);
    if (*known != NULL)
        return true;
    if (kernel != NULL || is_slip(choices, choice))
        return no_such_choice(p, choices, choice, kernel, name);
    if (kernels != NULL && kernels->instead != NULL) {
        name = kernels->in_place != NULL ? kernels->in_place(kernels->instead, name) : kernels->instead;
        *known = kernel_choice_of(kernels->describe(name), choice->name, choice->value);
    }
    return true;
}

static bool take_choice(
    struct parser *p, const struct choices *choices, const struct choice *choice, struct domain_decl *decl)
{
    const struct kernel_choice *known;
    const size_t used = strlen(decl->kernel);

    if (!look_up(p, choices, choice, decl->kernel, &known))
        return false;
    if (known == NULL)
        return true;
    assert(known->words == NULL || known->suffix == NULL);
    if (known->words != NULL)
        return add_words(p, decl, known->words);
    if (known->suffix != NULL && used + strlen(known->suffix) >= sizeof decl->kernel)
        return complain(
            p, choice->where, "no kernel has a name as long as %s%s", decl->kernel, known->suffix);
    if (known->suffix != NULL)
        strcpy(decl->kernel + used, known->suffix);
    return true;
}

bool take_choices(struct parser *p, const struct choices *choices, struct domain_decl *decl)
{
    for (size_t i = 0; i < choices->count; i++)
        if (!take_choice(p, choices, &choices->of[i], decl))
            return false;
    return true;
}
