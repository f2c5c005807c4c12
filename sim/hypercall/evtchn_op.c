/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HYPERVISOR_event_channel_op: makes, binds, closes, masks and raises ports. When a guest raises the port of its
 * xenstore ring, xenstore answers before the call returns.
 */
#include "sim/hypercall/evtchn_op.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <xen/event_channel.h>

#include "sim/domain/domain.h"
#include "sim/evtchn.h"
#include "sim/machine_state.h"
#include "sim/xenstore/xenstore.h"

#define BITS_PER_WORD (8u * (unsigned)sizeof(xen_ulong_t))

static bool port_valid(const struct domain *d, uint64_t port)
{
    return port > 0 && port < EVTCHN_PORTS && d->evtchn[port].state != EVTCHN_FREE;
}

static bool names_self(const struct domain *d, domid_t domid)
{
    return domid == DOMID_SELF || domid == d->domid;
}

static long alloc_unbound(struct domain *d, evtchn_alloc_unbound_t *op)
{
    if (!names_self(d, op->dom))
        return -EPERM;
    int port = evtchn_free_port(d);
    if (port < 0)
        return port;
    d->evtchn[port] = (struct evtchn){
        .state = EVTCHN_UNBOUND,
        .remote_domid = (uint16_t)(op->remote_dom == DOMID_SELF ? d->domid : op->remote_dom),
    };
    op->port = (evtchn_port_t)port;
    return 0;
}

static long bind_interdomain(struct domain *d, evtchn_bind_interdomain_t *op)
{
    unsigned remote_domid = op->remote_dom == DOMID_SELF ? d->domid : op->remote_dom;
    struct domain *remote = remote_domid < DOMID_LIMIT ? d->machine->by_id[remote_domid] : NULL;
    if (remote == NULL)
        return -ESRCH;
    if (!port_valid(remote, op->remote_port) || remote->evtchn[op->remote_port].state != EVTCHN_UNBOUND ||
        remote->evtchn[op->remote_port].remote_domid != d->domid)
        return -EINVAL;
    int port = evtchn_free_port(d);
    if (port < 0)
        return port;
    d->evtchn[port] = (struct evtchn){EVTCHN_INTERDOMAIN, (uint16_t)remote_domid, (uint16_t)op->remote_port};
    remote->evtchn[op->remote_port] = (struct evtchn){EVTCHN_INTERDOMAIN, (uint16_t)d->domid, (uint16_t)port};
    op->local_port = (evtchn_port_t)port;
    evtchn_raise(d, (unsigned)port); /* as Xen does: the other end may have sent before */
    return 0;
}

static long bind_virq(struct domain *d, evtchn_bind_virq_t *op)
{
    if (op->virq >= NR_VIRQS)
        return -EINVAL;
    if (op->vcpu != 0)
        return -ENOENT;
    for (unsigned port = 1; port < EVTCHN_PORTS; port++) {
        if (d->evtchn[port].state == EVTCHN_VIRQ && d->evtchn[port].remote_port == op->virq)
            return -EEXIST;
    }
    int port = evtchn_free_port(d);
    if (port < 0)
        return port;
    d->evtchn[port] = (struct evtchn){.state = EVTCHN_VIRQ, .remote_port = (uint16_t)op->virq};
    op->port = (evtchn_port_t)port;
    return 0;
}

static long close_port(struct domain *d, uint64_t port)
{
    if (!port_valid(d, port) || d->evtchn[port].state == EVTCHN_STORE)
        return -EINVAL;
    evtchn_unbind_remote(d, (unsigned)port);
    d->evtchn[port] = (struct evtchn){0};
    d->space.shared_info->evtchn_pending[port / BITS_PER_WORD] &= ~((xen_ulong_t)1 << port % BITS_PER_WORD);
    return 0;
}

static long send(struct domain *d, uint64_t port)
{
    if (!port_valid(d, port))
        return -EINVAL;
    const struct evtchn *evtchn = &d->evtchn[port];
    switch (evtchn->state) {
    case EVTCHN_STORE:
        xenstore_work(d->machine->xenstore, d->domid);
        return 0;
    case EVTCHN_INTERDOMAIN:
        evtchn_raise(d->machine->by_id[evtchn->remote_domid], evtchn->remote_port);
        return 0;
    case EVTCHN_IPI:
        evtchn_raise(d, (unsigned)port);
        return 0;
    case EVTCHN_UNBOUND: /* it has no other end yet: the event is lost without an error */
        return 0;
    default:
        return -EINVAL;
    }
}

static long status(const struct domain *d, evtchn_status_t *op)
{
    if (!names_self(d, op->dom))
        return -EPERM;
    if (op->port >= EVTCHN_PORTS)
        return -EINVAL;
    const struct evtchn *evtchn = &d->evtchn[op->port];
    op->vcpu = 0;
    switch (evtchn->state) {
    case EVTCHN_FREE:
        op->status = EVTCHNSTAT_closed;
        break;
    case EVTCHN_UNBOUND:
        op->status = EVTCHNSTAT_unbound;
        op->u.unbound.dom = evtchn->remote_domid;
        break;
    case EVTCHN_STORE:
    case EVTCHN_INTERDOMAIN:
        op->status = EVTCHNSTAT_interdomain;
        op->u.interdomain.dom = evtchn->remote_domid;
        op->u.interdomain.port = evtchn->remote_port;
        break;
    case EVTCHN_VIRQ:
        op->status = EVTCHNSTAT_virq;
        op->u.virq = evtchn->remote_port;
        break;
    case EVTCHN_IPI:
        op->status = EVTCHNSTAT_ipi;
        break;
    }
    return 0;
}

static long unmask(struct domain *d, uint64_t port)
{
    if (port == 0 || port >= EVTCHN_PORTS)
        return -EINVAL;
    shared_info_t *shared = d->space.shared_info;
    shared->evtchn_mask[port / BITS_PER_WORD] &= ~((xen_ulong_t)1 << port % BITS_PER_WORD);
    if (evtchn_pending(d, (unsigned)port))
        evtchn_announce(d, (unsigned)port);
    return 0;
}

static long bind_ipi(struct domain *d, evtchn_bind_ipi_t *op)
{
    int port = op->vcpu == 0 ? evtchn_free_port(d) : -ENOENT;
    if (port < 0)
        return port;
    d->evtchn[port] = (struct evtchn){.state = EVTCHN_IPI};
    op->port = (evtchn_port_t)port;
    return 0;
}

/* How many bytes an operation's argument has; 0: the operation is not modelled. */
static size_t argument_bytes(unsigned long command)
{
    switch (command) {
    case EVTCHNOP_alloc_unbound:
        return sizeof(evtchn_alloc_unbound_t);
    case EVTCHNOP_bind_interdomain:
        return sizeof(evtchn_bind_interdomain_t);
    case EVTCHNOP_bind_virq:
        return sizeof(evtchn_bind_virq_t);
    case EVTCHNOP_bind_ipi:
        return sizeof(evtchn_bind_ipi_t);
    case EVTCHNOP_close:
        return sizeof(evtchn_close_t);
    case EVTCHNOP_send:
        return sizeof(evtchn_send_t);
    case EVTCHNOP_status:
        return sizeof(evtchn_status_t);
    case EVTCHNOP_unmask:
        return sizeof(evtchn_unmask_t);
    default:
        return 0;
    }
}

long evtchn_op(struct domain *d, unsigned long command, unsigned long argument, struct hypercall_trace *trace)
{
    union {
        evtchn_alloc_unbound_t alloc_unbound;
        evtchn_bind_interdomain_t bind_interdomain;
        evtchn_bind_virq_t bind_virq;
        evtchn_bind_ipi_t bind_ipi;
        evtchn_close_t close;
        evtchn_send_t send;
        evtchn_status_t status;
        evtchn_unmask_t unmask;
    } op;
    size_t bytes = argument_bytes(command);
    trace->subop = (uint32_t)command;
    if (bytes == 0)
        return -ENOSYS;
    void *guest = space_host(&d->space, argument, bytes, true);
    if (guest == NULL)
        return -EFAULT;
    memcpy(&op, guest, bytes);

    long result;
    switch (command) {
    case EVTCHNOP_alloc_unbound:
        result = alloc_unbound(d, &op.alloc_unbound);
        break;
    case EVTCHNOP_bind_interdomain:
        result = bind_interdomain(d, &op.bind_interdomain);
        break;
    case EVTCHNOP_bind_virq:
        result = bind_virq(d, &op.bind_virq);
        break;
    case EVTCHNOP_bind_ipi:
        result = bind_ipi(d, &op.bind_ipi);
        break;
    case EVTCHNOP_close:
        result = close_port(d, op.close.port);
        break;
    case EVTCHNOP_send:
        trace->flags = op.send.port;
        result = send(d, op.send.port);
        break;
    case EVTCHNOP_status:
        result = status(d, &op.status);
        break;
    default:
        result = unmask(d, op.unmask.port);
        break;
    }
    if (result == 0 && command != EVTCHNOP_send)
        memcpy(guest, &op, bytes);
    return result;
}
