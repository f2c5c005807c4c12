/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What xenstore's files share among themselves: nodes, watches, transactions, a domain's connection.
 * Nobody outside sim/xenstore*.c includes it.
 *
 * The tree is persistent: nodes are counted, a transaction holds the root it began with, and a node that
 * two trees share is copied before it is changed. So a transaction costs nothing until it writes.
 */
#ifndef SIM_XENSTORE_XENSTORE_INTERNAL_H
#define SIM_XENSTORE_XENSTORE_INTERNAL_H

#include "sim/xenstore/xenstore.h"

#include <errno.h>
#include <xen/io/xs_wire.h>

/*
 * Quotas: the defaults of Xen 4.17's xenstored (tools/xenstore/xenstored_core.c). dom0 has none.
 * Where it compares with `>` one more than the number is let through; so do we.
 */
#define QUOTA_NODES             1000u /* owned by a domain: ENOSPC */
#define QUOTA_ENTRY_BYTES       2048u /* a node with its permissions and its children's names: ENOSPC */
#define QUOTA_WATCHES           128u  /* `>`: E2BIG */
#define QUOTA_TRANSACTIONS      10u   /* `>`: ENOSPC */
#define QUOTA_TRANSACTION_NODES 1024u /* looked at in one transaction: ENOSPC */
#define QUOTA_PERMS             5u    /* of one node: ENOSPC */
#define QUOTA_OUTSTANDING       20u   /* answers not yet in the ring; no further request is read meanwhile */
#define QUOTA_QUEUE_BYTES       (256u << 10) /* ours, in place of its memory quota: events past it are lost */

#define DOMIDS    0x7ff0u /* DOMID_FIRST_RESERVED */
#define PATH_ROOM (XENSTORE_ABS_PATH_MAX + 1)

/* ---- permissions (xenstore_perms.c) ---- */

enum { ACCESS_READ = 1, ACCESS_WRITE = 2, ACCESS_OWNER = 4 };

struct perm {
    unsigned domid;
    unsigned access; /* of ACCESS_READ and ACCESS_WRITE */
};

/* The first one names the owner, and what those may do whom no other one names. */
struct perms {
    uint32_t refs;  /* nodes below one another mostly have the same: they share it, and nobody changes it */
    uint32_t count; /* at least 1 */
    struct perm list[];
};

struct perms *perms_new(uint32_t count);
struct perms *perms_share(const struct perms *);
void perms_release(struct perms *);
/* The same for another owner: shared if that changes nothing. NULL: no memory. */
struct perms *perms_owned_by(const struct perms *, unsigned domid);
unsigned perms_access(const struct perms *, unsigned domid);
/* Strings like `n0` `r5`, each with its NUL. NULL with *error EINVAL or ENOMEM. */
struct perms *perms_parse(const char *strings, size_t bytes, int *error);
size_t perms_print(const struct perms *, char *out, size_t room); /* bytes, 0: no room */
unsigned perms_letter_access(char letter, bool *ok);

/* ---- paths (xenstore_path.c) ---- */

/* Absolute and checked, into out; a relative one stands below the domain's own path. 0 or EINVAL. */
int path_resolve(char out[PATH_ROOM], unsigned domid, const char *path);
bool path_is_special(const char *path); /* @introduceDomain … */
/* The next component at *at, moved on past it; 0 bytes: there is none. */
size_t path_component(const char **at, const char **name);
size_t path_parent_bytes(const char *path); /* "/a/b" -> 2, "/a" -> 1; not for "/" */

/* ---- the tree (xenstore_tree.c) ---- */

struct node {
    uint32_t refs; /* trees and parents that hold it */
    uint32_t name_bytes;
    uint64_t generation; /* renewed by each change of value, permissions or set of children */
    uint64_t birth;      /* listings stand in the order of making */
    struct perms *perms;
    char *value; /* always followed by a NUL; NULL: empty */
    uint32_t value_bytes;
    uint32_t children_count, children_room;
    uint32_t children_bytes; /* names with their NULs */
    struct node **children;  /* sorted by name */
    char name[];
};

struct tree {
    struct node *root;
    uint64_t *clock; /* source of generations and births */
};

bool tree_begin(struct tree *, uint64_t *clock); /* just a root, n0 */
void tree_end(struct tree *);
void tree_clear(struct tree *);             /* back to just a root; nobody shares it */
struct tree tree_fork(const struct tree *); /* shares everything */
const struct node *tree_find(const struct tree *, const char *path);
/* The deepest node there is on the way to path, and how much of path it is. */
const struct node *tree_nearest(const struct tree *, const char *path, size_t *bytes);
/* The same, made this tree's own, so that it may be changed. NULL: no memory (it exists). */
struct node *tree_own(struct tree *, const char *path, size_t bytes);
/* A child of a node that is this tree's own; perms are taken over, also when it fails. */
struct node *tree_make_child(
    struct tree *, struct node *parent, const char *name, size_t bytes, struct perms *);
void tree_drop_child(struct tree *, struct node *parent, const char *name, size_t bytes);
bool node_set_value(struct tree *, struct node *, const void *value, size_t bytes);
void node_set_perms(struct tree *, struct node *, struct perms *);
const char *node_value(const struct node *);
size_t node_entry_bytes(uint32_t perms, size_t value_bytes, size_t children_bytes);
/* Its children in the order they were made; the caller frees. NULL: none, or no memory (*ok false). */
const struct node **node_ordered(const struct node *, bool *ok);
size_t node_directory(const struct node *, char *out, size_t room); /* bytes needed */

/* ---- watches (xenstore_watch.c) ---- */

struct watch {
    unsigned domid;
    uint64_t order; /* of registration */
    uint32_t skip;  /* bytes that a relative watch leaves off when it reports */
    char *token;
    char path[];
};

struct watches {
    struct watch **list; /* sorted by path, then order */
    struct watch **hit;  /* as much room again: those that one change concerns */
    size_t count, room;
};

/* ---- transactions (xenstore_transaction.c) ---- */

struct change { /* one that a transaction made, to be done again when it ends */
    struct change *next;
    uint32_t op; /* XS_WRITE, MKDIR, RM, SET_PERMS */
    char *path;
    char *value;
    size_t bytes;
    struct perms *perms;
};

struct transaction {
    struct transaction *next;
    uint32_t id;
    struct tree base, tree; /* as it was when it began; as this transaction sees it */
    char **seen;            /* paths looked at or changed, sorted */
    size_t seen_count, seen_room;
    uint32_t made; /* nodes created, for the quota */
    bool failed;   /* memory ran out inside it: it can't be committed */
    struct change *first, **last;
};

/* ---- domains ---- */

struct message { /* on its way to the guest: head and body */
    struct message *next;
    uint32_t bytes, sent;
    bool is_event;
    char data[];
};

struct xenstore_domain {
    unsigned domid;
    uint64_t order;                                  /* of introduction */
    volatile struct xenstore_domain_interface *ring; /* NULL: not introduced */
    bool broken;                                     /* it violated the protocol: not served any more */
    uint32_t nodes, watches, transactions_count, next_transaction;
    struct transaction *transactions;
    uint32_t in_bytes; /* of the message that is being read, head included */
    struct xsd_sockmsg in_head;
    char in_body[XENSTORE_PAYLOAD_MAX + 1];
    struct message *out_first, **out_last;
    uint32_t answers_queued;
    uint64_t queue_bytes;
    bool waits; /* in the list of those that have something to flush */
    struct xenstore_domain *next_waiting;
};

struct xenstore {
    struct xenstore_ops ops;
    uint64_t clock;
    struct tree tree;
    struct watches watches;
    struct xenstore_domain **domains; /* by domid; NULL where nothing is known */
    size_t domains_room;
    struct xenstore_domain *waiting_first, **waiting_last;
};

struct xenstore_domain *xenstore_domain(const struct xenstore *, unsigned domid); /* or NULL */
struct xenstore_domain *xenstore_domain_make(struct xenstore *, unsigned domid);  /* NULL: no memory */
/* Watches, transactions and what is queued go. */
void xenstore_domain_clear(struct xenstore *, struct xenstore_domain *);
void xenstore_lacks_memory(const struct xenstore *); /* the computer's, not a quota */
void xenstore_note(
    const struct xenstore *, unsigned by, uint32_t op, const char *path, const char *value, int error);

int watch_add(struct xenstore *, struct xenstore_domain *, const char *given, const char *token);
int watch_remove(struct xenstore *, struct xenstore_domain *, const char *given, const char *token);
void watch_fire_first(struct xenstore *, struct xenstore_domain *, const char *given, const char *token);
void watch_remove_all(struct xenstore *, struct xenstore_domain *);
void watches_free(struct watches *);
/* A change at path as it is seen in tree. exact: only watches on the path itself, not above it. */
void watch_fire(struct xenstore *, const struct tree *, const char *path, bool exact);

/* Who asks, and in which tree it looks. */
struct asker {
    struct xenstore *xs;
    struct xenstore_domain *domain;
    struct transaction *transaction; /* NULL: outside of any */
    struct tree *tree;               /* the transaction's, or the store's */
    bool privileged;                 /* dom0: may do everything, has no quota */
    bool allowed;                    /* a commit: each change was judged when it was asked */
};

/* Requests (xenstore_request.c). Paths are resolved. 0 or an errno; the good ones are noted and fired. */
int request_find(const struct asker *, const char *path, unsigned access, const struct node **);
int request_write(const struct asker *, const char *path, const char *value, size_t bytes); /* a NUL behind */
int request_mkdir(const struct asker *, const char *path);
int request_remove(const struct asker *, const char *path);
int request_set_perms(const struct asker *, const char *path, const struct perms *);

int transaction_start(struct xenstore *, struct xenstore_domain *, uint32_t *id);
int transaction_end(struct xenstore *, struct xenstore_domain *, uint32_t id, bool commit);
struct transaction *transaction_find(const struct xenstore_domain *, uint32_t id);
void transaction_drop_all(struct xenstore_domain *);
int transaction_saw(struct transaction *, const char *path, bool limited);
int transaction_log(struct transaction *, uint32_t op, const char *path, const void *value, size_t bytes,
    const struct perms *);

/* A whole message from a domain (xenstore_dispatch.c); answers go to its queue. */
void dispatch(struct xenstore *, struct xenstore_domain *, const struct xsd_sockmsg *, char *body);

/* The queue towards a domain (xenstore_ring.c). False: no memory, or past the quota. */
bool queue_message(struct xenstore *, struct xenstore_domain *, const struct xsd_sockmsg *, const void *body);
void queue_event(struct xenstore *, struct xenstore_domain *, const char *path, const char *token);
void queue_clear(struct xenstore_domain *);
/* What is queued goes into the rings of all domains that wait, as far as there is room. */
void queues_flush(struct xenstore *);

#endif
