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
    m->enters_call = moment == SITE_ENTER;
    m->site_hook(m->site_hook_context, d, site, moment, first, pages);
    m->enters_call = false;
    site_tell_guest(d); /* it may have armed something */
}

void site_returned(struct domain *d, enum fault_site site, pfn_t first, uint64_t pages)
{
    if (d->machine->site_hook != NULL && d->state == DOMAIN_ALIVE)
        call_site_hook(d, site, SITE_RETURN, first, pages);
}

static struct fault_answer ask(struct domain *d, enum fault_site site, pfn_t first, uint64_t pages)
{
    struct fault_answer answer = fault_ask(d->faults, site, first, pages);
    if (fault_memory_out(d->faults))
        machine_lacks_memory(d->machine);
    return answer;
}

/* Records a refusal; `about` says already what it is about. */
static void record(
    struct domain *d, enum fault_site site, const struct fault_answer *answer, struct record_fault *about)
{
    assert(answer->refused);
    about->site = (uint32_t)site;
    about->error = answer->error;
    about->nth = answer->nth;
    about->shortened_to = answer->has_short ? answer->shortened_to : 0;
    about->when = answer->when;
    about->by_ns = answer->by_ns;
    recorder_append(
        d->machine->recorder, REC_FAULT, d->domid, d->machine->now_ns, about, sizeof *about, NULL, 0, 0);
}

struct fault_answer site_ask(struct domain *d, enum fault_site site, pfn_t first, uint64_t pages)
{
    if (d->machine->site_hook != NULL) {
        d->entered_sites |= 1ull << site;
        call_site_hook(d, site, SITE_ENTER, first, pages);
    }
    struct fault_answer answer = ask(d, site, first, pages);
    if (!answer.refused)
        return answer;
    d->refusal = answer;
    backtrace_place(d);
    record(d, site, &answer, &(struct record_fault){.pfn = first.pfn, .pages = pages});
    return answer;
}

struct fault_answer site_tell(struct domain *d, enum fault_site site, unsigned port)
{
    if (!fault_armed_at(d->faults, site)) /* it is told of each event */
        return (struct fault_answer){0};
    assert(kernel_site(NULL, site)->is_told);
    struct fault_answer answer = ask(d, site, PFN(0), 0);
    if (answer.refused)
        record(d, site, &answer, &(struct record_fault){.port = port});
    return answer;
}
