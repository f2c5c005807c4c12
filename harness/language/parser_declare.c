/* SPDX-License-Identifier: BSD-2-Clause */
/* Declarations: the host, the domains (one, or a group d[1..50]). */
#include "harness/language/parser.h"
#include "harness/language/sizes.h"
#include "sim/array.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Words that would make a statement ambiguous if a domain had them for its name. */
static const char *const reserved[] = {
    "host", "sum", "within", "refused", "violation", "crash", "all", "dom0"};

static const char *const statement_words[] = {
#define X(id, use, word, form, meaning) STATEMENT_##use == STATEMENT_SHAPES ? "" : word,
    STATEMENT_WORDS(X)
#undef X
};

static const struct {
    const char *name;
    enum toolstack toolstack;
} toolstacks[] = {
    {"xl-4.17", TOOLSTACK_XL_4_17},
    {"xl-4.16", TOOLSTACK_XL_4_16},
    {"xm", TOOLSTACK_XM},
};

/* The option at the present token: its index in names; -1: complained, also about an option given twice. */
static int parse_option(
    struct parser *p, const char *const *names, unsigned count, unsigned *seen, const char *of)
{
    struct suggestion s;
    char guess[64], list[160] = "";

    if (p->token.kind != TOKEN_WORD) {
        expected(p, "an option or the end of the line");
        return -1;
    }
    suggest_begin(&s, p->token.start, p->token.bytes);
    for (unsigned i = 0; i < count; i++) {
        if (!token_is(&p->token, names[i])) {
            size_t used = strlen(list);
            suggest_offer(&s, names[i]);
            snprintf(list + used, sizeof list - used, "%s%s", used > 0 ? ", " : "", names[i]);
            continue;
        }
        if ((*seen & 1u << i) != 0) {
            complain(p, p->token.span, "`%s` is said twice", names[i]);
            return -1;
        }
        *seen |= 1u << i;
        return (int)i;
    }
    complain(p, p->token.span, "a %s has no option `%.*s`%s%s", of, SHOWN(&p->token),
        s.best != NULL ? meant(&s, guess, sizeof guess) : "; expected one of ", s.best != NULL ? "" : list);
    return -1;
}

static bool parse_toolstack_name(struct parser *p, enum toolstack *toolstack)
{
    struct suggestion s;
    char guess[64];

    if (p->token.kind != TOKEN_WORD)
        return expected(p, "a toolstack");
    suggest_begin(&s, p->token.start, p->token.bytes);
    for (size_t i = 0; i < sizeof toolstacks / sizeof toolstacks[0]; i++) {
        if (token_is(&p->token, toolstacks[i].name)) {
            *toolstack = toolstacks[i].toolstack;
            advance(p);
            return true;
        }
        /* Not xm: "xl" is nearer to it than to xl-4.17, which is meant. */
        if (toolstacks[i].toolstack != TOOLSTACK_XM)
            suggest_offer(&s, toolstacks[i].name);
    }
    return complain(p, p->token.span, "there is no toolstack `%.*s`%s", SHOWN(&p->token),
        s.best != NULL ? meant(&s, guess, sizeof guess) : "; there are xl-4.17, xl-4.16 and xm");
}

static bool parse_xen_version(struct parser *p, struct host_decl *host)
{
    const struct token *token = &p->token;

    if (token->kind != TOKEN_WORD || strspn(token->start, "0123456789.") < token->bytes)
        return expected(p, "a version of Xen, as 4.17");
    host->xen = known_xen_named(token->start, token->bytes);
    if (host->xen == NULL)
        return complain(
            p, token->span, "no Xen `%.*s` is known here; there are " KNOWN_XENS_IN_WORDS, SHOWN(token));
    advance(p);
    return true;
}

/* dom0 takes part: it becomes a domain that the scenario can tell to issue hypercalls. */
bool know_dom0(struct parser *p, struct span where)
{
    struct known_domain dom0 = {.name = "dom0", .kernel = DOM0_KERNEL, .line = where.line};

    if (find_domain(p, "dom0", 4) != NULL)
        return true;
    p->scenario->host.has_dom0 = true;
    return know_domain(p, &dom0, where);
}

static bool parse_dom0(struct parser *p, uint64_t *pages)
{
    struct span value = p->token.span;
    char suffix;

    if (!parse_size(p, "dom0's memory", pages, &suffix))
        return false;
    return (*pages > 0 || complain(p, value, "dom0 needs some memory")) && know_dom0(p, value);
}

static bool parse_schedule(struct parser *p, struct host_decl *host)
{
    if (accept_word(p, "seeded"))
        host->schedule = SCHEDULE_SEEDED;
    else if (accept_word(p, "fixed"))
        host->schedule = SCHEDULE_FIXED;
    else
        return expected(p, "seeded or fixed");
    return true;
}

enum {
    HOST_MEM,
    HOST_TOOLSTACK,
    HOST_XEN,
    HOST_SCRUB_DOMHEAP,
    HOST_DOM0,
    HOST_DOM0_MAX,
    HOST_SCHEDULE,
    HOST_E820,
    NR_HOST_OPTIONS
};

/* What stands behind `=`. */
static bool parse_host_value(struct parser *p, int option, struct host_decl *host)
{
    const struct span value = p->token.span;
    char suffix;

    switch (option) {
    case HOST_MEM:
        if (!parse_size(p, "the host's memory", &host->memory_pages, &suffix))
            return false;
        return host->memory_pages > 0 || complain(p, value, "a host without memory runs nothing");
    case HOST_TOOLSTACK:
        return parse_toolstack_name(p, &host->toolstack);
    case HOST_XEN:
        return parse_xen_version(p, host);
    case HOST_SCHEDULE:
        return parse_schedule(p, host);
    case HOST_E820:
        if (p->token.kind != TOKEN_STRING)
            return expected(p, "ranges of memory in quotes");
        return parse_memory_ranges(p, host->map, &host->nr_ranges);
    default:
        assert(option == HOST_DOM0 || option == HOST_DOM0_MAX);
        return parse_dom0(p, option == HOST_DOM0 ? &host->dom0_pages : &host->dom0_max_pages);
    }
}

bool parse_host(struct parser *p)
{
    static const char *const names[NR_HOST_OPTIONS] = {
        "mem", "toolstack", "xen", "scrub-domheap", "dom0", "dom0-max", "schedule", "e820"};
    struct host_decl *host = &p->scenario->host;
    unsigned seen = 0;

    if (p->has_host)
        return complain(p, p->last, "the host is declared already, at line %u", host->where.line);
    if (p->began || p->nr_domains > 0)
        return complain(p, p->last, "the host is declared before its domains and before the first statement");
    host->where = p->last;
    p->has_host = true;
    while (p->token.kind != TOKEN_END) {
        int option = parse_option(p, names, NR_HOST_OPTIONS, &seen, "host");
        struct token name = p->token;
        if (option < 0)
            return false;
        advance(p);
        if (option == HOST_SCRUB_DOMHEAP)
            host->scrub_domheap = true;
        else if (!parse_assign(p, &name) || !parse_host_value(p, option, host))
            return false;
    }
    host->where = span_to_here(p, host->where);
    return true;
}

struct names {
    struct token base;
    bool group;
    unsigned first, last;
};

/* [1..50], behind the name's first part. */
static bool parse_numbers(struct parser *p, struct names *names)
{
    uint64_t first, last;

    advance(p);
    const struct span where = p->token.span;
    if (!parse_range(p, "a range of domains, as 1..50", &first, &last))
        return false;
    if (p->token.kind != TOKEN_CLOSE_SQUARE)
        return expected(p, "`]`");
    if (last - first >= DOMAINS_MAX || last > UINT32_MAX)
        return complain(p, where, "more than %u domains", DOMAINS_MAX);
    names->group = true;
    names->first = (unsigned)first;
    names->last = (unsigned)last;
    advance(p);
    return true;
}

static bool parse_names(struct parser *p, struct names *names)
{
    const struct token *token = &p->token;

    if (token->kind != TOKEN_WORD)
        return expected(p, "the domain's name");
    if (!has_names_bytes(token->start, token->bytes))
        return complain(
            p, token->span, "`%.*s` is no name: a letter, then letters, digits, - and _", SHOWN(token));
    for (size_t i = 0; i < sizeof reserved / sizeof reserved[0]; i++) {
        if (token_is(token, reserved[i]))
            return complain(
                p, token->span, "no domain can be called `%s`: the language uses that word", reserved[i]);
    }
    for (size_t i = 0; i < sizeof statement_words / sizeof statement_words[0]; i++) {
        if (token_is(token, statement_words[i]))
            return complain(
                p, token->span, "no domain can be called `%s`: it is a statement's word", statement_words[i]);
    }
    if (token->bytes > NAME_BYTES_MAX)
        return complain(p, token->span, "a domain's name has at most %u bytes, this has %zu", NAME_BYTES_MAX,
            token->bytes);
    *names = (struct names){.base = *token};
    advance(p);
    return token->kind != TOKEN_OPEN_SQUARE || !token->glued || parse_numbers(p, names);
}

static bool parse_kernel(struct parser *p, struct domain_decl *decl)
{
    const struct token *token = &p->token;

    if (token->kind != TOKEN_WORD)
        return expected(p, "a kernel's name");
    if (token->bytes >= sizeof decl->kernel)
        return complain(p, token->span, "no kernel's name has %zu bytes", token->bytes);
    memcpy(decl->kernel, token->start, token->bytes);
    decl->kernel[token->bytes] = '\0';
    decl->kernel_where = token->span;
    advance(p);
    return true;
}

static bool parse_p2m(struct parser *p, struct domain_decl *decl)
{
    char suffix;

    if (accept_word(p, "maxmem")) {
        decl->p2m = P2M_MAXMEM;
    } else if (accept_word(p, "exact")) {
        decl->p2m = P2M_EXACT;
    } else {
        if (p->token.kind != TOKEN_WORD || p->token.start[0] < '0' || p->token.start[0] > '9')
            return expected(p, "maxmem, exact or a size");
        decl->p2m = P2M_PAGES;
        return parse_size(p, "p2m", &decl->p2m_pages, &suffix);
    }
    return true;
}

static bool parse_command_line(struct parser *p, struct domain_decl *decl)
{
    if (p->token.kind != TOKEN_STRING)
        return expected(p, "the command line in quotes");
    decl->command_line = copy_text(p, p->token.start, p->token.bytes);
    advance(p);
    return decl->command_line != NULL;
}

/* type=pv, pvh or hvm, as in xl.cfg(5): whether Xen translates for the domain, and whether it has a firmware. */
static bool parse_type(struct parser *p, struct domain_decl *decl)
{
    decl->hvm = accept_word(p, "hvm");
    decl->pvh = decl->hvm || accept_word(p, "pvh");
    if (!decl->pvh && !accept_word(p, "pv"))
        return expected(p, "pv, pvh or hvm");
    return true;
}

/* start=yes or start=no: whether the domain is built at the beginning or by an xl create. */
static bool parse_start(struct parser *p, struct domain_decl *decl)
{
    if (accept_word(p, "no"))
        decl->waits = true;
    else if (!accept_word(p, "yes"))
        return expected(p, "yes or no");
    return true;
}

enum {
    OPTION_KERNEL,
    OPTION_MEMORY,
    OPTION_MAXMEM,
    OPTION_P2M,
    OPTION_VIDEORAM,
    OPTION_CMDLINE,
    OPTION_TYPE,
    OPTION_START,
    OPTION_E820,
    OPTION_ROLE,
    NR_OPTIONS
};

static bool parse_domain_value(struct parser *p, int option, struct domain_decl *decl, struct span spans[])
{
    char suffix;
    uint64_t pages;
    struct span value = p->token.span;

    spans[option] = value;
    switch (option) {
    case OPTION_KERNEL:
        return parse_kernel(p, decl);
    case OPTION_MEMORY:
        if (!parse_size(p, "memory", &decl->memory_pages, &suffix))
            return false;
        return decl->memory_pages > 0 || complain(p, value, "a domain needs some memory");
    case OPTION_MAXMEM:
        return parse_size(p, "maxmem", &decl->maxmem_pages, &suffix);
    case OPTION_P2M:
        return parse_p2m(p, decl);
    case OPTION_VIDEORAM:
        if (!parse_size(p, "videoram", &pages, &suffix))
            return false;
        decl->videoram_kib = pages * KIB_PER_PAGE;
        return true;
    case OPTION_TYPE:
        return parse_type(p, decl);
    case OPTION_START:
        return parse_start(p, decl);
    case OPTION_ROLE:
        decl->bare = accept_word(p, "bare-dom0");
        if (!decl->bare && !accept_word(p, "dom0"))
            return expected(p, "dom0 or bare-dom0");
        decl->initial = true;
        return true;
    case OPTION_E820:
        return parse_memory_map(p, decl);
    default:
        return parse_command_line(p, decl);
    }
}

static const char *const domain_names[NR_OPTIONS] = {
    "kernel", "memory", "maxmem", "p2m", "videoram", "cmdline", "type", "start", "e820", "role"};

static bool is_domain_option(const struct token *token)
{
    for (unsigned i = 0; i < NR_OPTIONS; i++)
        if (token_is(token, domain_names[i]))
            return true;
    return false;
}

static bool parse_domain_options(struct parser *p, struct domain_decl *decl)
{
    struct choices choices = {.options = domain_names, .nr_options = NR_OPTIONS};
    struct span spans[NR_OPTIONS] = {{0, 0, 0}};
    char memory[32];
    unsigned seen = 0;

    while (p->token.kind != TOKEN_END) {
        if (p->token.kind == TOKEN_WORD && !is_domain_option(&p->token)) {
            if (!parse_choice(p, &choices))
                return false;
            continue;
        }
        int option = parse_option(p, domain_names, NR_OPTIONS, &seen, "domain");
        struct token name = p->token;
        if (option < 0)
            return false;
        advance(p);
        if (!parse_assign(p, &name) || !parse_domain_value(p, option, decl, spans))
            return false;
    }
    if (!take_choices(p, &choices, decl))
        return false;
    if ((seen & 1u << OPTION_KERNEL) == 0)
        return expected(p, "kernel=NAME (`ballast list kernels` shows them)");
    if ((seen & 1u << OPTION_MEMORY) == 0)
        return expected(p, "memory=SIZE");
    if ((seen & 1u << OPTION_MAXMEM) == 0)
        decl->maxmem_pages = decl->memory_pages;
    decl->no_maximum = decl->initial && (seen & 1u << OPTION_MAXMEM) == 0;
    size_text(decl->memory_pages, 0, memory, sizeof memory);
    if (decl->maxmem_pages < decl->memory_pages)
        return complain(p, spans[OPTION_MAXMEM], "maxmem is smaller than memory, which is %s", memory);
    if (decl->has_xls_map) {
        decl->memory_map[0] = (struct memory_range){.end_pfn = decl->maxmem_pages, .type = MEMORY_RAM};
        decl->nr_memory_ranges = 1;
    }
    if (decl->initial && decl->hvm)
        return complain(p, spans[OPTION_ROLE], "dom0 is a PV or a PVH domain: type=pv or type=pvh");
    if (decl->hvm && (seen & 1u << OPTION_VIDEORAM) == 0)
        decl->videoram_kib = XL_VIDEORAM_KIB;
    if (decl->initial && (seen & 1u << OPTION_E820) != 0)
        return complain(p, spans[OPTION_E820], "a dom0 sees the host's own map");
    if ((decl->nr_memory_ranges > 0 || decl->hosts_map) && decl->pvh)
        return complain(
            p, spans[OPTION_E820], "a domain with type=pvh or type=hvm has the map that xl makes for it");
    if (decl->p2m == P2M_PAGES && decl->p2m_pages < decl->memory_pages)
        return complain(p, spans[OPTION_P2M], "the P2M must have room for memory, which is %s", memory);
    return true;
}

/* A copy of decl under that name, in the scenario or as a statement of its own. */
static bool add_domain(
    struct parser *p, const struct domain_decl *decl, bool timed, enum time_kind kind, uint64_t time_ns)
{
    struct scenario *s = p->scenario;
    struct domain_decl *copy;
    char *command_line = NULL;
    struct statement *statement;

    assert(decl->name[0] != '\0');
    if (decl->command_line != NULL) {
        command_line = copy_text(p, decl->command_line, strlen(decl->command_line));
        if (command_line == NULL)
            return false;
    }
    if (!timed) {
        if (!ARRAY_ONE_MORE(s->domains, p->domains_room, s->nr_domains)) {
            free(command_line);
            return complain(p, decl->where, "out of memory");
        }
        copy = &s->domains[s->nr_domains++];
    } else {
        statement = add_statement(p, decl->where);
        copy = statement == NULL ? NULL : malloc(sizeof *copy);
        if (copy == NULL) {
            free(command_line);
            return complain(p, decl->where, "out of memory");
        }
        statement->kind = ST_DOMAIN;
        statement->time_kind = kind;
        statement->time_ns = time_ns;
        statement->domain_decl = copy;
        memcpy(statement->domain, decl->name, sizeof decl->name);
    }
    *copy = *decl;
    copy->command_line = command_line;
    return true;
}

static bool know_group(struct parser *p, const struct names *names)
{
    struct known_group *group = &p->groups[p->nr_groups];

    if (find_group(p, names->base.start, names->base.bytes) != NULL)
        return complain(p, names->base.span, "the group `%.*s` is declared already", SHOWN(&names->base));
    if (p->nr_groups == GROUPS_MAX)
        return complain(p, names->base.span, "more than %u groups of domains", GROUPS_MAX);
    memcpy(group->name, names->base.start, names->base.bytes);
    group->name[names->base.bytes] = '\0';
    group->first = names->first;
    group->last = names->last;
    p->nr_groups++;
    return true;
}

bool parse_domains(struct parser *p, struct span first, bool timed, enum time_kind kind, uint64_t time_ns)
{
    struct domain_decl decl = {.where = first};
    struct names names = {0};
    bool ok;

    if (!parse_names(p, &names))
        return false;
    struct span names_span = names.base.span;
    names_span.length = p->last.column + p->last.length - names_span.column;
    ok = parse_domain_options(p, &decl) && (!names.group || know_group(p, &names));
    decl.where = ok ? span_to_here(p, first) : first;
    for (unsigned i = names.first; ok && i <= names.last; i++) {
        struct known_domain known = {.line = first.line};
        char number[16] = "";
        if (names.group)
            snprintf(number, sizeof number, "%u", i);
        int bytes =
            snprintf(decl.name, sizeof decl.name, "%.*s%s", (int)names.base.bytes, names.base.start, number);
        ok = bytes <= (int)NAME_BYTES_MAX ||
             complain(p, names_span, "a domain's name has at most %u bytes, number included", NAME_BYTES_MAX);
        memcpy(known.name, decl.name, sizeof known.name);
        memcpy(known.kernel, decl.kernel, sizeof known.kernel);
        ok = ok && know_domain(p, &known, names_span) &&
             add_domain(p, &decl, timed, kind, i == names.first ? time_ns : 0);
        if (i == names.first)
            kind = TIME_AFTER;
    }
    free(decl.command_line);
    return ok;
}

static const char *const features[NR_KERNEL_FEATURES] = {
#define X(id, name, meaning) [KERNEL_FEATURE_##id] = name,
    KERNEL_FEATURES(X)
#undef X
};

static bool parse_feature(struct parser *p, unsigned *feature)
{
    struct suggestion s;
    char guess[64];

    if (p->token.kind != TOKEN_WORD)
        return expected(p, "what the kernel of the domain above must have, as hotplug");
    suggest_begin(&s, p->token.start, p->token.bytes);
    for (*feature = 0; *feature < NR_KERNEL_FEATURES; ++*feature) {
        if (accept_word(p, features[*feature]))
            return true;
        suggest_offer(&s, features[*feature]);
    }
    return complain(p, p->token.span, "no kernel has a feature `%.*s`%s", SHOWN(&p->token),
        meant(&s, guess, sizeof guess));
}

bool parse_needs(struct parser *p, struct span first)
{
    struct scenario *s = p->scenario;
    unsigned feature;

    if (p->began || s->nr_domains == 0)
        return complain(p, p->last, "what a domain needs stands behind its line, before the first statement");
    if (!parse_feature(p, &feature))
        return false;
    /* The last line with a domain may have declared a group of them. */
    const uint32_t line = s->domains[s->nr_domains - 1].where.line;
    for (size_t d = s->nr_domains; d-- > 0 && s->domains[d].where.line == line;) {
        s->domains[d].needs |= 1u << feature;
        s->domains[d].needs_where = span_to_here(p, first);
    }
    return at_end(p);
}
