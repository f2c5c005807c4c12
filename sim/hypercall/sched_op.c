/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * HYPERVISOR_sched_op and the one-shot timer: how a guest waits, yields, or ends. The result of waiting is always 0, so
 * it is set before the wait begins, and nothing is left to do when it is over.
 */
#include "sim/hypercall/sched_op.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <xen/sched.h>

#include "sim/domain/domain.h"
#include "sim/evtchn.h"
#include "sim/machine_state.h"

static bool upcall_wanted(const struct domain *d)
{
    return d->space.shared_info->vcpu_info[0].evtchn_upcall_pending != 0;
}

static long poll(struct domain *d, unsigned long argument, enum exit_outcome *outcome)
{
    struct sched_poll poll;
    const void *guest = space_host(&d->space, argument, sizeof poll, false);
    if (guest == NULL)
        return -EFAULT;
    memcpy(&poll, guest, sizeof poll);
    if (poll.nr_ports > POLL_PORTS_LIMIT)
        return -EINVAL;

    const evtchn_port_t *list = NULL;
    if (poll.nr_ports != 0) {
        list = space_host(&d->space, (uintptr_t)poll.ports.p, poll.nr_ports * sizeof *list, false);
        if (list == NULL)
            return -EFAULT;
    }
    *outcome = EXIT_LEAVE; /* even if there is nothing to wait for, others get their turn */
    if (upcall_wanted(d) && d->space.shared_info->vcpu_info[0].evtchn_upcall_mask == 0)
        return 0;
    for (unsigned i = 0; i < poll.nr_ports; i++) {
        evtchn_port_t port;
        memcpy(&port, &list[i], sizeof port);
        if (port >= d->nr_ports || d->evtchn[port].state == EVTCHN_FREE) {
            *outcome = EXIT_GO_ON;
            return -EINVAL;
        }
        if (evtchn_pending(d, port))
            return 0; /* those behind it are not looked at */
        d->poll_port = port;
    }
    if (poll.timeout != 0 && poll.timeout <= d->machine->now_ns)
        return 0;
    d->nr_poll_ports = poll.nr_ports;
    d->polling = true;
    d->poll_timed_out = false;
    d->poll_timeout_ns = poll.timeout != 0 ? poll.timeout : NEVER_NS;
    domain_block(d);
    return 0;
}

static long block(struct domain *d, enum exit_outcome *outcome)
{
    d->space.shared_info->vcpu_info[0].evtchn_upcall_mask = 0;
    *outcome = EXIT_LEAVE;
    if (!upcall_wanted(d))
        domain_block(d);
    return 0;
}

static long shutdown(
    struct domain *d, unsigned long argument, struct hypercall_trace *trace, enum exit_outcome *outcome)
{
    struct sched_shutdown shutdown;
    const void *guest = space_host(&d->space, argument, sizeof shutdown, false);
    if (guest == NULL)
        return -EFAULT;
    memcpy(&shutdown, guest, sizeof shutdown);
    trace->flags = shutdown.reason;
    d->shutdown_reason = shutdown.reason;
    *outcome = EXIT_LEAVE;
    if (shutdown.reason == SHUTDOWN_crash) {
        domain_crash(d, "the guest ended itself: SHUTDOWN_crash");
        return 0;
    }
    domain_end(d);
    d->state = DOMAIN_SHUT_DOWN;
    return 0;
}

long sched_op(struct domain *d, unsigned long command, unsigned long argument, struct hypercall_trace *trace,
    enum exit_outcome *outcome)
{
    assert(d->state == DOMAIN_ALIVE);
    trace->subop = (uint32_t)command;
    trace->record = false; /* waiting is not recorded; what ends it is */
    switch (command) {
    case SCHEDOP_yield:
        *outcome = EXIT_LEAVE;
        return 0;
    case SCHEDOP_block:
        return block(d, outcome);
    case SCHEDOP_poll:
        return poll(d, argument, outcome);
    case SCHEDOP_shutdown:
        trace->record = true;
        return shutdown(d, argument, trace, outcome);
    default:
        trace->record = true;
        return -ENOSYS;
    }
}

long sched_set_timer(struct domain *d, uint64_t timeout_ns)
{
    d->timer_ns = timeout_ns != 0 ? timeout_ns : NEVER_NS;
    if (d->timer_ns < d->machine->next_timer_ns)
        d->machine->next_timer_ns = d->timer_ns;
    return 0;
}
