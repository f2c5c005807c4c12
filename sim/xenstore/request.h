/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What can be asked of the store, or of a transaction. Paths are absolute. Functions return 0 or an errno; what was changed
 * is recorded, and fires its watches: at once, or when the transaction ends.
 */
#ifndef SIM_XENSTORE_REQUEST_H
#define SIM_XENSTORE_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

struct node;
struct perms;
struct transaction;
struct xenstore;
struct xenstore_domain;

/* Who asks. */
struct asker {
    struct xenstore *xs;
    struct xenstore_domain *domain;
    struct transaction *transaction; /* NULL: outside of any */
    bool privileged;                 /* dom0: may do everything, has no quota */
};

int request_find(const struct asker *, const char *path, unsigned access, const struct node **);
int request_write(const struct asker *, const char *path, const char *value, size_t bytes); /* a NUL behind */
int request_mkdir(const struct asker *, const char *path);
int request_remove(const struct asker *, const char *path);
int request_set_perms(const struct asker *, const char *path, const struct perms *);

#endif
