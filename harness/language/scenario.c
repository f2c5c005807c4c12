/* SPDX-License-Identifier: BSD-2-Clause */
/* Makes a struct scenario of a text with all that it includes. If a line can't be parsed, everything is freed. */
#include "harness/language/included.h"
#include "harness/language/parser.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void statement_clear(struct statement *statement)
{
    free(statement->text);
    free(statement->said);
    free(statement->condition.more.terms);
    free(statement->condition.value.sum.terms);
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

static void statements_free(struct scenario *s)
{
    for (size_t i = 0; i < s->nr_statements; i++)
        statement_clear(&s->statements[i]);
    free(s->statements);
}

void scenario_free(struct scenario *s)
{
    if (s == NULL)
        return;
    statements_free(s);
    for (size_t i = 0; i < s->nr_domains; i++)
        free(s->domains[i].command_line);
    free(s->domains);
    free(s->path);
    free(s->name);
    free(s->text);
    free(s->line_starts);
    free(s);
}

bool scenario_keep_first(struct scenario *s, uint64_t times)
{
    static const struct statement settle = {
        .kind = ST_SETTLE, .where = {1, 1, 1}, .time_kind = TIME_AFTER, .time_ns = NS_PER_S};
    struct statement *only = malloc(sizeof *only);

    assert(times > 0);
    if (s->nr_domains == 0 || s->domains[0].initial || only == NULL ||
        s->domains[0].memory_pages > KEEP_FIRST_PAGES_MAX / times) {
        free(only);
        return false;
    }
    statements_free(s);
    for (size_t i = 1; i < s->nr_domains; i++)
        free(s->domains[i].command_line);
    struct domain_decl *first = &s->domains[0];
    first->maxmem_pages = times * first->memory_pages;
    first->waits = first->hosts_map = first->no_maximum = false;
    first->needs = 0;
    first->memory_map[0] = (struct memory_range){.end_pfn = first->maxmem_pages, .type = MEMORY_RAM};
    first->nr_memory_ranges = first->pvh ? 0 : 1;
    s->host = (struct host_decl){.where = s->host.where,
        .memory_pages = first->maxmem_pages,
        .toolstack = s->host.toolstack,
        .xen = s->host.xen};
    *only = settle;
    s->statements = only;
    s->nr_domains = s->nr_statements = 1;
    return true;
}

static bool parse_text(struct parser *p)
{
    static const struct span start = {1, 1, 1};

    if (!parse_file(p))
        return false;
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

/* Where the file is included that is complained of, the innermost first. */
static void say_via(struct parser *p, const struct scenario *s)
{
    char *out = p->complaint->via;
    size_t used = 0;

    for (unsigned f = p->complaint->file[0] != '\0' ? p->nr_files : 0; f-- > 0;) {
        char file[4096];
        const struct scenario_place place = scenario_place_of(s->text, s->text_bytes, p->files[f].where.line);
        if (place.name != NULL)
            scenario_file_path(s->path, place.name, place.name_bytes, file, sizeof file);
        const int length =
            snprintf(out + used, sizeof p->complaint->via - used, "      included at %.100s:%u:%u\n",
                place.name != NULL ? file : s->path, place.line, p->files[f].where.column);
        if (length < 0 || (size_t)length >= sizeof p->complaint->via - used)
            break;
        used += (size_t)length;
    }
    out[used] = '\0';
}

static struct scenario *parse_with(struct parser *p, struct scenario *s)
{
    p->scenario = s;
    p->domains = calloc(DOMAINS_MAX, sizeof *p->domains);
    const struct included_file root = included_root(s->text, s->text_bytes);
    lexer_begin(&p->lexer, root.start, (size_t)(root.end - root.start), root.first_line);
    bool ok = p->domains != NULL ? parse_text(p) : complain(p, (struct span){1, 1, 1}, "out of memory");
    free(p->domains);
    if (ok)
        return s;
    complaint_place(p->complaint, s->text, s->text_bytes);
    say_via(p, s);
    scenario_free(s);
    return NULL;
}

struct scenario *scenario_parse(const char *path, const char *text, size_t bytes,
    const struct kernels *kernels, struct complaint *complaint)
{
    struct parser *p;
    struct scenario *s;

    assert(path != NULL && complaint != NULL && (text != NULL || bytes == 0));
    *complaint = (struct complaint){.message = "out of memory"};
    if (bytes > SCENARIO_BYTES_MAX) {
        snprintf(complaint->message, sizeof complaint->message,
            "more than %u bytes are too many for a scenario", SCENARIO_BYTES_MAX);
        return NULL;
    }
    size_t all_bytes = 0;
    char *all = included_all(path, text, bytes, &all_bytes);
    if (all == NULL)
        return NULL;
    if (all_bytes > 0 && !lexer_check_bytes(all, all_bytes, complaint)) {
        complaint_place(complaint, all, all_bytes);
        free(all);
        return NULL;
    }
    p = calloc(1, sizeof *p);
    s = p != NULL ? scenario_new(path, all, all_bytes) : NULL;
    free(all);
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
