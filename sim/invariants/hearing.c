/* SPDX-License-Identifier: BSD-2-Clause */
/* Remembers the last fault that kept something from a driver, until it is told the same or something newer. */
#include "sim/invariants/hearing.h"
#include "sim/invariants/target.h"
#include "sim/invariants/watched.h"

#include <assert.h>

#include <xen/io/xs_wire.h>

void hearing_fault(struct invariants *inv, struct watched *w, const struct event *event)
{
    const struct record_fault *fault = event->payload;

    assert(kernel_site(NULL, (enum fault_site)fault->site)->bars == FAULT_BARS_HEARING);
    w->target->unheard_event = event->number;
    w->target->unheard_port = fault->port;
    if (fault->site != FAULT_SITE_XENSTORED_RESTART)
        return;
    for (unsigned domid = 1; domid < inv->nr_watched; domid++) {
        struct watched *other = watched_find(inv, domid);
        if (other != NULL)
            other->target->watches_lost = true; /* everybody's: it is one xenstored */
    }
}

void hearing_xenstore(struct watched *w, const struct event *event)
{
    const struct record_xenstore *store = event->payload;

    assert(w->target->unheard_event <= event->number);
    if (store->error != 0)
        return;
    if (store->op == XS_WATCH)
        w->target->watches_lost = false;
    if (store->op == XS_WATCH_EVENT && w->target->unheard_port == 0)
        w->target->unheard_event = 0;
}

void hearing_port(struct watched *w, const struct event *event)
{
    const struct record_value *port = event->payload;

    assert(w->target->unheard_port == 0 || w->target->unheard_event != 0);
    if (w->target->unheard_port != 0 && w->target->unheard_port == port->value)
        w->target->unheard_event = w->target->unheard_port = 0;
}

bool hearing_is_barred(const struct invariants *inv, const struct watched *w, uint64_t since_event)
{
    return w->target->unheard_event > since_event || !machine_xenstored_serves(inv->machine);
}
