/* SPDX-License-Identifier: BSD-2-Clause */
/* Arms and disarms faults of a domain, which must be there. */
#include "harness/run/faults.h"
#include "harness/run/groups.h"
#include "harness/run/remarks.h"
#include "harness/run/run.h"
#include "sim/random.h"

#include <assert.h>

static void arm(struct runner *r, const struct statement *statement, struct domain *domain)
{
    struct fault_spec spec = statement->fault;

    if (spec.when == FAULT_CHANCE)
        spec.seed = random_next(&r->run.random);
    spec.seen = remarks_seen(r, statement);
    if (spec.seen == NULL || !fault_arm(domain_faults(domain), &spec))
        run_complain(r, statement->where, "no memory on this computer for one fault more");
}

void faults_arm(struct runner *r, const struct statement *statement)
{
    assert(statement->kind == ST_FAULT);
    groups_each(r, statement, arm);
}

static void heal(struct runner *r, const struct statement *statement, struct domain *domain)
{
    (void)r;
    fault_heal(domain_faults(domain), statement->all_sites, statement->fault.site);
}

void faults_heal(struct runner *r, const struct statement *statement)
{
    assert(statement->kind == ST_HEAL);
    groups_each(r, statement, heal);
}
