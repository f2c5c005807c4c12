/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Looks up what a scenario asks (harness/language/queries.h), compares, and says in words what was seen. Whether a
 * difference is a failure is up to judge.c.
 */
#include "harness/run/answers.h"
#include "harness/language/queries.h"
#include "harness/run/calls.h"
#include "harness/run/conditions.h"
#include "harness/run/console.h"
#include "harness/run/groups.h"
#include "harness/run/run.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static bool counter_of(const struct domain *domain, enum query_id id, uint64_t *number)
{
    struct port_counters counters;

    if (!domain_counters(domain, &counters))
        return false;
    switch (id) {
    case QUERY_ID_FREE:
        *number = counters.free_pages;
        return true;
    case QUERY_ID_MANAGED:
        *number = counters.managed_pages;
        return true;
    case QUERY_ID_NPAGES:
        *number = counters.total_pages;
        return true;
    case QUERY_ID_PHYSMEM:
        *number = counters.present_pages;
        return true;
    case QUERY_ID_BALLOONED:
        *number = counters.ballooned_pages;
        return true;
    case QUERY_ID_POOL_IDLE:
        *number = counters.idle_pages;
        return true;
    default:
        return false;
    }
}

/* Of a PV domain nothing is known: its pages are in tables of its own. */
static bool superpages_of(const struct domain *domain, enum query_id id, uint64_t *number)
{
    struct host_mappings mappings;

    if (!domain_host_mappings(domain, &mappings))
        return false;
    *number = id == QUERY_ID_SUPERPAGES_1G ? mappings.whole_1g : mappings.whole_2m;
    return true;
}

static bool number_of_domain(const struct runner *r, struct domain *domain, const struct query *query,
    enum query_id id, uint64_t *number)
{
    const struct slot *slot;
    uint64_t event;

    switch (id) {
    case QUERY_ID_RESERVATION:
        *number = domain_reservation_pages(domain);
        return true;
    case QUERY_ID_MAXIMUM:
        *number = domain_maximum_pages(domain);
        return true;
    case QUERY_ID_TARGET:
        return domain_target_read(domain, number, &event);
    case QUERY_ID_STATIC_MAX:
        *number = domain_static_max_kib(domain);
        return true;
    case QUERY_ID_BOOT:
        *number = domain_boot_pages(domain);
        return true;
    case QUERY_ID_SEGMENTS:
        slot = run_slot(r, domain_id(domain));
        *number = slot == NULL ? 0 : slot->segments;
        return slot != NULL;
    case QUERY_ID_FAULTS_FIRED:
        *number = fault_fired(domain_faults(domain));
        return true;
    case QUERY_ID_CALLS:
        return calls_count(r, domain, query->site, number);
    case QUERY_ID_SUPERPAGES_2M:
    case QUERY_ID_SUPERPAGES_1G:
        return superpages_of(domain, id, number);
    case QUERY_ID_PORT_CALLS:
        *number = domain_port_calls(domain);
        return true;
    default:
        return counter_of(domain, id, number);
    }
}

static bool number_of_host(const struct runner *r, enum query_id id, uint64_t *number)
{
    switch (id) {
    case QUERY_ID_HOST_FREE:
        *number = host_free_pages(r->machine);
        return true;
    case QUERY_ID_HOST_TOTAL:
        *number = host_total_pages(r->machine);
        return true;
    case QUERY_ID_HOST_OVERHEAD:
        *number = host_overhead_pages(r->machine);
        return true;
    case QUERY_ID_HOST_CLAIMED:
        *number = host_claimed_pages(r->machine);
        return true;
    case QUERY_ID_HOST_NOW:
        *number = machine_now_ns(r->machine) - r->run.time_zero_ns;
        return true;
    default:
        return false;
    }
}

/* Of those domains of the group that are there. The sum of none is 0; the largest and smallest of none is not known. */
static bool number_of_group(
    const struct runner *r, const struct query *query, enum query_id id, uint64_t *number)
{
    struct domain *domain = NULL;
    bool any = query->over == OVER_SUM;

    *number = 0;
    while ((domain = machine_next_domain(r->machine, domain)) != NULL) {
        uint64_t one;
        if (!groups_has(domain_name(domain), query->domain, strcspn(query->domain, "[")) ||
            !number_of_domain(r, domain, query, id, &one))
            continue;
        if (query->over == OVER_SUM)
            *number += one;
        else if (!any || (query->over == OVER_MAX ? one > *number : one < *number))
            *number = one;
        any = true;
    }
    return any;
}

bool answers_number(const struct runner *r, const struct query *query, uint64_t *number)
{
    const enum query_scope scope = query->domain[0] == 0 ? QUERY_HOST : QUERY_DOMAIN;
    struct domain *domain = NULL;
    enum query_id id;

    assert(number != NULL);
    if (!query_by_name(scope, query->name, strlen(query->name), &id))
        return false;
    if (scope == QUERY_HOST)
        return number_of_host(r, id, number);
    if (query->over == OVER_ONE) {
        domain = machine_domain(r->machine, query->domain);
        return domain != NULL && number_of_domain(r, domain, query, id, number);
    }
    return number_of_group(r, query, id, number);
}

static uint64_t log_window(const struct runner *r)
{
    return r->run.settle_ended_event[r->run.just_settled ? 0 : 1];
}

/* How many lines in the log's window are as wanted. */
static uint64_t log_lines(const struct runner *r, const struct condition *condition)
{
    const struct domain *domain = machine_domain(r->machine, condition->query.domain);

    return domain == NULL ? 0
                          : console_count(r->console, domain_id(domain), log_window(r), &condition->value);
}

/* The last console line in the log's window that is as wanted, or NULL. */
static const char *log_line(const struct runner *r, const struct query *query, const struct value *wanted)
{
    const struct domain *domain = machine_domain(r->machine, query->domain);

    if (domain == NULL)
        return NULL;
    return console_last(r->console, domain_id(domain), log_window(r), wanted);
}

/* A size in the scenario is in pages or KiB, as it was written; an answer is in the unit of its query. Compared in KiB. */
static uint64_t in_kib(enum unit unit, uint64_t number)
{
    if (unit != UNIT_PAGES)
        return number;
    return number > UINT64_MAX / KIB_PER_PAGE ? UINT64_MAX : number * KIB_PER_PAGE;
}

static enum unit unit_of(const struct query *query)
{
    enum query_id id;

    if (!query_by_name(
            query->domain[0] == 0 ? QUERY_HOST : QUERY_DOMAIN, query->name, strlen(query->name), &id))
        return UNIT_NONE;
    return query_info(id)->unit;
}

/* One of a sum; a size in KiB. unit: of what is written. False: it is an answer that is not known. */
static bool number_of_term(const struct runner *r, const struct term *term, enum unit unit, uint64_t *number)
{
    *number = term->number;
    if (term->asked && !answers_number(r, &term->query, number))
        return false;
    *number = in_kib(term->asked ? unit_of(&term->query) : unit, *number);
    return true;
}

/* Adds the sum to the number; less than nothing is 0. A size is in KiB. False: an answer in it is not known. */
static bool add_sum(const struct runner *r, const struct sum *sum, enum unit unit, uint64_t *number)
{
    uint64_t more = *number, less = 0;

    for (size_t t = 0; t < sum->count; t++) {
        uint64_t *side = sum->terms[t].less ? &less : &more, one;
        if (!number_of_term(r, &sum->terms[t], unit, &one))
            return false;
        *side = one > UINT64_MAX - *side ? UINT64_MAX : *side + one;
    }
    *number = more > less ? more - less : 0;
    return true;
}

static bool is_size(enum unit unit)
{
    return unit == UNIT_PAGES || unit == UNIT_KIB;
}

/* What the condition asks, on its left; a size in KiB. False: it is not known. */
static bool asked_of(const struct runner *r, const struct condition *condition, uint64_t *number)
{
    const enum unit unit = unit_of(&condition->query);

    if (!answers_number(r, &condition->query, number))
        return false;
    *number = in_kib(unit, *number);
    return add_sum(r, &condition->more, unit, number);
}

/* What that is compared with; a size in KiB. False: it is not known. */
static bool wanted_of(const struct runner *r, const struct value *value, uint64_t *wanted)
{
    *wanted = value->sum.count > 0 ? 0 : in_kib(value->unit, value->number);
    return add_sum(r, &value->sum, value->unit, wanted);
}

bool answers_known(const struct runner *r, const struct condition *condition)
{
    uint64_t number;

    return conditions_are_about_text(condition) ||
           (asked_of(r, condition, &number) && wanted_of(r, &condition->value, &number));
}

bool answers_hold(const struct runner *r, const struct condition *condition)
{
    const struct value *value = &condition->value;
    uint64_t seen, wanted;

    if (conditions_are_about_text(condition)) {
        assert(value->unit == UNIT_TEXT && value->text != NULL);
        if (value->has_times)
            return log_lines(r, condition) == value->number;
        return (log_line(r, &condition->query, value) != NULL) == (condition->comparison == CMP_MATCH);
    }
    return asked_of(r, condition, &seen) && wanted_of(r, value, &wanted) &&
           conditions_compare(condition->comparison, seen, wanted);
}

static void seen_in_log(
    const struct runner *r, const struct condition *condition, char *out, size_t out_bytes)
{
    const char *line = log_line(r, &condition->query, &condition->value);

    if (condition->value.has_times && line != NULL) {
        const uint64_t count = log_lines(r, condition);
        snprintf(out, out_bytes, "%" PRIu64 " line%s, the last \"%s\"", count, count == 1 ? "" : "s", line);
        return;
    }

    if (line == NULL)
        line = log_line(r, &condition->query, NULL);
    if (line == NULL)
        snprintf(out, out_bytes, "no line");
    else
        snprintf(out, out_bytes, "\"%s\"", line);
}

static unsigned domid_of(const struct runner *r, const struct query *query)
{
    const struct domain *domain =
        query->over == OVER_ONE && query->domain[0] != 0 ? machine_domain(r->machine, query->domain) : NULL;

    return domain != NULL ? domain_id(domain) : DOMID_HOST;
}

unsigned answers_domid(const struct runner *r, const struct condition *condition)
{
    const unsigned domid = domid_of(r, &condition->query);

    for (size_t t = 0; t < condition->more.count; t++) {
        const struct term *term = &condition->more.terms[t];
        if (term->asked && domid_of(r, &term->query) != domid)
            return DOMID_HOST;
    }
    return domid;
}

static bool is_gone(const struct runner *r, const struct query *query)
{
    return query->domain[0] != 0 && query->over == OVER_ONE &&
           machine_domain(r->machine, query->domain) == NULL;
}

/* Since when calls are counted (calls.h). */
static void add_since(const struct runner *r, const struct query *query, char *out, size_t out_bytes)
{
    const uint32_t line = r->run.settle_line[r->run.just_settled ? 0 : 1];
    struct complaint complaint = {.where.line = line};
    const size_t used = strlen(out);

    assert(used < out_bytes);
    if (line == 0) {
        snprintf(out + used, out_bytes - used,
            query->over == OVER_ONE ? " since it was built" : " since they were built");
        return;
    }
    complaint_place(&complaint, r->run.scenario->text, r->run.scenario->text_bytes);
    if (complaint.file[0] != 0)
        snprintf(out + used, out_bytes - used, " since the settle at %s:%" PRIu32, complaint.file,
            complaint.file_line);
    else
        snprintf(out + used, out_bytes - used, " since the settle at line %" PRIu32, line);
}

/* Which only a domain has that Xen translates for. */
static bool is_about_mappings(const struct query *query)
{
    enum query_id id;

    return query->over == OVER_ONE && query->domain[0] != 0 &&
           query_by_name(QUERY_DOMAIN, query->name, strlen(query->name), &id) &&
           (id == QUERY_ID_SUPERPAGES_2M || id == QUERY_ID_SUPERPAGES_1G);
}

static char unit_letter(const char *number)
{
    return *number != '\0' ? number[strlen(number) - 1] : '\0';
}

/* "16896p, 413p over". Where what is wanted has another unit than what there is, it is told in pages: "114667p, 235p over 114432p". */
static void size_seen(
    uint64_t kib, const char *number, uint64_t wanted_kib, char suffix, char *out, size_t out_bytes)
{
    const uint64_t away_kib = kib > wanted_kib ? kib - wanted_kib : wanted_kib - kib;
    char away[64], wanted[64];

    assert(kib != wanted_kib);
    conditions_number(UNIT_KIB, away_kib, suffix, away, sizeof away);
    conditions_number(UNIT_KIB, wanted_kib, suffix, wanted, sizeof wanted);
    const size_t used =
        (size_t)snprintf(out, out_bytes, "%s, %s %s", number, away, kib > wanted_kib ? "over" : "under");
    if (unit_letter(number) == 'p' && unit_letter(wanted) != 'p' && wanted_kib % KIB_PER_PAGE == 0 &&
        used < out_bytes)
        snprintf(out + used, out_bytes - used, " %" PRIu64 "p", (uint64_t)(wanted_kib / KIB_PER_PAGE));
}

/* Why a query of the condition has no answer; which one that is, where the condition asks for more than one. */
static void say_unknown(const struct runner *r, const struct condition *condition, const struct query *query,
    char *out, size_t out_bytes)
{
    char name[QUERY_TEXT_BYTES], what[QUERY_TEXT_BYTES + 16] = "nothing";

    if (query != &condition->query || condition->more.count > 0) {
        conditions_query(query, name, sizeof name);
        snprintf(what, sizeof what, "no answer to %s", name);
    }
    if (is_gone(r, query))
        snprintf(out, out_bytes, "%s: there is no domain %s now", what, query->domain);
    else if (is_about_mappings(query))
        snprintf(out, out_bytes, "%s: Xen does not translate for it, and its pages are in tables of its own",
            what);
    else if (query->over != OVER_ONE)
        snprintf(out, out_bytes, "%s: no domain of this group is there and has told it", what);
    else
        snprintf(out, out_bytes, "%s yet", what);
}

/* The first query of a sum that is not known; NULL: all are. */
static const struct query *unknown_in(const struct runner *r, const struct sum *sum)
{
    uint64_t number;

    for (size_t t = 0; t < sum->count; t++)
        if (!number_of_term(r, &sum->terms[t], UNIT_NONE, &number))
            return &sum->terms[t].query;
    return NULL;
}

/* The same of the condition's left side. */
static const struct query *unknown_of(const struct runner *r, const struct condition *condition)
{
    uint64_t number;

    return answers_number(r, &condition->query, &number) ? unknown_in(r, &condition->more)
                                                         : &condition->query;
}

/* "64m + 66m = ", of a sum. */
static void parts_seen(const struct runner *r, const struct condition *condition, char *out, size_t out_bytes)
{
    const enum unit unit = unit_of(&condition->query);
    const char suffix = condition->value.suffix;
    char one[64];
    uint64_t number;

    *out = 0;
    if (condition->more.count == 0 || !answers_number(r, &condition->query, &number))
        return;
    conditions_number(unit, number, suffix, one, sizeof one);
    snprintf(out, out_bytes, "%s", one);
    for (size_t t = 0; t < condition->more.count; t++) {
        const struct term *term = &condition->more.terms[t];
        const size_t used = strlen(out);
        if (!number_of_term(r, term, unit, &number))
            return;
        conditions_number(
            is_size(unit) ? UNIT_KIB : unit, number, term->asked ? suffix : term->suffix, one, sizeof one);
        snprintf(out + used, out_bytes - used, " %s %s", term->less ? "-" : "+", one);
    }
    const size_t used = strlen(out);
    snprintf(out + used, out_bytes - used, " = ");
}

static void number_seen(
    const struct runner *r, const struct condition *condition, char *out, size_t out_bytes)
{
    const struct value *value = &condition->value;
    const enum unit unit = is_size(unit_of(&condition->query)) ? UNIT_KIB : unit_of(&condition->query);
    char number[64];
    uint64_t left = 0, right;

    asked_of(r, condition, &left);
    conditions_number(unit, left, value->suffix, number, sizeof number);
    parts_seen(r, condition, out, out_bytes);
    const size_t before = strlen(out);
    if (unit == UNIT_KIB && wanted_of(r, value, &right) && left != right)
        size_seen(left, number, right, value->suffix, out + before, out_bytes - before);
    else
        snprintf(out + before, out_bytes - before, "%s", number);
    if (condition->query.site_name[0] != 0)
        add_since(r, &condition->query, out, out_bytes);
    if (value->sum.count == 0)
        return;
    const struct query *unknown = unknown_in(r, &value->sum);
    const size_t used = strlen(out);
    char why[QUERY_TEXT_BYTES + 128];
    if (unknown != NULL) {
        say_unknown(r, condition, unknown, why, sizeof why);
        snprintf(out + used, out_bytes - used, "; %s", why);
        return;
    }
    wanted_of(r, value, &right);
    conditions_number(unit, right, value->suffix, number, sizeof number);
    snprintf(out + used, out_bytes - used, "; wanted %s", number);
}

void answers_seen(const struct runner *r, const struct condition *condition, char *out, size_t out_bytes)
{
    const struct query *unknown;

    if (is_gone(r, &condition->query))
        say_unknown(r, condition, &condition->query, out, out_bytes);
    else if (conditions_are_about_text(condition))
        seen_in_log(r, condition, out, out_bytes);
    else if ((unknown = unknown_of(r, condition)) != NULL)
        say_unknown(r, condition, unknown, out, out_bytes);
    else
        number_seen(r, condition, out, out_bytes);
}
