/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Transactions. Each keeps its own copy of every node that it looked at, made when it did so first; of all others it sees
 * what is in the store. How one ends is in commit.h. Functions that return int give 0 or an errno.
 */
#ifndef SIM_XENSTORE_TRANSACTION_H
#define SIM_XENSTORE_TRANSACTION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/xenstore/tree.h"

struct xenstore_domain;

/* A node that was looked at. */
struct copy {
    char *path;
    struct node *node; /* as the transaction sees it, its children by name only; NULL: there is none */
    struct perms *
        perms_before; /* of a node that was removed, or given others: who could see it before the first of it. Or NULL */
    uint64_t generation; /* of the store's node when the copy was made; 0: there was none */
    uint32_t op;         /* the last change of its own, of XS_WRITE, MKDIR, RM and SET_PERMS; 0: none */
    bool modified;       /* it goes into the store at the end; also by a change of its children's names */
    bool is_told;        /* at the end: its events were sent, and those of the ones before it */
    bool exact;          /* removed with the one above: only watches right on it fire */
};

struct transaction {
    struct transaction *next;
    uint32_t id;
    struct copy **copies; /* in the order in which they were made */
    uint32_t *sorted;     /* numbers of copies, by path */
    size_t copies_count, copies_room, sorted_room;
    int64_t made; /* nodes created and not removed again */
    /* Its domain's nodes are counted at the end if both: that number was touched, if only by other permissions for one, and
     * there was an attempt to make one. */
    bool counted, tried_to_make;
    bool failed; /* memory ran out inside it: it can't be committed */
    bool spoilt; /* there was no room for something in it: xenstored then says ENOMEM at the end */
};

int transaction_start(struct xenstore_domain *, uint32_t *id);
struct transaction *transaction_find(const struct xenstore_domain *, uint32_t id);
void transaction_free(struct transaction *);
void transaction_drop_all(struct xenstore_domain *);
/* Its copy of the node at this path, which is made if there is none. limited: the domain's quota of nodes looked at holds. */
int transaction_look(
    struct transaction *, const struct tree *, const char *path, bool limited, struct copy **copy);
/* The copy that there is, or NULL. */
struct copy *transaction_copy(const struct transaction *, const char *path);

#endif
