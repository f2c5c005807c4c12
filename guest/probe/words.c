/* SPDX-License-Identifier: BSD-2-Clause */
/* Words and numbers of a command line. It knows no command. */
#include "guest/probe/words.h"
#include "guest/lib/string.h"

static bool is_space(char c)
{
    return c == ' ' || c == '\t';
}

struct word words_next(struct words *words)
{
    struct word word;

    while (is_space(*words->at))
        words->at++;
    word.start = words->at;
    word.bytes = 0;
    if (*words->at == '[' || *words->at == ']') {
        word.bytes = 1;
    } else {
        /* Inside a word, brackets hold an index, as in $f[3]. */
        bool indexed = false;
        while (word.start[word.bytes] != '\0' && !is_space(word.start[word.bytes]) &&
               (indexed || word.start[word.bytes] != ']')) {
            indexed = word.start[word.bytes] == '[' || (indexed && word.start[word.bytes] != ']');
            word.bytes++;
        }
    }
    words->at += word.bytes;
    return word;
}

bool word_is(struct word word, const char *text)
{
    return strlen(text) == word.bytes && memcmp(word.start, text, word.bytes) == 0;
}

bool word_has_key(struct word word, const char *key, struct word *value)
{
    size_t bytes = strlen(key);

    if (word.bytes <= bytes || memcmp(word.start, key, bytes) != 0 || word.start[bytes] != '=')
        return false;
    value->start = word.start + bytes + 1;
    value->bytes = word.bytes - bytes - 1;
    return true;
}

bool word_number(struct word word, uint64_t *number)
{
    size_t i = 0;
    char sign = '\0';
    int base = 10;

    if (word.bytes > 0 && (word.start[0] == '-' || word.start[0] == '~'))
        sign = word.start[i++];
    if (word.bytes > i + 2 && word.start[i] == '0' && word.start[i + 1] == 'x') {
        base = 16;
        i += 2;
    }
    if (i == word.bytes)
        return false;
    *number = 0;
    for (; i < word.bytes; i++) {
        int d = string_digit(word.start[i]);

        if (d >= base || *number > (UINT64_MAX - (uint64_t)d) / (uint64_t)base)
            return false;
        *number = *number * (uint64_t)base + (uint64_t)d;
    }
    if (sign == '-')
        *number = -*number;
    if (sign == '~')
        *number = ~*number;
    return true;
}
