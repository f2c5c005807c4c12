/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * `settle`: lets guests run until all is at rest, has each of them audited, and lets the invariants judge
 * what is judged at rest. Reaching no rest within the bound is a failure by itself.
 */
#include "harness/runner.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define AUDIT_BOUND_NS (60 * NS_PER_S) /* a walk over the segments: it has nothing to wait for */
#define AUDIT_COMMAND "audit"

/* How many pages have to move until each domain holds its target. */
static uint64_t pages_to_move(const struct runner *r)
{
    const struct domain *domain = NULL;
    uint64_t pages = 0;

    while ((domain = machine_next_domain(r->machine, domain)) != NULL) {
        char path[64];
        snprintf(path, sizeof path, "/local/domain/%u/memory/target", domain_id(domain));
        const char *text = machine_xenstore(r->machine, path);
        uint64_t reservation = domain_reservation_pages(domain);
        uint64_t target = text == NULL ? reservation : strtoull(text, NULL, 10) / KIB_PER_PAGE;
        uint64_t most = host_total_pages(r->machine); /* no more than that can move, whatever is asked */
        uint64_t distance = target > reservation ? target - reservation : reservation - target;
        pages += distance < most ? distance : most;
    }
    return pages;
}

uint64_t runner_settle_bound_ns(const struct runner *r)
{
    return SETTLE_BASE_NS + pages_to_move(r) * SETTLE_PAGE_NS;
}

static void not_at_rest(struct runner *r, const char *why)
{
    recorder_append_text(
        r->recorder, REC_NOT_AT_REST, DOMID_HOST, machine_now_ns(r->machine), why, strlen(why));
    r->failures++;
}

/* One after the other: a guest's audit must find the others quiet. False: one gave no answer. */
static bool audit_all(struct runner *r)
{
    struct domain *domain = NULL;

    while (!r->halted && (domain = machine_next_domain(r->machine, domain)) != NULL) {
        int status;
        const char *output;
        if (domain_crashed(domain) || !domain_has_agent(domain))
            continue;
        if (!runner_command(r, domain, AUDIT_COMMAND, AUDIT_BOUND_NS, &status, &output) && !r->halted &&
            !domain_crashed(domain))
            return false;
    }
    return !r->halted;
}

static bool reach_rest(struct runner *r, uint64_t bound_ns)
{
    if (runner_go(r, machine_now_ns(r->machine) + bound_ns, true) == WENT_REST)
        return true;
    if (!r->halted) {
        const char *why = NULL;
        machine_at_rest(r->machine, QUIET_NS, &why);
        not_at_rest(r, why != NULL ? why : "still busy");
    }
    return false;
}

void runner_settle(struct runner *r, const struct statement *statement)
{
    assert(statement->kind == ST_SETTLE);
    assert(!r->came_about);

    uint64_t bound_ns = statement->has_within ? statement->within_ns : runner_settle_bound_ns(r);
    if (reach_rest(r, bound_ns)) {
        if (!audit_all(r)) {
            if (!r->halted)
                not_at_rest(r, "the guest's agent gave no answer to its audit");
        } else if (reach_rest(r, AUDIT_BOUND_NS)) {
            recorder_append(
                r->recorder, REC_REST, DOMID_HOST, machine_now_ns(r->machine), NULL, 0, NULL, 0, 0);
            invariants_at_rest(r->invariants, QUIET_NS);
        }
    }
    r->settle_ended_event[0] = r->settle_ended_event[1];
    r->settle_ended_event[1] = recorder_events(r->recorder);
    r->just_settled = true;
}
