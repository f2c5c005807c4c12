/* SPDX-License-Identifier: BSD-2-Clause */
/* Words and numbers of a probe's command line. It knows no command. */
#include "guest/probe/probe.h"

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
        /* A bracket inside a word is an index: $f[3]. */
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
    size_t i;

    for (i = 0; i < word.bytes; i++)
        if (text[i] != word.start[i])
            return false;
    return text[i] == '\0';
}

bool word_has_key(struct word word, const char *key, struct word *value)
{
    size_t i = 0;

    while (i < word.bytes && key[i] != '\0' && key[i] == word.start[i])
        i++;
    if (key[i] != '\0' || i >= word.bytes || word.start[i] != '=')
        return false;
    value->start = word.start + i + 1;
    value->bytes = word.bytes - i - 1;
    return true;
}

static int digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
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
        int d = digit(word.start[i]);

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

size_t text_number(char *out, int64_t number)
{
    uint64_t rest = number < 0 ? -(uint64_t)number : (uint64_t)number;
    char digits[20];
    size_t count = 0, bytes = 0;

    do {
        digits[count++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (number < 0)
        out[bytes++] = '-';
    while (count > 0)
        out[bytes++] = digits[--count];
    return bytes;
}

size_t text_copy(char *out, const char *text)
{
    size_t bytes = 0;

    for (; bytes < ANSWER_BYTES && text[bytes] != '\0'; bytes++)
        out[bytes] = text[bytes];
    return bytes;
}
