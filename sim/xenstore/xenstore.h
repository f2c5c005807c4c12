/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xenstore: a tree of nodes with owners and permissions, watches, transactions, quota, served to domains
 * over xenstore_domain_interface's ring in xs_wire.h's messages. It knows domids and rings, and nothing of machines.
 * Source of the behaviour: Xen's docs/misc/xenstore.txt and io/xs_wire.h.
 */
#ifndef SIM_XENSTORE_XENSTORE_H
#define SIM_XENSTORE_XENSTORE_H

#include "sim/types.h"

struct xenstore;
struct xenstore_domain_interface;

struct xenstore_ops {
    void *context;
    /* Something was asked or changed: op is one of enum xsd_sockmsg_type, error an errno or 0. */
    void (*record)(void *context, unsigned by, uint32_t op, const char *path, const char *value, int error);
    /* Data or room appeared in the domain's ring: raise its event channel. */
    void (*raise)(void *context, unsigned domid);
    /* Asked before a domain's request: an errno that a scenario's fault wants, or 0. */
    int (*fault)(void *context, unsigned domid, uint32_t op);
    /* A watch event is about to go out. False: it does not, or only later, by xenstore_send_event. */
    bool (*event)(void *context, unsigned domid, const char *path, const char *token);
    /* Asked before each request and each watch event of a domain's: xenstored may stop there, by xenstore_stop. */
    void (*message)(void *context, unsigned domid);
    /* This computer has no memory: the domain is answered as if xenstored had none. */
    void (*no_memory)(void *context);
};

struct xenstore *xenstore_new(const struct xenstore_ops *);
void xenstore_free(struct xenstore *);
void xenstore_reset(struct xenstore *);

/* Writes "/local/domain/N/", which all relative paths of domain N stand below, to out, and returns its length. */
#define XENSTORE_HOME_ROOM 40u
size_t xenstore_home(char out[XENSTORE_HOME_ROOM], unsigned domid);
/* Writes the path of one of domain N's nodes, such as "memory/target", to out, and returns that; "" is its home. */
#define XENSTORE_NODE_ROOM 96u
const char *xenstore_node_path(char out[XENSTORE_NODE_ROOM], unsigned domid, const char *node);
/* A domain's ring is connected, which is told to who watches @introduceDomain and may; or disconnected, which drops its watches
 * and transactions. */
bool xenstore_introduce(struct xenstore *, unsigned domid, struct xenstore_domain_interface *ring);
void xenstore_release(struct xenstore *, unsigned domid);
/* Such a domain has shut down, or suspended, and is served on; or it is dead, after its release: then the nodes that it
 * owned are removed, too, and rights that it had are nobody's. Either is told to who watches @releaseDomain and may. */
void xenstore_shut_down(struct xenstore *, unsigned domid);
void xenstore_bury(struct xenstore *, unsigned domid);
/* The domain raised its event channel: read what it asks, answer it. The ring is the guest's: nothing in
 * it is trusted. A domain that breaks the protocol is no longer served. */
void xenstore_work(struct xenstore *, unsigned domid);
/* False while an answer or a watch event waits to be read by the domain. */
bool xenstore_quiet(const struct xenstore *, unsigned domid);

void xenstore_send_event(
    struct xenstore *, unsigned domid, const char *path, const char *token); /* and asks nobody */
/*
 * xenstored stops: until xenstore_start it reads no request and writes into no ring. When it dies, all domains lose their
 * watches, transactions, answers and events; the nodes are kept. What dom0 does meanwhile changes the nodes at once, though a
 * real dom0 would have to wait. The death takes place when the present request or change is over.
 */
void xenstore_stop(struct xenstore *, bool dies);
void xenstore_start(struct xenstore *);
bool xenstore_stopped(const struct xenstore *);

/* Requests on behalf of domain `by` (0: dom0, who may do everything). 0 or an errno. They fire watches. */
int xenstore_write(struct xenstore *, unsigned by, const char *path, const char *value);
int xenstore_make(struct xenstore *, unsigned by, const char *path);   /* an empty node, if there is none */
int xenstore_remove(struct xenstore *, unsigned by, const char *path); /* with all below it */
/* NULL: no such node, or not allowed. Valid until the next change. */
const char *xenstore_read(const struct xenstore *, unsigned by, const char *path);
/* Writes the names of the nodes right below path, each with its NUL, in the order in which they were made. Returns the
 * bytes that they need; more than room: nothing was written. SIZE_MAX: no such node, or not allowed. */
size_t xenstore_directory(const struct xenstore *, unsigned by, const char *path, char *names, size_t room);
bool xenstore_path_valid(unsigned by, const char *path);
/* Sets a node's owner, and what `other` may do: 'r', 'w', 'b' (both) or 'n'. Nodes made below it inherit that. */
int xenstore_permit(struct xenstore *, const char *path, unsigned owner, unsigned other, char access);

#endif
