/* SPDX-License-Identifier: BSD-2-Clause */
/* Texts for the terminal: cleaning those of guests, and writing times and numbers of pages. */
#include "reports/text_clean.h"

#include <inttypes.h>
#include <string.h>

#define NS_PER_SECOND UINT64_C(1000000000)

bool text_is_continuation(char byte)
{
    return ((unsigned char)byte & 0xc0) == 0x80;
}

/* The length of a well-formed UTF-8 character of two or more bytes; 0: there is none. C1 controls and the two
 * noncharacters that XML refuses don't count as characters. */
static size_t utf8_bytes(const unsigned char *at, size_t left_bytes)
{
    size_t bytes = *at >= 0xf0 && *at <= 0xf4 ? 4 : *at >= 0xe0 ? 3 : *at >= 0xc2 ? 2 : 0, i;

    if (*at > 0xf4 || bytes == 0 || bytes > left_bytes)
        return 0;
    for (i = 1; i < bytes; i++)
        if (!text_is_continuation((char)at[i]))
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
        while (bytes > 0 && text_is_continuation(text[bytes]))
            bytes--;
        more = true;
    }
    if (bytes > 0 && text[bytes] == '\n' && text[bytes - 1] == '\r')
        bytes--;
    text_clean_bytes(out, text, bytes);
    if (more)
        fputs("…", out);
}

void text_clean_lines(FILE *out, const char *text, size_t bytes)
{
    const char *end = text + bytes, *newline;

    for (; text < end; text = newline + 1) {
        newline = memchr(text, '\n', (size_t)(end - text));
        text_clean_bytes(out, text, (size_t)((newline != NULL ? newline : end) - text));
        if (newline == NULL)
            return;
        fputc('\n', out);
    }
}

void text_quoted(FILE *out, const char *path)
{
    static const char harmless[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./+-=:@%^,";
    const char *at = path,
               *folder = path[0] == '-' && path[1] != '\0' ? "./" : ""; /* or it would be an option */

    if (*path != '\0' && path[strspn(path, harmless)] == '\0') {
        fprintf(out, "%s%s", folder, path);
        return;
    }
    fprintf(out, "$'%s", folder);
    while (*at != '\0') {
        const unsigned char byte = (unsigned char)*at;
        const size_t bytes = byte >= 0x80 ? utf8_bytes((const unsigned char *)at, strlen(at)) : 0;
        if (bytes != 0)
            fwrite(at, 1, bytes, out);
        else if (byte < 0x20 || byte >= 0x7f)
            fprintf(out, "\\x%02x", byte);
        else
            fprintf(out, *at == '\'' || *at == '\\' ? "\\%c" : "%c", *at);
        at += bytes != 0 ? bytes : 1;
    }
    fputc('\'', out);
}

void text_seconds(FILE *out, uint64_t time_ns)
{
    fprintf(out, "%" PRIu64 ".%03" PRIu64 " s", time_ns / NS_PER_SECOND, time_ns % NS_PER_SECOND / 1000000);
}

void text_microseconds(FILE *out, uint64_t time_ns)
{
    fprintf(out, "%" PRIu64 ".%06" PRIu64 " s", time_ns / NS_PER_SECOND, time_ns % NS_PER_SECOND / 1000);
}

void text_pages(FILE *out, uint64_t pages)
{
    fprintf(out, "%" PRIu64 " page%s", pages, pages == 1 ? "" : "s");
}
