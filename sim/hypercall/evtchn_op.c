/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HYPERVISOR_event_channel_op: makes, binds, closes, masks and raises ports. When a guest raises the port of its
 * xenstore ring, xenstore answers before the call returns.
 */
#include "sim/hypercall/evtchn_op.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <xen/event_channel.h>

#include "sim/domain/domain.h"
#include "sim/evtchn.h"
#include "sim/host/zombie.h"
#include "sim/hypercall/target.h"
#include "sim/machine_state.h"
#include "sim/xenstore/xenstore.h"

#define BITS_PER_WORD (8u * (unsigned)sizeof(xen_ulong_t))

/* Is there such a port, open or not? Xen makes them by the page, as far as a domain has needed them. */
static bool port_exists(const struct domain *d, uint64_t port)
{
    return port < d->nr_ports;
}

/* Of the domain that an operation names: its free port, even if it is not the caller's to take. */
static long target_port(struct domain *d, domid_t domid, struct domain **target)
{
    const long refused = hypercall_target(d, domid, target);
    if (zombie_of(&d->machine->host, domid) != NULL && *target == NULL)
        return -EINVAL; /* a dying domain gets no port more */
    if (refused == -ESRCH)
        return -ESRCH;
    const int port = *target != NULL ? evtchn_free_port(*target) : 0;
    return port < 0 ? port : refused < 0 ? refused : port;
}

static long alloc_unbound(struct domain *d, evtchn_alloc_unbound_t *op)
{
    struct domain *owner;
    const long port = target_port(d, op->dom, &owner);
    if (port < 0)
        return port;
    assert(owner->evtchn[port].state == EVTCHN_FREE);
    owner->evtchn[port] = (struct evtchn){
        .state = EVTCHN_UNBOUND,
        .remote_domid =
            (uint16_t)(op->remote_dom == DOMID_SELF ? domain_number_for_guests(d) : op->remote_dom),
    };
    op->port = (evtchn_port_t)port;
    return 0;
}

static long bind_interdomain(struct domain *d, evtchn_bind_interdomain_t *op)
{
    const unsigned own = domain_number_for_guests(d);
    const unsigned number = op->remote_dom == DOMID_SELF ? own : op->remote_dom;
    struct domain *remote = evtchn_domain(d->machine, number);
    if (remote == NULL && number != 0 && zombie_of(&d->machine->host, number) == NULL)
        return -ESRCH; /* Xen always has a dom0, and a dying domain is there, with closed ports */
    const int port = evtchn_free_port(d);
    if (port < 0)
        return port;
    if (remote == NULL || !port_exists(remote, op->remote_port) ||
        remote->evtchn[op->remote_port].state != EVTCHN_UNBOUND ||
        remote->evtchn[op->remote_port].remote_domid != own)
        return -EINVAL;
    d->evtchn[port] = (struct evtchn){EVTCHN_INTERDOMAIN, (uint16_t)number, (uint16_t)op->remote_port};
    remote->evtchn[op->remote_port] = (struct evtchn){EVTCHN_INTERDOMAIN, (uint16_t)own, (uint16_t)port};
    op->local_port = (evtchn_port_t)port;
    evtchn_raise(d, (unsigned)port); /* as Xen does: the other end may have sent before */
    return 0;
}

/* Has a domain one of it, or each of its vcpus? */
static bool virq_is_global(unsigned virq)
{
    return virq != VIRQ_TIMER && virq != VIRQ_DEBUG && virq != VIRQ_XENOPROF && virq != VIRQ_XENPMU;
}

static long bind_virq(struct domain *d, evtchn_bind_virq_t *op)
{
    if (op->virq >= NR_VIRQS || (virq_is_global(op->virq) && op->vcpu != 0))
        return -EINVAL;
    if (op->vcpu != 0)
        return -ENOENT;
    for (unsigned port = 1; port < d->nr_ports; port++) {
        if (d->evtchn[port].state == EVTCHN_VIRQ && d->evtchn[port].remote_port == op->virq)
            return -EEXIST;
    }
    const int port = evtchn_free_port(d);
    if (port < 0)
        return port;
    d->evtchn[port] = (struct evtchn){.state = EVTCHN_VIRQ, .remote_port = (uint16_t)op->virq};
    op->port = (evtchn_port_t)port;
    return 0;
}

/* Which vcpu hears of a port: there is one. */
static long bind_vcpu(const struct domain *d, const evtchn_bind_vcpu_t *op)
{
    if (op->vcpu != 0)
        return -ENOENT;
    if (!port_exists(d, op->port))
        return -EINVAL;
    const struct evtchn *evtchn = &d->evtchn[op->port];
    const bool movable = evtchn->state == EVTCHN_UNBOUND || evtchn->state == EVTCHN_INTERDOMAIN ||
                         evtchn->state == EVTCHN_STORE ||
                         (evtchn->state == EVTCHN_VIRQ && virq_is_global(evtchn->remote_port));
    return movable ? 0 : -EINVAL;
}

static long close_port(struct domain *d, uint64_t port)
{
    if (!port_exists(d, port) || d->evtchn[port].state == EVTCHN_FREE)
        return -EINVAL;
    evtchn_unbind_remote(d, (unsigned)port);
    d->evtchn[port] = (struct evtchn){0};
    if (!d->empty) /* where no guest runs, nobody sees the bits */
        d->space.shared_info->evtchn_pending[port / BITS_PER_WORD] &=
            ~((xen_ulong_t)1 << port % BITS_PER_WORD);
    return 0;
}

static long reset(struct domain *d, const evtchn_reset_t *op)
{
    struct domain *target;
    const long refused = hypercall_target(d, op->dom, &target);
    if (refused == -ESRCH && hypercall_dying(d, op->dom) != NULL)
        return 0;
    if (refused < 0)
        return refused;
    for (unsigned port = 1; port < target->nr_ports; port++)
        (void)close_port(target, port);
    return 0;
}

static long send(struct domain *d, uint64_t port)
{
    if (!port_exists(d, port))
        return -EINVAL;
    const struct evtchn *evtchn = &d->evtchn[port];
    switch (evtchn->state) {
    case EVTCHN_STORE:
        xenstore_work(d->machine->xenstore, d->domid);
        return 0;
    case EVTCHN_INTERDOMAIN:
        evtchn_raise(evtchn_domain(d->machine, evtchn->remote_domid), evtchn->remote_port);
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

/* Its ports are closed. */
static long status_of_dying(const struct domain *d, const struct zombie *dying, evtchn_status_t *op)
{
    if (op->port >= dying->dying.nr_ports)
        return -EINVAL;
    if (!d->privileged)
        return -EPERM;
    op->vcpu = 0;
    op->status = EVTCHNSTAT_closed;
    return 0;
}

static long status(struct domain *d, evtchn_status_t *op)
{
    struct domain *owner;
    const long refused = hypercall_target(d, op->dom, &owner);
    const struct zombie *dying = owner == NULL ? zombie_of(&d->machine->host, op->dom) : NULL;
    if (dying != NULL)
        return status_of_dying(d, dying, op);
    if (refused == -ESRCH)
        return -ESRCH;
    /* A dom0 that the scenario doesn't have has as few ports as any domain at first. */
    if (owner == NULL ? op->port >= EVTCHN_PORTS_AT_ONCE : !port_exists(owner, op->port))
        return -EINVAL;
    if (refused < 0)
        return refused;
    const struct evtchn *evtchn = &owner->evtchn[op->port];
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

/* Of a port that is not open the mask stays as it is. */
static long unmask(struct domain *d, uint64_t port)
{
    if (!port_exists(d, port))
        return -EINVAL;
    xen_ulong_t *mask = &d->space.shared_info->evtchn_mask[port / BITS_PER_WORD];
    const xen_ulong_t bit = (xen_ulong_t)1 << port % BITS_PER_WORD;
    if (d->evtchn[port].state == EVTCHN_FREE || (*mask & bit) == 0)
        return 0;
    *mask &= ~bit;
    if (evtchn_pending(d, (unsigned)port))
        evtchn_announce(d, (unsigned)port);
    return 0;
}

static long bind_ipi(struct domain *d, evtchn_bind_ipi_t *op)
{
    const int port = op->vcpu == 0 ? evtchn_free_port(d) : -ENOENT;
    if (port < 0)
        return port;
    d->evtchn[port] = (struct evtchn){.state = EVTCHN_IPI};
    op->port = (evtchn_port_t)port;
    return 0;
}

size_t evtchn_op_argument_bytes(unsigned long command)
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
    case EVTCHNOP_bind_vcpu:
        return sizeof(evtchn_bind_vcpu_t);
    case EVTCHNOP_reset:
        return sizeof(evtchn_reset_t);
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
        evtchn_bind_vcpu_t bind_vcpu;
        evtchn_reset_t reset;
    } op;
    size_t bytes = evtchn_op_argument_bytes(command);
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
    case EVTCHNOP_bind_vcpu:
        result = bind_vcpu(d, &op.bind_vcpu);
        break;
    case EVTCHNOP_reset:
        result = reset(d, &op.reset);
        break;
    default:
        result = unmask(d, op.unmask.port);
        break;
    }
    if (result == 0 && command != EVTCHNOP_send)
        memcpy(guest, &op, bytes);
    return result;
}
