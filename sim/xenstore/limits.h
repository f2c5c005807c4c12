/* SPDX-License-Identifier: BSD-2-Clause */
/* Rights and quotas of who asks: may it do so, and is there room for what it would make? */
#ifndef SIM_XENSTORE_LIMITS_H
#define SIM_XENSTORE_LIMITS_H

#include <stdbool.h>
#include <stddef.h>

struct asker;
struct node;
struct perms;

/* May the domain have so many nodes more? 0 or ENOSPC. */
int limits_count(const struct asker *, size_t new_nodes);
/* Is there room for what the nodes hold that `rest` of a path names below this one, the last of them with so long a value? 0 or ENOSPC. */
int limits_new_nodes(const struct asker *, const struct node *above, const char *rest, size_t value_bytes);
/* For so long a value in a node: 0 or ENOSPC. */
int limits_value(const struct asker *, const struct node *, size_t value_bytes);
/* For other permissions of a node: 0, EPERM (its owner can't give it away) or ENOSPC. */
int limits_perms(const struct asker *, const struct node *, const struct perms *);
/* The permissions of a node that is made below this one; an unprivileged domain owns what it makes. NULL: no memory. */
struct perms *limits_inherited(const struct asker *, const struct node *parent);

#endif
