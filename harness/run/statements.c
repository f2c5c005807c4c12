/* SPDX-License-Identifier: BSD-2-Clause */
/* The table of which function does which kind of statement, and the passing of time between statements. */
#include "harness/run/statements.h"
#include "harness/run/always.h"
#include "harness/run/domains.h"
#include "harness/run/expect.h"
#include "harness/run/faults.h"
#include "harness/run/judge.h"
#include "harness/run/probes.h"
#include "harness/run/run.h"
#include "harness/run/settle.h"
#include "harness/run/triggers.h"
#include "harness/run/typed.h"
#include "harness/run/wait.h"

#include <assert.h>
#include <string.h>

static void do_domain(struct runner *r, const struct statement *statement)
{
    assert(statement->domain_decl != NULL);
    domains_build(r, statement->domain_decl);
}

static void do_nothing(struct runner *r, const struct statement *statement)
{
    (void)r, (void)statement;
}

static const struct {
    void (*act)(struct runner *, const struct statement *);
    bool judges_only; /* it takes no time and moves nothing: the log's window stays the same */
} actions[] = {
    [ST_WAIT] = {do_nothing, false},
    [ST_TOOLSTACK] = {typed_toolstack, false},
    [ST_GUEST] = {typed_guest, false},
    [ST_FAULT] = {faults_arm, false},
    [ST_HEAL] = {faults_heal, false},
    [ST_SETTLE] = {settle_statement, false},
    [ST_EXPECT] = {expect_condition, true},
    [ST_EXPECT_REFUSED] = {expect_refused, true},
    [ST_EXPECT_VIOLATION] = {expect_violation, true},
    [ST_EXPECT_CRASH] = {expect_crash, true},
    [ST_ALWAYS] = {always_statement, true},
    [ST_CALL] = {typed_call, false},
    [ST_PROBE] = {probes_statement, false},
    [ST_BOOT_MAP] = {do_nothing, true} /* the parser has put it into its domain's declaration */,
    [ST_ON] = {triggers_on, false},
    [ST_EVERY] = {triggers_every, false},
    [ST_DOMAIN] = {do_domain, false},
};

/* Lets guests run until the statement's time. False: that time is past, or the run is over. */
static bool pass_time(struct runner *r, const struct statement *statement, uint64_t *moment_ns)
{
    const uint64_t now_ns = machine_now_ns(r->machine);
    uint64_t from_ns = statement->time_kind == TIME_AT ? r->run.time_zero_ns : now_ns;

    if (!run_moment(r, statement->where, from_ns, statement->time_ns, moment_ns))
        return false;
    if (*moment_ns < now_ns) {
        char asked[32], present[32];
        time_text(statement->time_ns, asked, sizeof asked);
        time_text(now_ns - r->run.time_zero_ns, present, sizeof present);
        run_complain(r, statement->where, "@%s is past: it is %s already; write +0, or a later moment", asked,
            present);
        return false;
    }
    if (*moment_ns > now_ns)
        wait_until(r, *moment_ns, (struct awaited){.what = AWAIT_NOTHING});
    return !run_is_over(r);
}

static bool is_expected(const struct runner *r, const struct statement *statement)
{
    return statement->kind == ST_EXPECT_VIOLATION && expect_violation_count(r, statement) > 0;
}

/*
 * After an invariant has ended the run, because the guest would have got nowhere: judges an `expect violation` of that
 * invariant further down in the scenario. The other expectations there fail, because they were never reached.
 */
static void judge_the_rest(struct runner *r, size_t first)
{
    const struct scenario *scenario = r->run.scenario;
    bool awaited = false;

    assert(run_is_over(r));
    for (size_t s = first; s < scenario->nr_statements; s++)
        awaited = awaited || is_expected(r, &scenario->statements[s]);
    for (size_t s = first; awaited && s < scenario->nr_statements; s++) {
        const struct statement *statement = &scenario->statements[s];
        if (!actions[statement->kind].judges_only)
            continue;
        recorder_set_line(r->recorder, statement->where.line);
        run_record_statement(r, statement);
        if (is_expected(r, statement))
            expect_violation(r, statement);
        else
            judge(r, DOMID_HOST, statement->kind == ST_ALWAYS ? EXPECT_ALWAYS : EXPECT_DONE, false,
                statement->where, "reached", "the run ended before it");
    }
}

void statements_do(struct runner *r)
{
    const struct scenario *scenario = r->run.scenario;

    assert(r->machine != NULL);
    size_t s = 0;
    for (; s < scenario->nr_statements && !run_is_over(r); s++) {
        const struct statement *statement = &scenario->statements[s];
        uint64_t moment_ns;

        assert((size_t)statement->kind < sizeof actions / sizeof actions[0]);
        assert(actions[statement->kind].act != NULL);
        if (!pass_time(r, statement, &moment_ns))
            break;
        recorder_set_line(r->recorder, statement->where.line);
        run_record_statement(r, statement);
        if (!actions[statement->kind].judges_only || statement->time_ns != 0)
            r->run.just_settled = false;
        actions[statement->kind].act(r, statement);
        if (recorder_is_lost(r->recorder))
            run_end(r, OUTCOME_HALTED);
    }
    if (invariants_hopeless(r->invariants) && r->run.outcome == OUTCOME_HALTED &&
        r->run.options->until_event == 0 && !r->run.options->stop_at_first)
        judge_the_rest(r, s);
}
