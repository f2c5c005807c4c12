/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Sizes and times, from text and to text. Each direction is exact: what one writes, the other reads
 * back as the same number. Nothing is rounded, and nothing wraps.
 */
#include "harness/language/sizes.h"
#include "harness/language/scenario.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

struct size_unit {
    char suffix;
    unsigned page_shift;
}; /* pages = number << page_shift; k apart */
static const struct size_unit size_units[] = {{'p', 0}, {'m', 8}, {'g', 18}, {'t', 28}};

struct time_unit {
    const char *name;
    uint64_t ns;
};
static const struct time_unit time_units[] = {
    {"ns", 1},
    {"us", NS_PER_US},
    {"ms", NS_PER_MS},
    {"s", NS_PER_S},
    {"min", 60 * NS_PER_S},
    {"h", 3600 * NS_PER_S},
};
#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* The limit of sizes: 2^52 pages are 2^64 bytes. */
#define PAGES_LIMIT (1ull << 52)

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    if (c >= 'A' && c <= 'F')
        return c - 'A' + 10;
    return 16;
}

/* Reads digits up to the first byte that is none; used says how many. False when they pass 64 bits. */
static bool digits(const char *text, size_t bytes, unsigned base, uint64_t *number, size_t *used)
{
    uint64_t sum = 0;
    size_t i = 0;

    assert(base == 10 || base == 16);
    for (; i < bytes && digit_value(text[i]) < (int)base; i++) {
        if (__builtin_mul_overflow(sum, base, &sum) ||
            __builtin_add_overflow(sum, (uint64_t)digit_value(text[i]), &sum))
            return false;
    }
    *number = sum;
    *used = i;
    return true;
}

enum number_reading number_parse(const char *text, size_t bytes, uint64_t *number)
{
    bool hex = bytes > 2 && text[0] == '0' && (text[1] == 'x' || text[1] == 'X');
    size_t skip = hex ? 2 : 0, used;

    assert(text != NULL && number != NULL);
    if (!digits(text + skip, bytes - skip, hex ? 16 : 10, number, &used))
        return READING_TOO_LARGE;
    if (used == 0)
        return READING_NO_NUMBER;
    return used + skip == bytes ? READING_OK : READING_BAD_UNIT;
}

enum number_reading size_parse(const char *text, size_t bytes, uint64_t *pages, char *suffix)
{
    uint64_t number;
    size_t used;

    assert(text != NULL && pages != NULL && suffix != NULL);
    if (!digits(text, bytes, 10, &number, &used))
        return READING_TOO_LARGE;
    if (used == 0)
        return READING_NO_NUMBER;
    if (used == bytes)
        return READING_NO_UNIT;
    if (used + 1 != bytes)
        return READING_BAD_UNIT;
    *suffix = text[used];
    if (*suffix == 'k') {
        *pages = number / KIB_PER_PAGE;
        if (*pages >= PAGES_LIMIT)
            return READING_TOO_LARGE;
        return number % KIB_PER_PAGE == 0 ? READING_OK : READING_NOT_WHOLE;
    }
    for (size_t i = 0; i < COUNT(size_units); i++) {
        if (size_units[i].suffix != *suffix)
            continue;
        if (number >= PAGES_LIMIT >> size_units[i].page_shift)
            return READING_TOO_LARGE;
        *pages = number << size_units[i].page_shift;
        return READING_OK;
    }
    return READING_BAD_UNIT;
}

/* The digits behind the point, as a count of 10^-9; false when there are more than nine that count. */
static bool fraction(const char *text, size_t bytes, uint64_t *billionths, size_t *used)
{
    uint64_t worth = NS_PER_S / 10;
    size_t i = 0;

    *billionths = 0;
    for (; i < bytes && text[i] >= '0' && text[i] <= '9'; i++, worth /= 10) {
        if (worth == 0 && text[i] != '0')
            return false;
        *billionths += worth * (uint64_t)(text[i] - '0');
    }
    *used = i;
    return true;
}

enum number_reading time_parse(const char *text, size_t bytes, uint64_t *ns)
{
    uint64_t number, billionths = 0, part;
    size_t used, behind;

    assert(text != NULL && ns != NULL);
    if (!digits(text, bytes, 10, &number, &used))
        return READING_TOO_LARGE;
    if (used == 0)
        return READING_NO_NUMBER;
    if (used < bytes && text[used] == '.') {
        if (!fraction(text + used + 1, bytes - used - 1, &billionths, &behind))
            return READING_NOT_WHOLE;
        if (behind == 0)
            return READING_BAD_UNIT;
        used += 1 + behind;
    }
    if (used == bytes) {
        *ns = 0;
        return number == 0 && billionths == 0 ? READING_OK : READING_NO_UNIT;
    }
    for (size_t i = 0; i < COUNT(time_units); i++) {
        const struct time_unit *unit = &time_units[i];
        if (strlen(unit->name) != bytes - used || memcmp(unit->name, text + used, bytes - used) != 0)
            continue;
        if (__builtin_mul_overflow(number, unit->ns, ns))
            return READING_TOO_LARGE;
        /* A unit is a whole number of seconds or a fraction of one: neither product passes 64 bits. */
        if (unit->ns < NS_PER_S && billionths * unit->ns % NS_PER_S != 0)
            return READING_NOT_WHOLE;
        part = unit->ns < NS_PER_S ? billionths * unit->ns / NS_PER_S : billionths * (unit->ns / NS_PER_S);
        return __builtin_add_overflow(*ns, part, ns) ? READING_TOO_LARGE : READING_OK;
    }
    return READING_BAD_UNIT;
}

/* How much of the text is the number: digits, and a point between digits. */
static size_t number_bytes(const char *text, size_t bytes)
{
    size_t i = 0;

    while (i < bytes && ((text[i] >= '0' && text[i] <= '9') || text[i] == '.'))
        i++;
    return i;
}

static bool same_word(const char *text, size_t bytes, const char *word)
{
    size_t i = 0;

    for (; i < bytes && word[i] != '\0'; i++) {
        char c = text[i];
        if (c >= 'A' && c <= 'Z')
            c = (char)(c - 'A' + 'a');
        if (c != word[i])
            return false;
    }
    return i == bytes && word[i] == '\0';
}

struct guess {
    const char *written, *meant;
};

static bool guess_from(
    const struct guess *table, size_t count, const char *text, size_t bytes, char *out, size_t out_bytes)
{
    size_t used = number_bytes(text, bytes);

    assert(out != NULL && out_bytes > 0);
    if (used == 0 || used > 20)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (same_word(text + used, bytes - used, table[i].written)) {
            snprintf(out, out_bytes, "%.*s%s", (int)used, text, table[i].meant);
            return true;
        }
    }
    return false;
}

bool size_guess(const char *text, size_t bytes, char *out, size_t out_bytes)
{
    static const struct guess table[] = {
        {"k", "k"},
        {"kb", "k"},
        {"kib", "k"},
        {"m", "m"},
        {"mb", "m"},
        {"mib", "m"},
        {"g", "g"},
        {"gb", "g"},
        {"gib", "g"},
        {"t", "t"},
        {"tb", "t"},
        {"tib", "t"},
        {"p", "p"},
        {"page", "p"},
        {"pages", "p"},
    };
    size_t used = number_bytes(text, bytes);

    if (memchr(text, '.', used) != NULL)
        return false;
    return guess_from(table, COUNT(table), text, bytes, out, out_bytes);
}

bool time_guess(const char *text, size_t bytes, char *out, size_t out_bytes)
{
    static const struct guess table[] = {
        {"m", "min"},
        {"mins", "min"},
        {"minute", "min"},
        {"minutes", "min"},
        {"min", "min"},
        {"s", "s"},
        {"sec", "s"},
        {"secs", "s"},
        {"second", "s"},
        {"seconds", "s"},
        {"ms", "ms"},
        {"msec", "ms"},
        {"us", "us"},
        {"usec", "us"},
        {"ns", "ns"},
        {"nsec", "ns"},
        {"h", "h"},
        {"hr", "h"},
        {"hour", "h"},
        {"hours", "h"},
    };

    return guess_from(table, COUNT(table), text, bytes, out, out_bytes);
}

void size_text(uint64_t pages, char suffix_wanted, char *out, size_t out_bytes)
{
    static const char largest_first[] = "tgm";
    uint64_t number = pages;
    char suffix = 'p';

    assert(out != NULL && out_bytes > 0);
    if (suffix_wanted == 'k' && pages < PAGES_LIMIT) {
        number = pages * KIB_PER_PAGE;
        suffix = 'k';
    }
    for (const char *c = largest_first; *c != '\0' && pages != 0; c++) {
        unsigned shift = *c == 't' ? 28 : *c == 'g' ? 18 : 8;
        bool wanted = suffix_wanted == *c || suffix_wanted == 0;
        if (wanted && pages % (1ull << shift) == 0) {
            number = pages >> shift;
            suffix = *c;
            break;
        }
    }
    if (pages == 0 && suffix_wanted != 0 && strchr("kmgt", suffix_wanted) != NULL)
        suffix = suffix_wanted;
    snprintf(out, out_bytes, "%llu%c", (unsigned long long)number, suffix);
}

void time_text(uint64_t ns, char *out, size_t out_bytes)
{
    const struct time_unit *unit = &time_units[3];
    char decimals[24] = "";

    assert(out != NULL && out_bytes > 0);
    if (ns != 0 && ns % time_units[5].ns == 0)
        unit = &time_units[5];
    else if (ns != 0 && ns % time_units[4].ns == 0)
        unit = &time_units[4];
    else if (ns != 0 && ns < NS_PER_S)
        unit = ns < NS_PER_US ? &time_units[0] : ns < NS_PER_MS ? &time_units[1] : &time_units[2];
    if (ns % unit->ns != 0) {
        /* The unit is a power of ten. Adding it keeps the zeros in front of the fraction, and its 1 is overwritten by the
         * point. */
        size_t length = (size_t)snprintf(
            decimals, sizeof decimals, "%llu", (unsigned long long)(unit->ns + ns % unit->ns));
        decimals[0] = '.';
        while (decimals[length - 1] == '0')
            decimals[--length] = '\0';
    }
    snprintf(out, out_bytes, "%llu%s%s", (unsigned long long)(ns / unit->ns), decimals, unit->name);
}
