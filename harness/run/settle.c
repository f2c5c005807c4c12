/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `settle`: lets guests run until all is at rest, has each of them audit itself, and lets the invariants judge what is
 * judged at rest. If rest does not come within the bound, that is a failure by itself.
 */
#include "harness/run/settle.h"
#include "guest/abi/agent.h"
#include "harness/run/agent.h"
#include "harness/run/run.h"
#include "harness/run/triggers.h"
#include "harness/run/wait.h"

#include <assert.h>
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
bool settle_reach_rest(struct runner *r, uint64_t within_ns)
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
    if (went == WENT_REST)
        return true;
    if (!run_is_over(r)) {
        const char *why = NULL;
        if (machine_at_rest(r->machine, QUIET_NS, &why) && triggers_due_ns(r) != UINT64_MAX)
            why = "what an `every` holds is due within the quiet window";
        not_at_rest(r, why != NULL ? why : "still busy");
    }
    return false;
}

void settle_statement(struct runner *r, const struct statement *statement)
{
    uint64_t end_ns;

    assert(statement->kind == ST_SETTLE);
    if (statement->has_within &&
        !run_moment(r, statement->where, machine_now_ns(r->machine), statement->within_ns, &end_ns))
        return;
    if (settle_reach_rest(r, statement->has_within ? statement->within_ns : 0)) {
        if (!audit_all(r)) {
            if (!run_is_over(r))
                not_at_rest(r, "the guest's agent gave no answer to its audit");
        } else if (settle_reach_rest(r, AUDIT_BOUND_NS)) {
            recorder_append(
                r->recorder, REC_REST, DOMID_HOST, machine_now_ns(r->machine), NULL, 0, NULL, 0, 0);
            invariants_at_rest(r->invariants);
        }
    }
    r->run.settle_ended_event[0] = r->run.settle_ended_event[1];
    r->run.settle_ended_event[1] = recorder_events(r->recorder);
    r->run.just_settled = true;
}
