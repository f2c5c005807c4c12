/* SPDX-License-Identifier: BSD-2-Clause */
/* What happens at a fault site. The site hook is called first: it may run toolstack commands, arm and heal faults. */
#include "sim/domain/site.h"

#include <assert.h>

#include "sim/domain/backtrace.h"
#include "sim/domain/domain.h"
#include "sim/machine_state.h"
#include "sim/record/recorder.h"

void site_tell_guest(struct domain *d)
{
    if (d->fault_mask != NULL)
        *d->fault_mask = fault_sites(d->faults) | d->watched_sites;
}

static void call_site_hook(
    struct domain *d, enum fault_site site, enum site_moment moment, pfn_t first, uint64_t pages)
{
    struct machine *m = d->machine;
    assert(m->site_hook != NULL && d->state == DOMAIN_ALIVE);
    m->site_hook(m->site_hook_context, d, site, moment, first, pages);
    site_tell_guest(d); /* it may have armed something */
}

void site_returned(struct domain *d, enum fault_site site, pfn_t first, uint64_t pages)
{
    if (d->machine->site_hook != NULL && d->state == DOMAIN_ALIVE)
        call_site_hook(d, site, SITE_RETURN, first, pages);
}

struct fault_answer site_ask(struct domain *d, enum fault_site site, pfn_t first, uint64_t pages)
{
    if (d->machine->site_hook != NULL) {
        d->entered_sites |= 1ull << site;
        call_site_hook(d, site, SITE_ENTER, first, pages);
    }
    struct fault_answer answer = fault_ask(d->faults, site, first, pages);
    if (fault_memory_out(d->faults))
        machine_lacks_memory(d->machine);
    if (!answer.refused)
        return answer;
    d->refusal = answer;
    struct record_fault fault = {
        .site = (uint32_t)site,
        .error = answer.error,
        .pfn = first.pfn,
        .pages = pages,
        .nth = answer.nth,
        .shortened_to = answer.has_short ? answer.shortened_to : 0,
        .when = answer.when,
    };
    backtrace_place(d);
    recorder_append(
        d->machine->recorder, REC_FAULT, d->domid, d->machine->now_ns, &fault, sizeof fault, NULL, 0, 0);
    return answer;
}
