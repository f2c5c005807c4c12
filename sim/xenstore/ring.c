/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two rings of a domain's page, and messages that come in pieces. The page is the guest's: each index is read once
 * and checked, and a domain that breaks the protocol is no longer served.
 */
#include "sim/xenstore/ring.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <xen/io/xs_wire.h>

#include "sim/xenstore/dispatch.h"
#include "sim/xenstore/queue.h"
#include "sim/xenstore/quota.h"
#include "sim/xenstore/store.h"
#include "sim/xenstore/transaction.h"

void ring_forget(struct xenstore *xs, struct xenstore_domain *domain)
{
    watch_remove_all(xs, domain);
    transaction_drop_all(domain);
    queue_clear(domain);
    assert(domain->watches == 0);
    assert(domain->transactions == NULL);
}

static void broke(struct xenstore *xs, struct xenstore_domain *domain, uint32_t code, const char *how)
{
    assert(!domain->broken);
    assert(domain->ring != NULL);
    domain->broken = true;
    domain->ring->error = code;
    ring_forget(xs, domain);
    store_note(xs, domain->domid, XS_ERROR, "", how, EIO);
}

/* Moves queued messages into the response ring. True: something went in. */
static bool write_ring(struct xenstore *xs, struct xenstore_domain *domain)
{
    volatile struct xenstore_domain_interface *ring = domain->ring;
    uint32_t consumer = ring->rsp_cons, producer = ring->rsp_prod, room;
    bool moved = false;

    if (producer - consumer > XENSTORE_RING_SIZE) {
        broke(xs, domain, XENSTORE_ERROR_RINGIDX, "the response ring's indices are more than a ring apart");
        return false;
    }
    room = XENSTORE_RING_SIZE - (producer - consumer);
    while (room > 0 && domain->out_first != NULL) {
        struct message *m = domain->out_first;

        for (; room > 0 && m->sent < m->bytes; room--)
            ring->rsp[MASK_XENSTORE_IDX(producer++)] = m->data[m->sent++];
        moved = true;
        if (m->sent < m->bytes)
            break;
        domain->out_first = m->next;
        if (domain->out_first == NULL)
            domain->out_last = &domain->out_first;
        assert(domain->queue_bytes >= m->bytes && (m->is_event || domain->answers_queued > 0));
        domain->queue_bytes -= m->bytes;
        domain->answers_queued -= !m->is_event;
        free(m);
    }
    if (moved)
        ring->rsp_prod = producer;
    return moved;
}

/* Copies up to `wanted` bytes out of the request ring. True: all of them were there. */
static bool take(volatile struct xenstore_domain_interface *ring, uint32_t *consumer, uint32_t producer,
    void *to, uint32_t wanted, uint32_t *has)
{
    char *out = to;

    assert(*has <= wanted);
    while (*has < wanted && *consumer != producer)
        out[(*has)++] = ring->req[MASK_XENSTORE_IDX((*consumer)++)];
    return *has == wanted;
}

/* Reads on in the present message. True: it is complete. *bad: it breaks the protocol. */
static bool take_message(struct xenstore_domain *domain, uint32_t *consumer, uint32_t producer, bool *bad)
{
    const uint32_t head_bytes = sizeof(domain->in_head);
    uint32_t has = domain->in_bytes < head_bytes ? domain->in_bytes : head_bytes;
    bool whole = take(domain->ring, consumer, producer, &domain->in_head, head_bytes, &has);

    domain->in_bytes = domain->in_bytes < head_bytes ? has : domain->in_bytes;
    if (!whole)
        return false;
    if (domain->in_head.len > XENSTORE_PAYLOAD_MAX) {
        *bad = true;
        return false;
    }
    has = domain->in_bytes - head_bytes;
    whole = take(domain->ring, consumer, producer, domain->in_body, domain->in_head.len, &has);
    domain->in_bytes = head_bytes + has;
    return whole;
}

/* May xenstored stop before it answers this message? It is asked once. True: it has stopped, and the message waits. */
static bool stops_before(struct xenstore *xs, struct xenstore_domain *domain)
{
    assert(!xs->stopped);
    if (!domain->was_asked && xs->ops.message != NULL)
        xs->ops.message(xs->ops.context, domain->domid);
    domain->was_asked = xs->stopped;
    return xs->stopped;
}

/* Reads and answers requests, as long as there is room for the answers. True: something was read or answered. */
static bool read_ring(struct xenstore *xs, struct xenstore_domain *domain)
{
    volatile struct xenstore_domain_interface *ring = domain->ring;
    uint32_t consumer = ring->req_cons, producer = ring->req_prod, before = consumer;
    bool bad = false, answered = false;

    if (producer - consumer > XENSTORE_RING_SIZE) {
        broke(xs, domain, XENSTORE_ERROR_RINGIDX, "the request ring's indices are more than a ring apart");
        return false;
    }
    while (!domain->broken && !xs->stopped && domain->answers_queued < QUOTA_OUTSTANDING &&
           take_message(domain, &consumer, producer, &bad)) {
        if (stops_before(xs, domain))
            break;
        domain->in_bytes = 0;
        answered = true; /* what it is about may have been read before xenstored stopped */
        domain->in_body[domain->in_head.len] = '\0';
        ring->req_cons = consumer;
        dispatch(xs, domain, &domain->in_head, domain->in_body);
        if (!domain->broken)
            write_ring(xs, domain);
    }
    if (domain->broken)
        return true;
    ring->req_cons = consumer;
    if (bad)
        broke(xs, domain, XENSTORE_ERROR_PROTO, "a message of more than 4096 bytes");
    return answered || consumer != before;
}

/* xenstored is dead: what the domains had with it is lost. A new one will begin where the rings are. */
static void die(struct xenstore *xs)
{
    assert(xs->stopped && !xs->died);
    xs->dying = false;
    xs->died = true;
    for (size_t i = 0; i < xs->domains_room; i++)
        if (xs->domains[i] != NULL)
            ring_forget(xs, xs->domains[i]);
    assert(xs->watches.count == 0);
}

void ring_flush_all(struct xenstore *xs)
{
    if (xs->dying)
        die(xs);
    if (xs->stopped)
        return;
    while (xs->waiting_first != NULL) {
        struct xenstore_domain *domain = xs->waiting_first;

        xs->waiting_first = domain->next_waiting;
        if (xs->waiting_first == NULL)
            xs->waiting_last = &xs->waiting_first;
        assert(domain->waits);
        domain->waits = false;
        if (domain->ring == NULL || domain->broken)
            continue;
        if (write_ring(xs, domain) && xs->ops.raise != NULL)
            xs->ops.raise(xs->ops.context, domain->domid);
    }
}

void xenstore_work(struct xenstore *xs, unsigned domid)
{
    struct xenstore_domain *domain = store_domain(xs, domid);
    bool wrote, has_read = false;

    if (domain == NULL || domain->ring == NULL || domain->broken || xs->stopped)
        return;
    wrote = write_ring(xs, domain);
    if (!domain->broken)
        has_read = read_ring(xs, domain);
    if ((wrote || has_read) && xs->ops.raise != NULL)
        xs->ops.raise(xs->ops.context, domid);
    ring_flush_all(xs);
}

void xenstore_send_event(struct xenstore *xs, unsigned domid, const char *path, const char *token)
{
    struct xenstore_domain *domain = store_domain(xs, domid);

    if (domain == NULL || domain->ring == NULL || domain->broken)
        return;
    queue_event_now(xs, domain, path, token);
    ring_flush_all(xs);
}

bool xenstore_quiet(const struct xenstore *xs, unsigned domid)
{
    const struct xenstore_domain *domain = store_domain(xs, domid);

    if (domain == NULL || domain->ring == NULL || domain->broken)
        return true;
    return domain->out_first == NULL && domain->ring->rsp_cons == domain->ring->rsp_prod;
}
