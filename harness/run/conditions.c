/* SPDX-License-Identifier: BSD-2-Clause */
/* Compares numbers, and puts a comparison into words. */
#include "harness/run/conditions.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

bool conditions_compare(enum comparison comparison, uint64_t seen, uint64_t wanted)
{
    switch (comparison) {
    case CMP_EQ:
        return seen == wanted;
    case CMP_NE:
        return seen != wanted;
    case CMP_LT:
        return seen < wanted;
    case CMP_LE:
        return seen <= wanted;
    case CMP_GT:
        return seen > wanted;
    case CMP_GE:
        return seen >= wanted;
    case CMP_MATCH:
    case CMP_NO_MATCH:
        break;
    }
    return false;
}

bool conditions_are_about_text(const struct condition *condition)
{
    return condition->comparison == CMP_MATCH || condition->comparison == CMP_NO_MATCH;
}

bool conditions_match(const struct value *value, const char *text)
{
    assert(value->unit == UNIT_TEXT && value->text != NULL);
    if (value->regex != NULL)
        return regexec(value->regex, text, 0, NULL, 0) == 0;
    return strstr(text, value->text) != NULL;
}

static const char *comparison_text(enum comparison comparison)
{
    static const char *const texts[] = {"==", "!=", "<", "<=", ">", ">=", "~", "!~"};

    assert((size_t)comparison < sizeof texts / sizeof texts[0]);
    return texts[comparison];
}

void conditions_number(enum unit unit, uint64_t number, char suffix, char *out, size_t out_bytes)
{
    if (unit == UNIT_PAGES)
        size_text(number, suffix, out, out_bytes);
    else if (unit == UNIT_KIB && number % KIB_PER_PAGE == 0 && suffix != 'k')
        size_text(number / KIB_PER_PAGE, suffix, out, out_bytes);
    else if (unit == UNIT_KIB)
        snprintf(out, out_bytes, "%" PRIu64 "k", number);
    else if (unit == UNIT_NS)
        time_text(number, out, out_bytes);
    else
        snprintf(out, out_bytes, "%" PRIu64, number);
}

void conditions_query(const struct query *query, char *out, size_t out_bytes)
{
    static const char *const words[] = {[OVER_SUM] = "sum", [OVER_MAX] = "max", [OVER_MIN] = "min"};
    const char *between = query->site_name[0] != 0 ? " " : "";

    if (query->over != OVER_ONE)
        snprintf(out, out_bytes, "%s(%.*s.%s%s%s)", words[query->over], (int)strcspn(query->domain, "["),
            query->domain, query->name, between, query->site_name);
    else
        snprintf(out, out_bytes, "%s %s%s%s", query->domain[0] != 0 ? query->domain : "host", query->name,
            between, query->site_name);
}

/* "== nb target - 1m" */
static void sum_wanted(const struct condition *condition, char *out, size_t out_bytes)
{
    const struct value *value = &condition->value;
    char one[QUERY_TEXT_BYTES];

    snprintf(out, out_bytes, "%s", comparison_text(condition->comparison));
    for (size_t t = 0; t < value->sum.count; t++) {
        const struct term *term = &value->sum.terms[t];
        const size_t used = strlen(out);
        if (term->asked)
            conditions_query(&term->query, one, sizeof one);
        else
            conditions_number(value->unit, term->number, term->suffix, one, sizeof one);
        snprintf(out + used, out_bytes - used, " %s%s", t == 0 ? "" : term->less ? "- " : "+ ", one);
    }
}

void conditions_wanted(const struct condition *condition, char *out, size_t out_bytes)
{
    const struct value *value = &condition->value;
    char number[64];

    if (value->unit == UNIT_TEXT) {
        snprintf(out, out_bytes, "%s %s\"%s\"", comparison_text(condition->comparison),
            value->regex != NULL ? "regex " : "", value->text);
        const size_t used = strlen(out);
        if (value->has_times)
            snprintf(out + used, out_bytes - used, " times %" PRIu64, value->number);
        return;
    }
    if (value->sum.count > 0) {
        sum_wanted(condition, out, out_bytes);
        return;
    }
    conditions_number(value->unit, value->number, value->suffix, number, sizeof number);
    snprintf(out, out_bytes, "%s %s", comparison_text(condition->comparison), number);
}
