/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Bytes between a domain and xenstored: the two rings of its page, messages that come in pieces, and the
 * queue of what it has not made room for yet. The page is the guest's: each index is read once and checked,
 * and a domain that breaks the protocol is no longer served.
 */
#include "sim/xenstore/xenstore_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static struct message *message_new(const struct xsd_sockmsg *head, const void *body)
{
    struct message *m = malloc(sizeof(*m) + sizeof(*head) + head->len);

    assert(head->len <= XENSTORE_PAYLOAD_MAX);
    if (m == NULL)
        return NULL;
    m->next = NULL;
    m->bytes = (uint32_t)sizeof(*head) + head->len;
    m->sent = 0;
    m->is_event = head->type == XS_WATCH_EVENT;
    memcpy(m->data, head, sizeof(*head));
    if (head->len > 0)
        memcpy(m->data + sizeof(*head), body, head->len);
    return m;
}

/* Notes that the domain has something to be flushed. */
static void wait_for_flush(struct xenstore *xs, struct xenstore_domain *domain)
{
    if (domain->waits)
        return;
    domain->waits = true;
    domain->next_waiting = NULL;
    *xs->waiting_last = domain;
    xs->waiting_last = &domain->next_waiting;
}

static void enqueue(struct xenstore *xs, struct xenstore_domain *domain, struct message *m)
{
    assert(*domain->out_last == NULL);
    assert(domain->ring != NULL);
    *domain->out_last = m;
    domain->out_last = &m->next;
    domain->queue_bytes += m->bytes;
    if (!m->is_event)
        domain->answers_queued++;
    wait_for_flush(xs, domain);
}

bool queue_message(
    struct xenstore *xs, struct xenstore_domain *domain, const struct xsd_sockmsg *head, const void *body)
{
    struct message *m = message_new(head, body);

    if (m != NULL)
        enqueue(xs, domain, m);
    return m != NULL;
}

/* One like it that waits already says the same: xenstored drops the second since XSA-326. */
static bool is_queued(const struct xenstore_domain *domain, const struct message *event)
{
    for (const struct message *m = domain->out_first; m != NULL; m = m->next)
        if (m->is_event && m->sent == 0 && m->bytes == event->bytes &&
            memcmp(m->data, event->data, m->bytes) == 0)
            return true;
    return false;
}

void queue_event(struct xenstore *xs, struct xenstore_domain *domain, const char *path, const char *token)
{
    size_t path_bytes = strlen(path) + 1, token_bytes = strlen(token) + 1;
    struct xsd_sockmsg head = {.type = XS_WATCH_EVENT};
    char body[XENSTORE_PAYLOAD_MAX];
    struct message *m;

    if (domain->ring == NULL || domain->broken || path_bytes + token_bytes > sizeof(body))
        return; /* xenstored doesn't send what fits into no message, either */
    head.len = (uint32_t)(path_bytes + token_bytes);
    memcpy(body, path, path_bytes);
    memcpy(body + path_bytes, token, token_bytes);
    m = message_new(&head, body);
    if (m == NULL) {
        xenstore_lacks_memory(xs);
        return;
    }
    if (is_queued(domain, m)) {
        free(m);
        return;
    }
    if (domain->queue_bytes + m->bytes > QUOTA_QUEUE_BYTES) {
        free(m);
        xenstore_note(xs, domain->domid, XS_WATCH_EVENT, path, token, ENOMEM);
        return;
    }
    xenstore_note(xs, domain->domid, XS_WATCH_EVENT, path, token, 0);
    enqueue(xs, domain, m);
}

void queue_clear(struct xenstore_domain *domain)
{
    while (domain->out_first != NULL) {
        struct message *m = domain->out_first;

        domain->out_first = m->next;
        free(m);
    }
    domain->out_last = &domain->out_first;
    domain->answers_queued = 0;
    domain->queue_bytes = 0;
    domain->in_bytes = 0;
}

static void broke(struct xenstore *xs, struct xenstore_domain *domain, uint32_t code, const char *how)
{
    assert(!domain->broken);
    assert(domain->ring != NULL);
    domain->broken = true;
    domain->ring->error = code;
    xenstore_domain_clear(xs, domain);
    xenstore_note(xs, domain->domid, XS_ERROR, "", how, EIO);
}

/* Puts what is queued into the response ring. True when something went in. */
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
        domain->queue_bytes -= m->bytes;
        domain->answers_queued -= !m->is_event;
        free(m);
    }
    if (moved)
        ring->rsp_prod = producer;
    return moved;
}

/* Copies up to `wanted` bytes out of the request ring; true when it was all of them. */
static bool take(volatile struct xenstore_domain_interface *ring, uint32_t *consumer, uint32_t producer,
    void *to, uint32_t wanted, uint32_t *has)
{
    char *out = to;

    assert(*has <= wanted);
    while (*has < wanted && *consumer != producer)
        out[(*has)++] = ring->req[MASK_XENSTORE_IDX((*consumer)++)];
    return *has == wanted;
}

/* Goes on with the message under way. True when it is whole; *bad when it can't become one. */
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

/* Reads and answers requests, as long as the answers find room. True when something was read. */
static bool read_ring(struct xenstore *xs, struct xenstore_domain *domain)
{
    volatile struct xenstore_domain_interface *ring = domain->ring;
    uint32_t consumer = ring->req_cons, producer = ring->req_prod, before = consumer;
    bool bad = false;

    if (producer - consumer > XENSTORE_RING_SIZE) {
        broke(xs, domain, XENSTORE_ERROR_RINGIDX, "the request ring's indices are more than a ring apart");
        return false;
    }
    while (!domain->broken && domain->answers_queued < QUOTA_OUTSTANDING &&
           take_message(domain, &consumer, producer, &bad)) {
        domain->in_bytes = 0;
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
    return consumer != before;
}

void queues_flush(struct xenstore *xs)
{
    while (xs->waiting_first != NULL) {
        struct xenstore_domain *domain = xs->waiting_first;

        xs->waiting_first = domain->next_waiting;
        if (xs->waiting_first == NULL)
            xs->waiting_last = &xs->waiting_first;
        domain->waits = false;
        if (domain->ring == NULL || domain->broken)
            continue;
        if (write_ring(xs, domain) && xs->ops.raise != NULL)
            xs->ops.raise(xs->ops.context, domain->domid);
    }
}

void xenstore_work(struct xenstore *xs, unsigned domid)
{
    struct xenstore_domain *domain = xenstore_domain(xs, domid);
    bool wrote, has_read = false;

    if (domain == NULL || domain->ring == NULL || domain->broken)
        return;
    wrote = write_ring(xs, domain);
    if (!domain->broken)
        has_read = read_ring(xs, domain);
    if ((wrote || has_read) && xs->ops.raise != NULL)
        xs->ops.raise(xs->ops.context, domid);
    queues_flush(xs);
}

bool xenstore_quiet(const struct xenstore *xs, unsigned domid)
{
    const struct xenstore_domain *domain = xenstore_domain(xs, domid);

    if (domain == NULL || domain->ring == NULL || domain->broken)
        return true;
    return domain->out_first == NULL && domain->ring->rsp_cons == domain->ring->rsp_prod;
}
