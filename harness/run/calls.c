/* SPDX-License-Identifier: BSD-2-Clause */
/* Has each domain's calls at a site counted by a fault that never refuses. */
#include "harness/run/calls.h"
#include "harness/language/queries.h"
#include "harness/run/groups.h"
#include "harness/run/run.h"
#include "sim/array.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct counted {
    unsigned domid;
    enum fault_site site;
    struct fault_seen *seen;  /* its calls so far; a domain's fault writes there */
    uint64_t when_settled[2]; /* what that was when the settle before the last ended, and the last */
};

struct calls {
    struct counted *counted;
    size_t count, room;
};

struct calls *calls_new(void)
{
    return calloc(1, sizeof(struct calls));
}

void calls_forget(struct calls *calls)
{
    while (calls->count > 0)
        free(calls->counted[--calls->count].seen);
}

void calls_free(struct calls *calls)
{
    if (calls == NULL)
        return;
    calls_forget(calls);
    free(calls->counted);
    free(calls);
}

static const struct counted *find(const struct runner *r, unsigned domid, enum fault_site site)
{
    for (size_t i = 0; i < r->calls->count; i++)
        if (r->calls->counted[i].domid == domid && r->calls->counted[i].site == site)
            return &r->calls->counted[i];
    return NULL;
}

static void count(struct runner *r, struct domain *domain, enum fault_site site)
{
    struct calls *calls = r->calls;
    struct fault_spec spec = {.site = site, .n = 1, .keep = FAULT_STICKY, .counts_only = true};

    if (kernel_site(domain_description(domain), site) == NULL || find(r, domain_id(domain), site) != NULL)
        return;
    spec.seen = calloc(1, sizeof *spec.seen);
    if (spec.seen == NULL || !ARRAY_ONE_MORE(calls->counted, calls->room, calls->count) ||
        !fault_arm(domain_faults(domain), &spec)) {
        free(spec.seen);
        machine_lacks_memory(r->machine);
        return;
    }
    calls->counted[calls->count++] =
        (struct counted){.domid = domain_id(domain), .site = site, .seen = spec.seen};
}

static void count_asked(struct runner *r, struct domain *domain, const struct query *query)
{
    const char *name = domain_name(domain);

    if (query->site_name[0] == '\0')
        return;
    if (query->over == OVER_ONE ? strcmp(query->domain, name) == 0
                                : groups_has(name, query->domain, strcspn(query->domain, "[")))
        count(r, domain, query->site);
}

static void count_asked_in(struct runner *r, struct domain *domain, const struct sum *sum)
{
    for (size_t t = 0; t < sum->count; t++)
        count_asked(r, domain, &sum->terms[t].query);
}

void calls_built(struct runner *r, struct domain *domain)
{
    const struct scenario *scenario = r->run.scenario;

    for (size_t s = 0; s < scenario->nr_statements; s++)
        for (const struct statement *at = &scenario->statements[s]; at != NULL; at = at->body) {
            count_asked(r, domain, &at->condition.query);
            count_asked_in(r, domain, &at->condition.more);
            count_asked_in(r, domain, &at->condition.value.sum);
        }
}

void calls_settled(struct runner *r)
{
    for (size_t i = 0; i < r->calls->count; i++) {
        struct counted *counted = &r->calls->counted[i];
        assert(counted->when_settled[0] <= counted->when_settled[1]);
        assert(counted->when_settled[1] <= counted->seen->calls);
        counted->when_settled[0] = counted->when_settled[1];
        counted->when_settled[1] = counted->seen->calls;
    }
}

bool calls_count(const struct runner *r, const struct domain *domain, enum fault_site site, uint64_t *number)
{
    const struct counted *counted = find(r, domain_id(domain), site);

    if (counted == NULL)
        return false;
    *number = counted->seen->calls - counted->when_settled[r->run.just_settled ? 0 : 1];
    return true;
}
