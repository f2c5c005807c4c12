/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * C source as tokens, for the mutator: brackets know their mates, and tokens their function and whether a statement
 * begins with them. It reads the layout that clang-format gives our files, and no preprocessor line.
 */
#ifndef HARNESS_TESTS_MUTANTS_SOURCE_H
#define HARNESS_TESTS_MUTANTS_SOURCE_H

#include <stdbool.h>
#include <stddef.h>

enum token_kind { TOKEN_WORD, TOKEN_NUMBER, TOKEN_TEXT, TOKEN_MARK };

struct token {
    enum token_kind kind;
    size_t at, length; /* bytes of the text */
    unsigned line;
    size_t mate;     /* of a bracket: the index of the other one; of others: their own */
    size_t inside;   /* the index of the innermost open bracket; NOT_A_TOKEN outside of all */
    size_t function; /* the index of its name, for the tokens of a function's body; else NOT_A_TOKEN */
    bool starts;     /* a statement of a function begins with it */
    bool assertion;  /* it is part of an assertion */
};

#define NOT_A_TOKEN ((size_t)-1)

struct source {
    char *text;
    size_t bytes;
    struct token *tokens;
    size_t nr_tokens;
};

/* False, with errno set: the file can't be read, or there is no memory. A bracket without its mate ends the program. */
bool source_read(struct source *, const char *path);
void source_free(struct source *);

bool token_is(const struct source *, size_t token, const char *text); /* false behind the last token, too */
bool token_is_one_of(const struct source *, size_t token, const char *words); /* words between spaces */
bool token_has(const struct source *, size_t token, const char *part); /* the word contains that part */
bool token_is_word(const struct source *, size_t token);

/* The statement that begins at a token and ends in a semicolon: the index of that; NOT_A_TOKEN: it is none of these. */
size_t statement_end(const struct source *, size_t token);
/* It is an expression: an assignment or a call, no declaration, no jump, no assertion. */
bool statement_is_expression(const struct source *, size_t token);
/* Of a statement that only calls: the index of the function's name; else NOT_A_TOKEN. */
size_t statement_call(const struct source *, size_t token);

#endif
