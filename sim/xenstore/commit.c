/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commits a transaction: puts the nodes that it modified into the store, all or none. None are if one that it looked at was
 * changed, replaced, made or removed meanwhile.
 */
#include "sim/xenstore/commit.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <xen/io/xs_wire.h>

#include "sim/xenstore/path.h"
#include "sim/xenstore/quota.h"
#include "sim/xenstore/store.h"
#include "sim/xenstore/transaction.h"

/* Is everything that was looked at still as it was then? */
static bool is_current(const struct xenstore *xs, const struct transaction *t)
{
    for (size_t i = 0; i < t->copies_count; i++) {
        const struct node *now = tree_find(&xs->tree, t->copies[i]->path);

        if (t->copies[i]->generation != (now == NULL ? 0 : now->generation))
            return false;
    }
    return true;
}

static void count(struct xenstore *xs, unsigned owner, int change)
{
    struct xenstore_domain *domain = store_domain_make(xs, owner);

    assert(domain == NULL || change > 0 || domain->nodes > 0);
    if (domain != NULL)
        domain->nodes += (uint32_t)change;
}

static void count_nodes(struct xenstore *xs, const struct node *node, int change)
{
    count(xs, node->perms->list[0].domid, change);
    for (uint32_t i = 0; i < node->children_count; i++)
        count_nodes(xs, node->children[i], change);
}

/* Goes back to the tree as it was before, and to its counts of nodes. */
static void undo(struct xenstore *xs, const struct tree *before)
{
    tree_end(&xs->tree);
    xs->tree = *before;
    for (size_t i = 0; i < xs->domains_room; i++)
        if (xs->domains[i] != NULL)
            xs->domains[i]->nodes = 0;
    count_nodes(xs, xs->tree.root, 1);
}

/* The node above, not shared with another tree. NULL: no memory. */
static struct node *own_parent(struct xenstore *xs, const char *path)
{
    return tree_own(&xs->tree, path, path_parent_bytes(path));
}

static int drop(struct xenstore *xs, const struct copy *copy)
{
    const struct node *node = tree_find(&xs->tree, copy->path);
    const char *name = strrchr(copy->path, '/') + 1;
    struct node *parent;

    if (node == NULL)
        return 0; /* it went with the one above it, or never was */
    count_nodes(xs, node, -1);
    parent = own_parent(xs, copy->path);
    if (parent == NULL)
        return ENOMEM;
    tree_drop_child(&xs->tree, parent, name, strlen(name));
    return 0;
}

/* A node that the transaction made; its place among its siblings is the one it has there. */
static int make(struct xenstore *xs, const struct copy *copy)
{
    const char *name = strrchr(copy->path, '/') + 1;
    struct node *parent = own_parent(xs, copy->path), *child;

    if (parent == NULL)
        return ENOMEM;
    child = tree_make_child(&xs->tree, parent, name, strlen(name), perms_share(copy->node->perms));
    if (child == NULL)
        return ENOMEM;
    child->birth = copy->node->birth;
    count(xs, child->perms->list[0].domid, 1);
    return 0;
}

static int put(struct xenstore *xs, const struct copy *copy)
{
    const size_t bytes = strlen(copy->path);
    const struct node *there = tree_find(&xs->tree, copy->path);
    struct node *node;
    int error = 0;

    if (copy->node == NULL)
        return drop(xs, copy);
    if (there == NULL)
        error = make(xs, copy);
    node = error == 0 ? tree_own(&xs->tree, copy->path, bytes) : NULL;
    if (node == NULL || !node_set_value(&xs->tree, node, copy->node->value, copy->node->value_bytes))
        return ENOMEM;
    node->birth = copy->node->birth; /* one that was removed and made again comes last */
    if (node->perms != copy->node->perms) {
        count(xs, node->perms->list[0].domid, -1);
        node_set_perms(&xs->tree, node, perms_share(copy->node->perms));
        count(xs, node->perms->list[0].domid, 1);
    }
    return 0;
}

/* Those of the node above, as xenstored finds them when it has put the nodes in up to this one. */
static const struct perms *perms_above(
    const struct xenstore *xs, const struct tree *before, const struct transaction *t, const char *path)
{
    char above[PATH_ROOM];
    const struct copy *copy;
    size_t bytes;

    if (path[1] == '\0')
        return NULL;
    bytes = path_parent_bytes(path);
    memcpy(above, path, bytes);
    above[bytes] = '\0';
    copy = transaction_copy(t, above);
    const struct node *node = tree_find(copy == NULL || copy->is_told ? &xs->tree : before, above);
    return node == NULL ? NULL : node->perms;
}

/* Records a change that was asked for, and fires its watches. */
static void tell(struct xenstore *xs, const struct tree *before, const struct transaction *t, unsigned by,
    const struct copy *copy)
{
    char text[XENSTORE_PAYLOAD_MAX] = "";
    const struct node *node = copy->node;

    if (node == NULL && copy->generation == 0)
        return; /* made and removed again */
    if (copy->op == XS_SET_PERMS)
        perms_print(node->perms, text, sizeof(text));
    store_note(xs, by, copy->op, copy->path,
        copy->op == XS_WRITE       ? node_value(node)
        : copy->op == XS_SET_PERMS ? text
                                   : "",
        0);
    if (copy->perms_before != NULL)
        watch_fire_to(xs, copy->path, copy->exact, copy->perms_before, NULL);
    if (node != NULL)
        watch_fire_to(xs, copy->path, copy->exact, node->perms, perms_above(xs, before, t, copy->path));
}

/* Parents in front of their children, and a node that is replaced goes before it comes. */
static int by_path(const void *a, const void *b)
{
    const struct copy *const *x = a, *const *y = b;

    return strcmp((*x)->path, (*y)->path);
}

static int put_all(struct xenstore *xs, const struct transaction *t)
{
    int error = 0;

    if (t->copies_count == 0)
        return 0;
    struct copy **sorted = malloc(t->copies_count * sizeof(sorted[0]));
    if (sorted == NULL)
        return ENOMEM;
    memcpy(sorted, t->copies, t->copies_count * sizeof(sorted[0]));
    qsort(sorted, t->copies_count, sizeof(sorted[0]), by_path);
    for (size_t i = 0; i < t->copies_count && error == 0; i++)
        if (sorted[i]->modified)
            error = put(xs, sorted[i]);
    free(sorted);
    return error;
}

static int commit(struct xenstore *xs, const struct xenstore_domain *domain, struct transaction *t)
{
    struct tree before;
    int error;

    if (t->failed || t->spoilt)
        return FAILED_BEFORE;
    if (domain->domid != 0 && t->tried_to_make && t->counted &&
        (int64_t)domain->nodes + t->made >= (int64_t)QUOTA_NODES)
        return ENOSPC;
    if (!is_current(xs, t))
        return EAGAIN;
    before = tree_fork(&xs->tree);
    error = put_all(xs, t);
    if (error != 0) {
        undo(xs, &before);
        return error;
    }
    for (size_t i = 0; i < t->copies_count; i++) {
        t->copies[i]->is_told = true;
        if (t->copies[i]->op != 0)
            tell(xs, &before, t, domain->domid, t->copies[i]);
    }
    tree_end(&before);
    return 0;
}

int commit_transaction(struct xenstore *xs, struct xenstore_domain *domain, uint32_t id, bool keep)
{
    struct transaction **link = &domain->transactions, *t;
    int error = 0;

    while (*link != NULL && (*link)->id != id)
        link = &(*link)->next;
    t = *link;
    if (t == NULL)
        return ENOENT;
    assert(domain->transactions_count > 0);
    *link = t->next;
    domain->transactions_count--;
    if (keep)
        error = commit(xs, domain, t);
    transaction_free(t);
    return error;
}
