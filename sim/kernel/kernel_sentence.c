/* SPDX-License-Identifier: BSD-2-Clause */
/* Sentences on a kernel's console: patterns checked once, and matched against a line. */
#include "sim/kernel/kernel_sentence.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define COUNT(table) (sizeof(table) / sizeof(table)[0])
#define SHOWN_BYTES  60

/* A place for a number in a pattern. */
struct place {
    enum kernel_number number;
    enum kernel_unit unit;
    const char *end; /* behind its closing brace */
};

static const char *const units[] = {NULL, "pages", "kib", "bytes"};

bool kernel_unit_by_name(const char *name, size_t bytes, enum kernel_unit *unit)
{
    for (size_t i = KERNEL_UNIT_PAGES; i < COUNT(units); i++)
        if (strlen(units[i]) == bytes && memcmp(units[i], name, bytes) == 0) {
            *unit = (enum kernel_unit)i;
            return true;
        }
    return false;
}

static bool number_by_name(const char *name, size_t bytes, enum kernel_number *number)
{
    static const char *const names[NR_KERNEL_NUMBERS] = {
#define X(id, word) [KERNEL_NUMBER_##id] = word,
        KERNEL_NUMBERS(X)
#undef X
    };

    for (size_t i = 0; i < COUNT(names); i++)
        if (strlen(names[i]) == bytes && memcmp(names[i], name, bytes) == 0) {
            *number = (enum kernel_number)i;
            return true;
        }
    return false;
}

/* Reads "{target:pages}", at its opening brace. */
static bool read_place(const char *at, struct place *place)
{
    const char *close = strchr(at, '}');
    size_t bytes;

    assert(*at == '{');
    place->unit = KERNEL_UNIT_UNSAID;
    if (close == NULL)
        return false;
    place->end = close + 1;
    bytes = strcspn(at, ":}");
    if (at[bytes] == ':' &&
        !kernel_unit_by_name(at + bytes + 1, (size_t)(close - at) - bytes - 1, &place->unit))
        return false;
    return number_by_name(at + 1, bytes - 1, &place->number);
}

/* Is the word one of `words`, as "current target"? */
static bool has_word(const char *words, const char *word)
{
    size_t bytes = strlen(word);

    for (const char *at = strstr(words, word); at != NULL; at = strstr(at + 1, word))
        if ((at == words || at[-1] == ' ') && (at[bytes] == ' ' || at[bytes] == '\0'))
            return true;
    return false;
}

static bool complain(char *error, size_t error_bytes, const char *what, const char *at)
{
    snprintf(error, error_bytes, "%s: `%.*s`", what, SHOWN_BYTES, at);
    return false;
}

/* Checks that the pattern has each number that the saying needs, and none twice. */
static bool check_numbers(
    const struct kernel_sentence *sentence, const unsigned *times, char *error, size_t error_bytes)
{
    static const char *const wanted[NR_KERNEL_SAYINGS] = {
#define X(id, word, numbers, meaning) [KERNEL_SAYS_##id] = numbers,
        KERNEL_SAYINGS(X)
#undef X
    };
    static const char *const names[NR_KERNEL_NUMBERS] = {
#define X(id, word) [KERNEL_NUMBER_##id] = word,
        KERNEL_NUMBERS(X)
#undef X
    };

    for (size_t i = 0; i < COUNT(names); i++) {
        if (times[i] > 1)
            return complain(error, error_bytes, "a number stands twice in its pattern", names[i]);
        if (times[i] == 0 && has_word(wanted[sentence->saying], names[i]))
            return complain(error, error_bytes, "its pattern lacks the number", names[i]);
    }
    return true;
}

bool kernel_sentence_check(const struct kernel_sentence *sentence, char *error, size_t error_bytes)
{
    const char *at = sentence->pattern;
    unsigned times[NR_KERNEL_NUMBERS] = {0};
    struct place place;

    assert((unsigned)sentence->saying < NR_KERNEL_SAYINGS);
    if (*at == '\0' || *at == '{')
        return complain(error, error_bytes, "a pattern begins with text, not with a number", at);
    for (at = strchr(at, '{'); at != NULL; at = strchr(place.end, '{')) {
        if (!read_place(at, &place))
            return complain(error, error_bytes, "this is no number of a pattern", at);
        if (*place.end == '{')
            return complain(error, error_bytes, "two numbers touch", at);
        times[place.number]++;
    }
    return check_numbers(sentence, times, error, error_bytes);
}

/* The value of a digit in this base; the base itself: it is none. */
static unsigned digit_of(char c, unsigned base)
{
    const unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                           : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
                                                  : base;

    return digit < base ? digit : base;
}

/* Reads a number, hexadecimal behind "0x". False: no digit, or too large for 64 bits. */
static bool read_number(const char **text, uint64_t *value)
{
    const unsigned base = strncmp(*text, "0x", 2) == 0 ? 16 : 10;
    const char *const first = *text + (base == 16 ? 2 : 0), *at;
    unsigned digit;

    *value = 0;
    for (at = first; (digit = digit_of(*at, base)) < base; at++) {
        if (*value > (UINT64_MAX - digit) / base)
            return false;
        *value = *value * base + digit;
    }
    *text = at;
    return at > first;
}

static bool matches_here(const char *pattern, const char *text, struct kernel_said *said)
{
    struct place place;

    while (*pattern != '\0') {
        if (*pattern != '{') {
            if (*text++ != *pattern++)
                return false;
            continue;
        }
        bool is_place = read_place(pattern, &place);
        assert(is_place); /* the sentence was checked */
        if (!is_place || !read_number(&text, &said->value[place.number]))
            return false;
        said->unit[place.number] = place.unit;
        pattern = place.end;
    }
    return true;
}

bool kernel_sentence_matches(
    const struct kernel_sentence *sentence, const char *line, struct kernel_said *said)
{
    assert(sentence->pattern[0] != '\0' && sentence->pattern[0] != '{');
    for (const char *at = strchr(line, sentence->pattern[0]); at != NULL;
         at = strchr(at + 1, sentence->pattern[0])) {
        *said = (struct kernel_said){{0}, {KERNEL_UNIT_UNSAID}};
        if (matches_here(sentence->pattern, at, said))
            return true;
    }
    return false;
}
