/* SPDX-License-Identifier: BSD-2-Clause */
/* Statements that wait and assert: settle, expect in all its forms, always. The runner does the judging. */
#include "harness/language/parser.h"
#include "harness/language/queries.h"
#include "harness/language/sizes.h"
#include "sim/array.h"
#include "sim/invariants/names.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* within T, if it is there. */
static bool parse_within(struct parser *p, struct statement *statement)
{
    if (!accept_word(p, "within"))
        return true;
    if (!parse_time(p, "within", &statement->within_ns))
        return false;
    if (statement->within_ns == 0)
        return complain(p, p->last, "within needs some time to pass");
    statement->has_within = true;
    return true;
}

/* for T, if it is there. A domain may be called so, and what is asked of it is no time. */
static bool parse_for(struct parser *p, struct statement *statement)
{
    const struct token *token = &p->token, next = lexer_peek(&p->lexer);
    const bool has_time = next.kind == TOKEN_WORD && isdigit((unsigned char)*next.start);

    if (!token_is(token, "for") || (!has_time && find_domain(p, token->start, token->bytes) != NULL))
        return true;
    advance(p);
    if (!parse_time(p, "the time behind `for`", &statement->for_ns))
        return false;
    return statement->for_ns > 0 || complain(p, p->last, "for needs some time to pass");
}

bool parse_settle(struct parser *p, struct statement *statement)
{
    struct suggestion s;
    char text[64];

    statement->kind = ST_SETTLE;
    if (!parse_within(p, statement))
        return false;
    if (p->token.kind == TOKEN_WORD) {
        suggest_begin(&s, p->token.start, p->token.bytes);
        suggest_offer(&s, "within");
        return complain(p, p->token.span, "settle takes nothing but `within TIME`, found `%.*s`%s",
            SHOWN(&p->token), meant(&s, text, sizeof text));
    }
    return at_end(p);
}

/* `target-1m`, `free+nb`: the + or - behind a query's name, which is written without its blanks; NULL: there is none. */
static const char *sign_without_blanks(const struct token *word, enum query_scope scope)
{
    const char *end = word->start + word->bytes;
    enum query_id id;

    for (const char *at = word->start + 1; at < end; at++) {
        const bool may_be_meant =
            *at == '+' || (*at == '-' && (at + 1 == end || isdigit((unsigned char)at[1])));
        if (may_be_meant && query_by_name(scope, word->start, (size_t)(at - word->start), &id))
            return at;
    }
    return NULL;
}

static bool parse_query_name(struct parser *p, struct query *query, enum query_scope scope, enum query_id *id)
{
    const struct token *token = &p->token;
    struct suggestion s;
    char text[64], list[200] = "";

    if (token->kind != TOKEN_WORD)
        return expected(p, scope == QUERY_HOST ? "what to ask of the host" : "what to ask of the domain");
    if (!query_by_name(scope, token->start, token->bytes, id)) {
        const char *sign = sign_without_blanks(token, scope);
        if (sign != NULL)
            return complain(p, token->span, "a `%c` stands between blanks: `%.*s %c %.*s`", *sign,
                (int)(sign - token->start), token->start, *sign,
                SHOWN_BYTES(token->bytes - (size_t)(sign - token->start) - 1), sign + 1);
        suggest_begin(&s, token->start, token->bytes);
        for (unsigned i = 0; i < NR_QUERIES; i++) {
            const struct query_info *info = query_info((enum query_id)i);
            size_t used = strlen(list);
            if (info->scope != scope)
                continue;
            suggest_offer(&s, info->name);
            snprintf(list + used, sizeof list - used, "%s%s", used > 0 ? ", " : "; there are ", info->name);
        }
        return complain(p, token->span, "a %s can't be asked for `%.*s`%s",
            scope == QUERY_HOST ? "host" : "domain", SHOWN(token),
            s.best != NULL ? meant(&s, text, sizeof text) : list);
    }
    snprintf(query->name, sizeof query->name, "%s", query_info(*id)->name);
    advance(p);
    if (*id != QUERY_ID_CALLS)
        return true;
    snprintf(query->site_name, sizeof query->site_name, "%.*s", (int)token->bytes, token->start);
    return parse_site(p, query->domain, &query->site);
}

/* sum(d.reservation), or max or min: that word was taken, the parenthesis is the present token. */
static bool parse_over(struct parser *p, struct query *query, enum query_id *id)
{
    const struct token *token = &p->token;
    const char *dot;
    struct token group, name;

    advance(p);
    dot = token->kind == TOKEN_WORD ? memchr(token->start, '.', token->bytes) : NULL;
    if (dot == NULL)
        return expected(p, "a group of domains, a point and a query, as in sum(d.reservation)");
    group = name = *token;
    group.bytes = (size_t)(dot - token->start);
    group.span.length = (uint32_t)group.bytes;
    name.start = dot + 1;
    name.bytes = token->bytes - group.bytes - 1;
    name.span.column += group.span.length + 1;
    name.span.length = (uint32_t)name.bytes;
    if (find_group(p, group.start, group.bytes) == NULL)
        return complain(
            p, group.span, "there is no group of domains `%.*s`: one is declared as d[1..50]", SHOWN(&group));
    p->token = name;
    snprintf(query->domain, sizeof query->domain, "%.*s[*]", (int)group.bytes, group.start);
    if (!parse_query_name(p, query, QUERY_DOMAIN, id))
        return false;
    if (query_info(*id)->unit == UNIT_TEXT)
        return complain(
            p, name.span, "`%s` is text: it is no number, and is asked of one domain", query->name);
    if (token->kind != TOKEN_CLOSE)
        return expected(p, "`)`");
    advance(p);
    return true;
}

/* A domain may be called anything, but of a word that is none, `host` or `sum` may be meant. */
static bool may_be_domain(struct parser *p)
{
    const struct token *token = &p->token;
    struct suggestion s;
    char text[64];

    if (token->kind != TOKEN_WORD || find_domain(p, token->start, token->bytes) != NULL ||
        find_group(p, token->start, token->bytes) != NULL)
        return true;
    suggest_begin(&s, token->start, token->bytes);
    suggest_domains(p, &s);
    const char *domain = s.best;
    suggest_offer(&s, "host");
    suggest_offer(&s, "sum");
    if (s.best == domain)
        return true;
    return complain(
        p, token->span, "there is no domain `%.*s`%s", SHOWN(token), meant(&s, text, sizeof text));
}

/* `max` and `min` may be domains, too: it is the parenthesis that tells. */
static enum over over_of(const struct parser *p)
{
    if (token_is(&p->token, "sum"))
        return OVER_SUM;
    if (lexer_peek(&p->lexer).kind != TOKEN_OPEN)
        return OVER_ONE;
    return token_is(&p->token, "max") ? OVER_MAX : token_is(&p->token, "min") ? OVER_MIN : OVER_ONE;
}

/* A word that is none of those, with a parenthesis behind it, is meant for one of them. */
static bool complain_of_over(struct parser *p)
{
    static const char *const words[] = {"sum", "max", "min"};
    const struct token *token = &p->token;
    struct suggestion s;

    suggest_begin(&s, token->start, token->bytes);
    for (size_t w = 0; w < sizeof words / sizeof words[0]; w++)
        suggest_offer(&s, words[w]);
    return s.best != NULL
               ? complain(p, token->span, "a group can't be asked for `%.*s(...)`; did you mean `%s(...)`?",
                     SHOWN(token), s.best)
               : complain(p, token->span,
                     "a group can't be asked for `%.*s(...)`; there are sum(...), max(...) and min(...)",
                     SHOWN(token));
}

static bool begins_over(const struct parser *p)
{
    const struct token *token = &p->token;

    return token->kind == TOKEN_WORD && isalpha((unsigned char)*token->start) &&
           find_domain(p, token->start, token->bytes) == NULL && lexer_peek(&p->lexer).kind == TOKEN_OPEN;
}

static bool parse_query(struct parser *p, struct query *query, enum query_id *id)
{
    const struct token *token = &p->token;

    query->where = token->span;
    if (token->kind == TOKEN_WORD && token->start[token->bytes - 1] == '$')
        return complain(p, token->span,
            "what a command prints is compared without `expect`: %.*s ... == VALUE", SHOWN(token));
    query->over = over_of(p);
    if (query->over != OVER_ONE) {
        advance(p);
        if (token->kind != TOKEN_OPEN)
            return expected(p, "`(`, as in sum(d.reservation)");
        if (!parse_over(p, query, id))
            return false;
        query->where = span_to_here(p, query->where);
    } else if (begins_over(p)) {
        return complain_of_over(p);
    } else if (accept_word(p, "host")) {
        query->where = token->span;
        if (!parse_query_name(p, query, QUERY_HOST, id))
            return false;
    } else {
        if (!may_be_domain(p) || !parse_domain_name(p, query->domain))
            return false;
        query->where = token->span;
        if (!parse_query_name(p, query, QUERY_DOMAIN, id))
            return false;
    }
    return true;
}

static bool comparison_of(enum token_kind kind, enum comparison *comparison)
{
    switch (kind) {
    case TOKEN_EQ:
        *comparison = CMP_EQ;
        return true;
    case TOKEN_NE:
        *comparison = CMP_NE;
        return true;
    case TOKEN_LT:
        *comparison = CMP_LT;
        return true;
    case TOKEN_LE:
        *comparison = CMP_LE;
        return true;
    case TOKEN_GT:
        *comparison = CMP_GT;
        return true;
    case TOKEN_GE:
        *comparison = CMP_GE;
        return true;
    case TOKEN_MATCH:
        *comparison = CMP_MATCH;
        return true;
    case TOKEN_NO_MATCH:
        *comparison = CMP_NO_MATCH;
        return true;
    default:
        return false;
    }
}

static bool by_text(const struct condition *condition)
{
    return condition->comparison == CMP_MATCH || condition->comparison == CMP_NO_MATCH;
}

static bool parse_text_value(struct parser *p, struct value *value, const char *wanted)
{
    if (p->token.kind != TOKEN_STRING)
        return expected(p, wanted);
    if (p->token.bytes == 0)
        return complain(p, p->token.span, "an empty text says nothing");
    value->unit = UNIT_TEXT;
    value->text = copy_text(p, p->token.start, p->token.bytes);
    if (value->text == NULL)
        return false;
    /* \" and \\ stand for the second byte. */
    char *to = value->text;
    for (const char *from = value->text; *from != '\0'; from++) {
        if (from[0] == '\\' && (from[1] == '"' || from[1] == '\\'))
            from++;
        *to++ = *from;
    }
    *to = '\0';
    advance(p);
    return true;
}

/* regex "TEXT": an extended regular expression of POSIX. */
static bool parse_regex(struct parser *p, struct value *value)
{
    const struct span where = p->token.span;
    char why[128];

    if (!parse_text_value(p, value, "a regular expression in quotes"))
        return false;
    regex_t *regex = malloc(sizeof *regex);
    if (regex == NULL)
        return complain(p, where, "out of memory");
    const int error = regcomp(regex, value->text, REG_EXTENDED | REG_NOSUB);
    if (error == 0) {
        value->regex = regex;
        return true;
    }
    regerror(error, regex, why, sizeof why);
    free(regex);
    return complain(p, where, "that is no regular expression: %s", why);
}

/* `times N` behind what lines of the log are to say. */
static bool parse_times(struct parser *p, struct condition *condition)
{
    const bool of_log = condition->query.name[0] != '\0' && condition->comparison == CMP_MATCH;

    if (!of_log || !accept_word(p, "times"))
        return true;
    condition->value.has_times = true;
    return parse_number(p, "a number of lines", &condition->value.number);
}

static bool parse_plain_number(struct parser *p, struct value *value)
{
    const struct token *token = &p->token;
    uint64_t pages;
    char suffix;

    if (token->kind == TOKEN_WORD && size_parse(token->start, token->bytes, &pages, &suffix) == READING_OK)
        return complain(
            p, token->span, "this is counted in plain numbers, not in sizes: `%.*s`", SHOWN(token));
    return parse_number(p, "a number", &value->number);
}

/* A written value in the form that the unit wants; the output of a command compared with a number has UNIT_NONE. */
static bool parse_written(struct parser *p, struct condition *condition, enum unit unit)
{
    struct value *value = &condition->value;

    value->unit = unit;
    switch (unit) {
    case UNIT_PAGES:
    case UNIT_KIB:
        if (!parse_size(p, "a size", &value->number, &value->suffix))
            return false;
        /* A size fits in 2^52 pages, so in KiB too. */
        if (unit == UNIT_KIB)
            value->number *= KIB_PER_PAGE;
        return true;
    case UNIT_NS:
        return parse_time(p, "a time", &value->number);
    case UNIT_TEXT:
        if (by_text(condition) && accept_word(p, "regex"))
            return parse_regex(p, value) && parse_times(p, condition);
        return parse_text_value(p, value, "a text in quotes") && parse_times(p, condition);
    case UNIT_NONE:
        break;
    }
    return parse_plain_number(p, value);
}

static bool is_size(enum unit unit)
{
    return unit == UNIT_PAGES || unit == UNIT_KIB;
}

/* Does a query begin here, perhaps of a domain that there is not? What is written instead begins with a digit or a quote. */
static bool begins_query(const struct parser *p)
{
    const struct token *token = &p->token, next = lexer_peek(&p->lexer);

    if (token->kind != TOKEN_WORD)
        return false;
    return token_is(token, "host") || over_of(p) != OVER_ONE || begins_over(p) ||
           find_domain(p, token->start, token->bytes) != NULL ||
           (isalpha((unsigned char)*token->start) && next.kind == TOKEN_WORD &&
               isalpha((unsigned char)*next.start));
}

static const char *counted_as(enum unit unit)
{
    return is_size(unit)       ? "a size"
           : unit == UNIT_NS   ? "a time"
           : unit == UNIT_TEXT ? "text"
                               : "a plain number";
}

/* One of a sum in that unit, at the present token; than is what it has to be counted as. */
static bool parse_term(struct parser *p, struct sum *sum, bool less, enum unit unit, const char *than)
{
    struct term term = {.less = less};
    struct condition written = {0};
    enum query_id id = NR_QUERIES;

    if (begins_query(p)) {
        if (!parse_query(p, &term.query, &id))
            return false;
        const enum unit other = query_info(id)->unit;
        if (other != unit && !(is_size(unit) && is_size(other)))
            return complain(p, term.query.where,
                "%s is %s, and %s is %s: neither is added to the other, or compared with it", than,
                counted_as(unit), term.query.name, counted_as(other));
        term.asked = true;
    } else if (!parse_written(p, &written, unit)) {
        return false;
    }
    term.number = written.value.number;
    term.suffix = written.value.suffix;
    if (!ARRAY_ONE_MORE(sum->terms, sum->room, sum->count))
        return complain(p, p->last, "out of memory");
    sum->terms[sum->count++] = term;
    return true;
}

/* The + or - that is the present token, which stands between blanks. */
static bool is_sign(const struct token *token)
{
    return token_is(token, "+") || token_is(token, "-");
}

static bool glued_sign(const struct token *token)
{
    return token->kind == TOKEN_WORD && token->bytes > 1 && (*token->start == '+' || *token->start == '-');
}

/* + TERM - TERM …, behind the first one. */
static bool parse_more(struct parser *p, struct sum *sum, enum unit unit, const char *than)
{
    while (is_sign(&p->token)) {
        const bool less = token_is(&p->token, "-");
        if (unit == UNIT_TEXT)
            return complain(p, p->token.span, "%s is text: nothing is added to it", than);
        advance(p);
        if (!parse_term(p, sum, less, unit, than))
            return false;
    }
    if (glued_sign(&p->token))
        return complain(p, p->token.span, "a `%c` stands between blanks: `%c %.*s`", *p->token.start,
            *p->token.start, SHOWN_BYTES(p->token.bytes - 1), p->token.start + 1);
    return true;
}

/* What a number is compared with: something written, a query, or a sum of them. */
static bool parse_value(struct parser *p, struct condition *condition, enum unit unit)
{
    struct value *value = &condition->value;
    struct sum *sum = &value->sum;

    value->unit = unit;
    if (!parse_term(p, sum, false, unit, condition->query.name) ||
        !parse_more(p, sum, unit, condition->query.name))
        return false;
    for (size_t i = 0; i < sum->count; i++)
        if (sum->terms[i].suffix != 0)
            value->suffix = sum->terms[i].suffix;
    if (sum->count > 1 || sum->terms[0].asked)
        return true;
    value->number = sum->terms[0].number;
    sum->count = 0;
    return true;
}

bool parse_comparison(struct parser *p, struct condition *condition, enum unit unit)
{
    const struct token *token = &p->token;
    const bool command = condition->query.name[0] == '\0';

    if (token->kind == TOKEN_ASSIGN)
        return complain(p, token->span, "`=` compares nothing here; did you mean `==`?");
    if (!comparison_of(token->kind, &condition->comparison))
        return expected(p, "a comparison: == != < <= > >= ~ !~");
    const bool looks = by_text(condition);
    condition->operator_span = token->span;
    if (!command && looks && unit != UNIT_TEXT)
        return complain(p, token->span, "~ looks for text, and %s is a number", condition->query.name);
    if (!command && !looks && unit == UNIT_TEXT)
        return complain(p, token->span, "%s is text: it is asked with ~ (contains) or !~ (does not)",
            condition->query.name);
    advance(p);
    condition->value_span = token->span;
    if (command && token->kind == TOKEN_STRING && !looks && condition->comparison != CMP_EQ &&
        condition->comparison != CMP_NE)
        return complain(p, condition->operator_span, "texts are compared by ==, !=, ~ and !~");
    if (command && (looks || token->kind == TOKEN_STRING))
        unit = UNIT_TEXT;
    if (!command && unit != UNIT_TEXT)
        return parse_value(p, condition, unit);
    return parse_written(p, condition, unit);
}

static bool parse_condition(struct parser *p, struct condition *condition)
{
    const struct span from = p->token.span;
    enum query_id id = NR_QUERIES;

    if (p->token.kind == TOKEN_WORD && isdigit((unsigned char)*p->token.start))
        return complain(p, from,
            "a condition begins with what is asked, as `nb reservation`, not with `%.*s`", SHOWN(&p->token));
    if (!parse_query(p, &condition->query, &id))
        return false;
    assert(id < NR_QUERIES);
    const enum unit unit = query_info(id)->unit;
    if (!parse_more(p, &condition->more, unit, condition->query.name))
        return false;
    if (condition->more.count > 0)
        condition->query.where = span_to_here(p, from);
    return parse_comparison(p, condition, unit);
}

static bool parse_refused(struct parser *p, struct statement *statement)
{
    statement->kind = ST_EXPECT_REFUSED;
    if (!p->behind_command)
        return complain(
            p, statement->where, "`expect refused` stands right behind the command that is refused");
    struct value text = {0};
    statement->text_span = p->token.span;
    if (!parse_text_value(p, &text, "what the refusal says, in quotes"))
        return false;
    statement->text = text.text;
    return at_end(p);
}

static bool parse_invariant(struct parser *p, enum invariant *invariant)
{
    const struct token *token = &p->token;
    struct suggestion s;
    char text[64];

    if (token->kind != TOKEN_WORD)
        return expected(p, "an invariant's name");
    if (invariant_by_name(token->start, token->bytes, invariant)) {
        advance(p);
        return true;
    }
    suggest_begin(&s, token->start, token->bytes);
    for (unsigned i = 0; i < NR_INVARIANTS; i++)
        suggest_offer(&s, invariant_name((enum invariant)i));
    return complain(p, token->span, "there is no invariant `%.*s`%s", SHOWN(token),
        s.best != NULL ? meant(&s, text, sizeof text) : "; `ballast list invariants` shows them");
}

/* Does a domain stand here, or what is meant for one? A domain may have an invariant's name: then a second word tells. */
static bool names_breaker(const struct parser *p)
{
    const struct token *token = &p->token, next = lexer_peek(&p->lexer);
    enum invariant invariant;

    if (token->kind != TOKEN_WORD)
        return false;
    const bool is_domain = find_domain(p, token->start, token->bytes) != NULL;
    const bool is_invariant = invariant_by_name(token->start, token->bytes, &invariant);
    return next.kind == TOKEN_WORD ? is_domain || !is_invariant : is_domain && !is_invariant;
}

static bool parse_violation(struct parser *p, struct statement *statement)
{
    statement->kind = ST_EXPECT_VIOLATION;
    if (names_breaker(p) && !parse_domain_name(p, statement->domain))
        return false;
    if (!parse_invariant(p, &statement->invariant))
        return false;
    if (*statement->domain == '\0' && p->token.kind == TOKEN_WORD &&
        find_domain(p, p->token.start, p->token.bytes) != NULL)
        return complain(p, p->token.span,
            "a domain stands in front of the invariant: `expect violation %.*s %s`", SHOWN(&p->token),
            invariant_name(statement->invariant));
    return at_end(p);
}

static bool parse_crash(struct parser *p, struct statement *statement)
{
    statement->kind = ST_EXPECT_CRASH;
    if (p->token.kind == TOKEN_WORD) {
        if (!parse_domain_name(p, statement->domain))
            return false;
    } else if (p->nr_domains == 1) {
        memcpy(statement->domain, p->domains[0].name, sizeof statement->domain);
    } else {
        return expected(p, "the domain that has crashed");
    }
    if (p->token.kind == TOKEN_STRING) {
        struct value text = {0};
        statement->text_span = p->token.span;
        if (!parse_text_value(p, &text, "what it said"))
            return false;
        statement->text = text.text;
    }
    return at_end(p);
}

/* Is it one of the forms that look back? */
static bool no_condition(const struct parser *p)
{
    return token_is(&p->token, "refused") || token_is(&p->token, "violation") || token_is(&p->token, "crash");
}

/* Is the present token one of the words that stand in front of a condition? A domain may be called `for`. */
static bool is_word_of_time(const struct parser *p)
{
    return (token_is(&p->token, "within") || token_is(&p->token, "for")) &&
           find_domain(p, p->token.start, p->token.bytes) == NULL;
}

bool parse_expect(struct parser *p, struct statement *statement)
{
    statement->kind = ST_EXPECT;
    if (!parse_within(p, statement) || !parse_for(p, statement))
        return false;
    if (is_word_of_time(p))
        return complain(
            p, p->token.span, "there is one `within TIME`, and then one `for TIME`, in front of a condition");
    if ((statement->has_within || statement->for_ns > 0) && no_condition(p))
        return complain(p, statement->where, "`expect %.*s` looks back: it takes no %s", SHOWN(&p->token),
            statement->has_within ? "within" : "for");
    if (accept_word(p, "refused"))
        return parse_refused(p, statement);
    if (accept_word(p, "violation"))
        return parse_violation(p, statement);
    if (accept_word(p, "crash"))
        return parse_crash(p, statement);
    if (!parse_condition(p, &statement->condition))
        return false;
    if (is_word_of_time(p))
        return complain(p, p->token.span, "`%.*s TIME` stands in front of the condition", SHOWN(&p->token));
    return at_end(p);
}

bool parse_always(struct parser *p, struct statement *statement)
{
    statement->kind = ST_ALWAYS;
    if (!parse_condition(p, &statement->condition))
        return false;
    if (statement->condition.value.unit == UNIT_TEXT)
        return complain(p, statement->condition.query.where, "the log is asked at one place, with `expect`");
    return at_end(p);
}
