/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Domains are introduced, shut down and die. Of each, those hear that watch @introduceDomain or @releaseDomain and may. A dead
 * domain's nodes go with it, and rights that it was given are nobody's, also when another domain gets its number.
 */
#include "sim/xenstore/lifetime.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <xen/io/xs_wire.h>

#include "sim/xenstore/path.h"
#include "sim/xenstore/perms.h"
#include "sim/xenstore/request.h"
#include "sim/xenstore/ring.h"
#include "sim/xenstore/store.h"
#include "sim/xenstore/transaction.h"
#include "sim/xenstore/watch.h"
#include "sim/xenstore/xenstore.h"

static const char *const paths[] = {
    [LIFETIME_BEGINS] = "@introduceDomain", [LIFETIME_ENDS] = "@releaseDomain"};

static unsigned number_of(const char *path)
{
    unsigned which = 0;

    while (which < LIFETIME_PATHS && strcmp(paths[which], path) != 0)
        which++;
    return which;
}

bool lifetime_is_path(const char *path)
{
    return number_of(path) < LIFETIME_PATHS;
}

bool lifetime_begin(struct xenstore *xs)
{
    xs->dom0s = perms_new(1);
    if (xs->dom0s != NULL)
        lifetime_reset(xs);
    return xs->dom0s != NULL;
}

void lifetime_reset(struct xenstore *xs)
{
    for (unsigned which = 0; which < LIFETIME_PATHS; which++)
        lifetime_permit(xs, paths[which], xs->dom0s);
}

void lifetime_end(struct xenstore *xs)
{
    for (unsigned which = 0; which < LIFETIME_PATHS; which++)
        perms_release(xs->lifetime_perms[which]);
    perms_release(xs->dom0s);
}

void lifetime_permit(struct xenstore *xs, const char *path, const struct perms *perms)
{
    const unsigned which = number_of(path);

    assert(which < LIFETIME_PATHS);
    perms_release(xs->lifetime_perms[which]);
    xs->lifetime_perms[which] = perms_share(perms);
}

static void tell(struct xenstore *xs, unsigned which)
{
    watch_fire_special(xs, paths[which], xs->lifetime_perms[which]);
    ring_flush_all(xs);
}

bool xenstore_introduce(struct xenstore *xs, unsigned domid, struct xenstore_domain_interface *ring)
{
    struct xenstore_domain *domain;

    assert(ring != NULL);
    assert(domid != 0 && domid < DOMIDS);
    domain = store_domain_make(xs, domid);
    if (domain == NULL)
        return false;
    const bool is_new = domain->ring == NULL;
    ring_forget(xs, domain);
    domain->ring = ring;
    domain->broken = false;
    domain->next_transaction = 0;
    domain->ring->server_features = 0; /* xenstored 4.17 names none */
    domain->ring->connection = XENSTORE_CONNECTED;
    domain->ring->error = XENSTORE_ERROR_NONE;
    if (is_new)
        tell(xs, LIFETIME_BEGINS);
    return true;
}

void xenstore_release(struct xenstore *xs, unsigned domid)
{
    struct xenstore_domain *domain = store_domain(xs, domid);

    if (domain == NULL)
        return;
    ring_forget(xs, domain);
    domain->ring = NULL;
    domain->broken = false;
}

void xenstore_shut_down(struct xenstore *xs, unsigned domid)
{
    const struct xenstore_domain *domain = store_domain(xs, domid);

    if (domain != NULL && domain->ring != NULL)
        tell(xs, LIFETIME_ENDS);
}

/* Removes what it owns, and what is below that. False: no memory. */
static bool remove_owned(const struct asker *a, const struct node *node, char path[PATH_ROOM])
{
    const size_t bytes = strlen(path), name_at = bytes > 1 ? bytes + 1 : 1;
    const uint32_t count = node->children_count;
    bool ok;
    struct node **children = node_ordered(node, &ok);

    for (uint32_t i = 0; i < count && ok; i++) {
        assert(name_at + children[i]->name_bytes < PATH_ROOM);
        path[name_at - 1] = '/';
        memcpy(path + name_at, children[i]->name, children[i]->name_bytes + 1u);
        if (children[i]->perms->list[0].domid != a->domain->domid)
            ok = remove_owned(a, children[i], path);
        else
            ok = request_remove(a, path) == 0;
        path[bytes] = '\0';
    }
    node_ordered_end(children, children != NULL ? count : 0);
    return ok;
}

static void disown(const struct node *node, unsigned domid)
{
    perms_disown(node->perms, domid);
    for (uint32_t i = 0; i < node->children_count; i++)
        disown(node->children[i], domid);
}

static void disown_copies(const struct xenstore_domain *domain, unsigned domid)
{
    for (const struct transaction *t = domain->transactions; t != NULL; t = t->next)
        for (size_t i = 0; i < t->copies_count; i++)
            if (t->copies[i]->node != NULL)
                perms_disown(t->copies[i]->node->perms, domid);
}

void xenstore_bury(struct xenstore *xs, unsigned domid)
{
    struct xenstore_domain *domain = store_domain(xs, domid);
    const struct asker asker = {.xs = xs, .domain = domain, .privileged = true};
    char path[PATH_ROOM] = "/";

    if (domain == NULL)
        return;
    assert(domid != 0 && domain->ring == NULL && domain->transactions == NULL);
    if (domain->nodes > 0 && !remove_owned(&asker, xs->tree.root, path))
        store_lacks_memory(xs);
    disown(xs->tree.root, domid);
    for (size_t i = 0; i < xs->domains_room; i++)
        if (xs->domains[i] != NULL)
            disown_copies(xs->domains[i], domid);
    domain->nodes = 0; /* a root that it owned stays, and is dom0's */
    for (unsigned which = 0; which < LIFETIME_PATHS; which++)
        perms_disown(xs->lifetime_perms[which], domid);
    tell(xs, LIFETIME_ENDS);
}
