/* SPDX-License-Identifier: BSD-2-Clause */
/* Words for the terminal: texts of guests made harmless, times, lines of the scenario with a caret. */
#include "reports/text_internal.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#define NS_PER_SECOND  UINT64_C(1000000000)
#define NOTE_LINES_MAX 24u

static bool is_continuation(unsigned char byte)
{
    return (byte & 0xc0) == 0x80;
}

/* Bytes of a well-formed UTF-8 character of two or more, 0 when there is none. C1 controls and the two
 * noncharacters that XML refuses are none. */
static size_t utf8_bytes(const unsigned char *at, size_t left_bytes)
{
    size_t bytes = *at >= 0xf0 && *at <= 0xf4 ? 4 : *at >= 0xe0 ? 3 : *at >= 0xc2 ? 2 : 0, i;

    if (*at > 0xf4 || bytes == 0 || bytes > left_bytes)
        return 0;
    for (i = 1; i < bytes; i++)
        if (!is_continuation(at[i]))
            return 0;
    if ((*at == 0xc2 && at[1] < 0xa0) || (*at == 0xe0 && at[1] < 0xa0) || (*at == 0xf0 && at[1] < 0x90))
        return 0; /* controls; a shorter form exists */
    if ((*at == 0xed && at[1] >= 0xa0) || (*at == 0xf4 && at[1] >= 0x90))
        return 0; /* surrogates; past the last character */
    return *at == 0xef && at[1] == 0xbf && at[2] >= 0xbe ? 0 : bytes;
}

void text_clean_bytes(FILE *out, const char *text, size_t bytes)
{
    const unsigned char *at = (const unsigned char *)text, *end = at + bytes;
    size_t character;

    while (at < end) {
        character = *at >= 0x80 ? utf8_bytes(at, (size_t)(end - at)) : 0;
        if (character != 0) {
            fwrite(at, 1, character, out);
            at += character;
            continue;
        }
        if ((*at >= 0x20 && *at < 0x7f) || *at == '\t')
            fputc(*at, out);
        else
            fprintf(out, "\\x%02x", *at);
        at++;
    }
}

void text_clean(FILE *out, const char *text, size_t max_bytes)
{
    size_t bytes = strcspn(text, "\n");
    bool more = text[bytes] == '\n' && text[bytes + 1] != '\0';

    if (bytes > max_bytes) {
        bytes = max_bytes;
        while (bytes > 0 && is_continuation((unsigned char)text[bytes]))
            bytes--;
        more = true;
    }
    if (bytes > 0 && text[bytes] == '\n' && text[bytes - 1] == '\r')
        bytes--;
    text_clean_bytes(out, text, bytes);
    if (more)
        fputs("…", out);
}

void text_seconds(FILE *out, uint64_t time_ns)
{
    fprintf(out, "%" PRIu64 ".%03" PRIu64 " s", time_ns / NS_PER_SECOND, time_ns % NS_PER_SECOND / 1000000);
}

void text_microseconds(FILE *out, uint64_t time_ns)
{
    fprintf(out, "%" PRIu64 ".%06" PRIu64 " s", time_ns / NS_PER_SECOND, time_ns % NS_PER_SECOND / 1000);
}

const char *text_second(const struct record *record)
{
    const char *first = record_text(record);

    return first + strlen(first) + 1;
}

const char *text_line(const struct reading *reading, uint32_t line, size_t *bytes)
{
    size_t left_bytes;
    const char *at = reading_scenario(reading, &left_bytes), *end = at + left_bytes, *newline;
    uint32_t number;

    for (number = 1; number < line; number++) {
        newline = memchr(at, '\n', (size_t)(end - at));
        if (newline == NULL)
            return NULL;
        at = newline + 1;
    }
    if (line == 0 || at == end)
        return NULL;
    newline = memchr(at, '\n', (size_t)(end - at));
    *bytes = (size_t)((newline != NULL ? newline : end) - at);
    if (*bytes > 0 && at[*bytes - 1] == '\r')
        --*bytes;
    return at;
}

/* Blanks as wide as those bytes: tabs stay tabs, a character of several bytes is one column. */
static void blanks(FILE *out, const char *text, size_t bytes)
{
    size_t i;

    for (i = 0; i < bytes; i++)
        if (text[i] == '\t')
            fputc('\t', out);
        else if (!is_continuation((unsigned char)text[i]))
            fputc(' ', out);
}

/* Behind the caret; what has more lines than one goes on below it. */
static void print_note(FILE *out, const char *lead, const char *note)
{
    unsigned line;

    if (*lead != '\0' || *note != '\0')
        fputc(' ', out);
    text_clean_bytes(out, lead, strlen(lead));
    for (line = 0; *note != '\0' && line < NOTE_LINES_MAX; line++) {
        if (line > 0)
            fputs("\n      |   ", out);
        text_clean_bytes(out, note, strcspn(note, "\r\n"));
        note += strcspn(note, "\n");
        note += strspn(note, "\r\n");
    }
    fputs(*note != '\0' ? "\n      |   …\n" : "\n", out);
}

void text_excerpt(FILE *out, const struct reading *reading, uint32_t line, uint32_t column, uint32_t length,
    const char *lead, const char *note)
{
    size_t bytes, start, end, i;
    const char *text = text_line(reading, line, &bytes);

    if (text == NULL) {
        fputs("      |", out);
        print_note(out, lead, note);
        return;
    }
    fprintf(out, "%5" PRIu32 " | ", line);
    text_clean_bytes(out, text, bytes);
    start = column == 0 ? 0 : column - 1u;
    if (start > bytes)
        start = bytes;
    end = length > bytes - start ? bytes : start + length;
    fputs("\n      | ", out);
    blanks(out, text, start);
    fputc('^', out);
    for (i = start + 1; i < end; i++)
        if (!is_continuation((unsigned char)text[i]))
            fputc('~', out);
    print_note(out, lead, note);
}
