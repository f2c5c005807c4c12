/* SPDX-License-Identifier: BSD-2-Clause */
/* What a store holds: the tree, the watches, and a connection for each domain. */
#ifndef SIM_XENSTORE_STORE_H
#define SIM_XENSTORE_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <xen/io/xs_wire.h>

#include "sim/xenstore/tree.h"
#include "sim/xenstore/watch.h"
#include "sim/xenstore/xenstore.h"

struct message;
struct transaction;

struct xenstore_domain {
    unsigned domid;
    volatile struct xenstore_domain_interface *ring; /* NULL: not introduced */
    bool broken;                                     /* it violated the protocol: not served any more */
    uint32_t nodes, watches, transactions_count, next_transaction;
    struct transaction *transactions;
    uint32_t in_bytes; /* how many bytes of the present message were read so far, head included */
    bool was_asked;    /* ops.message was asked about it, while it was waiting for xenstored to come back */
    struct xsd_sockmsg in_head;
    char in_body[XENSTORE_PAYLOAD_MAX + 1];
    struct message *out_first, **out_last;
    uint32_t answers_queued;
    uint64_t queue_bytes;
    bool waits; /* it is in the list of domains for which something is queued */
    struct xenstore_domain *next_waiting;
};

/* What the two paths are about that are no nodes. */
enum { LIFETIME_BEGINS, LIFETIME_ENDS, LIFETIME_PATHS };

struct xenstore {
    struct xenstore_ops ops;
    uint64_t clock;
    struct tree tree;
    struct perms *lifetime_perms[LIFETIME_PATHS], *dom0s; /* who hears of them; n0 */
    struct watches watches;
    struct xenstore_domain **domains; /* by domid; NULL where nothing is known */
    size_t domains_room;
    struct xenstore_domain *waiting_first, **waiting_last;
    bool stopped;     /* it serves nobody until it is started again */
    bool dying, died; /* since it stopped: it will lose, and has lost, what the domains had with it */
};

struct xenstore_domain *store_domain(const struct xenstore *, unsigned domid); /* or NULL */
struct xenstore_domain *store_domain_make(struct xenstore *, unsigned domid);  /* NULL: no memory */
/* Is there such a domain? Of those that have no ring it is not known here. */
bool store_has_domain(const struct xenstore *, unsigned domid);
/* A right for a domain that there is not is nobody's, for ever. */
void store_mark_unknown(const struct xenstore *, struct perms *);
void store_lacks_memory(const struct xenstore *); /* this computer has no memory; not for a quota */
void store_note(
    const struct xenstore *, unsigned by, uint32_t op, const char *path, const char *value, int error);

#endif
