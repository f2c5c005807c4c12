/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Statements that are commands: typed in dom0, or given to a guest's agent. A refusal that the scenario does not
 * expect is a failure of its line.
 */
#include "harness/run/runner.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMMAND_BOUND_NS  NS_PER_S          /* a sysctl reads or writes a node, and answers */
#define WORKLOAD_BOUND_NS (3600 * NS_PER_S) /* hold, churn, verify, release: as long as they have pages */

bool runner_command(struct runner *r, struct domain *domain, const char *line, uint64_t bound_ns, int *status,
    const char **output)
{
    const unsigned domid = domain_id(domain);

    assert(!r->awaited.command && !r->came_about);

    /* One that `on` or `every` gave it comes first. */
    const uint64_t end_ns = machine_now_ns(r->machine) + bound_ns;
    while (!r->halted && triggers_busy(r, domain_id(domain)) && machine_now_ns(r->machine) < end_ns) {
        r->awaited.trigger_of = domain_id(domain);
        runner_go(r, end_ns, false);
        r->awaited.trigger_of = 0;
        r->came_about = false;
    }
    if (r->halted || !domain_command(domain, line))
        return false;
    r->awaited.command = true;
    r->awaited.domid = domain_id(domain);
    runner_go(r, machine_now_ns(r->machine) + bound_ns, false);
    r->awaited.command = false;
    r->came_about = false;
    if (machine_domain_by_id(r->machine, domid) != domain)
        return false; /* it ended meanwhile */
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

void runner_toolstack(struct runner *r, const struct statement *statement, const struct statement *next)
{
    const char *output = "";
    char chosen[SENTENCE_BYTES];

    if (!triggers_choose(r, statement->text, chosen, sizeof chosen)) {
        runner_complain(r, statement->text_span, "no domain of this group is there now");
        return;
    }
    int status = machine_toolstack(r->machine, chosen, &output);

    if (status < 0) {
        runner_complain(
            r, statement->where, "this is no command of the host's toolstack; toolstack= chooses it");
        return;
    }
    keep_outcome(r, status, output != NULL ? output : "");
    judge_outcome(r, statement, next);
    if (!r->awaited.command && !r->in_trigger)
        lifecycle_finish_save(r, statement); /* xl save ends when the guest has suspended itself */
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
    runner_complain(r, statement->where, "%s runs kernel=%s, which has no agent that takes commands",
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

void runner_guest(struct runner *r, const struct statement *statement, const struct statement *next)
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
    runner_judge_answer(r, statement, next, status, output);
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

static void judge_call(struct runner *r, const struct statement *statement, int status)
{
    char wanted[48];
    int64_t number;

    if (status != 0) {
        runner_complain(r, statement->where, "%.200s", r->last_command.output);
    } else if (statement->has_status) {
        bool ok = returned_number(r->last_command.output, &number) && number == statement->status;
        snprintf(wanted, sizeof wanted, "-> %" PRId64, statement->status);
        runner_judge(r, ok, statement->where, wanted, r->last_command.output);
    }
}

void runner_agent_line(const struct statement *statement, char *line, size_t bytes)
{
    assert(statement->kind == ST_GUEST || statement->kind == ST_CALL);
    snprintf(line, bytes, "%s%s", statement->kind == ST_CALL ? "call " : "", statement->text);
}

void runner_judge_answer(struct runner *r, const struct statement *statement, const struct statement *next,
    int status, const char *output)
{
    keep_outcome(r, status, output);
    if (statement->kind == ST_CALL)
        judge_call(r, statement, status);
    else
        judge_outcome(r, statement, next);
}

void runner_call(struct runner *r, const struct statement *statement, const struct statement *next)
{
    struct domain *domain = domain_with_agent(r, statement);
    char line[512];
    int status = 0;
    const char *output = "";

    if (domain == NULL)
        return;
    runner_agent_line(statement, line, sizeof line);
    if (!runner_command(r, domain, line, COMMAND_BOUND_NS, &status, &output)) {
        judge_silence(r, statement, domain, COMMAND_BOUND_NS);
        return;
    }
    runner_judge_answer(r, statement, next, status, output);
}
