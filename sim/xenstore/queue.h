/* SPDX-License-Identifier: BSD-2-Clause */
/* Messages to a domain that its ring has no room for yet. */
#ifndef SIM_XENSTORE_QUEUE_H
#define SIM_XENSTORE_QUEUE_H

#include <stdbool.h>
#include <stdint.h>

struct xenstore;
struct xenstore_domain;
struct xsd_sockmsg;

struct message { /* on its way to the guest: head and body */
    struct message *next;
    uint32_t bytes, sent;
    bool is_event;
    char data[];
};

/* An answer. False: no memory. */
bool queue_message(struct xenstore *, struct xenstore_domain *, const struct xsd_sockmsg *, const void *body);
/* A watch event; one past the quota is lost, and recorded as lost. */
void queue_event(struct xenstore *, struct xenstore_domain *, const char *path, const char *token);
/* The same, whatever ops.message and ops.event would say. */
void queue_event_now(struct xenstore *, struct xenstore_domain *, const char *path, const char *token);
void queue_clear(struct xenstore_domain *);

#endif
