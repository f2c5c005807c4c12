/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines and tokens. Every span lies inside its line, whatever the bytes are. */
#include "harness/language/lexer.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/record/record.h"

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

static bool word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           (c != '\0' && strchr("._-+*/@$%", c) != NULL);
}

/* Columns and lengths are 32 bits wide; a scenario has at most SCENARIO_BYTES_MAX bytes. */
_Static_assert(SCENARIO_BYTES_MAX < UINT32_MAX, "a span must be able to name every byte");

struct span lexer_span(const struct lexer *lx, const char *start, const char *end)
{
    assert(start >= lx->line_start && end >= start && end <= lx->line_end);
    if (lx->origins != NULL) {
        const struct origin first = lx->origins[start - lx->line_start];
        const uint32_t stop = end > start ? lx->origins[end - 1 - lx->line_start].to : first.from;
        assert(stop >= first.from);
        return (struct span){lx->line, first.from + 1, stop - first.from};
    }
    return (struct span){lx->line, (uint32_t)(start - lx->line_start) + 1, (uint32_t)(end - start)};
}

void lexer_begin(struct lexer *lx, const char *text, size_t bytes, uint32_t first_line)
{
    assert(text != NULL && bytes <= SCENARIO_BYTES_MAX && first_line > 0);
    *lx = (struct lexer){.text = text, .end = text + bytes, .next = text, .line = first_line - 1};
    lx->line_start = lx->line_end = lx->at = text;
}

void lexer_replace_line(struct lexer *lx, const char *line, size_t bytes, const struct origin *origins)
{
    assert(lx->at == lx->line_start && lx->origins == NULL && origins != NULL);
    lx->line_start = lx->at = line;
    lx->line_end = line + bytes;
    lx->origins = origins;
}

bool lexer_next_line(struct lexer *lx)
{
    const char *start = lx->next, *newline;

    /* Behind the last newline, or behind a last line that has none. */
    if (start >= lx->end)
        return false;
    newline = memchr(start, '\n', (size_t)(lx->end - start));
    lx->line_start = lx->at = start;
    lx->line_end = newline != NULL ? newline : lx->end;
    lx->next = newline != NULL ? newline + 1 : lx->end;
    lx->origins = NULL;
    lx->line++;
    assert(lx->line_end >= lx->line_start && lx->line_end <= lx->end);
    return true;
}

/* Does a comment begin here? A # begins one where a word could begin. */
static bool comment_at(const struct lexer *lx, const char *p)
{
    return *p == '#' && (p == lx->line_start || blank(p[-1]));
}

bool lexer_is_comment(const struct lexer *lx)
{
    const char *p = lx->line_start;

    while (p < lx->line_end && blank(*p))
        p++;
    return p < lx->line_end && *p == '#';
}

/* The closing quote of a string whose opening quote is at p; NULL when the line ends first. */
static const char *string_end(const struct lexer *lx, const char *p)
{
    assert(*p == '"');
    for (p++; p < lx->line_end; p++) {
        if (*p == '\\' && p + 1 < lx->line_end)
            p++;
        else if (*p == '"')
            return p;
    }
    return NULL;
}

static struct token make(struct lexer *lx, enum token_kind kind, const char *start, const char *end)
{
    struct token token = {kind, lexer_span(lx, start, end), start, (size_t)(end - start), false};

    token.glued = start > lx->line_start && !blank(start[-1]);
    lx->at = end;
    return token;
}

static struct token string(struct lexer *lx, const char *start)
{
    const char *closing = string_end(lx, start);
    struct token token;

    if (closing == NULL)
        return make(lx, TOKEN_UNCLOSED, start, lx->line_end);
    token = make(lx, TOKEN_STRING, start, closing + 1);
    token.start = start + 1;
    token.bytes = (size_t)(closing - start) - 1;
    return token;
}

struct mark {
    const char *text;
    enum token_kind kind;
};
static const struct mark marks[] = {
    /* longer ones first */
    {"==", TOKEN_EQ},
    {"!=", TOKEN_NE},
    {"<=", TOKEN_LE},
    {">=", TOKEN_GE},
    {"!~", TOKEN_NO_MATCH},
    {"->", TOKEN_ARROW},
    {"<", TOKEN_LT},
    {">", TOKEN_GT},
    {"~", TOKEN_MATCH},
    {"=", TOKEN_ASSIGN},
    {":", TOKEN_COLON},
    {"(", TOKEN_OPEN},
    {")", TOKEN_CLOSE},
    {"[", TOKEN_OPEN_SQUARE},
    {"]", TOKEN_CLOSE_SQUARE},
};

static const struct mark *mark_at(const struct lexer *lx, const char *p)
{
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        size_t bytes = strlen(marks[i].text);
        if ((size_t)(lx->line_end - p) >= bytes && memcmp(p, marks[i].text, bytes) == 0)
            return &marks[i];
    }
    return NULL;
}

struct token lexer_next(struct lexer *lx)
{
    const char *start = lx->at, *p;
    const struct mark *mark;
    size_t bytes;

    while (start < lx->line_end && blank(*start))
        start++;
    if (start == lx->line_end || comment_at(lx, start)) {
        struct token token = make(lx, TOKEN_END, start, start);
        lx->at = start;
        return token;
    }
    if (*start == '"')
        return string(lx, start);
    mark = mark_at(lx, start);
    if (mark != NULL)
        return make(lx, mark->kind, start, start + strlen(mark->text));
    for (p = start; p < lx->line_end && word_byte(*p); p++) {
        if (*p == '-' && p + 1 < lx->line_end && p[1] == '>')
            break;
    }
    if (p > start)
        return make(lx, TOKEN_WORD, start, p);
    bytes = utf8_bytes(start, lx->line_end);
    return make(lx, TOKEN_STRAY, start, start + (bytes > 0 ? bytes : 1));
}

struct token lexer_peek(const struct lexer *lx)
{
    struct lexer copy = *lx;

    return lexer_next(&copy);
}

/* Behind a `>`: the path of a file, so that it is a shell's way to write into it. No comparison is with a path. */
static bool writes_file(const struct lexer *lx, const char *p)
{
    while (p < lx->line_end && blank(*p))
        p++;
    return p < lx->line_end && *p == '/';
}

/* Is there a comparison or an arrow at p that stands alone between blanks? */
static bool operator_at(const struct lexer *lx, const char *p)
{
    const struct mark *mark = mark_at(lx, p);
    const char *behind;

    if (mark == NULL || mark->kind < TOKEN_EQ || mark->kind > TOKEN_ARROW || p == lx->line_start ||
        !blank(p[-1]))
        return false;
    behind = p + strlen(mark->text);
    if (mark->kind == TOKEN_GT && writes_file(lx, behind))
        return false;
    return behind == lx->line_end || blank(*behind);
}

static struct token take(struct lexer *lx, const char *from, bool all)
{
    const char *p = from, *last = from;

    assert(from >= lx->line_start && from <= lx->line_end);
    while (p < lx->line_end && !comment_at(lx, p) && (all || !operator_at(lx, p))) {
        const char *closing = *p == '"' ? string_end(lx, p) : NULL;
        if (!blank(*p))
            last = p + 1;
        if (closing != NULL)
            last = p = closing + 1;
        else
            p++;
    }
    struct token token = make(lx, TOKEN_WORD, from, last);
    lx->at = p;
    return token;
}

struct token lexer_raw(struct lexer *lx, const char *from)
{
    return take(lx, from, false);
}

struct token lexer_rest(struct lexer *lx, const char *from)
{
    while (from < lx->line_end && blank(*from))
        from++;
    return take(lx, from, true);
}

bool token_is(const struct token *token, const char *word)
{
    return token->kind == TOKEN_WORD && strlen(word) == token->bytes &&
           memcmp(word, token->start, token->bytes) == 0;
}

size_t utf8_bytes(const char *p, const char *end)
{
    const unsigned char *u = (const unsigned char *)p;
    size_t bytes = u[0] < 0x80                   ? 1
                   : u[0] >= 0xc2 && u[0] < 0xe0 ? 2
                   : u[0] >= 0xe0 && u[0] < 0xf0 ? 3
                   : u[0] >= 0xf0 && u[0] < 0xf5 ? 4
                                                 : 0;

    assert(p < end);
    if (bytes > (size_t)(end - p))
        return 0;
    for (size_t i = 1; i < bytes; i++) {
        if ((u[i] & 0xc0) != 0x80)
            return 0;
    }
    /* Overlong forms, surrogates and what lies past U+10FFFF. */
    if ((u[0] == 0xe0 && u[1] < 0xa0) || (u[0] == 0xed && u[1] > 0x9f) || (u[0] == 0xf0 && u[1] < 0x90) ||
        (u[0] == 0xf4 && u[1] > 0x8f))
        return 0;
    return bytes;
}

bool lexer_check_bytes(const char *text, size_t bytes, struct complaint *complaint)
{
    const char *end = text + bytes, *line_start = text;
    const char *wrong = NULL;
    uint32_t line = 1;
    char other[64];

    assert(bytes <= SCENARIO_BYTES_MAX && complaint != NULL);
    if (bytes >= 3 && memcmp(text, "\xef\xbb\xbf", 3) == 0) {
        *complaint = (struct complaint){.where = {1, 1, 3},
            .message = "the file begins with a UTF-8 byte order mark; save it without one"};
        return false;
    }
    if (bytes >= sizeof RECORDING_MAGIC && memcmp(text, RECORDING_MAGIC, sizeof RECORDING_MAGIC) == 0) {
        *complaint = (struct complaint){.where = {1, 1, 1},
            .message = "this is a recording, and no scenario; `ballast show` prints its events"};
        return false;
    }
    for (const char *p = text; p < end;) {
        unsigned char c = (unsigned char)*p;
        size_t step = utf8_bytes(p, end);
        if (c == '\n') {
            line++;
            line_start = p + 1;
        } else if (c == '\r') {
            wrong = "a carriage return (CR); lines end in a newline (LF) alone here: remove the CRs, as "
                    "dos2unix does";
        } else if (c == '\0') {
            wrong = "a NUL byte; a scenario is plain text";
        } else if (step == 0 || (c < 0x20 && c != '\t') || c == 0x7f) {
            snprintf(other, sizeof other, "the byte 0x%02x; a scenario is plain text in UTF-8", c);
            wrong = other;
        }
        if (wrong != NULL) {
            complaint->where = (struct span){line, (uint32_t)(p - line_start) + 1, 1};
            snprintf(complaint->message, sizeof complaint->message, "%s", wrong);
            return false;
        }
        p += step;
    }
    return true;
}
