/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xenstored stops and comes back: the same one after a live update, or a new one, which knows the nodes only. What its death
 * loses is dropped in ring.c, once the present request or change is over.
 */
#include <assert.h>
#include <stdint.h>
#include <xen/io/xs_wire.h>

#include "sim/xenstore/ring.h"
#include "sim/xenstore/store.h"
#include "sim/xenstore/xenstore.h"

void xenstore_stop(struct xenstore *xs, bool dies)
{
    assert(!xs->stopped && !xs->dying);
    xs->stopped = true;
    xs->dying = dies;
}

bool xenstore_stopped(const struct xenstore *xs)
{
    return xs->stopped;
}

/* A new xenstored is told of the domain and tells it, as at its boot. */
static void connect_anew(struct xenstore *xs, struct xenstore_domain *domain)
{
    char home[XENSTORE_NODE_ROOM];

    assert(domain->watches == 0 && domain->in_bytes == 0);
    domain->broken = false;
    domain->ring->connection = XENSTORE_CONNECTED;
    store_note(xs, 0, XS_INTRODUCE, xenstore_node_path(home, domain->domid, ""), "", 0);
    if (xs->ops.raise != NULL)
        xs->ops.raise(xs->ops.context, domain->domid);
}

void xenstore_start(struct xenstore *xs)
{
    const bool is_new = xs->died;

    assert(xs->stopped && !xs->dying);
    xs->stopped = xs->died = false;
    for (size_t i = 0; is_new && i < xs->domains_room; i++)
        if (xs->domains[i] != NULL && xs->domains[i]->ring != NULL)
            connect_anew(xs, xs->domains[i]);
    for (size_t i = 0; i < xs->domains_room; i++)
        if (xs->domains[i] != NULL)
            xenstore_work(xs, xs->domains[i]->domid);
    ring_flush_all(xs);
}
