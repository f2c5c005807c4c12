/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the mutator changes. An operator is a kind of error that people make; it looks at a token of a function and tells
 * each change that it would make there. A mutant is the file with one such change.
 */
#ifndef HARNESS_TESTS_MUTANTS_MUTANTS_H
#define HARNESS_TESTS_MUTANTS_MUTANTS_H

#include "harness/tests/mutants/source.h"

struct mutants;

struct mutant {
    const char *operator;
    size_t token;      /* where it is, for line and function */
    size_t at, length; /* the bytes of the text that are replaced ... */
    char *with;        /* ... by these; the receiver's */
    char *what;        /* for people, and to find it again after an edit elsewhere; the receiver's */
};

typedef void mutants_found(void *context, const struct mutant *);

/* Tells every mutant of a file, in the order of its tokens. `members`: a file of declarations for the operator "field", or
 * NULL; more than one may be added. */
struct mutants *mutants_new(const struct source *, mutants_found *, void *context);
bool mutants_add_declarations(struct mutants *, const struct source *);
void mutants_tell(struct mutants *);
void mutants_free(struct mutants *);

/* For the operators: the bytes from one token up to, not with, another are replaced. */
struct operation {
    const struct mutants *mutants;
    const struct source *source;
    const char *name;
};
void mutant_replace(const struct operation *, size_t first, size_t end, const char *format, ...)
    __attribute__((format(printf, 4, 5)));
/* The source from one token up to, not with, another; the caller's. */
char *tokens_text(const struct source *, size_t first, size_t end);

/* What operators ask about members of structs and names of flags. Each returns 0, 1 or more names, the n-th of them. */
const char *member_like(const struct operation *, size_t token, unsigned nth);
const char *flag_like(const struct operation *, size_t token);

typedef void operator_at(const struct operation *, size_t token);
operator_at mutate_delete, mutate_negate, mutate_off_by_one, mutate_units, mutate_undo, mutate_lock,
    mutate_ignore, mutate_order, mutate_field, mutate_flag, mutate_leak, mutate_zeroing, mutate_boundary;

#endif
