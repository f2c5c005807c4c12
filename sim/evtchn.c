/* SPDX-License-Identifier: BSD-2-Clause */
/* Ports and their pending bits. The bits lie in shared_info, which the guest writes, too. */
#include "sim/evtchn.h"

#include <assert.h>
#include <errno.h>

#include "sim/domain/domain.h"
#include "sim/machine_state.h"
#include "sim/record/recorder.h"

#define BITS_PER_WORD (8u * (unsigned)sizeof(xen_ulong_t))

int evtchn_free_port(const struct domain *d)
{
    for (unsigned port = 1; port < EVTCHN_PORTS; port++) {
        if (d->evtchn[port].state == EVTCHN_FREE)
            return (int)port;
    }
    return -ENOSPC;
}

bool evtchn_pending(const struct domain *d, unsigned port)
{
    assert(port < EVTCHN_PORTS);
    return d->space.shared_info->evtchn_pending[port / BITS_PER_WORD] >> port % BITS_PER_WORD & 1u;
}

static bool masked(const struct domain *d, unsigned port)
{
    return d->space.shared_info->evtchn_mask[port / BITS_PER_WORD] >> port % BITS_PER_WORD & 1u;
}

static bool polls_for(const struct domain *d, unsigned port)
{
    if (!d->polling)
        return false;
    for (unsigned i = 0; i < d->nr_poll_ports; i++) {
        if (d->poll_ports[i] == port)
            return true;
    }
    return d->nr_poll_ports == 0;
}

void evtchn_announce(struct domain *d, unsigned port)
{
    shared_info_t *shared = d->space.shared_info;
    assert(evtchn_pending(d, port));
    shared->vcpu_info[0].evtchn_pending_sel |= (xen_ulong_t)1 << port / BITS_PER_WORD;
    shared->vcpu_info[0].evtchn_upcall_pending = 1;
}

void evtchn_raise(struct domain *d, unsigned port)
{
    assert(port > 0 && port < EVTCHN_PORTS);
    assert(d->machine->by_id[d->domid] == d);
    if (d->state != DOMAIN_ALIVE || evtchn_pending(d, port))
        return;
    shared_info_t *shared = d->space.shared_info;
    shared->evtchn_pending[port / BITS_PER_WORD] |= (xen_ulong_t)1 << port % BITS_PER_WORD;
    struct record_value value = {port};
    recorder_append(
        d->machine->recorder, REC_EVTCHN, d->domid, d->machine->now_ns, &value, sizeof value, NULL, 0, 0);
    if (!masked(d, port))
        evtchn_announce(d, port);
    if (d->blocked && (!masked(d, port) || polls_for(d, port)))
        domain_wake(d);
}

int evtchn_bind_store(struct domain *d)
{
    int port = evtchn_free_port(d);
    assert(port > 0);
    d->evtchn[port] = (struct evtchn){.state = EVTCHN_STORE};
    return port;
}

void evtchn_unbind_remote(struct domain *d, unsigned port)
{
    const struct evtchn *evtchn = &d->evtchn[port];
    if (evtchn->state != EVTCHN_INTERDOMAIN)
        return;
    struct domain *remote = d->machine->by_id[evtchn->remote_domid];
    if (remote == NULL)
        return;
    assert(remote->evtchn[evtchn->remote_port].state == EVTCHN_INTERDOMAIN);
    assert(remote->evtchn[evtchn->remote_port].remote_domid == d->domid);
    remote->evtchn[evtchn->remote_port] =
        (struct evtchn){.state = EVTCHN_UNBOUND, .remote_domid = (uint16_t)d->domid};
}

void evtchn_unbind_all_remotes(struct domain *d)
{
    for (unsigned port = 1; port < EVTCHN_PORTS; port++)
        evtchn_unbind_remote(d, port);
}
