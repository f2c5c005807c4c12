/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Maps of a domain's memory: boot-map says which pages its boot memory takes, and e820= what its toolstack tells it. Neither says
 * anything of the other.
 */
#include "harness/language/parser.h"
#include "harness/language/sizes.h"

#include <assert.h>
#include <string.h>

/* ---- e820= ---- */

static const char *const memory_types[] = {[MEMORY_RAM] = "ram",
    [MEMORY_RESERVED] = "reserved",
    [MEMORY_ACPI] = "acpi",
    [MEMORY_NVS] = "nvs",
    [MEMORY_UNUSABLE] = "unusable"};

/* One FROM..TO[:TYPE] of e820="…", which lies in the quotes at that span. */
static bool parse_memory_range(struct parser *p, struct span span, const char *text, size_t bytes,
    struct memory_range *ranges, size_t *count)
{
    const uint64_t behind = *count > 0 ? ranges[*count - 1].end_pfn : 0;
    const char *dots = memmem(text, bytes, "..", 2), *colon = memchr(text, ':', bytes), *stop = text + bytes;
    struct memory_range range = {.type = colon == NULL ? MEMORY_RAM : MEMORY_UNUSABLE};
    char suffix;

    if (dots == NULL || (colon != NULL && colon < dots))
        return complain(p, span, "a range of memory is wanted, as 0m..64m, and perhaps :reserved behind it");
    if (colon != NULL) {
        const size_t length = (size_t)(stop - colon) - 1;
        while (range.type >= MEMORY_RAM && (strlen(memory_types[range.type]) != length ||
                                               memcmp(memory_types[range.type], colon + 1, length) != 0))
            range.type--;
        if (range.type < MEMORY_RAM)
            return complain(p, span, "memory is one of ram, reserved, acpi, nvs and unusable");
        stop = colon;
    }
    if (!size_of(p, span, text, (size_t)(dots - text), "the range's start", &range.first_pfn, &suffix) ||
        !size_of(p, span, dots + 2, (size_t)(stop - dots) - 2, "the range's end", &range.end_pfn, &suffix))
        return false;
    if (range.first_pfn >= range.end_pfn)
        return complain(p, span, "the range is empty: its end must lie behind its start");
    if (range.first_pfn < behind)
        return complain(p, span, "the ranges must be in order and not overlap");
    if (*count == MEMORY_RANGES_MAX)
        return complain(p, span, "a memory map has at most %u ranges", MEMORY_RANGES_MAX);
    ranges[(*count)++] = range;
    return true;
}

bool parse_memory_ranges(struct parser *p, struct memory_range *ranges, size_t *count)
{
    const struct token text = p->token;

    for (size_t at = 0, end; at < text.bytes; at = end) {
        end = at + strcspn(text.start + at, " \"");
        if (end > text.bytes)
            end = text.bytes;
        if (end == at) {
            end++;
            continue;
        }
        /* The span's first byte is the quote. */
        const struct span span = {text.span.line, text.span.column + 1 + (uint32_t)at, (uint32_t)(end - at)};
        if (!parse_memory_range(p, span, text.start + at, end - at, ranges, count))
            return false;
    }
    if (*count == 0 || ranges[0].first_pfn != 0 || ranges[0].type != MEMORY_RAM)
        return complain(p, text.span, "a memory map begins with memory at 0, where the kernel lies");
    advance(p);
    return true;
}

/* e820=none, xl, host or "FROM..TO[:TYPE] …". */
bool parse_memory_map(struct parser *p, struct domain_decl *decl)
{
    if (accept_word(p, "none"))
        return true;
    decl->has_xls_map = accept_word(p, "xl");
    decl->hosts_map = !decl->has_xls_map && accept_word(p, "host");
    if (decl->has_xls_map || decl->hosts_map)
        return true;
    if (p->token.kind != TOKEN_STRING)
        return expected(p, "none, xl, host, or ranges of memory in quotes");
    return parse_memory_ranges(p, decl->memory_map, &decl->nr_memory_ranges);
}

/* ---- boot-map ---- */

/* FROM..TO, as sizes. */
static bool parse_pfns(struct parser *p, uint64_t *from, uint64_t *to)
{
    const struct token *token = &p->token;
    const char *dots = NULL, *stop = token->start + token->bytes;
    char suffix;

    for (const char *c = token->start; token->kind == TOKEN_WORD && c + 1 < stop && dots == NULL; c++) {
        if (c[0] == '.' && c[1] == '.')
            dots = c;
    }
    if (dots == NULL)
        return expected(p, "a range of guest memory, as 0m..16m");
    return size_of(p, token->span, token->start, (size_t)(dots - token->start), "the range's start", from,
               &suffix) &&
           size_of(p, token->span, dots + 2, (size_t)(stop - dots) - 2, "the range's end", to, &suffix);
}

/* What boot code makes of the range: avail=FROM..TO and freelist=N, in any order. */
static bool parse_map_options(struct parser *p, struct boot_range *range)
{
    uint64_t from, to, list;

    for (;;) {
        const struct token option = p->token;

        if (accept_word(p, "avail")) {
            if (!parse_assign(p, &option) || !parse_pfns(p, &from, &to))
                return false;
            if (from < range->first_pfn || to > range->end_pfn || from >= to)
                return complain(
                    p, p->token.span, "what is available must be a part of the range, and not empty");
            range->available_first_pfn = from;
            range->available_end_pfn = to;
            advance(p);
        } else if (accept_word(p, "freelist")) {
            if (!parse_assign(p, &option) || !parse_number(p, "the number of a free list", &list))
                return false;
            if (list >= FREE_LISTS_MAX)
                return complain(p, p->last, "no kernel has more than %u free lists", FREE_LISTS_MAX);
            range->free_list = (unsigned)list;
        } else {
            return true;
        }
    }
}

/* A range, with its options: FROM is below TO, and not below the end of the range before. */
static bool parse_map_range(struct parser *p, struct domain_decl *decl, uint64_t *pages)
{
    const struct span span = p->token.span;
    uint64_t from, to,
        behind = decl->nr_boot_ranges > 0 ? decl->boot_map[decl->nr_boot_ranges - 1].end_pfn : 0;
    struct boot_range *range = &decl->boot_map[decl->nr_boot_ranges];

    if (!parse_pfns(p, &from, &to))
        return false;
    if (from >= to)
        return complain(p, span, "the range is empty: its end must lie behind its start");
    if (decl->nr_boot_ranges == 0 && from != 0)
        return complain(p, span, "boot memory begins at 0, where the kernel lies");
    if (from < behind)
        return complain(p, span, "the ranges must be in order and not overlap");
    if (decl->nr_boot_ranges == BOOT_RANGES_MAX)
        return complain(p, span, "a boot map has at most %u ranges", BOOT_RANGES_MAX);
    *range = (struct boot_range){.first_pfn = from, .end_pfn = to};
    decl->nr_boot_ranges++;
    *pages += to - from;
    advance(p);
    return parse_map_options(p, range);
}

/* The declaration of a domain that was declared before the first statement. */
static struct domain_decl *declared(const struct parser *p, const char *name)
{
    struct scenario *s = p->scenario;
    size_t d = 0;

    while (d < s->nr_domains && strcmp(s->domains[d].name, name) != 0)
        d++;
    assert(d < s->nr_domains);
    return &s->domains[d];
}

bool parse_boot_map(struct parser *p, struct statement *statement)
{
    const char *start;
    struct domain_decl *decl;
    uint64_t pages = 0;
    char memory[32], found[32];

    statement->kind = ST_BOOT_MAP;
    if (p->began)
        return complain(
            p, statement->where, "a boot map stands before the first statement, behind its domain's line");
    if (!parse_domain_name(p, statement->domain))
        return false;
    decl = declared(p, statement->domain);
    if (decl->nr_boot_ranges > 0)
        return complain(p, p->last, "%s has a boot map already", statement->domain);
    start = p->token.start;
    statement->text_span = p->token.span;
    do {
        if (!parse_map_range(p, decl, &pages))
            return false;
    } while (p->token.kind != TOKEN_END);
    if (pages != decl->memory_pages) {
        size_text(pages, 'm', found, sizeof found);
        size_text(decl->memory_pages, 'm', memory, sizeof memory);
        return complain(p, span_to_here(p, statement->text_span), "the ranges hold %s, and %s has memory=%s",
            found, statement->domain, memory);
    }
    statement->text_span = span_to_here(p, statement->text_span);
    statement->text = copy_text(p, start, statement->text_span.length);
    return statement->text != NULL;
}
