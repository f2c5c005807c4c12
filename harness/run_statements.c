/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The walk through a scenario's statements: virtual time passes up to each, then it is done. What a
 * statement does is in the table; waiting for rest and judging are in files of their own.
 */
#include "harness/runner.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMMAND_BOUND_NS NS_PER_S           /* a sysctl reads or writes a node, and answers */
#define WORKLOAD_BOUND_NS (3600 * NS_PER_S) /* hold, churn, verify, release: as long as they have pages */

/* ---- commands ---------------------------------------------------------------------------------- */

bool runner_command(struct runner *r, struct domain *domain, const char *line, uint64_t bound_ns, int *status,
    const char **output)
{
    assert(!r->awaited.command && !r->came_about);

    if (r->halted || !domain_command(domain, line))
        return false;
    r->awaited.command = true;
    r->awaited.domid = domain_id(domain);
    runner_go(r, machine_now_ns(r->machine) + bound_ns, false);
    r->awaited.command = false;
    r->came_about = false;
    return domain_command_done(domain, status, output);
}

static void keep_outcome(struct runner *r, int status, const char *output)
{
    r->last_command.any = true;
    r->last_command.status = status;
    snprintf(r->last_command.output, sizeof r->last_command.output, "%s", output);
    size_t bytes = strlen(r->last_command.output);
    while (bytes > 0 && r->last_command.output[bytes - 1] == '\n')
        r->last_command.output[--bytes] = 0;
}

/* A refusal is a failure of its line, unless the next one expects it. */
static void judge_refusal(struct runner *r, const struct statement *statement, const struct statement *next)
{
    char seen[SENTENCE_BYTES + 64];

    if (r->last_command.status == 0 || (next != NULL && next->kind == ST_EXPECT_REFUSED))
        return;
    snprintf(seen, sizeof seen, "refused (status %d): %s", r->last_command.status, r->last_command.output);
    runner_judge(r, false, statement->where, "accepted", seen);
}

static void judge_outcome(struct runner *r, const struct statement *statement, const struct statement *next)
{
    const struct last_command *last = &r->last_command;

    if (statement->has_condition || statement->has_status)
        runner_judge_output(r, statement, last->status, last->output);
    if (!statement->has_status) /* else the status is what was asked */
        judge_refusal(r, statement, next);
}

static void do_toolstack(struct runner *r, const struct statement *statement, const struct statement *next)
{
    const char *output = "";
    int status = machine_toolstack(r->machine, statement->text, &output);

    if (status < 0) {
        runner_complain(
            r, statement->where, "this is no command of the host's toolstack; toolstack= chooses it");
        return;
    }
    keep_outcome(r, status, output != NULL ? output : "");
    judge_outcome(r, statement, next);
}

static bool is_workload(const char *line)
{
    static const char *const words[] = {"hold", "churn", "verify", "release"};

    for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
        size_t bytes = strlen(words[w]);
        if (strncmp(line, words[w], bytes) == 0 && (line[bytes] == 0 || line[bytes] == ' '))
            return true;
    }
    return false;
}

static struct domain *domain_with_agent(struct runner *r, const struct statement *statement)
{
    struct domain *domain = runner_domain(r, statement->domain, statement->where);

    if (domain == NULL || domain_has_agent(domain))
        return domain;
    runner_complain(r, statement->where, "%s runs no shell: kernel=%s has no agent that takes commands",
        statement->domain, domain_kernel(domain));
    return NULL;
}

/* A command that nobody answered in time; of a guest that died more is said elsewhere. */
static void judge_silence(
    struct runner *r, const struct statement *statement, const struct domain *domain, uint64_t bound_ns)
{
    char wanted[64], bound[32];

    if (r->halted || domain_crashed(domain))
        return;
    time_text(bound_ns, bound, sizeof bound);
    snprintf(wanted, sizeof wanted, "an answer within %s", bound);
    runner_judge(r, false, statement->where, wanted, "none");
}

static void do_guest(struct runner *r, const struct statement *statement, const struct statement *next)
{
    struct domain *domain = domain_with_agent(r, statement);
    uint64_t bound_ns = is_workload(statement->text) ? WORKLOAD_BOUND_NS : COMMAND_BOUND_NS;
    int status = 0;
    const char *output = "";

    if (domain == NULL)
        return;
    if (statement->has_within)
        bound_ns = statement->within_ns;
    if (!runner_command(r, domain, statement->text, bound_ns, &status, &output)) {
        judge_silence(r, statement, domain, bound_ns);
        return;
    }
    keep_outcome(r, status, output);
    judge_outcome(r, statement, next);
}

/* The agent calls a function of the kernel and says what it returned, in a word. */
static bool returned_number(const char *output, int64_t *number)
{
    char *end;

    if (strcmp(output, "true") == 0 || strcmp(output, "false") == 0) {
        *number = output[0] == 't';
        return true;
    }
    *number = strtoll(output, &end, 0);
    return end != output && *end == 0;
}

static void do_call(struct runner *r, const struct statement *statement, const struct statement *next)
{
    struct domain *domain = domain_with_agent(r, statement);
    char line[512], wanted[48];
    int status = 0;
    const char *output = "";
    int64_t number;

    (void)next;
    if (domain == NULL)
        return;
    snprintf(line, sizeof line, "call %s", statement->text);
    if (!runner_command(r, domain, line, COMMAND_BOUND_NS, &status, &output)) {
        judge_silence(r, statement, domain, COMMAND_BOUND_NS);
        return;
    }
    keep_outcome(r, status, output);
    if (status != 0) {
        runner_complain(r, statement->where, "%.200s", r->last_command.output);
    } else if (statement->has_status) {
        bool ok = returned_number(r->last_command.output, &number) && number == statement->status;
        snprintf(wanted, sizeof wanted, "-> %" PRId64, statement->status);
        runner_judge(r, ok, statement->where, wanted, r->last_command.output);
    }
}

/* ---- the others -------------------------------------------------------------------------------- */

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
    [ST_TOOLSTACK] = {do_toolstack, false},
    [ST_GUEST] = {do_guest, false},
    [ST_FAULT] = {do_fault, false},
    [ST_HEAL] = {do_heal, false},
    [ST_SETTLE] = {do_settle, false},
    [ST_EXPECT] = {do_expect, true},
    [ST_EXPECT_REFUSED] = {do_expect_refused, true},
    [ST_EXPECT_VIOLATION] = {do_expect_violation, true},
    [ST_EXPECT_CRASH] = {do_expect_crash, true},
    [ST_ALWAYS] = {NULL, true},
    [ST_CALL] = {do_call, false},
    [ST_PROBE] = {NULL, false},
    [ST_BOOT_MAP] = {NULL, false},
    [ST_ON] = {NULL, false},
    [ST_EVERY] = {NULL, false},
    [ST_DOMAIN] = {do_domain, false},
};

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

static void record_statement(struct runner *r, const struct statement *statement)
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
    if (before < line_bytes)    /* without the time column: readers look at its first word */
        recorder_append_text(r->recorder, REC_STATEMENT, DOMID_HOST, machine_now_ns(r->machine), line + before,
            line_bytes - before < statement->where.length ? line_bytes - before : statement->where.length);
}

void runner_statements(struct runner *r)
{
    const struct scenario *scenario = r->scenario;

    assert(r->machine != NULL);
    for (size_t s = 0; s < scenario->nr_statements && !r->halted; s++) {
        const struct statement *statement = &scenario->statements[s];
        const struct statement *next = s + 1 < scenario->nr_statements ? statement + 1 : NULL;
        uint64_t moment_ns;

        assert((size_t)statement->kind < sizeof actions / sizeof actions[0]);
        if (!pass_time(r, statement, &moment_ns))
            return;
        recorder_set_line(r->recorder, statement->where.line);
        record_statement(r, statement);
        if (actions[statement->kind].act == NULL) {
            runner_complain(
                r, statement->where, "this statement is understood, and not yet done by this version");
            return;
        }
        if (!actions[statement->kind].judges_only || statement->time_ns != 0)
            r->just_settled = false;
        actions[statement->kind].act(r, statement, next);
    }
}
