/* SPDX-License-Identifier: BSD-2-Clause */
/* fault, heal and on: statements about a fault site, checked against what the site allows. */
#include "harness/language/parser.h"
#include "harness/language/sizes.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

/* The site that a statement is about: one of the domain's kernel, or one of Xen's. */
struct about {
    const struct kernel *kernel;        /* NULL: not known, and any site's name is taken for one of its own */
    const struct fault_site_info *site; /* NULL when the kernel is not known and the site isn't Xen's */
    const char *name;                   /* the kernel's, as after kernel= */
};

static bool complain_of_site(struct parser *p, const struct about *about)
{
    const struct token *token = &p->token;
    struct suggestion s;
    char text[80];

    suggest_begin(&s, token->start, token->bytes);
    for (unsigned i = 0; i < kernel_sites_end(about->kernel); i++)
        if (kernel_site(about->kernel, (enum fault_site)i) != NULL)
            suggest_offer(&s, kernel_site(about->kernel, (enum fault_site)i)->name);
    if (s.best != NULL)
        return complain(
            p, token->span, "there is no fault site `%.*s`%s", SHOWN(token), meant(&s, text, sizeof text));
    return complain(p, token->span,
        "there is no fault site `%.*s` where kernel=%s runs; `ballast list faults %s` shows them",
        SHOWN(token), about->name, about->name);
}

static bool parse_site_about(struct parser *p, const char *domain, enum fault_site *site, struct about *about)
{
    about->kernel = kernel_of_domain(p, domain, &about->name);
    if (p->token.kind != TOKEN_WORD)
        return expected(p, "a fault site");
    if (!kernel_site_by_name(about->kernel, p->token.start, p->token.bytes, site)) {
        if (about->kernel != NULL)
            return complain_of_site(p, about);
        *site = FAULT_SITE_OF_KERNEL;
    }
    about->site = kernel_site(about->kernel, *site);
    advance(p);
    return true;
}

bool parse_site(struct parser *p, const char *domain, enum fault_site *site)
{
    struct about about;

    return parse_site_about(p, domain, site, &about);
}

/* The domain's name and the site behind it. */
static bool parse_domain_and_site(struct parser *p, struct statement *statement, struct about *about)
{
    const bool one = statement->kind == ST_ON;

    return (one ? parse_domain_name(p, statement->domain) : parse_domain_or_group(p, statement->domain)) &&
           parse_site_about(p, statement->domain, &statement->fault.site, about);
}

/* Complains of page= at a site whose callers don't say which pfns the call is about. */
static bool complain_of_pages(struct parser *p, struct span where, const struct about *about)
{
    char paged[160] = "";

    for (unsigned i = 0; i < kernel_sites_end(about->kernel); i++) {
        const struct fault_site_info *other = kernel_site(about->kernel, (enum fault_site)i);
        size_t used = strlen(paged);
        if (other != NULL && other->has_pages)
            snprintf(paged + used, sizeof paged - used, "%s%s", used != 0 ? " and " : ": page= goes with ",
                other->name);
    }
    return complain(
        p, where, "%s is not asked about single pages%s; use call= or every= here", about->site->name, paged);
}

#define WHENS "call=N, page=N, every=N or chance=N%"

static bool complain_of_when(struct parser *p)
{
    struct suggestion s;
    char text[64];

    if (p->token.kind != TOKEN_WORD)
        return expected(p, WHENS);
    suggest_begin(&s, p->token.start, p->token.bytes);
    suggest_offer(&s, "call");
    suggest_offer(&s, "page");
    suggest_offer(&s, "every");
    suggest_offer(&s, "chance");
    if (s.best == NULL)
        return expected(p, WHENS);
    return complain(p, p->token.span, "`%.*s` is no option of a fault%s", (int)p->token.bytes, p->token.start,
        meant(&s, text, sizeof text));
}

/* N, or N..M where a call= or page= stands before it. */
static bool parse_numbers(struct parser *p, struct fault_spec *fault)
{
    const struct token numbers = p->token;
    const bool is_range = numbers.kind == TOKEN_WORD && memmem(numbers.start, numbers.bytes, "..", 2) != NULL;

    if (!is_range || fault->when == FAULT_EVERY)
        return parse_number(p, "a number", &fault->n);
    if (!parse_range(p, "numbers from and to, as 3..7", &fault->n, &fault->last))
        return false;
    if (fault->last - fault->n >= FAULT_RANGE_MAX)
        return complain(
            p, numbers.span, "a range of more than %u is no range; every=1 refuses all", FAULT_RANGE_MAX);
    return true;
}

/* 10%: of a hundred calls so many, which ones the seed says. */
static bool parse_chance(struct parser *p, struct fault_spec *fault)
{
    const struct token chance = p->token;
    const bool percent =
        chance.kind == TOKEN_WORD && chance.bytes > 1 && chance.start[chance.bytes - 1] == '%';

    if (!percent || number_parse(chance.start, chance.bytes - 1, &fault->n) != READING_OK)
        return expected(p, "so many of a hundred, as 10%");
    if (fault->n == 0 || fault->n > 100)
        return complain(p, chance.span, "a chance is 1%% to 100%%");
    advance(p);
    return true;
}

/* call=N, page=N, every=N or chance=N%. */
static bool parse_when(struct parser *p, struct fault_spec *fault, const struct about *about)
{
    const struct token option = p->token;

    if (token_is(&option, "call"))
        fault->when = FAULT_CALL;
    else if (token_is(&option, "page"))
        fault->when = FAULT_PAGE;
    else if (token_is(&option, "every"))
        fault->when = FAULT_EVERY;
    else if (token_is(&option, "chance"))
        fault->when = FAULT_CHANCE;
    else
        return complain_of_when(p);
    advance(p);
    if (!parse_assign(p, &option))
        return false;
    if (fault->when == FAULT_PAGE && about->site != NULL && !about->site->has_pages)
        return complain_of_pages(p, option.span, about);
    if (fault->when == FAULT_CHANCE)
        return parse_chance(p, fault);
    if (!parse_numbers(p, fault))
        return false;
    if (fault->n == 0)
        return complain(p, p->last, "the first is number 1");
    return true;
}

static bool parse_keep(struct parser *p, struct fault_spec *fault)
{
    const struct token option = p->token;

    if (fault->keep != FAULT_DEFAULT)
        return complain(p, option.span, "only one of once, times= and sticky can hold");
    if (fault->when == FAULT_CALL && fault->last != 0)
        return complain(p, option.span, "call=N..M says itself which calls are refused: each of them");
    advance(p);
    if (token_is(&option, "once"))
        fault->keep = FAULT_ONCE;
    else if (token_is(&option, "sticky"))
        fault->keep = FAULT_STICKY;
    else {
        fault->keep = FAULT_TIMES;
        if (!parse_assign(p, &option) || !parse_number(p, "a number", &fault->times))
            return false;
        if (fault->times == 0)
            return complain(p, p->last, "a fault that refuses 0 times is none");
    }
    return true;
}

static bool parse_short(struct parser *p, struct fault_spec *fault, const struct fault_site_info *site)
{
    const struct token option = p->token;

    if (fault->has_short)
        return complain(p, option.span, "short= is said twice");
    if (site != NULL && !site->takes_short)
        return complain(p, option.span, "%s does not answer short: %s", site->name, site->refusal);
    advance(p);
    fault->has_short = true;
    return parse_assign(p, &option) && parse_number(p, "a number of extents", &fault->shortened_to);
}

static bool parse_errno(struct parser *p, struct fault_spec *fault, const struct fault_site_info *site)
{
    const struct token option = p->token;
    uint64_t number;
    struct suggestion s;
    char text[80];

    if (fault->error != 0)
        return complain(p, option.span, "errno= is said twice");
    if (site != NULL && !site->takes_errno)
        return complain(p, option.span, "%s answers with no error number: %s", site->name, site->refusal);
    advance(p);
    if (!parse_assign(p, &option))
        return false;
    if (p->token.kind != TOKEN_WORD)
        return expected(p, "an error's name or number");
    if (number_parse(p->token.start, p->token.bytes, &number) == READING_OK) {
        if (number == 0 || number > 4095)
            return complain(p, p->token.span, "an error number is 1 to 4095");
        fault->error = (int)number;
    } else if (!errno_by_name(p->token.start, p->token.bytes, &fault->error)) {
        suggest_begin(&s, p->token.start, p->token.bytes);
#define XEN_ERRNO(name, value) suggest_offer(&s, #name);
#include <xen/errno.h>
        return complain(p, p->token.span, "`%.*s` is no error Xen knows%s", SHOWN(&p->token),
            meant(&s, text, sizeof text));
    }
    advance(p);
    return true;
}

/* by=T: how much later something comes. */
static bool parse_by(struct parser *p, struct fault_spec *fault, const struct fault_site_info *site)
{
    const struct token option = p->token;

    if (fault->by_ns != 0)
        return complain(p, option.span, "by= is said twice");
    if (site != NULL && !site->takes_by)
        return complain(p, option.span, "at %s nothing comes later: %s", site->name, site->refusal);
    advance(p);
    if (!parse_assign(p, &option) || !parse_time(p, "how much later, as 2s", &fault->by_ns))
        return false;
    return fault->by_ns != 0 || complain(p, p->last, "what comes 0 later comes at once: there is no fault");
}

/* The options that say when, by enum: each fault has one of them. */
static const char *const whens[] = {
    [FAULT_CALL] = "call", [FAULT_PAGE] = "page", [FAULT_EVERY] = "every", [FAULT_CHANCE] = "chance"};

static bool is_when(const struct token *token)
{
    for (size_t i = 0; i < sizeof whens / sizeof whens[0]; i++)
        if (whens[i] != NULL && token_is(token, whens[i]))
            return true;
    return false;
}

bool parse_fault(struct parser *p, struct statement *statement)
{
    static const char *const options[] = {"once", "times", "sticky", "short", "errno", "by"};
    struct fault_spec *fault = &statement->fault;
    struct about about;
    struct suggestion s;
    char text[80];

    statement->kind = ST_FAULT;
    if (!parse_domain_and_site(p, statement, &about) || !parse_when(p, fault, &about))
        return false;
    while (p->token.kind == TOKEN_WORD) {
        bool ok;
        if (token_is(&p->token, "once") || token_is(&p->token, "times") || token_is(&p->token, "sticky"))
            ok = parse_keep(p, fault);
        else if (token_is(&p->token, "short"))
            ok = parse_short(p, fault, about.site);
        else if (token_is(&p->token, "errno"))
            ok = parse_errno(p, fault, about.site);
        else if (token_is(&p->token, "by"))
            ok = parse_by(p, fault, about.site);
        else if (is_when(&p->token))
            return complain(p, p->token.span, "`%s=` and `%.*s=` exclude each other: a fault has one of %s",
                whens[fault->when], SHOWN(&p->token), WHENS);
        else {
            suggest_begin(&s, p->token.start, p->token.bytes);
            for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
                suggest_offer(&s, options[i]);
            return complain(p, p->token.span,
                "`%.*s` says nothing about a fault%s; it may be once, times=K, "
                "sticky, short=N, errno=E, by=T",
                SHOWN(&p->token), meant(&s, text, sizeof text));
        }
        if (!ok)
            return false;
    }
    if (fault->has_short && fault->error != 0)
        return complain(p, statement->where, "short= and errno= can't both be the answer");
    return at_end(p);
}

bool parse_heal(struct parser *p, struct statement *statement)
{
    struct about about;

    statement->kind = ST_HEAL;
    if (!parse_domain_or_group(p, statement->domain))
        return false;
    statement->all_sites = p->token.kind == TOKEN_END;
    if (!statement->all_sites && !parse_site_about(p, statement->domain, &statement->fault.site, &about))
        return false;
    return at_end(p);
}

bool parse_on(struct parser *p, struct statement *statement)
{
    const struct token *token = &p->token;
    struct about about;

    statement->kind = ST_ON;
    if (!parse_domain_and_site(p, statement, &about))
        return false;
    if (about.site != NULL && about.site->is_told)
        return complain(p, p->last,
            "%s is no call that could be entered or return; arm a `fault` there, or use `on` at "
            "xenstore.read",
            about.site->name);
    if (!parse_when(p, &statement->fault, &about))
        return false;
    if (!token_is(token, "enter") && !token_is(token, "return"))
        return expected(p, "`enter:` or `return:` and a statement");
    if (token_is(token, "return") && about.site != NULL &&
        !kernel_site_returns(about.kernel, statement->fault.site))
        return complain(p, token->span, "%s is seen when it is entered, not when it returns: use `enter:`",
            about.site->name);
    statement->at_return = token_is(token, "return");
    advance(p);
    return true;
}
