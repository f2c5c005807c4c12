/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `settle`: lets guests run until all is at rest, has each of them audit itself, and lets the invariants judge what is
 * judged at rest. If rest does not come within the bound, that is a failure by itself.
 */
#include "harness/run/settle.h"
#include "guest/abi/agent.h"
#include "harness/run/agent.h"
#include "harness/run/calls.h"
#include "harness/run/remarks.h"
#include "harness/run/run.h"
#include "harness/run/triggers.h"
#include "harness/run/wait.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

#define AUDIT_BOUND_NS  (60 * NS_PER_S) /* a walk over the segments: it has nothing to wait for */
#define BOUND_ASKED_MAX 3u

static void not_at_rest(struct runner *r, const char *why)
{
    recorder_append_text(
        r->recorder, REC_NOT_AT_REST, DOMID_HOST, machine_now_ns(r->machine), why, strlen(why));
    r->run.failures++;
}

/* Audits one guest after the other, so that the others are quiet meanwhile. False: one gave no answer. */
static bool audit_all(struct runner *r)
{
    struct domain *domain = NULL;

    while (!run_is_over(r) && (domain = machine_next_domain(r->machine, domain)) != NULL) {
        int status;
        const char *output;
        if (domain_crashed(domain) || domain_paused(domain) || !domain_has_agent(domain))
            continue;
        if (!agent_command(r, domain, AGENT_AUDIT, AUDIT_BOUND_NS, &status, &output) && !run_is_over(r) &&
            !domain_crashed(domain))
            return false;
    }
    return !run_is_over(r);
}

/*
 * If the scenario gives no bound, that of the invariant progress holds. It grows with the number of pages that a guest has
 * to move, so it is asked again when it has passed; but not for ever, since a guest may move pages to and fro.
 */
static const char *reach_rest(struct runner *r, uint64_t within_ns)
{
    /* While an `every` goes on there may be no rest: the bound counts from its end. */
    const uint64_t now_ns = machine_now_ns(r->machine), end_ns = triggers_end_ns(r);
    const uint64_t start_ns = within_ns == 0 && end_ns > now_ns ? end_ns : now_ns;
    uint64_t bound_ns = within_ns != 0 ? within_ns : invariants_rest_bound_ns(r->invariants);
    enum went went = wait_until(r, start_ns + bound_ns, (struct awaited){.what = AWAIT_REST});

    for (unsigned asked = 0; asked < BOUND_ASKED_MAX && went == WENT_TIME && within_ns == 0 &&
                             invariants_rest_bound_ns(r->invariants) > bound_ns;
         asked++) {
        bound_ns = invariants_rest_bound_ns(r->invariants);
        went = wait_until(r, start_ns + bound_ns, (struct awaited){.what = AWAIT_REST});
    }
    if (went == WENT_REST || run_is_over(r))
        return NULL;
    const char *why = NULL;
    if (machine_at_rest(r->machine, QUIET_NS, &why) && triggers_due_ns(r) != UINT64_MAX)
        why = "what an `every` holds is due within the quiet window";
    return why != NULL ? why : "still busy";
}

void settle_boot(struct runner *r)
{
    const char *why = reach_rest(r, 0);

    if (why != NULL)
        not_at_rest(r, why);
}

/* What only the machine can tell of how guests' memory is mapped, for those who compare runs. */
static void note_mappings(struct runner *r)
{
    struct domain *domain = NULL;
    struct host_mappings mappings;

    while ((domain = machine_next_domain(r->machine, domain)) != NULL) {
        struct record_note note = {.note = NOTE_DIRECT_MAP, .a = domain_direct_built_pages(domain)};
        uint64_t pages;
        if (domain_host_mappings(domain, &mappings))
            note = (struct record_note){.note = NOTE_HOST_MAPPINGS,
                .a = mappings.whole_2m + mappings.whole_1g * HOST_MAPPINGS_2M_IN_1G,
                .b = mappings.shattered_2m,
                .c = mappings.whole_1g};
        else if (domain_direct_map(domain, &pages) == NULL)
            continue;
        recorder_append(r->recorder, REC_NOTE, (uint16_t)domain_id(domain), machine_now_ns(r->machine), &note,
            sizeof note, NULL, 0, 0);
    }
}

/* All is at rest: has it audited and judged. A reason why it is not at rest after all; NULL: it is, or the run is over. */
static const char *judge_rest(struct runner *r)
{
    if (!audit_all(r))
        return run_is_over(r) ? NULL : "the guest's agent gave no answer to its audit";
    const char *why = reach_rest(r, AUDIT_BOUND_NS);
    if (why == NULL && !run_is_over(r)) {
        note_mappings(r);
        recorder_append(r->recorder, REC_REST, DOMID_HOST, machine_now_ns(r->machine), NULL, 0, NULL, 0, 0);
        invariants_at_rest(r->invariants);
    }
    return why;
}

void settle_statement(struct runner *r, const struct statement *statement)
{
    uint64_t end_ns;

    assert(statement->kind == ST_SETTLE);
    if (statement->has_within &&
        !run_moment(r, statement->where, machine_now_ns(r->machine), statement->within_ns, &end_ns))
        return;
    const char *why = reach_rest(r, statement->has_within ? statement->within_ns : 0);
    if (why == NULL && !run_is_over(r))
        why = judge_rest(r);
    if (why != NULL)
        not_at_rest(r, why);
    r->run.settle_ended_event[0] = r->run.settle_ended_event[1];
    r->run.settle_ended_event[1] = recorder_events(r->recorder);
    r->run.settle_line[0] = r->run.settle_line[1];
    r->run.settle_line[1] = statement->where.line;
    calls_settled(r);
    r->run.just_settled = true;
    r->run.settled_ns = machine_now_ns(r->machine);
}

void settle_at_end(struct runner *r)
{
    const struct scenario *scenario = r->run.scenario;
    char text[SENTENCE_BYTES / 2];

    if (run_is_over(r) || (r->run.just_settled && machine_now_ns(r->machine) == r->run.settled_ns))
        return;
    triggers_end_every(r);
    const char *why = reach_rest(r, 0);
    if (why == NULL && !run_is_over(r))
        why = judge_rest(r);
    if (why == NULL)
        return;
    snprintf(text, sizeof text, "the scenario ends here without rest: %s", why);
    remarks_add(r, scenario->nr_statements > 0 ? &scenario->statements[scenario->nr_statements - 1] : NULL,
        REMARK_NO_REST, text);
}
