/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Answers to what a scenario asks (harness/language/queries.h): looked up in the machine, never changed there.
 * It compares, and says in words what was wanted and seen; it judges nothing.
 */
#include "harness/language/queries.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/run/runner.h"

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
        *number = counters.npages;
        return true;
    case QUERY_ID_PHYSMEM:
        *number = counters.physmem_pages;
        return true;
    case QUERY_ID_BALLOONED:
        *number = counters.ballooned_pages;
        return true;
    case QUERY_ID_POOL_IDLE:
        *number = counters.pool_idle_pages;
        return true;
    default:
        return false;
    }
}

static bool number_of_domain(
    const struct runner *r, struct domain *domain, enum query_id id, uint64_t *number)
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
        slot = runner_slot((struct runner *)(uintptr_t)r, domain_id(domain));
        *number = slot == NULL ? 0 : slot->segments;
        return slot != NULL;
    case QUERY_ID_FAULTS_FIRED:
        *number = fault_fired(domain_faults(domain));
        return true;
    case QUERY_ID_PORT_CALLS:
        *number = domain_port_calls(domain);
        return true;
    default:
        return counter_of(domain, id, number);
    }
}

static bool number_of_host(const struct runner *r, enum query_id id, uint64_t *number)
{
    const struct domain *domain = NULL;

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
        *number = 0;
        while ((domain = machine_next_domain(r->machine, domain)) != NULL)
            *number += domain_claim_pages(domain);
        return true;
    case QUERY_ID_HOST_NOW:
        *number = machine_now_ns(r->machine) - r->time_zero_ns;
        return true;
    default:
        return false;
    }
}

/* sum(d.reservation) or sum(d[*].…): every domain called d and a number. */
static bool is_of_array(const char *domain, const char *array)
{
    size_t bytes = strcspn(array, "[");

    if (strncmp(domain, array, bytes) != 0 || !isdigit((unsigned char)domain[bytes]))
        return false;
    return domain[bytes + strspn(domain + bytes, "0123456789")] == 0;
}

bool query_number(const struct runner *r, const struct query *query, uint64_t *number)
{
    const enum query_scope scope = query->domain[0] == 0 ? QUERY_HOST : QUERY_DOMAIN;
    struct domain *domain = NULL;
    enum query_id id;

    assert(number != NULL);
    if (!query_by_name(scope, query->name, strlen(query->name), &id))
        return false;
    if (scope == QUERY_HOST)
        return number_of_host(r, id, number);
    if (!query->sum) {
        domain = machine_domain(r->machine, query->domain);
        return domain != NULL && number_of_domain(r, domain, id, number);
    }
    *number = 0;
    while ((domain = machine_next_domain(r->machine, domain)) != NULL) {
        uint64_t one;
        if (is_of_array(domain_name(domain), query->domain) && number_of_domain(r, domain, id, &one))
            *number += one;
    }
    return true;
}

const char *query_log(const struct runner *r, const struct query *query, const char *text)
{
    const struct domain *domain = machine_domain(r->machine, query->domain);
    const uint64_t after_event = r->settle_ended_event[r->just_settled ? 0 : 1];

    assert(text != NULL);
    for (size_t l = r->nr_log; domain != NULL && l > 0; l--) {
        const struct log_line *line = &r->log[l - 1];
        if (line->event <= after_event)
            break;
        if (line->domid == domain_id(domain) && strstr(r->log_text + line->offset, text) != NULL)
            return r->log_text + line->offset;
    }
    return NULL;
}

/* A size is asked for in pages or KiB, as it was written; what is seen comes in the unit of the query. */
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

static bool is_about_text(const struct condition *condition)
{
    return condition->comparison == CMP_MATCH || condition->comparison == CMP_NO_MATCH;
}

bool condition_holds(const struct runner *r, const struct condition *condition)
{
    const struct value *value = &condition->value;
    uint64_t seen;

    if (is_about_text(condition)) {
        assert(value->unit == UNIT_TEXT && value->text != NULL);
        return (query_log(r, &condition->query, value->text) != NULL) == (condition->comparison == CMP_MATCH);
    }
    if (!query_number(r, &condition->query, &seen))
        return false;
    return number_holds(
        condition->comparison, in_kib(unit_of(&condition->query), seen), in_kib(value->unit, value->number));
}

const char *comparison_text(enum comparison comparison)
{
    static const char *const texts[] = {"==", "!=", "<", "<=", ">", ">=", "~", "!~"};

    assert((size_t)comparison < sizeof texts / sizeof texts[0]);
    return texts[comparison];
}

/* A number in the unit it is in; sizes with the suffix that the scenario wrote. */
static void number_text(enum unit unit, uint64_t number, char suffix, char *out, size_t out_bytes)
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

void condition_wanted(const struct condition *condition, char *out, size_t out_bytes)
{
    const struct value *value = &condition->value;
    char number[64];

    if (value->unit == UNIT_TEXT) {
        snprintf(out, out_bytes, "%s \"%s\"", comparison_text(condition->comparison), value->text);
        return;
    }
    number_text(value->unit, value->number, value->suffix, number, sizeof number);
    snprintf(out, out_bytes, "%s %s", comparison_text(condition->comparison), number);
}

static void seen_in_log(
    const struct runner *r, const struct condition *condition, char *out, size_t out_bytes)
{
    const char *line = query_log(r, &condition->query, condition->value.text);

    if (line == NULL)
        line = query_log(r, &condition->query, "");
    if (line == NULL)
        snprintf(out, out_bytes, "no line");
    else
        snprintf(out, out_bytes, "\"%s\"", line);
}

void condition_seen(const struct runner *r, const struct condition *condition, char *out, size_t out_bytes)
{
    const enum unit unit = unit_of(&condition->query);
    const struct value *value = &condition->value;
    char number[64], away[64];
    uint64_t seen;

    if (is_about_text(condition)) {
        seen_in_log(r, condition, out, out_bytes);
        return;
    }
    if (!query_number(r, &condition->query, &seen)) {
        snprintf(out, out_bytes, "nothing yet");
        return;
    }
    number_text(unit, seen, value->suffix, number, sizeof number);
    const bool is_size = unit == UNIT_PAGES || unit == UNIT_KIB;
    const uint64_t left = in_kib(unit, seen), right = in_kib(value->unit, value->number);
    if (is_size && left != right) {
        const uint64_t kib = left > right ? left - right : right - left;
        number_text(UNIT_KIB, kib, value->suffix, away, sizeof away);
        snprintf(out, out_bytes, "%s, %s %s", number, away, left > right ? "over" : "under");
    } else {
        snprintf(out, out_bytes, "%s", number);
    }
}
