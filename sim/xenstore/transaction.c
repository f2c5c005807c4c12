/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Transactions: a view of its own, a list of what was looked at, and a log of what was changed. At its end
 * the log is done again on the store, unless somebody changed meanwhile what it had looked at: EAGAIN.
 */
#include "sim/xenstore/xenstore_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static void change_free(struct change *change)
{
    free(change->path);
    free(change->value);
    perms_release(change->perms);
    free(change);
}

static void transaction_free(struct transaction *t)
{
    while (t->first != NULL) {
        struct change *change = t->first;

        t->first = change->next;
        change_free(change);
    }
    for (size_t i = 0; i < t->seen_count; i++)
        free(t->seen[i]);
    free(t->seen);
    tree_end(&t->tree);
    tree_end(&t->base);
    free(t);
}

struct transaction *transaction_find(const struct xenstore_domain *domain, uint32_t id)
{
    for (struct transaction *t = domain->transactions; t != NULL; t = t->next)
        if (t->id == id)
            return t;
    return NULL;
}

void transaction_drop_all(struct xenstore_domain *domain)
{
    while (domain->transactions != NULL) {
        struct transaction *t = domain->transactions;

        domain->transactions = t->next;
        transaction_free(t);
    }
    domain->transactions_count = 0;
}

int transaction_start(struct xenstore *xs, struct xenstore_domain *domain, uint32_t *id)
{
    struct transaction *t;

    if (domain->domid != 0 && domain->transactions_count > QUOTA_TRANSACTIONS)
        return ENOSPC;
    t = calloc(1, sizeof(*t));
    if (t == NULL)
        return ENOMEM;
    do {
        *id = ++domain->next_transaction;
    } while (*id == 0 || transaction_find(domain, *id) != NULL);
    t->id = *id;
    t->base = tree_fork(&xs->tree);
    t->tree = tree_fork(&xs->tree);
    t->last = &t->first;
    t->next = domain->transactions;
    domain->transactions = t;
    domain->transactions_count++;
    return 0;
}

/* Where path stands in the sorted list of those seen. */
static size_t seen_place(const struct transaction *t, const char *path, bool *found)
{
    size_t low = 0, high = t->seen_count;

    *found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(t->seen[middle], path);

        if (order == 0) {
            *found = true;
            return middle;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

int transaction_saw(struct transaction *t, const char *path, bool limited)
{
    bool found;
    size_t place = seen_place(t, path, &found);
    char *copy;

    if (found)
        return 0;
    if (limited && t->seen_count >= QUOTA_TRANSACTION_NODES)
        return ENOSPC;
    if (t->seen_count == t->seen_room) {
        size_t room = t->seen_room == 0 ? 16 : t->seen_room * 2;
        char **seen = realloc(t->seen, room * sizeof(seen[0]));

        if (seen == NULL)
            return ENOMEM;
        t->seen = seen;
        t->seen_room = room;
    }
    copy = strdup(path);
    if (copy == NULL)
        return ENOMEM;
    memmove(&t->seen[place + 1], &t->seen[place], (t->seen_count - place) * sizeof(t->seen[0]));
    t->seen[place] = copy;
    t->seen_count++;
    assert(t->seen_count <= t->seen_room);
    return 0;
}

int transaction_log(struct transaction *t, uint32_t op, const char *path, const void *value, size_t bytes,
    const struct perms *perms)
{
    struct change *change = calloc(1, sizeof(*change));

    assert(t->last != NULL && *t->last == NULL);
    if (change != NULL) {
        change->op = op;
        change->path = strdup(path);
        change->bytes = bytes;
        change->value = bytes == 0 ? NULL : malloc(bytes + 1);
        change->perms = perms == NULL ? NULL : perms_share(perms);
    }
    if (change == NULL || change->path == NULL || (bytes > 0 && change->value == NULL)) {
        if (change != NULL)
            change_free(change);
        t->failed = true;
        return ENOMEM;
    }
    if (bytes > 0) {
        memcpy(change->value, value, bytes);
        change->value[bytes] = '\0';
    }
    *t->last = change;
    t->last = &change->next;
    return 0;
}

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
    struct xenstore_domain *owner = xenstore_domain(xs, node->perms->list[0].domid);

    if (owner != NULL)
        owner->nodes++;
    for (uint32_t i = 0; i < node->children_count; i++)
        count_nodes(xs, node->children[i]);
}

/* Back to the tree of before, and the counts of nodes with it. */
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

int transaction_end(struct xenstore *xs, struct xenstore_domain *domain, uint32_t id, bool keep)
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
