/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The walk through a scenario's statements: virtual time passes up to each, then it is done. What a
 * statement does is in the table; commands, waiting for rest and judging are in files of their own.
 */
#include "harness/run/runner.h"

#include <assert.h>
#include <string.h>

static void do_fault(struct runner *r, const struct statement *statement, const struct statement *next)
{
    struct domain *domain = runner_domain(r, statement->domain, statement->where);

    (void)next;
    if (domain != NULL && !fault_arm(domain_faults(domain), &statement->fault))
        runner_complain(r, statement->where, "no memory on this computer for one fault more");
}

static void do_heal(struct runner *r, const struct statement *statement, const struct statement *next)
{
    struct domain *domain = runner_domain(r, statement->domain, statement->where);

    (void)next;
    if (domain != NULL)
        fault_heal(domain_faults(domain), statement->all_sites, statement->fault.site);
}

static void do_settle(struct runner *r, const struct statement *statement, const struct statement *next)
{
    (void)next;
    runner_settle(r, statement);
}

static void do_expect(struct runner *r, const struct statement *statement, const struct statement *next)
{
    (void)next;
    runner_expect(r, statement);
}

static void do_expect_refused(
    struct runner *r, const struct statement *statement, const struct statement *next)
{
    (void)next;
    runner_expect_refused(r, statement);
}

static void do_expect_violation(
    struct runner *r, const struct statement *statement, const struct statement *next)
{
    (void)next;
    runner_expect_violation(r, statement);
}

static void do_expect_crash(struct runner *r, const struct statement *statement, const struct statement *next)
{
    (void)next;
    runner_expect_crash(r, statement);
}

static void do_domain(struct runner *r, const struct statement *statement, const struct statement *next)
{
    (void)next;
    runner_build_domain(r, statement->domain_decl);
}

static void do_nothing(struct runner *r, const struct statement *statement, const struct statement *next)
{
    (void)r, (void)statement, (void)next;
}

/* Statements that the language already reads, and the runner doesn't do yet, have no function. */
static const struct {
    void (*act)(struct runner *, const struct statement *, const struct statement *next);
    bool judges_only; /* takes no time and moves nothing: a log's window stays what it was */
} actions[] = {
    [ST_WAIT] = {do_nothing, false},
    [ST_TOOLSTACK] = {runner_toolstack, false},
    [ST_GUEST] = {runner_guest, false},
    [ST_FAULT] = {do_fault, false},
    [ST_HEAL] = {do_heal, false},
    [ST_SETTLE] = {do_settle, false},
    [ST_EXPECT] = {do_expect, true},
    [ST_EXPECT_REFUSED] = {do_expect_refused, true},
    [ST_EXPECT_VIOLATION] = {do_expect_violation, true},
    [ST_EXPECT_CRASH] = {do_expect_crash, true},
    [ST_ALWAYS] = {runner_always, true},
    [ST_CALL] = {runner_call, false},
    [ST_PROBE] = {runner_probe, false},
    [ST_BOOT_MAP] = {do_nothing, true} /* its domain's declaration has it */,
    [ST_ON] = {runner_on, false},
    [ST_EVERY] = {runner_every, false},
    [ST_DOMAIN] = {do_domain, false},
};

void runner_act(struct runner *r, const struct statement *statement)
{
    assert(actions[statement->kind].act != NULL);
    actions[statement->kind].act(r, statement, NULL);
}

/* Guests run until the statement's moment. False: that moment is past, or the run is over. */
static bool pass_time(struct runner *r, const struct statement *statement, uint64_t *moment_ns)
{
    const uint64_t now_ns = machine_now_ns(r->machine);
    uint64_t from_ns = statement->time_kind == TIME_AT ? r->time_zero_ns : now_ns;

    if (statement->time_ns > UINT64_MAX - from_ns) {
        runner_complain(r, statement->where, "virtual time does not go that far");
        return false;
    }
    *moment_ns = from_ns + statement->time_ns;
    if (*moment_ns < now_ns) {
        char asked[32], present[32];
        time_text(statement->time_ns, asked, sizeof asked);
        time_text(now_ns - r->time_zero_ns, present, sizeof present);
        runner_complain(r, statement->where, "@%s is past: it is %s already; write +0, or a later moment",
            asked, present);
        return false;
    }
    if (*moment_ns > now_ns)
        runner_go(r, *moment_ns, false);
    return !r->halted;
}

void runner_record_statement(struct runner *r, const struct statement *statement)
{
    const char *line = r->scenario->text;

    for (uint32_t number = 1; number < statement->where.line && line != NULL; number++) {
        line = strchr(line, '\n');
        line = line == NULL ? NULL : line + 1;
    }
    if (line == NULL)
        return;
    const size_t line_bytes = strcspn(line, "\r\n"), before = statement->where.column - 1u;
    assert(statement->where.column > 0);
    if (before < line_bytes) /* without the time column: readers look at its first word */
        recorder_append_text(r->recorder, REC_STATEMENT, DOMID_HOST, machine_now_ns(r->machine),
            line + before,
            line_bytes - before < statement->where.length ? line_bytes - before : statement->where.length);
}

static bool is_expected(const struct runner *r, const struct statement *statement)
{
    return statement->kind == ST_EXPECT_VIOLATION &&
           invariant_broken(r->invariants, statement->invariant) > 0;
}

/*
 * A checker ended the run, for nothing would come of it: where the scenario expects just that further down, it is
 * judged. What else it asks there was never reached, and fails for that.
 */
static void judge_the_rest(struct runner *r, size_t first)
{
    const struct scenario *scenario = r->scenario;
    bool awaited = false;

    assert(r->halted);
    for (size_t s = first; s < scenario->nr_statements; s++)
        awaited = awaited || is_expected(r, &scenario->statements[s]);
    for (size_t s = first; awaited && s < scenario->nr_statements; s++) {
        const struct statement *statement = &scenario->statements[s];
        if (!actions[statement->kind].judges_only)
            continue;
        recorder_set_line(r->recorder, statement->where.line);
        runner_record_statement(r, statement);
        if (is_expected(r, statement))
            runner_expect_violation(r, statement);
        else
            runner_judge(r, false, statement->where, "reached", "the run ended before it");
    }
}

void runner_statements(struct runner *r)
{
    const struct scenario *scenario = r->scenario;

    assert(r->machine != NULL);
    size_t s = 0;
    for (; s < scenario->nr_statements && !r->halted; s++) {
        const struct statement *statement = &scenario->statements[s];
        const struct statement *next = s + 1 < scenario->nr_statements ? statement + 1 : NULL;
        uint64_t moment_ns;

        assert((size_t)statement->kind < sizeof actions / sizeof actions[0]);
        if (!pass_time(r, statement, &moment_ns))
            break;
        recorder_set_line(r->recorder, statement->where.line);
        runner_record_statement(r, statement);
        if (actions[statement->kind].act == NULL) {
            runner_complain(
                r, statement->where, "this statement is understood, and not yet done by this version");
            return;
        }
        if (!actions[statement->kind].judges_only || statement->time_ns != 0)
            r->just_settled = false;
        actions[statement->kind].act(r, statement, next);
        r->halted = r->halted || recorder_is_lost(r->recorder);
    }
    if (invariants_hopeless(r->invariants) && !r->error && r->options->until_event == 0 &&
        !r->options->stop_at_first)
        judge_the_rest(r, s);
}
