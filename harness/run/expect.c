/* SPDX-License-Identifier: BSD-2-Clause */
/* `expect`: what must hold when its line is reached, or within a time from then, and what must have happened. */
#include "harness/run/expect.h"
#include "harness/run/answers.h"
#include "harness/run/conditions.h"
#include "harness/run/judge.h"
#include "harness/run/run.h"
#include "harness/run/wait.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/invariants/names.h"

void expect_condition(struct runner *r, const struct statement *statement)
{
    const struct condition *condition = &statement->condition;
    bool ok = answers_hold(r, condition);
    char wanted[SENTENCE_BYTES / 2], seen[SENTENCE_BYTES / 2];

    uint64_t end_ns = 0;
    if (!ok && statement->has_within &&
        !run_moment(r, statement->where, machine_now_ns(r->machine), statement->within_ns, &end_ns))
        return;
    if (!ok && statement->has_within) {
        /* The condition is checked after each event, so that the statement ends as soon as it has become true. */
        wait_until(r, end_ns, (struct awaited){.what = AWAIT_CONDITION, .condition = condition});
        ok = answers_hold(r, condition);
        if (!ok && run_is_over(r) && r->run.outcome != OUTCOME_HALTED)
            return; /* the wait itself was cut short: nobody knows what would have come */
    }
    conditions_wanted(condition, wanted, sizeof wanted);
    answers_seen(r, condition, seen, sizeof seen);
    if (statement->has_within) {
        char within[32];
        time_text(statement->within_ns, within, sizeof within);
        size_t used = strlen(wanted);
        snprintf(wanted + used, sizeof wanted - used, " within %s", within);
    }
    judge(r, answers_domid(r, condition), EXPECT_CONDITION, ok, condition->query.where, wanted, seen);
}

void expect_refused(struct runner *r, const struct statement *statement)
{
    char wanted[SENTENCE_BYTES / 2];
    const struct last_command *last = &r->run.last_command;
    const char *text = statement->text;

    assert(text != NULL && *text != 0);
    if (!last->any) {
        run_complain(r, statement->where, "expect refused wants a command before it");
        return;
    }
    snprintf(wanted, sizeof wanted, "refused \"%s\"", text);
    bool ok = last->status != 0 && strstr(last->output, text) != NULL;
    judge(r, last->domid, EXPECT_REFUSED, ok, statement->where, wanted,
        last->status == 0 ? "accepted" : last->output);
}

uint64_t expect_violation_count(const struct runner *r, const struct statement *statement)
{
    const struct breaker *breaker;

    if (*statement->domain == 0)
        return invariant_broken(r->invariants, statement->invariant);
    breaker = invariants_breaker_named(r->invariants, statement->domain);
    return breaker != NULL ? breaker->broken[statement->invariant] : 0;
}

/* Of the domain that an `expect violation` names: the one that there is now, or was when it last broke anything. */
static unsigned breaker_domid(const struct runner *r, const struct statement *statement)
{
    const struct domain *domain = machine_domain(r->machine, statement->domain);
    const struct breaker *breaker = invariants_breaker_named(r->invariants, statement->domain);

    return domain != NULL ? domain_id(domain) : breaker != NULL ? breaker->domid : DOMID_HOST;
}

void expect_violation(struct runner *r, const struct statement *statement)
{
    const enum invariant invariant = statement->invariant;
    const char *domain = statement->domain;
    const uint64_t broken = expect_violation_count(r, statement);
    char wanted[128], seen[128];

    assert(invariant < NR_INVARIANTS);
    snprintf(wanted, sizeof wanted, "%s broken%s%s", invariant_name(invariant), *domain != 0 ? " by " : "",
        domain);
    if (broken > 0)
        snprintf(seen, sizeof seen, "broken %" PRIu64 " times", broken);
    else if (invariant_broken(r->invariants, invariant) > 0)
        snprintf(seen, sizeof seen, "it holds in %s, and was broken elsewhere", domain);
    else
        snprintf(seen, sizeof seen, "it holds");
    if (broken > 0 && *domain != 0)
        invariants_expect(r->invariants, domain, invariant);
    judge_waiver(r, *domain != 0 ? breaker_domid(r, statement) : DOMID_HOST, EXPECT_VIOLATION, broken > 0,
        invariant, statement->where, wanted, seen);
}

void expect_crash(struct runner *r, const struct statement *statement)
{
    const struct domain *domain = machine_domain(r->machine, statement->domain);
    const char *text = statement->text != NULL ? statement->text : "";
    char wanted[SENTENCE_BYTES / 2];
    bool ok = domain != NULL && domain_crashed(domain);
    const char *seen = ok ? "" : "it lives";

    if (ok) {
        const struct slot *slot = run_slot(r, domain_id(domain));
        seen = slot->death;
        ok = strstr(seen, text) != NULL;
    }
    snprintf(wanted, sizeof wanted, *text != 0 ? "a crash with \"%s\"" : "a crash%s", text);
    if (ok)
        run_slot(r, domain_id(domain))->crash_expected = true;
    judge_waiver(r, domain != NULL ? domain_id(domain) : DOMID_HOST, EXPECT_CRASH, ok,
        INVARIANT_GUEST_CONTAINED, statement->where, wanted, seen);
}
