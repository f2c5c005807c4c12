/* SPDX-License-Identifier: BSD-2-Clause */
/* The checks that are the same inside a transaction and outside. dom0 has no quota. */
#include "sim/xenstore/limits.h"

#include <errno.h>
#include <stdint.h>

#include "sim/xenstore/path.h"
#include "sim/xenstore/quota.h"
#include "sim/xenstore/request.h"
#include "sim/xenstore/store.h"
#include "sim/xenstore/tree.h"

int limits_count(const struct asker *a, size_t new_nodes)
{
    const size_t nodes = a->domain->nodes;

    if (a->privileged)
        return 0;
    /* What a transaction makes is counted when it ends. */
    return nodes + (a->transaction != NULL ? 1 : new_nodes) > QUOTA_NODES ? ENOSPC : 0;
}

int limits_new_nodes(const struct asker *a, const struct node *above, const char *rest, size_t value_bytes)
{
    const char *at = rest, *name;
    size_t bytes;
    uint32_t perms = above->perms->count;
    size_t entry = node_entry_bytes(perms, above->value_bytes, above->children_bytes);

    if (a->privileged)
        return 0;
    while ((bytes = path_component(&at, &name)) > 0) {
        if (entry + bytes + 1 >= QUOTA_ENTRY_BYTES)
            return ENOSPC;
        entry = node_entry_bytes(perms, 0, 0);
    }
    return entry + value_bytes >= QUOTA_ENTRY_BYTES ? ENOSPC : 0;
}

int limits_value(const struct asker *a, const struct node *node, size_t value_bytes)
{
    const size_t entry = node_entry_bytes(node->perms->count, value_bytes, node->children_bytes);

    return !a->privileged && entry >= QUOTA_ENTRY_BYTES ? ENOSPC : 0;
}

int limits_perms(const struct asker *a, const struct node *node, const struct perms *perms)
{
    if (a->privileged)
        return 0;
    if (perms->list[0].domid != node->perms->list[0].domid)
        return EPERM;
    return node_entry_bytes(perms->count, node->value_bytes, node->children_bytes) >= QUOTA_ENTRY_BYTES
               ? ENOSPC
               : 0;
}

struct perms *limits_inherited(const struct asker *a, const struct node *parent)
{
    return perms_owned_by(parent->perms, a->privileged ? parent->perms->list[0].domid : a->domain->domid);
}
