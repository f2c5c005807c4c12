/* SPDX-License-Identifier: BSD-2-Clause */
/* Does what `on` and `every` hold when its call or its time has come. It lets no guest run. */
#include "harness/run/triggers.h"
#include "harness/run/expect.h"
#include "harness/run/agent.h"
#include "harness/run/faults.h"
#include "harness/run/groups.h"
#include "harness/run/judge.h"
#include "harness/run/pending.h"
#include "harness/run/probes.h"
#include "harness/run/remarks.h"
#include "harness/run/run.h"
#include "harness/run/typed.h"
#include "harness/run/wait.h"
#include "sim/array.h"
#include "sim/random.h"
#include "sim/toolstack/command_line.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct on { /* armed, until its call came; every= never ends */
    const struct statement *statement;
    struct fault_set *calls; /* counts as a fault does: the call that it would refuse is ours */
    bool came;               /* the call was entered, and has not returned yet */
};

struct every {
    const struct statement *statement;
    uint64_t next_ns, end_ns;
    uint64_t ordinal; /* what is due at one time is done in the order of the scenario */
};

struct triggers {
    struct on *on;
    struct every *every; /* a heap: none comes before the one at half its place */
    uint64_t nr_every_so_far;
    size_t nr_on, on_room, nr_every, every_room;
};

static const char no_memory[] = "no memory on this computer for one statement more";

struct triggers *triggers_new(void)
{
    return calloc(1, sizeof(struct triggers));
}

static void forget_on(struct runner *r, size_t i)
{
    struct triggers *triggers = r->triggers;

    assert(i < triggers->nr_on);
    fault_set_free(triggers->on[i].calls);
    triggers->on[i] = triggers->on[--triggers->nr_on];
    if (triggers->nr_on == 0 && r->machine != NULL)
        machine_set_site_hook(r->machine, NULL, NULL);
}

void triggers_forget(struct runner *r)
{
    while (r->triggers->nr_on > 0)
        forget_on(r, r->triggers->nr_on - 1);
    r->triggers->nr_every = 0;
    r->triggers->nr_every_so_far = 0;
}

void triggers_free(struct runner *r)
{
    if (r->triggers == NULL)
        return;
    triggers_forget(r);
    free(r->triggers->on);
    free(r->triggers->every);
    free(r->triggers);
    r->triggers = NULL;
}

/* ---- doing what is held ---- */

static void do_later(struct runner *r, const struct statement *body, unsigned domid)
{
    if (pending_add(r->pending, body, domid))
        machine_stop(r->machine); /* so that triggers_act is called, while no guest runs */
    else
        run_complain(r, body->where, no_memory);
}

static void type_later(struct runner *r, const struct statement *body, struct domain *domain)
{
    do_later(r, body, domain_id(domain));
}

/* Does a held statement. The run's last command, at which `expect refused` looks back, stays the scenario's own. */
static void do_body(struct runner *r, const struct statement *body, bool in_a_call)
{
    const uint32_t line = recorder_line(r->recorder);
    const struct last_command last = r->run.last_command;

    recorder_set_line(r->recorder, body->where.line);
    run_record_statement(r, body);
    switch (body->kind) {
    case ST_TOOLSTACK:
        if (in_a_call && xl_line_is(body->text, XL_WANTS_QUIET))
            do_later(r, body, DOMID_HOST);
        else
            typed_toolstack_at_once(r, body);
        break;
    case ST_FAULT:
        faults_arm(r, body);
        break;
    case ST_HEAL:
        faults_heal(r, body);
        break;
    case ST_EXPECT:
        expect_condition(r, body);
        break;
    default:
        assert(body->kind == ST_GUEST || body->kind == ST_CALL || body->kind == ST_PROBE);
        groups_each(r, body, type_later);
        break;
    }
    recorder_set_line(r->recorder, line);
    r->run.last_command = last;
}

/* ---- on ---- */

static void at_site(void *context, struct domain *domain, enum fault_site site, enum site_moment moment,
    pfn_t first, uint64_t pages)
{
    struct runner *r = context;
    struct triggers *triggers = r->triggers;

    for (size_t i = 0; i < triggers->nr_on; i++) {
        struct on *on = &triggers->on[i];
        const struct statement *statement = on->statement;
        if (statement->fault.site != site || strcmp(statement->domain, domain_name(domain)) != 0)
            continue;
        if (moment == SITE_ENTER)
            on->came = fault_ask(on->calls, site, first, pages).refused;
        if (fault_memory_out(on->calls))
            machine_lacks_memory(r->machine);
        if (!on->came || (moment == SITE_RETURN) != statement->at_return)
            continue;
        on->came = false;
        remarks_done(r, statement);
        do_body(r, statement->body, true); /* may add to the list, and changes nothing else in it */
        if (!fault_armed(triggers->on[i].calls))
            forget_on(r, i--);
    }
}

void triggers_built(struct runner *r, struct domain *domain)
{
    uint64_t sites = 0;

    for (size_t i = 0; i < r->triggers->nr_on; i++)
        if (strcmp(r->triggers->on[i].statement->domain, domain_name(domain)) == 0)
            sites |= 1ull << r->triggers->on[i].statement->fault.site;
    domain_watch_sites(domain, sites);
}

void triggers_on(struct runner *r, const struct statement *statement)
{
    struct triggers *triggers = r->triggers;
    struct fault_spec spec = statement->fault;
    struct domain *domain = groups_domain(r, statement);

    assert(statement->kind == ST_ON && statement->body != NULL);
    if (domain == NULL)
        return;
    struct fault_set *calls = fault_set_new();
    if (calls != NULL)
        fault_set_clear(calls, domain_description(domain));
    if (spec.when == FAULT_CHANCE)
        spec.seed = random_next(&r->run.random);
    if (spec.last == 0)
        spec.keep = spec.when == FAULT_EVERY || spec.when == FAULT_CHANCE ? FAULT_STICKY : FAULT_ONCE;
    spec.seen = remarks_seen(r, statement);
    if (calls == NULL || spec.seen == NULL || !fault_arm(calls, &spec) ||
        !ARRAY_ONE_MORE(triggers->on, triggers->on_room, triggers->nr_on)) {
        fault_set_free(calls);
        run_complain(r, statement->where, no_memory);
        return;
    }
    triggers->on[triggers->nr_on++] = (struct on){.statement = statement, .calls = calls};
    machine_set_site_hook(r->machine, at_site, r);
    triggers_built(r, domain);
}

/* ---- every ---- */

static bool comes_before(const struct every *a, const struct every *b)
{
    return a->next_ns != b->next_ns ? a->next_ns < b->next_ns : a->ordinal < b->ordinal;
}

static void swap(struct every *a, struct every *b)
{
    const struct every kept = *a;

    *a = *b;
    *b = kept;
}

/* Puts the last one where it belongs. */
static void rise(struct triggers *triggers)
{
    struct every *heap = triggers->every;

    for (size_t i = triggers->nr_every - 1; i > 0 && comes_before(&heap[i], &heap[(i - 1) / 2]);
         i = (i - 1) / 2)
        swap(&heap[i], &heap[(i - 1) / 2]);
}

/* Puts the first one where it belongs. */
static void sink(struct triggers *triggers)
{
    struct every *heap = triggers->every;

    for (size_t i = 0, next; (next = 2 * i + 1) < triggers->nr_every; i = next) {
        if (next + 1 < triggers->nr_every && comes_before(&heap[next + 1], &heap[next]))
            next++;
        if (!comes_before(&heap[next], &heap[i]))
            break;
        swap(&heap[next], &heap[i]);
    }
}

void triggers_every(struct runner *r, const struct statement *statement)
{
    struct triggers *triggers = r->triggers;
    const uint64_t now_ns = machine_now_ns(r->machine);
    uint64_t end_ns;

    assert(statement->kind == ST_EVERY && statement->every_ns > 0);
    assert(statement->every_ns <= statement->for_ns);
    if (!run_moment(r, statement->where, now_ns, statement->for_ns, &end_ns))
        return;
    if (!ARRAY_ONE_MORE(triggers->every, triggers->every_room, triggers->nr_every)) {
        run_complain(r, statement->where, no_memory);
        return;
    }
    triggers->every[triggers->nr_every++] =
        (struct every){statement, now_ns + statement->every_ns, end_ns, triggers->nr_every_so_far++};
    rise(triggers);
}

uint64_t triggers_due_ns(const struct runner *r)
{
    return r->triggers->nr_every != 0 ? r->triggers->every[0].next_ns : UINT64_MAX;
}

void triggers_end_every(struct runner *r)
{
    r->triggers->nr_every = 0;
}

uint64_t triggers_end_ns(const struct runner *r)
{
    const struct triggers *triggers = r->triggers;
    uint64_t end_ns = 0;

    for (size_t i = 0; i < triggers->nr_every; i++)
        if (triggers->every[i].end_ns > end_ns)
            end_ns = triggers->every[i].end_ns;
    return end_ns;
}

/* The first one is over, or comes again later. */
static void put_back(struct triggers *triggers)
{
    struct every *first = &triggers->every[0];

    first->next_ns += first->statement->every_ns;
    if (first->next_ns > first->end_ns)
        *first = triggers->every[--triggers->nr_every];
    sink(triggers);
}

/* ---- commands that wait ---- */

/* Gives a guest's agent the command, if it is free. False: the guest is gone, so there will be no answer. */
static bool give(struct runner *r, struct pending_command *command)
{
    struct domain *domain = machine_domain_by_id(r->machine, command->domid);
    char line[PROBE_LINE_BYTES];

    if (domain == NULL || domain_crashed(domain))
        return false;
    if (command->given)
        return true;
    if (!domain_has_agent(domain)) {
        run_complain(
            r, command->statement->where, "%s has no agent that takes commands", domain_name(domain));
        return true;
    }
    if (command->statement->kind != ST_PROBE)
        agent_line(command->statement, line, sizeof line);
    else if (!probes_line(r, command->statement, line))
        return false;
    command->given = domain_command(domain, line);
    return true;
}

static void do_what_waits(struct runner *r)
{
    for (size_t i = 0; i < pending_count(r->pending) && !run_is_over(r); i++) {
        struct pending_command *command = pending_at(r->pending, i);
        if (command->domid == DOMID_HOST) {
            const struct statement *body = command->statement;
            pending_remove(r->pending, i--);
            do_body(r, body, false);
        } else if (!give(r, command)) {
            pending_remove(r->pending, i--);
        }
    }
}

void triggers_act(struct runner *r)
{
    struct triggers *triggers = r->triggers;
    const uint64_t now_ns = machine_now_ns(r->machine);

    while (triggers_due_ns(r) <= now_ns && !run_is_over(r)) {
        const struct statement *statement = triggers->every[0].statement;
        put_back(triggers);
        remarks_done(r, statement);
        do_body(r, statement->body, false);
    }
    do_what_waits(r);
}

void triggers_see(struct runner *r, const struct record *record, uint64_t event)
{
    const struct record_command *answer = record_payload(record);
    const char *command = (const char *)(answer + 1);

    (void)event;
    if (record->type != REC_COMMAND || record->domid == DOMID_HOST)
        return;
    const unsigned domid = record->domid;
    const struct statement *statement = pending_answered(r->pending, domid);
    if (statement == NULL)
        return;
    const struct last_command last = r->run.last_command;
    const uint32_t line = recorder_line(r->recorder);
    recorder_set_line(r->recorder, statement->where.line);
    const struct domain *domain = machine_domain_by_id(r->machine, domid);
    const bool of_group = strchr(statement->domain, '[') != NULL && domain != NULL;
    const char *output = command + strlen(command) + 1;
    if (statement->kind == ST_PROBE)
        probes_answer(r, statement, domid, (int)answer->status, output);
    else
        judge_answer(r, statement, domid, of_group ? domain_name(domain) : "", (int)answer->status, output);
    recorder_set_line(r->recorder, line);
    r->run.last_command = last;
    wait_came_about(r, AWAIT_HELD_COMMAND, domid);
    if (pending_for(r->pending, domid))
        machine_stop(r->machine); /* the next one can be given */
}
