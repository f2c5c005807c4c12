/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which lines are parsed, how often, and as what: `include` reads those of another file, `repeat` the same ones again, and
 * each {NAME} becomes what `let` says.
 */
#include "harness/language/included.h"
#include "harness/language/parser.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- names */

static bool is_name(const char *text, size_t bytes)
{
    return has_names_bytes(text, bytes) && bytes <= NAME_BYTES_MAX;
}

static bool complain_of_name(struct parser *p, const struct token *name)
{
    return complain(p, name->span,
        "`%.*s` is no name: it begins with a letter, has letters, digits, - and _, at most %u", SHOWN(name),
        NAME_BYTES_MAX);
}

static struct let *find_let(struct parser *p, const char *name, size_t bytes)
{
    for (size_t i = 0; i < p->nr_lets; i++)
        if (strlen(p->lets[i].name) == bytes && memcmp(p->lets[i].name, name, bytes) == 0)
            return &p->lets[i];
    return NULL;
}

static bool set_let(struct parser *p, const struct token *name, const char *value, size_t bytes)
{
    struct let *let = find_let(p, name->start, name->bytes);

    if (bytes > LET_BYTES_MAX)
        return complain(
            p, p->token.span, "more than %u bytes are too many for a name to stand for", LET_BYTES_MAX);
    if (let == NULL) {
        if (p->nr_lets == LETS_MAX)
            return complain(p, name->span, "more than %u names", LETS_MAX);
        let = &p->lets[p->nr_lets++];
        snprintf(let->name, sizeof let->name, "%.*s", (int)name->bytes, name->start);
    }
    memcpy(let->value, value, bytes);
    let->value[bytes] = '\0';
    return true;
}

/* The name in braces that begins at `at`; NULL: none does. */
static const char *braced(const char *at, const char *end, size_t *bytes)
{
    const char *closing = *at == '{' ? memchr(at, '}', (size_t)(end - at)) : NULL;

    if (closing == NULL || !is_name(at + 1, (size_t)(closing - at) - 1))
        return NULL;
    *bytes = (size_t)(closing - at) - 1;
    return at + 1;
}

static bool complain_of_let(struct parser *p, const char *name, size_t bytes)
{
    struct suggestion s;
    char text[80];

    suggest_begin(&s, name, bytes);
    for (size_t i = 0; i < p->nr_lets; i++)
        suggest_offer(&s, p->lets[i].name);
    return complain(p, lexer_span(&p->lexer, name - 1, name + bytes + 1),
        "no line above says what {%.*s} stands for%s", (int)bytes, name,
        s.best != NULL ? meant(&s, text, sizeof text) : "; `let NAME = TEXT` does");
}

/* Puts bytes into the expanded line; each of them came from [from, to) of the line as it stands. */
static bool put(struct parser *p, const char *text, size_t bytes, uint32_t from, uint32_t to)
{
    if (p->expanded_bytes + bytes > EXPANDED_BYTES_MAX)
        return complain(p, (struct span){p->lexer.line, from + 1, to - from},
            "with its names replaced this line has more than %u bytes", EXPANDED_BYTES_MAX);
    for (size_t i = 0; i < bytes; i++) {
        p->origins[p->expanded_bytes] = (struct origin){from, to};
        p->expanded[p->expanded_bytes++] = text[i];
    }
    return true;
}

/* Has the lexer read the line with its names replaced. */
static bool expand(struct parser *p)
{
    const char *const start = p->lexer.line_start, *const end = p->lexer.line_end;
    bool comment = false;

    p->expanded_bytes = 0;
    for (const char *at = start; at < end;) {
        comment = comment || (*at == '#' && at > start && (at[-1] == ' ' || at[-1] == '\t'));
        const uint32_t from = (uint32_t)(at - start);
        size_t bytes = 0;
        const char *name = braced(at, end, &bytes);
        const struct let *let = name != NULL ? find_let(p, name, bytes) : NULL;
        if (name != NULL && let == NULL && !comment)
            return complain_of_let(p, name, bytes);
        const size_t step = let != NULL ? bytes + 2 : 1;
        if (!put(p, let != NULL ? let->value : at, let != NULL ? strlen(let->value) : 1, from,
                from + (uint32_t)step))
            return false;
        at += step;
    }
    p->origins[p->expanded_bytes] = (struct origin){(uint32_t)(end - start), (uint32_t)(end - start)};
    lexer_replace_line(&p->lexer, p->expanded, p->expanded_bytes, p->origins);
    return true;
}

/* The next line of this file with something in it. *there = false: there is none. False: complained. */
static bool next_line(struct parser *p, bool *there)
{
    while ((*there = lexer_next_line(&p->lexer))) {
        if (p->nr_lets > 0 &&
            memchr(p->lexer.line_start, '{', (size_t)(p->lexer.line_end - p->lexer.line_start)) != NULL &&
            !lexer_is_comment(&p->lexer) && !expand(p))
            return false;
        advance(p);
        if (p->token.kind == TOKEN_END)
            continue;
        if (p->depth == 0)
            return true;
        if (p->nr_lines++ == LINES_MAX)
            return complain(p, p->token.span,
                "more than %u repeated and included lines are too many for a scenario", LINES_MAX);
        return true;
    }
    return true;
}

/* ---- let */

/* let NAME = the rest of the line. */
static bool parse_let(struct parser *p)
{
    const struct token name = p->token;

    if (name.kind != TOKEN_WORD)
        return expected(p, "a name");
    if (!is_name(name.start, name.bytes))
        return complain_of_name(p, &name);
    advance(p);
    if (p->token.kind != TOKEN_ASSIGN)
        return expected(p, "`=`, as in `let NAME = TEXT`");
    const char *from = p->token.start + 1;
    while (from < p->lexer.line_end && (*from == ' ' || *from == '\t'))
        from++;
    const struct token value = lexer_rest(&p->lexer, from);
    if (value.bytes == 0) {
        advance(p);
        return expected(p, "what the name stands for");
    }
    p->token = value;
    if (!set_let(p, &name, value.start, value.bytes))
        return false;
    advance(p);
    return at_end(p);
}

/* ---- repeat */

/* repeat N, or repeat NAME = FROM..TO */
static bool parse_repeat_head(struct parser *p, struct token *name, uint64_t *first, uint64_t *last)
{
    *name = p->token;
    if (lexer_peek(&p->lexer).kind != TOKEN_ASSIGN) {
        name->bytes = 0;
        *first = 1;
        if (!parse_number(p, "how often, or NAME = FROM..TO", last))
            return false;
        return *last > 0 || complain(p, p->last, "what is repeated 0 times does nothing: leave it out");
    }
    if (!is_name(name->start, name->bytes))
        return complain_of_name(p, name);
    advance(p);
    advance(p);
    return parse_range(p, "from where to where, as 1..50", first, last);
}

static bool parse_repeat(struct parser *p, struct span first_word)
{
    struct token name;
    uint64_t first, last;

    if (!parse_repeat_head(p, &name, &first, &last) || !at_end(p))
        return false;
    if (p->depth == DEPTH_MAX)
        return complain(p, first_word, "more than %u `repeat` and `include` in one another", DEPTH_MAX);
    p->depth++;
    const struct lexer begin = p->lexer;
    char kept[NAME_BYTES_MAX + 1];
    snprintf(kept, sizeof kept, "%.*s", (int)name.bytes, name.start); /* the line may be an expanded one */
    name.start = kept;
    for (uint64_t i = first;; i++) {
        char number[24];
        const int digits = snprintf(number, sizeof number, "%llu", (unsigned long long)i);
        bool ended = false;
        p->lexer = begin;
        if (name.bytes > 0 && !set_let(p, &name, number, (size_t)digits))
            return false;
        const unsigned before = p->nr_lines;
        if (!parse_lines(p, &ended))
            return false;
        if (!ended)
            return complain(p, first_word, "this `repeat` has no `end` below it in its file");
        if (p->nr_lines == before + 1)
            return complain(p, first_word, "nothing stands between this `repeat` and its `end`");
        if (i == last)
            break;
    }
    p->depth--;
    return true;
}

/* ---- include */

static bool refuse_circle(struct parser *p, const char *name, struct span where)
{
    for (unsigned f = 0; f < p->nr_files; f++)
        if (strcmp(p->files[f].name, name) == 0)
            return complain(p, where, "this includes %s again, which includes it", name);
    return strcmp(basename(p->scenario->path), name) != 0 ||
           complain(p, where, "this scenario includes itself");
}

static bool complain_of_missing(struct parser *p, const char *name, struct span where)
{
    char file[4096];
    struct complaint why;
    size_t bytes;

    scenario_file_path(p->scenario->path, name, strlen(name), file, sizeof file);
    char *text = scenario_text(file, &bytes, &why);
    free(text);
    if (text != NULL)
        return complain(p, where, "%.150s can't be included: it is too long, or no plain text", file);
    return complain(p, where, "%.150s %.120s", file, why.message);
}

static bool parse_include(struct parser *p)
{
    const struct token written =
        lexer_rest(&p->lexer, p->token.kind == TOKEN_END ? p->lexer.at : p->token.start);
    const char *from = p->nr_files > 0 ? p->files[p->nr_files - 1].name : "";
    struct included_file file;
    struct within *within = &p->files[p->nr_files];

    if (written.bytes == 0)
        return expected(p, "the name of a file");
    if (p->lexer.origins != NULL)
        return complain(
            p, written.span, "the name of an included file is written out: {NAME} does not stand in it");
    const char *why_not = included_name(from, written.start, written.bytes, within->name);
    if (why_not != NULL)
        return complain(p, written.span, "%s", why_not);
    if (memchr(written.start, ' ', written.bytes) != NULL ||
        memchr(written.start, '\t', written.bytes) != NULL)
        return complain(p, written.span, "a file is included by its name alone, without blanks in it");
    if (!refuse_circle(p, within->name, written.span))
        return false;
    if (p->depth == DEPTH_MAX)
        return complain(p, written.span, "more than %u `repeat` and `include` in one another", DEPTH_MAX);
    if (!included_find(p->scenario->text, p->scenario->text_bytes, within->name, &file))
        return complain_of_missing(p, within->name, written.span);

    const struct lexer here = p->lexer;
    within->where = written.span;
    p->nr_files++;
    p->depth++;
    lexer_begin(&p->lexer, file.start, (size_t)(file.end - file.start), file.first_line);
    if (!parse_file(p))
        return false;
    p->lexer = here;
    p->depth--;
    p->nr_files--;
    return true;
}

/* ---- the walk */

static const struct {
    const char *word;
    bool (*parse)(struct parser *);
} shapers[] = {{"let", parse_let}, {"include", parse_include}};

/* `let`, `include` and `repeat` take no time, and a domain of that name comes first: they are younger than it may be. */
static bool is_shaper(const struct parser *p, const char *word)
{
    return token_is(&p->token, word) && find_domain(p, word, strlen(word)) == NULL;
}

static bool parse_any_line(struct parser *p)
{
    const struct span first = p->token.span;

    for (size_t s = 0; s < sizeof shapers / sizeof shapers[0]; s++)
        if (is_shaper(p, shapers[s].word)) {
            advance(p);
            return shapers[s].parse(p);
        }
    if (is_shaper(p, "repeat")) {
        advance(p);
        return parse_repeat(p, first);
    }
    return parse_line(p);
}

bool parse_lines(struct parser *p, bool *ended)
{
    bool there;

    while (next_line(p, &there) && there) {
        if (is_shaper(p, "end")) {
            const struct span where = p->token.span;
            advance(p);
            if (ended == NULL)
                return complain(
                    p, where, "`end` stands behind the lines of a `repeat`, and there is none above");
            *ended = true;
            return at_end(p);
        }
        if (!parse_any_line(p))
            return false;
    }
    return !there;
}

bool parse_file(struct parser *p)
{
    const struct span start = {p->lexer.line + 1, 1, 1};
    bool there;

    if (!next_line(p, &there))
        return false;
    if (!there)
        return complain(p, start,
            p->lexer.text == p->lexer.end
                ? "the file is empty: a scenario begins with the line `language %u`"
                : "nothing but comments: a scenario begins with the line `language %u`",
            SCENARIO_LANGUAGE);
    return parse_language(p) && parse_lines(p, NULL);
}
