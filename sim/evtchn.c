/* SPDX-License-Identifier: BSD-2-Clause */
/* Ports and their pending bits. The bits lie in shared_info, which the guest writes, too. */
#include "sim/evtchn.h"

#include <assert.h>
#include <errno.h>

#include "sim/domain/domain.h"
#include "sim/domain/site.h"
#include "sim/later.h"
#include "sim/machine_state.h"
#include "sim/record/recorder.h"

#define BITS_PER_WORD (8u * (unsigned)sizeof(xen_ulong_t))

int evtchn_free_port(struct domain *d)
{
    for (unsigned port = 1; port < d->nr_ports; port++) {
        if (d->evtchn[port].state == EVTCHN_FREE)
            return (int)port;
    }
    if (d->nr_ports >= EVTCHN_PORTS)
        return -ENOSPC;
    const struct host *host = &d->machine->host;
    const unsigned first = d->nr_ports,
                   pages = overhead_ports(first + EVTCHN_PORTS_AT_ONCE) - overhead_ports(first);
    if (host->free_pages < host->claimed_pages + pages)
        return -ENOMEM;
    assert(first > 0 && d->evtchn[first].state == EVTCHN_FREE);
    overhead_take(&d->machine->host, &d->overhead, pages);
    d->nr_ports += EVTCHN_PORTS_AT_ONCE;
    return (int)first;
}

struct domain *evtchn_domain(struct machine *m, unsigned number)
{
    const unsigned domid = number == 0 ? DOMID_DOM0 : number;
    return domid < DOMID_LIMIT && number != DOMID_DOM0 ? m->by_id[domid] : NULL;
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
    /* Of several ports Xen remembers none: any event ends the wait. */
    return d->nr_poll_ports != 1 || d->poll_port == port;
}

bool evtchn_announce(struct domain *d, unsigned port)
{
    struct vcpu_info *vcpu = &d->space.shared_info->vcpu_info[0];
    const xen_ulong_t bit = (xen_ulong_t)1 << port / BITS_PER_WORD;
    assert(evtchn_pending(d, port));
    if ((vcpu->evtchn_pending_sel & bit) != 0)
        return false;
    vcpu->evtchn_pending_sel |= bit;
    const bool news = vcpu->evtchn_upcall_pending == 0;
    vcpu->evtchn_upcall_pending = 1;
    return news;
}

/* Does a fault hold this notification back for good, or for now? Those of xenstore and of other domains may be; a timer's
 * belong to time, and an agent's to the harness. */
static bool held_back(struct domain *d, unsigned port)
{
    const struct evtchn *evtchn = &d->evtchn[port];
    struct fault_answer answer;
    if (evtchn->state != EVTCHN_STORE && evtchn->state != EVTCHN_INTERDOMAIN)
        return false;
    if (site_tell(d, FAULT_SITE_EVTCHN_LOST, port).refused)
        return true;
    answer = site_tell(d, FAULT_SITE_EVTCHN_LATE, port);
    if (answer.refused) {
        later_raise(d->machine, d->domid, port, answer.by_ns);
        return true;
    }
    answer = site_tell(d, FAULT_SITE_EVTCHN_DOUBLED, port);
    if (answer.refused)
        later_raise(d->machine, d->domid, port, answer.by_ns);
    return false;
}

void evtchn_raise(struct domain *d, unsigned port)
{
    assert(port > 0 && port < EVTCHN_PORTS);
    if (d->state != DOMAIN_ALIVE || d->empty || evtchn_pending(d, port))
        return; /* where no guest runs there is nobody to hear it */
    if (!held_back(d, port))
        evtchn_raise_now(d, port);
    else if (port == d->store_port)
        d->store_unheard = true;
}

void evtchn_raise_now(struct domain *d, unsigned port)
{
    assert(port > 0 && port < EVTCHN_PORTS);
    assert(d->machine->by_id[d->domid] == d);
    if (d->state != DOMAIN_ALIVE || d->empty || evtchn_pending(d, port))
        return;
    if (port == d->store_port)
        d->store_unheard = false;
    shared_info_t *shared = d->space.shared_info;
    shared->evtchn_pending[port / BITS_PER_WORD] |= (xen_ulong_t)1 << port % BITS_PER_WORD;
    struct record_value value = {port};
    recorder_append(
        d->machine->recorder, REC_EVTCHN, d->domid, d->machine->now_ns, &value, sizeof value, NULL, 0, 0);
    const bool news = !masked(d, port) && evtchn_announce(d, port);
    if (d->blocked && (news || polls_for(d, port)))
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
    struct domain *remote = evtchn_domain(d->machine, evtchn->remote_domid);
    if (remote == NULL)
        return;
    assert(remote->evtchn[evtchn->remote_port].state == EVTCHN_INTERDOMAIN);
    assert(remote->evtchn[evtchn->remote_port].remote_domid == domain_number_for_guests(d));
    remote->evtchn[evtchn->remote_port] =
        (struct evtchn){.state = EVTCHN_UNBOUND, .remote_domid = (uint16_t)domain_number_for_guests(d)};
}

void evtchn_unbind_all_remotes(struct domain *d)
{
    for (unsigned port = 1; port < d->nr_ports; port++)
        evtchn_unbind_remote(d, port);
}
