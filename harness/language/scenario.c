/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Makes a struct scenario of a text, line by line: first the time column, then the statement by its own function. If a
 * line can't be parsed, everything is freed.
 */
#include "harness/language/parser.h"
#include "harness/language/sizes.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

static void statement_clear(struct statement *statement)
{
    free(statement->text);
    free(statement->condition.value.text);
    if (statement->condition.value.regex != NULL)
        regfree(statement->condition.value.regex);
    free(statement->condition.value.regex);
    if (statement->body != NULL) {
        assert(statement->body->body == NULL);
        statement_clear(statement->body);
        free(statement->body);
    }
    if (statement->domain_decl != NULL) {
        free(statement->domain_decl->command_line);
        free(statement->domain_decl);
    }
    *statement = (struct statement){0};
}

void scenario_free(struct scenario *s)
{
    if (s == NULL)
        return;
    for (size_t i = 0; i < s->nr_statements; i++)
        statement_clear(&s->statements[i]);
    for (size_t i = 0; i < s->nr_domains; i++)
        free(s->domains[i].command_line);
    free(s->statements);
    free(s->domains);
    free(s->path);
    free(s->name);
    free(s->text);
    free(s->line_starts);
    free(s);
}

/* +T or @T, if the line begins so. */
static bool parse_time_column(struct parser *p, bool *timed, enum time_kind *kind, uint64_t *time_ns)
{
    const struct token token = p->token;
    struct span number = token.span;

    *kind = TIME_AFTER;
    *time_ns = 0;
    *timed = token.kind == TOKEN_WORD && (token.start[0] == '+' || token.start[0] == '@');
    if (!*timed)
        return true;
    *kind = token.start[0] == '@' ? TIME_AT : TIME_AFTER;
    if (token.bytes == 1)
        return complain(p, token.span, "the time is missing: write `%c1s`, without a blank", token.start[0]);
    number.column++;
    number.length--;
    if (!time_of(p, number, token.start + 1, token.bytes - 1, "the time column", time_ns))
        return false;
    advance(p);
    return true;
}

/* The last statement is `expect refused`: marks the command before it. */
static void expect_refusal(struct scenario *s)
{
    size_t command = s->nr_statements - 1;

    while (command > 0 && s->statements[command].kind == ST_EXPECT_REFUSED)
        command--;
    assert(s->statements[command].kind == ST_TOOLSTACK || s->statements[command].kind == ST_GUEST);
    s->statements[command].refusal_expected = true;
}

/* Parses the line of one statement; its first token is the present one. */
static bool parse_line(struct parser *p)
{
    struct statement *statement;
    enum time_kind kind;
    uint64_t time_ns;
    struct span first;
    bool timed;

    if (!parse_time_column(p, &timed, &kind, &time_ns))
        return false;
    first = p->token.span;
    if (token_is(&p->token, "language"))
        return complain(p, first, "`language` stands once, in the first line");
    if (token_is(&p->token, "host") && timed)
        return complain(p, first, "the host is declared once, without a time");
    if (accept_word(p, "host"))
        return parse_host(p);
    if (accept_word(p, "domain")) {
        p->began = p->began || timed;
        return parse_domains(p, first, p->began, kind, time_ns);
    }
    if (token_is(&p->token, "needs") && timed)
        return complain(p, first, "what a domain needs is declared without a time");
    if (accept_word(p, "needs"))
        return parse_needs(p, first);
    if (token_is(&p->token, "boot-map") && timed)
        return complain(p, first, "a boot map is declared without a time");
    statement = add_statement(p, p->token.kind == TOKEN_END ? p->last : first);
    if (statement == NULL)
        return false;
    statement->time_kind = kind;
    statement->time_ns = time_ns;
    if (p->token.kind == TOKEN_END) {
        assert(timed);
        statement->kind = ST_WAIT;
    } else {
        if (!parse_statement(p, statement))
            return false;
        statement->where = span_to_here(p, first);
    }
    if (statement->kind == ST_EXPECT_REFUSED)
        expect_refusal(p->scenario);
    else
        p->behind_command = statement->kind == ST_TOOLSTACK || statement->kind == ST_GUEST;
    p->began = p->began || statement->kind != ST_BOOT_MAP;
    return true;
}

static bool parse_language(struct parser *p)
{
    struct span where = p->token.span;
    uint64_t version;

    if (!token_is(&p->token, "language"))
        return complain(p, where, "a scenario begins with the line `language %u`", SCENARIO_LANGUAGE);
    advance(p);
    where = p->token.span;
    if (!parse_number(p, "the language's version, 1", &version))
        return false;
    if (version != SCENARIO_LANGUAGE)
        return complain(p, where, "this program reads language %u, not %llu", SCENARIO_LANGUAGE,
            (unsigned long long)version);
    return at_end(p);
}

static bool parse_text(struct parser *p)
{
    static const struct span start = {1, 1, 1};
    bool has_language = false;

    while (lexer_next_line(&p->lexer)) {
        advance(p);
        if (p->token.kind == TOKEN_END)
            continue;
        if (!(has_language ? parse_line(p) : parse_language(p)))
            return false;
        has_language = true;
    }
    if (!has_language)
        return complain(p, start,
            p->scenario->text_bytes == 0
                ? "the file is empty: a scenario begins with the line `language %u`"
                : "nothing but comments: a scenario begins with the line `language %u`",
            SCENARIO_LANGUAGE);
    if (p->nr_domains == 0 && p->scenario->nr_statements == 0)
        return complain(p, start, "the scenario declares no domain and does nothing");
    return check_commands(p);
}

/* A run records the text of each statement, so that it must not look for a line from the first one on. */
static bool find_lines(struct scenario *s)
{
    const char *const end = s->text + s->text_bytes, *at = s->text;
    size_t count = 1;

    assert(*end == '\0');
    while ((at = memchr(at, '\n', (size_t)(end - at))) != NULL) {
        at++;
        count++;
    }
    s->line_starts = calloc(count, sizeof *s->line_starts);
    if (s->line_starts == NULL)
        return false;
    for (at = s->text; (at = memchr(at, '\n', (size_t)(end - at))) != NULL;)
        s->line_starts[++s->nr_lines] = (uint32_t)(++at - s->text);
    s->nr_lines++;
    assert(s->nr_lines == count);
    return true;
}

const char *scenario_line(const struct scenario *s, uint32_t line, size_t *bytes)
{
    if (line == 0 || line > s->nr_lines)
        return NULL;
    const char *start = s->text + s->line_starts[line - 1];
    *bytes = strcspn(start, "\n");
    return start;
}

static struct scenario *scenario_new(const char *path, const char *text, size_t bytes)
{
    struct scenario *s = calloc(1, sizeof *s);

    if (s == NULL)
        return NULL;
    s->path = strdup(path);
    s->name = strdup(basename(path));
    s->text = malloc(bytes + 1);
    if (s->path == NULL || s->name == NULL || s->text == NULL) {
        scenario_free(s);
        return NULL;
    }
    if (bytes > 0)
        memcpy(s->text, text, bytes);
    s->text[bytes] = '\0';
    s->text_bytes = bytes;
    if (!find_lines(s)) {
        scenario_free(s);
        return NULL;
    }
    s->host.memory_pages = 512 * PAGES_PER_MIB;
    s->host.toolstack = TOOLSTACK_XL_4_17;
    return s;
}

static struct scenario *parse_with(struct parser *p, struct scenario *s)
{
    p->scenario = s;
    p->domains = calloc(DOMAINS_MAX, sizeof *p->domains);
    lexer_begin(&p->lexer, s->text, s->text_bytes);
    bool ok = p->domains != NULL ? parse_text(p) : complain(p, (struct span){1, 1, 1}, "out of memory");
    free(p->domains);
    if (ok)
        return s;
    scenario_free(s);
    return NULL;
}

struct scenario *scenario_parse(const char *path, const char *text, size_t bytes,
    const struct kernels *kernels, struct complaint *complaint)
{
    struct parser *p;
    struct scenario *s;

    assert(path != NULL && complaint != NULL && (text != NULL || bytes == 0));
    *complaint = (struct complaint){{0, 0, 0}, "out of memory"};
    if (bytes > SCENARIO_BYTES_MAX) {
        snprintf(complaint->message, sizeof complaint->message,
            "more than %u bytes are too many for a scenario", SCENARIO_BYTES_MAX);
        return NULL;
    }
    if (bytes > 0 && !lexer_check_bytes(text, bytes, complaint))
        return NULL;
    p = calloc(1, sizeof *p);
    s = p != NULL ? scenario_new(path, text, bytes) : NULL;
    if (s != NULL) {
        p->complaint = complaint;
        p->kernels = kernels;
        s = parse_with(p, s);
    }
    free(p);
    if (s != NULL)
        *complaint = (struct complaint){0};
    return s;
}

/* What can't be read to its end, or only once, or would be waited for. NULL: it is a file, or a folder that refuses to be read. */
static const char *kind_of(mode_t mode)
{
    return S_ISFIFO(mode)                   ? "a pipe"
           : S_ISSOCK(mode)                 ? "a socket"
           : S_ISCHR(mode) || S_ISBLK(mode) ? "a device"
                                            : NULL;
}

/* A scenario is a regular file. Not even opened is what a program may wait for at its other end. */
static FILE *open_text(const char *path, struct complaint *complaint)
{
    struct stat status;
    const char *kind = stat(path, &status) == 0 ? kind_of(status.st_mode) : NULL;
    FILE *file = kind == NULL ? fopen(path, "rbe") : NULL;

    if (kind != NULL)
        snprintf(complaint->message, sizeof complaint->message,
            "can't be read: it is %s, and no file; `ballast replay -` takes standard input", kind);
    else if (file == NULL)
        snprintf(complaint->message, sizeof complaint->message, "can't be read: %s", strerror(errno));
    return file;
}

char *scenario_text(const char *path, size_t *bytes, struct complaint *complaint)
{
    char *text;
    size_t room = SCENARIO_BYTES_MAX + 2;

    assert(bytes != NULL && complaint != NULL);
    *complaint = (struct complaint){{0, 0, 0}, "out of memory"};
    *bytes = 0;
    FILE *file = open_text(path, complaint);
    if (file == NULL)
        return NULL;
    text = malloc(room);
    if (text != NULL) {
        errno = 0;
        *bytes = fread(text, 1, room - 1, file);
        if (ferror(file)) {
            snprintf(complaint->message, sizeof complaint->message, "can't be read: %s", strerror(errno));
            free(text);
            text = NULL;
        } else {
            text[*bytes] = '\0';
        }
    }
    fclose(file);
    if (text == NULL)
        return NULL;
    char *shorter = realloc(text, *bytes + 1); /* keeps no more memory than the file needs */
    /* cppcheck-suppress memleak ; one of the two is given on */
    return shorter != NULL ? shorter : text;
}

struct scenario *scenario_read(const char *path, const struct kernels *kernels, struct complaint *complaint)
{
    size_t bytes;
    char *text = scenario_text(path, &bytes, complaint);
    struct scenario *s;

    if (text == NULL)
        return NULL;
    s = scenario_parse(path, text, bytes, kernels, complaint);
    free(text);
    return s;
}
