/* SPDX-License-Identifier: BSD-2-Clause */
/* A command that is being run: what it prints, and which options it was given. */
#include "sim/toolstack/command.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/machine.h"

void say(struct command *c, const char *format, ...)
{
    va_list arguments;
    int bytes;

    assert(c->used < c->room);
    va_start(arguments, format);
    bytes = vsnprintf(c->output + c->used, c->room - c->used, format, arguments);
    va_end(arguments);
    if (bytes < 0)
        return;
    c->used += (size_t)bytes < c->room - c->used ? (size_t)bytes : c->room - c->used - 1;
}

bool options_take(struct command *c, const char *known, unsigned *given)
{
    int kept = 1;
    bool only_words = false;

    *given = 0;
    for (int i = 1; i < c->argc; i++) {
        const char *word = c->argv[i];

        if (only_words || word[0] != '-' || word[1] == '\0') {
            c->argv[kept++] = c->argv[i];
        } else if (strcmp(word, "--") == 0) {
            only_words = true;
        } else {
            for (const char *p = word + 1; *p != '\0'; p++) {
                const char *found = strchr(known, *p);

                if (found == NULL) {
                    say(c, "option `%c' not supported.\n", *p);
                    return false;
                }
                *given |= 1u << (found - known);
            }
        }
    }
    c->argc = kept;
    c->argv[kept] = NULL;
    assert(kept >= 1);
    return true;
}

struct domain *domain_zero(struct command *c, const char *text)
{
    const bool named = strcmp(text, "0") == 0 || strcmp(text, "Domain-0") == 0;

    return named ? machine_initial_domain(c->machine) : NULL;
}

struct domain *domain_named(struct command *c, const char *text)
{
    struct domain *domain = machine_domain(c->machine, text);

    if (domain == NULL)
        domain = domain_zero(c, text);
    if (domain == NULL && text[0] != '\0' && text[strspn(text, "0123456789")] == '\0' && strlen(text) < 6)
        domain = machine_domain_by_id(c->machine, (unsigned)strtoul(text, NULL, 10));
    return domain;
}
