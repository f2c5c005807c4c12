/* SPDX-License-Identifier: BSD-2-Clause */
/* The copies of nodes that a transaction has made. */
#include "sim/xenstore/transaction.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/array.h"
#include "sim/xenstore/quota.h"
#include "sim/xenstore/store.h"

static void copy_free(struct copy *copy)
{
    free(copy->path);
    node_release(copy->node);
    perms_release(copy->perms_before);
    free(copy);
}

void transaction_free(struct transaction *t)
{
    for (size_t i = 0; i < t->copies_count; i++)
        copy_free(t->copies[i]);
    free(t->copies);
    free(t->sorted);
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

int transaction_start(struct xenstore_domain *domain, uint32_t *id)
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
    t->next = domain->transactions;
    domain->transactions = t;
    domain->transactions_count++;
    return 0;
}

/* Where path is, or would be, among the copies sorted by path. */
static size_t sorted_place(const struct transaction *t, const char *path, bool *found)
{
    size_t low = 0, high = t->copies_count;

    *found = false;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = strcmp(t->copies[t->sorted[middle]]->path, path);

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

struct copy *transaction_copy(const struct transaction *t, const char *path)
{
    bool found;
    size_t place = sorted_place(t, path, &found);

    return found ? t->copies[t->sorted[place]] : NULL;
}

/* NULL: no memory. */
static struct copy *copy_new(const char *path, const struct node *node)
{
    struct copy *copy = calloc(1, sizeof(*copy));

    if (copy == NULL)
        return NULL;
    copy->path = strdup(path);
    copy->node = node == NULL ? NULL : node_copy(node);
    copy->generation = node == NULL ? 0 : node->generation;
    if (copy->path != NULL && (node == NULL || copy->node != NULL))
        return copy;
    copy_free(copy);
    return NULL;
}

int transaction_look(
    struct transaction *t, const struct tree *tree, const char *path, bool limited, struct copy **copy)
{
    bool found;
    size_t place = sorted_place(t, path, &found);

    if (found) {
        *copy = t->copies[t->sorted[place]];
        return 0;
    }
    if (limited && t->copies_count >= QUOTA_TRANSACTION_NODES)
        return ENOSPC;
    if (!ARRAY_ONE_MORE(t->copies, t->copies_room, t->copies_count) ||
        !ARRAY_ONE_MORE(t->sorted, t->sorted_room, t->copies_count))
        return ENOMEM;
    *copy = copy_new(path, tree_find(tree, path));
    if (*copy == NULL)
        return ENOMEM;
    memmove(&t->sorted[place + 1], &t->sorted[place], (t->copies_count - place) * sizeof(t->sorted[0]));
    t->sorted[place] = (uint32_t)t->copies_count;
    t->copies[t->copies_count++] = *copy;
    assert(t->copies_count <= t->copies_room);
    return 0;
}
