/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Requests inside a transaction: the same as those of request.h, on the transaction's copies. 0 or an errno; nothing is
 * recorded, and no watch fires before the end.
 */
#ifndef SIM_XENSTORE_INSIDE_H
#define SIM_XENSTORE_INSIDE_H

#include <stddef.h>

struct asker;
struct node;
struct perms;

int inside_find(const struct asker *, const char *path, unsigned access, const struct node **);
int inside_write(const struct asker *, const char *path, const char *value, size_t bytes);
int inside_mkdir(const struct asker *, const char *path);
int inside_remove(const struct asker *, const char *path);
int inside_set_perms(const struct asker *, const char *path, const struct perms *);

#endif
