/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Complaints (error messages) as text: place and message, the line, a caret under the part that is meant. Nothing of the
 * line is trusted: it may be of any length and hold any bytes.
 */
#include "harness/language/lexer.h"
#include "harness/language/scenario.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Of a line longer than this only a window around the caret is shown. */
#define SHOWN_BYTES  160u
#define SHOWN_BEFORE 60u

struct out {
    char *at;
    size_t left, wanted;
};

__attribute__((format(printf, 2, 3))) static void put(struct out *out, const char *format, ...)
{
    va_list arguments;
    int length;

    va_start(arguments, format);
    length = vsnprintf(out->at, out->left, format, arguments);
    va_end(arguments);
    if (length <= 0)
        return;
    out->wanted += (size_t)length;
    size_t step = (size_t)length < out->left ? (size_t)length : out->left > 0 ? out->left - 1 : 0;
    if (step > 0)
        out->at += step; /* there may be no buffer at all */
    out->left -= step;
}

static void put_bytes(struct out *out, const char *bytes, size_t count)
{
    put(out, "%.*s", (int)count, bytes);
}

/* The line of that number, or an empty one where the text has no such line. */
static void find_line(const char *text, uint32_t number, const char **start, const char **end)
{
    const char *p = text;

    assert(number > 0);
    for (uint32_t line = 1; line < number && *p != '\0'; p++) {
        if (*p == '\n')
            line++;
    }
    *start = p;
    *end = p + strcspn(p, "\n");
}

/* Moves p back to where a character begins, so that a window does not cut one. */
static const char *whole_character(const char *start, const char *p)
{
    for (unsigned i = 0; i < 3 && p > start && ((unsigned char)*p & 0xc0) == 0x80; i++)
        p--;
    return p;
}

struct window {
    const char *start, *end, *from, *to;
};

static struct window window_around(const char *start, const char *end, uint32_t column)
{
    struct window w = {start, end, start, end};
    size_t line_bytes = (size_t)(end - start), at = column - 1 < line_bytes ? column - 1 : line_bytes;

    assert(end >= start && column > 0);
    if (line_bytes <= SHOWN_BYTES)
        return w;
    if (at > SHOWN_BEFORE)
        w.from = whole_character(start, start + at - SHOWN_BEFORE);
    if ((size_t)(end - w.from) > SHOWN_BYTES)
        w.to = whole_character(w.from, w.from + SHOWN_BYTES);
    return w;
}

/* Writes [p, end), with '?' for what can't be shown. */
static void put_shown(struct out *out, const char *p, const char *end)
{
    while (p < end) {
        size_t bytes = utf8_bytes(p, end);
        bool hidden = bytes == 0 || ((unsigned char)*p < 0x20 && *p != '\t') || *p == 0x7f;
        bytes = bytes == 0 ? 1 : bytes;
        if (hidden)
            put_bytes(out, "?", 1);
        else
            put_bytes(out, p, bytes);
        p += bytes;
    }
}

/* One mark for each character of [p, end): tabs stay tabs, so that the caret stands where it should. */
static void put_blank(struct out *out, const char *p, const char *end)
{
    while (p < end) {
        size_t bytes = utf8_bytes(p, end);
        put_bytes(out, *p == '\t' ? "\t" : " ", 1);
        p += bytes == 0 ? 1 : bytes;
    }
}

static void put_caret(struct out *out, const struct window *w, const struct span *span)
{
    size_t line_bytes = (size_t)(w->end - w->start);
    size_t column = span->column - 1 < line_bytes ? span->column - 1 : line_bytes;
    const char *at = w->start + column;
    size_t length = span->length < (size_t)(w->to - at) ? span->length : (size_t)(w->to - at);
    const char *p = at, *end = at + length;

    assert(at >= w->from && at <= w->to);
    put_blank(out, w->from, at);
    put_bytes(out, "^", 1);
    if (p < end) {
        size_t bytes = utf8_bytes(p, end);
        p += bytes == 0 ? 1 : bytes;
    }
    while (p < end) {
        size_t bytes = utf8_bytes(p, end);
        put_bytes(out, "~", 1);
        p += bytes == 0 ? 1 : bytes;
    }
}

/* The line of that number, with a caret and a note. */
static void put_excerpt(struct out *o, const char *start, const char *end, uint32_t line,
    const struct span *span, const char *note)
{
    const struct window w = window_around(start, end, span->column);
    const int width = snprintf(NULL, 0, "%5u", line);

    put(o, "%5u | %s", line, w.from > start ? "..." : "");
    put_shown(o, w.from, w.to);
    put(o, "%s\n%*s | %s", w.to < end ? "..." : "", width, "", w.from > start ? "   " : "");
    put_caret(o, &w, span);
    if (note != NULL && note[0] != '\0')
        put(o, " %s", note);
    put(o, "\n");
}

size_t excerpt_text(const char *text, const struct span *span, const char *note, char *out, size_t out_bytes)
{
    struct out o = {out, out_bytes, 0};
    const char *start, *end;

    assert(text != NULL && span != NULL && (out != NULL || out_bytes == 0));
    if (out_bytes > 0)
        out[0] = '\0';
    if (span->line == 0 || span->column == 0)
        return 0;
    find_line(text, span->line, &start, &end);
    put_excerpt(&o, start, end, span->line, span, note);
    return o.wanted;
}

void complaint_place(struct complaint *complaint, const char *text, size_t bytes)
{
    const struct scenario_place place = scenario_place_of(text, bytes, complaint->where.line);
    const char *start, *end;

    if (complaint->where.line == 0 || place.name == NULL)
        return;
    snprintf(complaint->file, sizeof complaint->file, "%.*s", (int)place.name_bytes, place.name);
    complaint->file_line = place.line;
    find_line(text, complaint->where.line, &start, &end);
    const size_t room = sizeof complaint->line - 1;
    const size_t shown = (size_t)(end - start) < room ? (size_t)(end - start) : room;
    memcpy(complaint->line, start, shown);
    complaint->line[shown] = '\0';
}

/* A complaint about an included file, whose line it brings. */
static size_t included_text(const char *path, const struct complaint *complaint, struct out *o)
{
    char file[4096];

    scenario_file_path(path, complaint->file, strlen(complaint->file), file, sizeof file);
    put(o, "%s:%u:%u: %s\n", file, complaint->file_line, complaint->where.column, complaint->message);
    put_excerpt(o, complaint->line, complaint->line + strlen(complaint->line), complaint->file_line,
        &complaint->where, NULL);
    put(o, "%s", complaint->via);
    return o->wanted;
}

size_t complaint_text(
    const char *path, const char *text, const struct complaint *complaint, char *out, size_t out_bytes)
{
    struct out o = {out, out_bytes, 0};
    const struct span *where = &complaint->where;
    struct complaint ignored;
    size_t bytes;

    assert(path != NULL && complaint != NULL && (out != NULL || out_bytes == 0));
    if (complaint->file[0] != '\0')
        return included_text(path, complaint, &o);
    if (where->line == 0)
        put(&o, "%s: %s\n", path, complaint->message);
    else
        put(&o, "%s:%u:%u: %s\n", path, where->line, where->column, complaint->message);
    if (where->line == 0)
        return o.wanted;
    char *again = text == NULL ? scenario_text(path, &bytes, &ignored) : NULL;
    if (text != NULL || again != NULL)
        o.wanted += excerpt_text(text != NULL ? text : again, where, NULL, o.at, o.left);
    free(again);
    return o.wanted;
}
