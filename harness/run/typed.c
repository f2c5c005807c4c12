/* SPDX-License-Identifier: BSD-2-Clause */
/* Statements that are commands, and the bounds within which a guest has to answer one. */
#include "harness/run/typed.h"
#include "guest/abi/agent.h"
#include "harness/run/agent.h"
#include "harness/run/groups.h"
#include "harness/run/judge.h"
#include "harness/run/lifecycle.h"
#include "harness/run/run.h"

#include <stdio.h>
#include <string.h>

#define COMMAND_BOUND_NS  NS_PER_S          /* a sysctl reads or writes a node, and answers */
#define WORKLOAD_BOUND_NS (3600 * NS_PER_S) /* a workload takes as long as it has pages */

static bool do_one(struct runner *r, const struct statement *statement, const char *text, const char *member)
{
    const char *output = "";
    char chosen[SENTENCE_BYTES];

    const char *why_not = groups_choose(r, text, chosen, sizeof chosen);
    if (why_not != NULL) {
        run_complain(r, statement->text_span, "%s", why_not);
        return false;
    }
    int status = machine_toolstack(r->machine, chosen, &output);
    if (status < 0) {
        run_complain(
            r, statement->where, "this is no command of the host's toolstack; toolstack= chooses it");
        return false;
    }
    judge_answer(r, statement, DOMID_HOST, member, status, output != NULL ? output : "");
    return true;
}

/* With d[*] the command is typed for each domain of the group that is there, and each answer is judged. */
static bool do_toolstack(struct runner *r, const struct statement *statement)
{
    char text[SENTENCE_BYTES];
    unsigned domid = 0;

    if (!groups_all(statement->text))
        return do_one(r, statement, statement->text, "");
    bool done = true;
    while (done && groups_next(r, statement->text, &domid, text, sizeof text)) {
        char member[NAME_BYTES_MAX + 1]; /* the command may end the domain */
        snprintf(member, sizeof member, "%s", domain_name(machine_domain_by_id(r->machine, domid)));
        done = do_one(r, statement, text, member);
    }
    if (!done)
        return false;
    if (domid == 0)
        run_complain(r, statement->text_span, "no domain of this group is there now");
    return domid != 0;
}

void typed_toolstack(struct runner *r, const struct statement *statement)
{
    if (do_toolstack(r, statement))
        lifecycle_finish_save(r, statement); /* xl save ends when the guest has suspended itself */
}

void typed_toolstack_at_once(struct runner *r, const struct statement *statement)
{
    do_toolstack(r, statement);
}

static bool is_workload(const char *line)
{
    static const char *const words[] = {
#define X(word) #word
        AGENT_WORKLOADS(X), AGENT_PRESSURE(X)
#undef X
    };

    for (size_t w = 0; w < sizeof words / sizeof words[0]; w++) {
        size_t bytes = strlen(words[w]);
        if (strncmp(line, words[w], bytes) == 0 && (line[bytes] == 0 || line[bytes] == ' '))
            return true;
    }
    return false;
}

static bool has_agent(struct runner *r, const struct statement *statement, const struct domain *domain)
{
    if (domain_has_agent(domain))
        return true;
    run_complain(r, statement->where, "%s runs kernel=%s, which has no agent that takes commands",
        domain_name(domain), domain_kernel(domain));
    return false;
}

/* The domain's name, where the statement has only its group's. */
static const char *member_of(const struct statement *statement, const struct domain *domain)
{
    return strchr(statement->domain, '[') != NULL ? domain_name(domain) : "";
}

/* Judges a command that was not answered in time. If the guest died, that is reported elsewhere. */
static void judge_silence(
    struct runner *r, const struct statement *statement, const struct domain *domain, uint64_t bound_ns)
{
    char wanted[NAME_BYTES_MAX + 64], bound[32];

    if (run_is_over(r) || domain_crashed(domain))
        return;
    time_text(bound_ns, bound, sizeof bound);
    const char *member = member_of(statement, domain);
    snprintf(wanted, sizeof wanted, "an answer%s%s within %s", *member != 0 ? " of " : "", member, bound);
    judge(r, domain_id(domain), EXPECT_DONE, false, statement->where, wanted, "none");
}

static void type_in(struct runner *r, const struct statement *statement, struct domain *domain)
{
    const unsigned domid = domain_id(domain); /* the command may end the domain */
    const uint64_t bound_ns = is_workload(statement->text) ? WORKLOAD_BOUND_NS : COMMAND_BOUND_NS;
    int status = 0;
    const char *output = "";

    if (!has_agent(r, statement, domain))
        return;
    if (!agent_command(r, domain, statement->text, bound_ns, &status, &output)) {
        judge_silence(r, statement, domain, bound_ns);
        return;
    }
    judge_answer(r, statement, domid, member_of(statement, domain), status, output);
}

void typed_guest(struct runner *r, const struct statement *statement)
{
    groups_each(r, statement, type_in);
}

/* A call that is to be refused ended in a panic: that is a refusal, too. */
static bool panicked_in_the_call(
    struct runner *r, const struct statement *statement, const struct domain *domain)
{
    struct slot *slot = run_slot(r, domain_id(domain));

    if (!statement->refusal_expected || slot == NULL || !slot->panicked || !domain_crashed(domain))
        return false;
    slot->crash_expected = true;
    judge_waiver(r, domain_id(domain), EXPECT_CRASH, true, INVARIANT_GUEST_CONTAINED, statement->where,
        "-> refused", slot->death);
    return true;
}

static void call_in(struct runner *r, const struct statement *statement, struct domain *domain)
{
    const unsigned domid = domain_id(domain); /* the command may end the domain */
    char line[512];
    int status = 0;
    const char *output = "";

    if (!has_agent(r, statement, domain) || domain_crashed(domain))
        return;
    agent_line(statement, line, sizeof line);
    if (!agent_command(r, domain, line, COMMAND_BOUND_NS, &status, &output)) {
        if (!panicked_in_the_call(r, statement, domain))
            judge_silence(r, statement, domain, COMMAND_BOUND_NS);
        return;
    }
    judge_answer(r, statement, domid, member_of(statement, domain), status, output);
}

void typed_call(struct runner *r, const struct statement *statement)
{
    groups_each(r, statement, call_in);
}
