/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `on` and `every`: commands of dom0, faults and heals are done at once, be it in the middle of a guest's
 * call; what is typed inside a guest is given to its agent as soon as that is free, and judged when it
 * answers. Nothing here lets guests run: run_time.c does, and asks what is due.
 */
#include "harness/run/runner.h"
#include "sim/toolstack/command_line.h"

#include <assert.h>
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define GROUP_SUFFIX "[rand]"

/* Room for one more; false after a complaint. */
static bool grow(struct runner *r, void **array, size_t count, size_t *room, size_t bytes, struct span where)
{
    if (count < *room)
        return true;
    size_t larger_room = *room == 0 ? 8 : 2 * *room;
    void *larger = realloc(*array, larger_room * bytes);
    if (larger == NULL) {
        runner_complain(r, where, "no memory on this computer for one statement more");
        return false;
    }
    *array = larger;
    *room = larger_room;
    return true;
}

static void forget_on(struct runner *r, size_t i)
{
    struct triggers *triggers = &r->triggers;

    assert(i < triggers->nr_on);
    fault_set_free(triggers->on[i].calls);
    triggers->on[i] = triggers->on[--triggers->nr_on];
    if (triggers->nr_on == 0 && r->machine != NULL)
        machine_set_site_hook(r->machine, NULL, NULL);
}

void triggers_forget(struct runner *r)
{
    while (r->triggers.nr_on > 0)
        forget_on(r, r->triggers.nr_on - 1);
    r->triggers.nr_every = r->triggers.nr_typed = 0;
    r->triggers.random = r->options->seed * 0x9e3779b97f4a7c15ull + 1;
}

void triggers_free(struct runner *r)
{
    while (r->triggers.nr_on > 0)
        forget_on(r, r->triggers.nr_on - 1);
    free(r->triggers.on);
    free(r->triggers.every);
    free(r->triggers.typed);
    r->triggers = (struct triggers){0};
}

/* ---- d[rand] ---- */

static bool is_member(const char *name, const char *group, size_t group_bytes)
{
    if (strncmp(name, group, group_bytes) != 0 || !isdigit((unsigned char)name[group_bytes]))
        return false;
    return name[group_bytes + strspn(name + group_bytes, "0123456789")] == 0;
}

/* splitmix64: the choices are the run's own, so that no schedule shifts them. */
static uint64_t chance(struct triggers *triggers)
{
    uint64_t x = triggers->random += 0x9e3779b97f4a7c15ull;

    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9ull;
    x = (x ^ x >> 27) * 0x94d049bb133111ebull;
    return x ^ x >> 31;
}

/* One of the domains that there are now; NULL: there is none of that group. */
static const char *choose_member(struct runner *r, const char *group, size_t group_bytes)
{
    const struct domain *domain = NULL;
    uint64_t count = 0, k;

    while ((domain = machine_next_domain(r->machine, domain)) != NULL)
        count += is_member(domain_name(domain), group, group_bytes);
    if (count == 0)
        return NULL;
    k = chance(&r->triggers) % count;
    while ((domain = machine_next_domain(r->machine, domain)) != NULL)
        if (is_member(domain_name(domain), group, group_bytes) && k-- == 0)
            return domain_name(domain);
    return NULL;
}

bool triggers_choose(struct runner *r, const char *text, char *out, size_t out_bytes)
{
    size_t used = 0;
    const char *bracket;

    assert(out_bytes > 0);
    while ((bracket = strstr(text, GROUP_SUFFIX)) != NULL) {
        const char *start = bracket;
        while (start > text && !isspace((unsigned char)start[-1]))
            start--;
        const char *name = choose_member(r, start, (size_t)(bracket - start));
        if (name == NULL)
            return false;
        used += (size_t)snprintf(out + used, out_bytes - used, "%.*s%s", (int)(start - text), text, name);
        if (used >= out_bytes)
            return false;
        text = bracket + strlen(GROUP_SUFFIX);
    }
    return (size_t)snprintf(out + used, out_bytes - used, "%s", text) < out_bytes - used;
}

/* ---- doing what is held ---- */

static void type_later(struct runner *r, const struct statement *body)
{
    struct triggers *triggers = &r->triggers;
    struct domain *domain = runner_domain(r, body->domain, body->where);

    if (domain == NULL || !grow(r, (void **)(void *)&triggers->typed, triggers->nr_typed,
                              &triggers->typed_room, sizeof *triggers->typed, body->where))
        return;
    triggers->typed[triggers->nr_typed++] = (struct typed){.statement = body, .domid = domain_id(domain)};
    machine_stop(r->machine); /* it is given between two runs */
}

/* A command that ends or builds a domain, in the middle of a guest's call. */
static void do_later(struct runner *r, const struct statement *body)
{
    struct triggers *triggers = &r->triggers;

    if (!grow(r, (void **)(void *)&triggers->typed, triggers->nr_typed, &triggers->typed_room,
            sizeof *triggers->typed, body->where))
        return;
    triggers->typed[triggers->nr_typed++] = (struct typed){.statement = body, .domid = DOMID_HOST};
    machine_stop(r->machine);
}

/* What an expect looks back at is the scenario's own last command: a held one leaves it alone. */
static void do_body(struct runner *r, const struct statement *body, bool in_a_call)
{
    const uint32_t line = recorder_line(r->recorder);
    struct last_command last = r->last_command;

    r->in_trigger = true;
    recorder_set_line(r->recorder, body->where.line);
    runner_record_statement(r, body);
    switch (body->kind) {
    case ST_TOOLSTACK:
        if (in_a_call && xl_line_is(body->text, XL_WANTS_QUIET))
            do_later(r, body);
        else
            runner_toolstack(r, body, NULL);
        break;
    case ST_FAULT:
    case ST_HEAL:
        runner_act(r, body);
        break;
    default:
        assert(body->kind == ST_GUEST || body->kind == ST_CALL);
        type_later(r, body);
        break;
    }
    recorder_set_line(r->recorder, line);
    r->in_trigger = false;
    r->last_command = last;
}

static void at_site(void *context, struct domain *domain, enum fault_site site, enum site_moment moment,
    pfn_t first, uint64_t pages)
{
    struct runner *r = context;
    struct triggers *triggers = &r->triggers;

    for (size_t i = 0; i < triggers->nr_on; i++) {
        struct on *on = &triggers->on[i];
        const struct statement *statement = on->statement;
        if (statement->fault.site != site || strcmp(statement->domain, domain_name(domain)) != 0)
            continue;
        if (moment == SITE_ENTER)
            on->came = fault_ask(on->calls, site, first, pages).refused;
        if (fault_memory_out(on->calls))
            machine_lacks_memory(r->machine);
        if (!on->came || (moment == SITE_RETURN) != on->at_return)
            continue;
        on->came = false;
        do_body(r, statement->body, true); /* may make the list longer, nothing else */
        if (!fault_armed(triggers->on[i].calls))
            forget_on(r, i--);
    }
}

void triggers_watch_domain(struct runner *r, struct domain *domain)
{
    uint64_t sites = 0;

    for (size_t i = 0; i < r->triggers.nr_on; i++)
        if (strcmp(r->triggers.on[i].statement->domain, domain_name(domain)) == 0)
            sites |= 1ull << r->triggers.on[i].statement->fault.site;
    domain_watch_sites(domain, sites);
}

void runner_on(struct runner *r, const struct statement *statement, const struct statement *next)
{
    struct triggers *triggers = &r->triggers;
    struct fault_spec spec = statement->fault;
    struct domain *domain = runner_domain(r, statement->domain, statement->where);

    (void)next;
    assert(statement->kind == ST_ON && statement->body != NULL);
    if (domain == NULL || !grow(r, (void **)(void *)&triggers->on, triggers->nr_on, &triggers->on_room,
                              sizeof *triggers->on, statement->where))
        return;
    struct fault_set *calls = fault_set_new();
    spec.keep = spec.when == FAULT_EVERY ? FAULT_STICKY : FAULT_ONCE;
    if (calls == NULL || !fault_arm(calls, &spec)) {
        fault_set_free(calls);
        runner_complain(r, statement->where, "no memory on this computer for one statement more");
        return;
    }
    triggers->on[triggers->nr_on++] =
        (struct on){.statement = statement, .calls = calls, .at_return = statement->at_return};
    machine_set_site_hook(r->machine, at_site, r);
    triggers_watch_domain(r, domain);
}

void runner_every(struct runner *r, const struct statement *statement, const struct statement *next)
{
    struct triggers *triggers = &r->triggers;
    const uint64_t now_ns = machine_now_ns(r->machine);

    (void)next;
    assert(statement->kind == ST_EVERY && statement->every_ns > 0);
    if (statement->for_ns > UINT64_MAX / 2 - now_ns) {
        runner_complain(r, statement->where, "virtual time does not go that far");
        return;
    }
    if (grow(r, (void **)(void *)&triggers->every, triggers->nr_every, &triggers->every_room,
            sizeof *triggers->every, statement->where))
        triggers->every[triggers->nr_every++] =
            (struct every){statement, now_ns + statement->every_ns, now_ns + statement->for_ns};
}

uint64_t triggers_next_ns(const struct runner *r)
{
    uint64_t next_ns = UINT64_MAX;

    for (size_t i = 0; i < r->triggers.nr_every; i++)
        if (r->triggers.every[i].next_ns < next_ns)
            next_ns = r->triggers.every[i].next_ns;
    return next_ns;
}

uint64_t triggers_end_ns(const struct runner *r)
{
    uint64_t end_ns = 0;

    for (size_t i = 0; i < r->triggers.nr_every; i++)
        if (r->triggers.every[i].end_ns > end_ns)
            end_ns = r->triggers.every[i].end_ns;
    return end_ns;
}

bool triggers_busy(const struct runner *r, unsigned domid)
{
    for (size_t i = 0; i < r->triggers.nr_typed; i++)
        if (r->triggers.typed[i].domid == domid)
            return true;
    return false;
}

static void forget_typed(struct triggers *triggers, size_t i)
{
    assert(i < triggers->nr_typed);
    memmove(&triggers->typed[i], &triggers->typed[i + 1],
        (triggers->nr_typed - i - 1) * sizeof triggers->typed[i]);
    triggers->nr_typed--;
}

/* Gives each guest the first command that waits for it. */
static void type_what_waits(struct runner *r)
{
    struct triggers *triggers = &r->triggers;

    for (size_t i = 0; i < triggers->nr_typed; i++) {
        struct typed *typed = &triggers->typed[i];
        if (typed->domid == DOMID_HOST) {
            const struct statement *body = typed->statement;
            forget_typed(triggers, i--);
            do_body(r, body, false);
            continue;
        }
        struct domain *domain = machine_domain_by_id(r->machine, typed->domid);
        char line[SENTENCE_BYTES];
        if (domain == NULL || domain_crashed(domain)) {
            forget_typed(triggers, i--); /* nobody will answer */
            continue;
        }
        if (typed->given)
            continue;
        if (!domain_has_agent(domain)) {
            runner_complain(
                r, typed->statement->where, "%s has no agent that takes commands", typed->statement->domain);
            return;
        }
        runner_agent_line(typed->statement, line, sizeof line);
        typed->given = domain_command(domain, line);
    }
}

void triggers_do(struct runner *r)
{
    struct triggers *triggers = &r->triggers;
    const uint64_t now_ns = machine_now_ns(r->machine);

    for (size_t i = 0; i < triggers->nr_every && !r->halted; i++) {
        struct every *every = &triggers->every[i];
        if (every->next_ns > now_ns)
            continue;
        every->next_ns += every->statement->every_ns;
        const bool over = every->next_ns > every->end_ns;
        do_body(r, every->statement->body, false);
        if (over) {
            memmove(&triggers->every[i], &triggers->every[i + 1],
                (triggers->nr_every - i - 1) * sizeof *triggers->every);
            triggers->nr_every--;
            i--;
        }
    }
    if (triggers->nr_typed > 0 && !r->halted)
        type_what_waits(r);
}

bool triggers_answered(struct runner *r, unsigned domid, int status, const char *output)
{
    struct triggers *triggers = &r->triggers;

    for (size_t i = 0; i < triggers->nr_typed; i++) {
        const struct typed typed = triggers->typed[i];
        if (!typed.given || typed.domid != domid)
            continue;
        struct last_command last = r->last_command;
        forget_typed(triggers, i);
        runner_judge_answer(r, typed.statement, NULL, status, output);
        r->last_command = last;
        if (triggers_busy(r, domid))
            machine_stop(r->machine); /* the next one can be given */
        return true;
    }
    return false;
}
