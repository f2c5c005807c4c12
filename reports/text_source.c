/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of the scenario, with a caret. */
#include "reports/text_source.h"

#include <inttypes.h>
#include <string.h>

#include "reports/text_clean.h"

#define NOTE_LINES_MAX 24u

const char *text_line(const struct reading *reading, uint32_t line, size_t *bytes)
{
    const char *at = reading_line(reading, line, bytes);

    if (at == NULL)
        return NULL;
    if (*bytes > 0 && at[*bytes - 1] == '\r')
        --*bytes;
    return at;
}

void text_line_name(const struct reading *reading, uint32_t line, char out[LINE_NAME_ROOM])
{
    const struct scenario_place place = reading_place(reading, line);

    if (place.name == NULL)
        snprintf(out, LINE_NAME_ROOM, "line %" PRIu32, line);
    else
        snprintf(out, LINE_NAME_ROOM, "%.*s:%" PRIu32, (int)place.name_bytes, place.name, place.line);
}

void text_print_line_name(FILE *out, const struct reading *reading, uint32_t line)
{
    char name[LINE_NAME_ROOM];

    text_line_name(reading, line, name);
    text_clean_bytes(out, name, strlen(name));
}

const char *text_statement_done(const struct reading *reading, uint64_t event)
{
    const uint32_t line = reading_event(reading, event)->line;

    for (; event > 0; event--) {
        const struct record *record = reading_event(reading, event);
        if (record->type == REC_STATEMENT && record->line == line)
            return record_text(record);
    }
    return NULL;
}

/* Is the line `include NAME`, and perhaps a comment? */
static bool includes(const char *line, size_t bytes, const struct scenario_place *place)
{
    static const char word[] = "include";
    const char *const end = line + bytes;

    while (line < end && (*line == ' ' || *line == '\t'))
        line++;
    if ((size_t)(end - line) <= strlen(word) || memcmp(line, word, strlen(word)) != 0)
        return false;
    for (line += strlen(word); line < end && (*line == ' ' || *line == '\t'); line++)
        ;
    return (size_t)(end - line) >= place->name_bytes && memcmp(line, place->name, place->name_bytes) == 0 &&
           (line + place->name_bytes == end || strchr(" \t\r", line[place->name_bytes]) != NULL);
}

uint32_t text_included_at(const struct reading *reading, uint32_t line)
{
    const struct scenario_place place = reading_place(reading, line);
    size_t bytes;

    if (place.name == NULL)
        return 0;
    for (uint32_t at = 1; at < line; at++) {
        const char *text = text_line(reading, at, &bytes);
        if (text != NULL && includes(text, bytes, &place))
            return at;
    }
    return 0;
}

/* Prints blanks as wide as those bytes: tabs stay tabs, a character of several bytes is one column. */
static void blanks(FILE *out, const char *text, size_t bytes)
{
    size_t i;

    for (i = 0; i < bytes; i++)
        if (text[i] == '\t')
            fputc('\t', out);
        else if (!text_is_continuation(text[i]))
            fputc(' ', out);
}

/* Prints a note behind the caret; its further lines go below it. */
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
    fprintf(out, "%5" PRIu32 " | ", reading_place(reading, line).line);
    text_clean_bytes(out, text, bytes);
    start = column == 0 ? 0 : column - 1u;
    if (start > bytes)
        start = bytes;
    end = length > bytes - start ? bytes : start + length;
    fputs("\n      | ", out);
    blanks(out, text, start);
    fputc('^', out);
    for (i = start + 1; i < end; i++)
        if (!text_is_continuation(text[i]))
            fputc('~', out);
    print_note(out, lead, note);
}
