/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Transactions. Each has its own view of the tree, a list of what it looked at, and a log of what it changed.
 * How one ends is in commit.h. Functions that return int give 0 or an errno.
 */
#ifndef SIM_XENSTORE_TRANSACTION_H
#define SIM_XENSTORE_TRANSACTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/xenstore/tree.h"

struct xenstore;
struct xenstore_domain;

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
    struct tree base, tree; /* as it was at the beginning; as the transaction sees it now */
    char **seen;            /* paths looked at or changed, sorted */
    size_t seen_count, seen_room;
    uint32_t made; /* nodes created, for the quota */
    bool failed;   /* memory ran out inside it: it can't be committed */
    struct change *first, **last;
};

int transaction_start(struct xenstore *, struct xenstore_domain *, uint32_t *id);
struct transaction *transaction_find(const struct xenstore_domain *, uint32_t id);
void transaction_free(struct transaction *);
void transaction_drop_all(struct xenstore_domain *);
/* Notes that it looked at that path. limited: the domain's quota of nodes looked at holds. */
int transaction_saw(struct transaction *, const char *path, bool limited);
/* Notes that it changed that path: op is XS_WRITE, XS_MKDIR, XS_RM or XS_SET_PERMS. */
int transaction_log(struct transaction *, uint32_t op, const char *path, const void *value, size_t bytes,
    const struct perms *);

#endif
