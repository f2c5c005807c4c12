/* SPDX-License-Identifier: BSD-2-Clause */
/* What a transaction sees, has looked at and has changed. */
#include "sim/xenstore/transaction.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/array.h"
#include "sim/xenstore/quota.h"
#include "sim/xenstore/store.h"

static void change_free(struct change *change)
{
    free(change->path);
    free(change->value);
    perms_release(change->perms);
    free(change);
}

void transaction_free(struct transaction *t)
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

/* Where path is, or would be, in the sorted list of paths seen. */
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
    if (!ARRAY_ONE_MORE(t->seen, t->seen_room, t->seen_count))
        return ENOMEM;
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
