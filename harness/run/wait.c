/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lets guests run, and is the recorder's witness: shows each record to the invariants and the observers, and stops the
 * machine when the wait or the run is over. It knows no observer by name.
 */
#include "harness/run/wait.h"
#include "harness/image/containment.h"
#include "harness/run/answers.h"
#include "harness/run/run.h"
#include "harness/xen/xen_backend.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct wait {
    witness_t *judges; /* the invariants, which see each record first */
    void *judges_context;
    struct awaited awaited;
    bool came_about;
    uint64_t event; /* with which it did, in the present wait or the last one; 0: it did not */
};

struct wait *wait_new(void)
{
    return calloc(1, sizeof(struct wait));
}

void wait_free(struct wait *wait)
{
    free(wait);
}

void wait_came_about(struct runner *r, enum awaited_event what, unsigned domid)
{
    assert(what != AWAIT_NOTHING);
    if (r->wait->awaited.what != what || r->wait->awaited.domid != domid)
        return;
    r->wait->came_about = true;
    r->wait->event = recorder_events(r->recorder);
    machine_stop(r->machine);
}

static void look_whether_it_came_about(struct runner *r, const struct record *record)
{
    const struct awaited *awaited = &r->wait->awaited;

    if (record->type == REC_COMMAND && record->domid != DOMID_HOST)
        wait_came_about(r, AWAIT_COMMAND, record->domid);
    if ((awaited->what == AWAIT_CONDITION && answers_hold(r, awaited->condition)) ||
        (awaited->what == AWAIT_CONDITION_END && !answers_hold(r, awaited->condition)))
        wait_came_about(r, awaited->what, awaited->domid);
}

static void look_on(void *context, const struct record *record, uint64_t event)
{
    struct runner *r = context;

    assert(r->wait->judges != look_on);
    if (r->wait->judges != NULL)
        r->wait->judges(r->wait->judges_context, record, event);
    for (size_t o = 0; o < r->nr_observers; o++)
        if (r->observers[o].see != NULL)
            r->observers[o].see(r, record, event);
    if (!r->wait->came_about)
        look_whether_it_came_about(r, record);
    if (run_is_over(r) || r->wait->came_about)
        machine_stop(r->machine);
}

uint64_t wait_event(const struct runner *r)
{
    return r->wait->event;
}

void wait_watch(struct runner *r)
{
    void *context;
    witness_t *present = recorder_witness(r->recorder, &context);

    assert(r->machine != NULL && r->run.options != NULL);
    if (present != look_on) { /* else we are the witness since the last run */
        r->wait->judges = present;
        r->wait->judges_context = context;
    }
    recorder_set_witness(r->recorder, look_on, r);
    assert(r->wait->awaited.what == AWAIT_NOTHING);
}

void wait_unwatch(struct runner *r)
{
    recorder_set_witness(r->recorder, NULL, NULL);
    r->wait->judges = NULL;
}

/* A call that is to be refused, which the kernel may do with a panic. */
static bool may_panic(const struct statement *statement)
{
    return statement->kind == ST_CALL && statement->refusal_expected;
}

/* A domain died: does the scenario say that it will, or may? */
static bool death_is_expected(const struct scenario *scenario, const struct domain *domain)
{
    for (size_t s = 0; s < scenario->nr_statements; s++)
        if ((scenario->statements[s].kind == ST_EXPECT_CRASH || may_panic(&scenario->statements[s])) &&
            strcmp(scenario->statements[s].domain, domain_name(domain)) == 0)
            return true;
    return false;
}

static void note_deaths(struct runner *r)
{
    struct domain *domain = NULL;

    r->spoilt = true;
    while ((domain = machine_next_domain(r->machine, domain)) != NULL)
        if (domain_crashed(domain) && !death_is_expected(r->run.scenario, domain))
            run_end(r, OUTCOME_HALTED);
}

static uint64_t next_due_ns(const struct runner *r)
{
    uint64_t next_ns = UINT64_MAX;

    for (size_t o = 0; o < r->nr_observers; o++) {
        const uint64_t due_ns = r->observers[o].due_ns != NULL ? r->observers[o].due_ns(r) : UINT64_MAX;
        next_ns = due_ns < next_ns ? due_ns : next_ns;
    }
    return next_ns;
}

/* It does not count as rest while something is due within the quiet window. */
static bool nothing_is_due(const struct runner *r)
{
    return next_due_ns(r) - machine_now_ns(r->machine) > QUIET_NS;
}

/* Has the observers do what is due. Once what was waited for has happened, only those act whose work the next statement
 * must find done. */
static void act(struct runner *r, bool before_statements)
{
    for (size_t o = 0; o < r->nr_observers && !run_is_over(r); o++) {
        const struct observer *observer = &r->observers[o];
        if (observer->act == NULL ||
            (before_statements && r->wait->came_about && !observer->acts_before_statements))
            continue;
        observer->act(r);
    }
}

static enum run_end let_run(struct runner *r, uint64_t until_ns, bool to_rest)
{
    const struct run_request request = {.until_ns = until_ns, .stop_at_rest = to_rest, .quiet_ns = QUIET_NS};

    containment_enter(r->machine);
    const enum run_end end = machine_run(r->machine, &request);
    containment_leave();
    return end;
}

/* Lets guests run. True: they are at rest. */
static bool run_guests(struct runner *r, uint64_t until_ns, bool to_rest)
{
    bool over = false;

    while (!run_is_over(r) && !r->wait->came_about && !over) {
        act(r, false);
        if (run_is_over(r) || r->wait->came_about)
            break;
        /* No further than to what is due next. */
        const uint64_t due_ns = next_due_ns(r), stop_ns = due_ns < until_ns ? due_ns : until_ns;
        enum run_end end = let_run(r, stop_ns, to_rest);
        if (r->run.options->on == ON_XEN && r->xen != NULL)
            run_take_xen_trouble(r, xen_backend_look(r->xen));
        if (run_is_over(r))
            break;
        if (recorder_is_lost(r->recorder))
            run_end(r, OUTCOME_HALTED); /* what comes could not be recorded */
        else if (end == RUN_CRASHED)
            note_deaths(r);
        else if (end == RUN_REST && nothing_is_due(r))
            return true;
        else if (end == RUN_REST || (end == RUN_IDLE && due_ns != UINT64_MAX))
            end = let_run(r, stop_ns, false);
        over = end == RUN_IDLE || machine_now_ns(r->machine) >= until_ns;
        /* RUN_STOPPED: the wait or the run is over, or an observer wants to act. */
    }
    return false;
}

enum went wait_until(struct runner *r, uint64_t until_ns, struct awaited awaited)
{
    struct wait *wait = r->wait;
    const bool to_rest = awaited.what == AWAIT_REST;
    enum went went;

    assert(until_ns >= machine_now_ns(r->machine));
    assert(wait->awaited.what == AWAIT_NOTHING && !wait->came_about); /* one wait at a time */
    wait->awaited = awaited;
    wait->event = 0;
    const bool at_rest = run_guests(r, until_ns, to_rest);
    if (!at_rest)
        act(r, true); /* what is due at this very moment comes before the next statement */
    if (run_is_over(r))
        went = WENT_OVER;
    else if (wait->came_about)
        went = WENT_CAME_ABOUT;
    else
        went = at_rest || (to_rest && nothing_is_due(r) && machine_at_rest(r->machine, QUIET_NS, NULL))
                   ? WENT_REST
                   : WENT_TIME;
    wait->awaited = (struct awaited){.what = AWAIT_NOTHING};
    wait->came_about = false;
    return went;
}
