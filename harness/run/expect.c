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

/*
 * Lets guests run until the condition holds, up to that moment. It is checked after each event. One command can make several
 * events (a reboot ends a domain and builds another): what held between two of them and doesn't hold behind the last one is
 * waited for again.
 */
static bool comes_about(struct runner *r, const struct condition *condition, uint64_t end_ns)
{
    const struct awaited awaited = {.what = AWAIT_CONDITION, .condition = condition};
    enum went went = WENT_CAME_ABOUT;

    while (!answers_hold(r, condition) && went == WENT_CAME_ABOUT && end_ns > machine_now_ns(r->machine))
        went = wait_until(r, end_ns, awaited);
    return answers_hold(r, condition);
}

/*
 * Lets guests run as long as the statement wants its condition to hold. False: it did not, from *ceased_event on; or, where that
 * is 0, the run ended before, or time alone made it false: of `host now < 5s` no event tells.
 */
static bool stays(struct runner *r, const struct statement *statement, uint64_t *ceased_event)
{
    const struct condition *condition = &statement->condition;
    uint64_t end_ns;

    *ceased_event = 0;
    if (!run_moment(r, statement->where, machine_now_ns(r->machine), statement->for_ns, &end_ns))
        return false;
    wait_until(r, end_ns, (struct awaited){.what = AWAIT_CONDITION_END, .condition = condition});
    *ceased_event = wait_event(r);
    return *ceased_event == 0 && !run_is_over(r) && answers_hold(r, condition);
}

static void add_time(const char *word, uint64_t time_ns, char *out, size_t out_bytes)
{
    const size_t used = strlen(out);
    char time[32];

    if (time_ns == 0)
        return;
    time_text(time_ns, time, sizeof time);
    snprintf(out + used, out_bytes - used, " %s %s", word, time);
}

/* Says why a condition that held does not satisfy the statement. */
static void add_ending(
    struct runner *r, const struct condition *condition, uint64_t ceased_event, char *out, size_t out_bytes)
{
    const size_t used = strlen(out);

    if (ceased_event != 0)
        snprintf(out + used, out_bytes - used, "; it ceased to hold at event %" PRIu64, ceased_event);
    else if (answers_hold(r, condition))
        snprintf(out + used, out_bytes - used, "; the run ended before it had held so long");
}

void expect_condition(struct runner *r, const struct statement *statement)
{
    const struct condition *condition = &statement->condition;
    bool ok = answers_hold(r, condition);
    char wanted[SENTENCE_BYTES / 2], seen[SENTENCE_BYTES / 2];
    uint64_t end_ns = 0, ceased_event = 0;

    if (statement->has_within && (!ok || statement->for_ns != 0) &&
        !run_moment(r, statement->where, machine_now_ns(r->machine), statement->within_ns, &end_ns))
        return;
    ok = comes_about(r, condition, end_ns);
    while (ok && statement->for_ns != 0 && !stays(r, statement, &ceased_event))
        ok = !run_is_over(r) && machine_now_ns(r->machine) < end_ns && comes_about(r, condition, end_ns);
    if (!ok && run_is_over(r) && r->run.outcome != OUTCOME_HALTED)
        return; /* the wait itself was cut short: nobody knows what would have come */
    conditions_wanted(condition, wanted, sizeof wanted);
    add_time("within", statement->within_ns, wanted, sizeof wanted);
    add_time("for", statement->for_ns, wanted, sizeof wanted);
    answers_seen(r, condition, seen, sizeof seen);
    if (!ok)
        add_ending(r, condition, ceased_event, seen, sizeof seen);
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
