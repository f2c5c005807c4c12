/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The scenario's text as lines and tokens, with columns in bytes. It knows no statement. A toolstack command is not
 * made of tokens: lexer_raw takes it as it is, up to a comparison, an arrow or a comment.
 */
#ifndef HARNESS_LANGUAGE_LEXER_H
#define HARNESS_LANGUAGE_LEXER_H

#include "harness/language/scenario.h"

enum token_kind {
    TOKEN_END,    /* of the line, or a comment */
    TOKEN_WORD,   /* letters, digits and . _ - + * / @ $ % */
    TOKEN_STRING, /* text in quotes, with \" and \\ inside; the span has the quotes, start and bytes do not */
    TOKEN_EQ,
    TOKEN_NE,
    TOKEN_LT,
    TOKEN_LE,
    TOKEN_GT,
    TOKEN_GE,
    TOKEN_MATCH,
    TOKEN_NO_MATCH,
    TOKEN_ARROW, /* -> */
    TOKEN_ASSIGN,
    TOKEN_COLON,
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_OPEN_SQUARE,
    TOKEN_CLOSE_SQUARE,
    TOKEN_UNCLOSED, /* a string without its second quote */
    TOKEN_STRAY,    /* a byte that means nothing here */
};

struct token {
    enum token_kind kind;
    struct span span;
    const char *start; /* in the text */
    size_t bytes;
    bool glued; /* there is no blank between it and the token before */
};

/* Which bytes of a line as it stands an expanded line's byte came from: from 0, the second behind the last. */
struct origin {
    uint32_t from, to;
};

struct lexer {
    const char *text, *end;
    const char *next; /* where the next line begins */
    const char *line_start, *line_end, *at;
    const struct origin
        *origins;  /* the line was replaced: one for each byte of it, and one for its end; else NULL */
    uint32_t line; /* its number in the whole text */
};

/* The text's first line has that number in the whole text. */
void lexer_begin(struct lexer *, const char *text, size_t bytes, uint32_t first_line);
/* Has the present line read as another text; spans still say where a thing stands in the line itself. */
void lexer_replace_line(struct lexer *, const char *line, size_t bytes, const struct origin *);
bool lexer_is_comment(const struct lexer *); /* is the whole line one? */
bool lexer_next_line(struct lexer *);        /* false: there is none */
struct token lexer_next(struct lexer *);
struct token lexer_peek(const struct lexer *);
/* Takes the words of a command as one token, beginning at `from`; the lexer goes on behind them. */
struct token lexer_raw(struct lexer *, const char *from);
/* The same up to a comment or the line's end, whatever else is in it. */
struct token lexer_rest(struct lexer *, const char *from);

bool token_is(const struct token *, const char *word);
struct span lexer_span(const struct lexer *, const char *start, const char *end);

/* Bytes that may not be in a scenario at all: a byte order mark, NUL, CR, other controls, text that is no
 * UTF-8. False with the complaint filled in. */
bool lexer_check_bytes(const char *text, size_t bytes, struct complaint *);
/* The length of the UTF-8 sequence at p; 0: there is none. */
size_t utf8_bytes(const char *p, const char *end);

#endif
