/* SPDX-License-Identifier: BSD-2-Clause */
/* Gives commands to guests' agents, and waits for the answers. */
#include "harness/run/agent.h"
#include "guest/abi/agent.h"
#include "harness/run/pending.h"
#include "harness/run/run.h"
#include "harness/run/wait.h"

#include <assert.h>
#include <stdio.h>

bool agent_command(struct runner *r, struct domain *domain, const char *line, uint64_t bound_ns, int *status,
    const char **output)
{
    const unsigned domid = domain_id(domain);
    const uint64_t end_ns = machine_now_ns(r->machine) + bound_ns;

    /* Commands that `on` or `every` gave it come first. */
    while (!run_is_over(r) && pending_for(r->pending, domid) && machine_now_ns(r->machine) < end_ns)
        wait_until(r, end_ns, (struct awaited){.what = AWAIT_HELD_COMMAND, .domid = domid});
    if (run_is_over(r) || machine_domain_by_id(r->machine, domid) != domain || !domain_command(domain, line))
        return false;
    wait_until(
        r, machine_now_ns(r->machine) + bound_ns, (struct awaited){.what = AWAIT_COMMAND, .domid = domid});
    if (machine_domain_by_id(r->machine, domid) != domain)
        return false; /* the domain ended meanwhile */
    return domain_command_done(domain, status, output);
}

void agent_line(const struct statement *statement, char *line, size_t bytes)
{
    assert(statement->kind == ST_GUEST || statement->kind == ST_CALL);
    snprintf(line, bytes, "%s%s", statement->kind == ST_CALL ? AGENT_CALL " " : "", statement->text);
}
