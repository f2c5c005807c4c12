/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of words, and texts taken apart into them. */
#include "harness/builder/words.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void take(struct words *words, char *word)
{
    char **list = word != NULL ? realloc(words->list, (words->count + 2) * sizeof *list) : NULL;

    if (list == NULL) {
        free(word);
        words->failed = true;
        return;
    }
    words->list = list;
    words->list[words->count++] = word;
    words->list[words->count] = NULL;
}

void words_add(struct words *words, const char *word)
{
    assert(words->list == NULL || words->list[words->count] == NULL);
    take(words, strdup(word));
}

void words_add_all(struct words *words, const struct words *more)
{
    for (size_t w = 0; w < more->count; w++)
        words_add(words, more->list[w]);
    words->failed = words->failed || more->failed;
}

void words_addf(struct words *words, const char *format, ...)
{
    va_list arguments;
    char *word = NULL;

    va_start(arguments, format);
    if (vasprintf(&word, format, arguments) < 0)
        word = NULL;
    va_end(arguments);
    take(words, word);
}

bool words_have(const struct words *words, const char *word)
{
    for (size_t w = 0; w < words->count; w++)
        if (strcmp(words->list[w], word) == 0)
            return true;
    return false;
}

void words_free(struct words *words)
{
    for (size_t w = 0; w < words->count; w++)
        free(words->list[w]);
    free(words->list);
    *words = (struct words){0};
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n';
}

/* One word, put together at `out`; returns behind it, or NULL at a mark that nothing closes. */
static const char *read_word(const char *text, char *out, char *open)
{
    *open = 0;
    for (; *text != 0 && (*open != 0 || !is_blank(*text)); text++) {
        if (*text == *open)
            *open = 0;
        else if (*open == 0 && (*text == '\'' || *text == '"'))
            *open = *text;
        else if (*text == '\\' && *open != '\'') {
            if (*++text == 0) {
                *open = '\\';
                return NULL;
            }
            *out++ = *text;
        } else
            *out++ = *text;
    }
    *out = 0;
    return *open == 0 ? text : NULL;
}

bool words_take_text(struct words *words, const char *text, char *error, size_t error_bytes)
{
    char *word = malloc(strlen(text) + 1), open;

    assert(error_bytes > 0);
    if (word == NULL)
        words->failed = true;
    while (word != NULL) {
        text += strspn(text, " \t\n");
        if (*text == 0)
            break;
        text = read_word(text, word, &open);
        if (text == NULL) {
            snprintf(
                error, error_bytes, "nothing %s its %c", open == '\\' ? "stands behind" : "closes", open);
            free(word);
            return false;
        }
        words_add(words, word);
    }
    free(word);
    if (words->failed)
        snprintf(error, error_bytes, "no memory");
    return !words->failed;
}
