/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commits a transaction: makes the changes of its log in the store, all or none. None are made if a node that the
 * transaction looked at was changed, replaced or removed meanwhile.
 */
#include "sim/xenstore/commit.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <xen/io/xs_wire.h>

#include "sim/xenstore/request.h"
#include "sim/xenstore/store.h"
#include "sim/xenstore/transaction.h"

/* Is everything that was looked at still as it was when the transaction began? */
static bool is_current(const struct xenstore *xs, const struct transaction *t)
{
    for (size_t i = 0; i < t->seen_count; i++) {
        const struct node *then = tree_find(&t->base, t->seen[i]);
        const struct node *now = tree_find(&xs->tree, t->seen[i]);

        if ((then == NULL) != (now == NULL))
            return false;
        if (then != NULL && then->generation != now->generation)
            return false;
    }
    return true;
}

static void count_nodes(struct xenstore *xs, const struct node *node)
{
    struct xenstore_domain *owner = store_domain(xs, node->perms->list[0].domid);

    if (owner != NULL)
        owner->nodes++;
    for (uint32_t i = 0; i < node->children_count; i++)
        count_nodes(xs, node->children[i]);
}

/* Goes back to the tree as it was before, and to its counts of nodes. */
static void undo(struct xenstore *xs, const struct tree *before)
{
    tree_end(&xs->tree);
    xs->tree = *before;
    for (size_t i = 0; i < xs->domains_room; i++)
        if (xs->domains[i] != NULL)
            xs->domains[i]->nodes = 0;
    count_nodes(xs, xs->tree.root);
}

static int redo(const struct asker *asker, const struct change *change)
{
    switch (change->op) {
    case XS_WRITE:
        return request_write(asker, change->path, change->value, change->bytes);
    case XS_MKDIR:
        return request_mkdir(asker, change->path);
    case XS_RM:
        return request_remove(asker, change->path);
    default:
        assert(change->op == XS_SET_PERMS);
        return request_set_perms(asker, change->path, change->perms);
    }
}

static int commit(struct xenstore *xs, struct xenstore_domain *domain, const struct transaction *t)
{
    const struct asker asker = {
        .xs = xs, .domain = domain, .tree = &xs->tree, .allowed = true, .privileged = domain->domid == 0};
    struct tree before;
    int error = 0;

    if (t->failed)
        return ENOMEM;
    if (!is_current(xs, t))
        return EAGAIN;
    before = tree_fork(&xs->tree);
    for (const struct change *c = t->first; c != NULL && error == 0; c = c->next)
        error = redo(&asker, c);
    if (error != 0)
        undo(xs, &before);
    else
        tree_end(&before);
    return error;
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
