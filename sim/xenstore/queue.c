/* SPDX-License-Identifier: BSD-2-Clause */
/* A list of messages for each domain, and a list of the domains that have any. */
#include "sim/xenstore/queue.h"

#include <assert.h>
#include <errno.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <xen/io/xs_wire.h>

#include "sim/xenstore/quota.h"
#include "sim/xenstore/store.h"

static struct message *message_new(const struct xsd_sockmsg *head, const void *body)
{
    struct message *m = malloc(offsetof(struct message, data) + sizeof(*head) + head->len);

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

/* Is the same event queued already? xenstored drops the second one since XSA-326. */
static bool is_queued(const struct xenstore_domain *domain, const struct message *event)
{
    for (const struct message *m = domain->out_first; m != NULL; m = m->next)
        if (m->is_event && m->bytes == event->bytes && memcmp(m->data, event->data, m->bytes) == 0)
            return true;
    return false;
}

void queue_event_now(struct xenstore *xs, struct xenstore_domain *domain, const char *path, const char *token)
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
        store_lacks_memory(xs);
        return;
    }
    if (is_queued(domain, m)) {
        free(m);
        return;
    }
    if (domain->queue_bytes + m->bytes > QUOTA_QUEUE_BYTES) {
        free(m);
        store_note(xs, domain->domid, XS_WATCH_EVENT, path, token, ENOMEM);
        return;
    }
    store_note(xs, domain->domid, XS_WATCH_EVENT, path, token, 0);
    enqueue(xs, domain, m);
}

void queue_event(struct xenstore *xs, struct xenstore_domain *domain, const char *path, const char *token)
{
    if (domain->ring == NULL || domain->broken)
        return;
    if (xs->ops.message != NULL && !xs->stopped)
        xs->ops.message(xs->ops.context, domain->domid);
    if (xs->dying) /* it is lost with all that is queued */
        return;
    if (xs->ops.event == NULL || xs->ops.event(xs->ops.context, domain->domid, path, token))
        queue_event_now(xs, domain, path, token);
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
    domain->was_asked = false;
}
