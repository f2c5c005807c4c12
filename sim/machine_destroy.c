/* SPDX-License-Identifier: BSD-2-Clause */
/* How a domain leaves: first its nodes go, then what it owns; its structures are kept as spares for the next one. */
#include "sim/machine_destroy.h"

#include <assert.h>
#include <string.h>

#include "sim/domain/claim.h"
#include "sim/domain/domain.h"
#include "sim/domain/empty_domain.h"
#include "sim/domain/physmap.h"
#include "sim/domain/reservation.h"
#include "sim/evtchn.h"
#include "sim/host/zombie.h"
#include "sim/inspect.h"
#include "sim/machine_state.h"
#include "sim/real_xen.h"
#include "sim/record/recorder.h"
#include "sim/toolstack/toolstack.h"
#include "sim/xenstore/xenstore.h"

static bool end_frame(void *context, mfn_t mfn)
{
    reservation_end(context, mfn.mfn);
    return true;
}

void machine_take_all_back(struct domain *d)
{
    evtchn_unbind_all_remotes(d);
    claim_end(d);
    reservation_unmap_foreign(d);
    d->zombie =
        zombie_begin(&d->machine->host, &(struct dying){.domid = d->domid,
                                            .nr_ports = d->nr_ports,
                                            .maximum_pages = d->maximum_pages,
                                            .highest_gfn = d->physmap != NULL ? d->physmap->highest_gfn : 0,
                                            .translated = d->physmap != NULL,
                                            .vcpu_pages = empty_domain_vcpu_pages(d)});
    domain_each_frame(d, end_frame, d);
    assert(d->reservation_pages == 0);
    (void)zombie_end(d->zombie, &d->overhead);
    d->zombie = NULL;
    overhead_give_back(&d->machine->host, &d->overhead);
    if (d->physmap != NULL)
        physmap_give_pool_back(d);
}

void machine_detach_domain(struct domain *d, bool frames_are_forgotten)
{
    struct machine *m = d->machine;
    domain_end(d);
    if (!frames_are_forgotten) {
        machine_take_all_back(d);
    } else if (d->window_first <= d->window_last) {
        memset(&d->window_pages[d->window_first], 0,
            (d->window_last - d->window_first + 1u) * sizeof *d->window_pages);
    }
    if (space_on_real_xen(&d->space)) {
        m->real_xen->destroy(m->real_xen->context, d);
        space_free(&d->space);
    } else if (!d->empty) {
        struct port_counters counters;
        bool told = domain_counters(d, &counters) && counters.heap_touched_bytes <= d->space.heap_bytes;
        space_clean(&d->space, told ? counters.heap_touched_bytes : UINT64_MAX);
    }
    assert(frames_are_forgotten || (d->reservation_pages == 0 && d->claim_pages == 0));
    assert(d->zombie == NULL && (frames_are_forgotten || d->overhead.count == 0));
    d->counters = NULL;
    d->fault_mask = NULL;
    physmap_free(d->physmap);
    d->physmap = NULL;

    domain_leave(d);
    domain_spare(d);
}

void machine_destroy_domain(struct machine *m, struct domain *d, enum domain_end how)
{
    unsigned domid = d->domid;
    assert(m->running == NULL); /* no domain is destroyed while a guest runs */
    if (!d->empty && domid != DOMID_DOM0) {
        xenstore_release(m->xenstore, domid);
        toolstack_withdraw(m, domid);
        xenstore_bury(m->xenstore, domid);
    }
    machine_detach_domain(d, false);
    struct record_value value = {how};
    recorder_append(m->recorder, REC_DOMAIN_END, domid, m->now_ns, &value, sizeof value, NULL, 0, 0);
}
