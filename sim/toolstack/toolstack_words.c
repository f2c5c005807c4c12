/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A pasted line taken apart: a empty domain's quoting, xl's sizes and options. No globbing, no variables, and
 * one command only: what would need a real empty domain is refused rather than misread.
 */
#include "sim/toolstack/toolstack_internal.h"

#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* One word from *at into *out, quotes taken away. */
static const char *take_word(const char **at, char **out)
{
    const char *p = *at;
    char *to = *out, quote = '\0';

    for (; *p != '\0' && (quote != '\0' || !is_blank(*p)); p++) {
        if (quote == '\0' && (*p == '\'' || *p == '"')) {
            quote = *p;
        } else if (*p == quote) {
            quote = '\0';
        } else if (*p == '\\' && quote != '\'') {
            if (p[1] == '\0')
                return "a backslash with nothing behind it";
            /* Inside double quotes it only takes away the meaning of these. */
            if (quote == '"' && strchr("\\\"$`", p[1]) == NULL)
                *to++ = '\\';
            *to++ = *++p;
        } else if (quote == '\0' && strchr(";&|<>()`", *p) != NULL) {
            return "one plain command is wanted; ; & | < > ( ) ` need a empty domain (or quotes)";
        } else {
            *to++ = *p;
        }
    }
    if (quote != '\0')
        return "a quote without its end";
    *to++ = '\0';
    *at = p;
    *out = to;
    return NULL;
}

const char *words_split(struct words *words, const char *line)
{
    char *out;

    assert(line != NULL);
    words->count = 0;
    words->list[0] = NULL;
    /* A word loses no byte to its NUL: a blank or the line's end stood there. */
    out = words->text = malloc(strlen(line) + 1);
    if (words->text == NULL)
        return "no memory";
    for (;;) {
        const char *wrong;

        while (is_blank(*line))
            line++;
        if (*line == '\0')
            break;
        if (words->count == WORDS_MAX)
            return "more than 64 words";
        words->list[words->count] = out;
        wrong = take_word(&line, &out);
        if (wrong != NULL)
            return wrong;
        words->list[++words->count] = NULL;
    }
    assert(words->count <= WORDS_MAX);
    return NULL;
}

/*
 * As xl's parse_mem_size_kb: a number and at most one letter. Unlike it, which lets a sum that doesn't fit
 * and a negative one through to libxl, both are refused here.
 */
int64_t size_parse_kib(const char *text)
{
    char *end;
    int64_t number;
    unsigned shift = 0;

    errno = 0;
    number = strtoll(text, &end, 10);
    if (errno == ERANGE || number < 0 || strlen(end) > 1)
        return -1;
    switch (tolower((unsigned char)*end)) {
    case 't':
        shift = 30;
        break;
    case 'g':
        shift = 20;
        break;
    case 'm':
    case '\0':
        shift = 10;
        break;
    case 'k':
        break;
    case 'b':
        return number >> 10;
    default:
        return -1;
    }
    return number > (INT64_MAX >> shift) ? -1 : number << shift;
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
