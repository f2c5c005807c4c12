/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a request does to the tree: it checks permissions and quotas, makes the change, records it, and fires watches. It
 * is the same for dom0, for a guest and inside a transaction. ring.c and dispatch.c have what comes before.
 */
#include "sim/xenstore/request.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/xenstore/path.h"
#include "sim/xenstore/quota.h"
#include "sim/xenstore/store.h"
#include "sim/xenstore/transaction.h"
#include "sim/xenstore/tree.h"
#include "sim/xenstore/watch.h"

static bool is_limited(const struct asker *a)
{
    return !a->privileged && !a->allowed;
}

static unsigned access_of(const struct asker *a, const struct perms *perms)
{
    return a->allowed ? ACCESS_READ | ACCESS_WRITE | ACCESS_OWNER : perms_access(perms, a->domain->domid);
}

static int saw(const struct asker *a, const char *path)
{
    return a->transaction == NULL ? 0 : transaction_saw(a->transaction, path, is_limited(a));
}

/* Changes the owner's count of nodes. Nodes made in a transaction are counted only when it is committed. */
static void count(const struct asker *a, unsigned owner, int change)
{
    struct xenstore_domain *domain;

    assert(change == 1 || change == -1);
    if (a->transaction != NULL) {
        if (change > 0)
            a->transaction->made++;
        return;
    }
    domain = store_domain_make(a->xs, owner);
    if (domain == NULL)
        return;
    if (change > 0)
        domain->nodes++;
    else if (domain->nodes > 0)
        domain->nodes--;
}

/* After a change that succeeded: inside a transaction it goes into the log, else it is recorded and fires watches. */
static int changed(const struct asker *a, uint32_t op, const char *path, const char *value, size_t bytes)
{
    if (a->transaction != NULL)
        return transaction_log(a->transaction, op, path, value, bytes, NULL);
    store_note(a->xs, a->domain->domid, op, path, bytes == 0 ? "" : value, 0);
    watch_fire(a->xs, a->tree, path, false);
    return 0;
}

static int refused(const struct asker *a, uint32_t op, const char *path, const char *value, int error)
{
    assert(error != 0);
    store_note(a->xs, a->domain->domid, op, path, value, error);
    return error;
}

/* Notes, for a node that is not there, that the transaction looked at those above it, up to one that exists. */
static int saw_above(const struct asker *a, const char *path, size_t nearest_bytes)
{
    char above[PATH_ROOM];
    size_t bytes = strlen(path);
    int error = 0;

    assert(nearest_bytes >= 1 && nearest_bytes <= bytes);
    if (a->transaction == NULL)
        return 0;
    memcpy(above, path, bytes + 1);
    while (error == 0 && bytes > nearest_bytes) {
        bytes = path_parent_bytes(above);
        above[bytes] = '\0';
        error = saw(a, above);
    }
    return error;
}

/* Finds the node, or else the nearest one above it and how many bytes of the path lead to that. */
static int find(
    const struct asker *a, const char *path, unsigned access, const struct node **nearest, size_t *bytes)
{
    int error = saw(a, path);
    unsigned has;

    assert(error != ENOENT); /* only this function decides that there is no such node */
    if (error != 0)
        return error;
    *nearest = tree_nearest(a->tree, path, bytes);
    has = access_of(a, (*nearest)->perms);
    if (path[*bytes] == '\0')
        return (has & access) == access ? 0 : EACCES;
    /* Only a domain that may read the node above learns that a node does not exist. */
    error = saw_above(a, path, *bytes);
    if (error != 0)
        return error;
    return (has & access) != 0 ? ENOENT : EACCES;
}

int request_find(const struct asker *a, const char *path, unsigned access, const struct node **found)
{
    size_t bytes;

    return find(a, path, access, found, &bytes);
}

static int check_new_nodes(
    const struct asker *a, const struct node *above, const char *rest, size_t value_bytes)
{
    const char *at = rest, *name;
    size_t bytes, new_nodes = 0, owned = a->domain->nodes;
    uint32_t perms = above->perms->count;
    size_t entry = node_entry_bytes(perms, above->value_bytes, above->children_bytes);

    if (!is_limited(a))
        return 0;
    if (a->transaction != NULL)
        owned += a->transaction->made;
    while ((bytes = path_component(&at, &name)) > 0) {
        if (entry + bytes + 1 >= QUOTA_ENTRY_BYTES)
            return ENOSPC;
        entry = node_entry_bytes(perms, 0, 0);
        new_nodes++;
    }
    if (entry + value_bytes >= QUOTA_ENTRY_BYTES || owned + new_nodes > QUOTA_NODES)
        return ENOSPC;
    return 0;
}

/* Makes a child with its parent's permissions; an unprivileged domain owns what it makes. */
static struct node *make_child(const struct asker *a, struct node *parent, const char *name, size_t bytes)
{
    unsigned owner = a->privileged ? parent->perms->list[0].domid : a->domain->domid;
    struct perms *perms = perms_owned_by(parent->perms, owner);
    struct node *child;

    child = tree_make_child(a->tree, parent, name, bytes, perms);
    if (child != NULL)
        count(a, child->perms->list[0].domid, 1);
    return child;
}

/* Takes a node that is removed, and all below it, off its owners' counts. */
static void uncount(const struct asker *a, const struct node *node)
{
    for (uint32_t i = 0; i < node->children_count; i++)
        uncount(a, node->children[i]);
    count(a, node->perms->list[0].domid, -1);
}

static void drop_child(const struct asker *a, struct node *parent, const char *path, size_t bytes)
{
    char child_path[PATH_ROOM];
    const char *name;
    const struct node *child;
    size_t name_bytes;

    assert(bytes < PATH_ROOM);
    memcpy(child_path, path, bytes);
    child_path[bytes] = '\0';
    child = tree_find(a->tree, child_path);
    assert(child != NULL);
    uncount(a, child);
    name = strrchr(child_path, '/') + 1;
    name_bytes = strlen(name);
    tree_drop_child(a->tree, parent, name, name_bytes);
}

/* Makes the node at path, and those that are missing between it and the nearest one above. */
static int create(const struct asker *a, const char *path, const struct node *above, size_t above_bytes,
    const void *value, size_t value_bytes)
{
    size_t bytes;
    const char *at = path + (above_bytes > 1 ? above_bytes : 0), *name;
    size_t first_end = 0; /* where in path the name of the topmost new node ends */
    struct node *top, *node;
    int error;

    error = check_new_nodes(a, above, at, value_bytes);
    if (error != 0)
        return error;
    top = node = tree_own(a->tree, path, above_bytes);
    while (node != NULL && (bytes = path_component(&at, &name)) > 0) {
        node = make_child(a, node, name, bytes);
        if (node != NULL && first_end == 0)
            first_end = (size_t)(at - path);
    }
    if (node != NULL && node_set_value(a->tree, node, value, value_bytes))
        return 0;
    if (first_end != 0)
        drop_child(a, top, path, first_end);
    return ENOMEM;
}

int request_write(const struct asker *a, const char *path, const char *value, size_t bytes)
{
    const struct node *found;
    struct node *node;
    size_t there = 0;
    int error = find(a, path, ACCESS_WRITE, &found, &there);

    assert(path[0] == '/');
    assert(bytes == 0 || value[bytes] == '\0');
    if (error == ENOENT) {
        error = create(a, path, found, there, value, bytes);
    } else if (error == 0) {
        if (is_limited(a) &&
            node_entry_bytes(found->perms->count, bytes, found->children_bytes) >= QUOTA_ENTRY_BYTES)
            error = ENOSPC;
        else if ((node = tree_own(a->tree, path, strlen(path))) == NULL ||
                 !node_set_value(a->tree, node, value, bytes))
            error = ENOMEM;
    }
    return error != 0 ? refused(a, XS_WRITE, path, "", error) : changed(a, XS_WRITE, path, value, bytes);
}

int request_mkdir(const struct asker *a, const char *path)
{
    const struct node *found;
    size_t there = 0;
    int error = find(a, path, ACCESS_WRITE, &found, &there);

    assert(path[0] == '/');
    if (error == 0)
        return 0; /* it is there already: no error, and no watch fires */
    if (error == ENOENT)
        error = create(a, path, found, there, NULL, 0);
    return error != 0 ? refused(a, XS_MKDIR, path, "", error) : changed(a, XS_MKDIR, path, NULL, 0);
}

/* For a node that is removed and each one below it: notes that it was seen, and fires watches that are set right on it. */
static int leave(const struct asker *a, const struct node *node, char path[PATH_ROOM], bool is_top)
{
    size_t bytes = strlen(path);
    bool ok;
    const struct node **children = node_ordered(node, &ok);
    int error = ok ? saw(a, path) : ENOMEM;

    for (uint32_t i = 0; i < node->children_count && error == 0; i++) {
        size_t name_at = bytes > 1 ? bytes + 1 : 1;

        assert(name_at + children[i]->name_bytes < PATH_ROOM);
        path[name_at - 1] = '/';
        memcpy(path + name_at, children[i]->name, children[i]->name_bytes + 1u);
        error = leave(a, children[i], path, false);
        path[bytes] = '\0';
    }
    free(children);
    if (error == 0 && a->transaction == NULL && !is_top)
        watch_fire(a->xs, a->tree, path, true);
    return error;
}

/* Removing a node that does not exist is no error if its parent does. */
static int remove_absent(const struct asker *a, const char *path)
{
    size_t bytes;

    tree_nearest(a->tree, path, &bytes);
    return bytes == path_parent_bytes(path) ? 0 : ENOENT;
}

static int remove_present(const struct asker *a, const char *path)
{
    char work[PATH_ROOM];
    size_t parent_bytes = path_parent_bytes(path);
    struct node *parent;
    int error;

    memcpy(work, path, parent_bytes);
    work[parent_bytes] = '\0';
    error = saw(a, work);
    parent = tree_own(a->tree, path, parent_bytes);
    if (error != 0 || parent == NULL)
        return error != 0 ? error : ENOMEM;
    if (a->transaction == NULL)
        store_note(a->xs, a->domain->domid, XS_RM, path, "", 0);
    memcpy(work, path, strlen(path) + 1);
    error = leave(a, tree_find(a->tree, path), work, true);
    if (error != 0)
        return error;
    if (a->transaction == NULL)
        watch_fire(a->xs, a->tree, path, false);
    drop_child(a, parent, path, strlen(path));
    return a->transaction == NULL ? 0 : transaction_log(a->transaction, XS_RM, path, NULL, 0, NULL);
}

int request_remove(const struct asker *a, const char *path)
{
    const struct node *found;
    int error = request_find(a, path, ACCESS_WRITE, &found);

    assert(path[0] == '/');
    if (error == ENOENT && path[1] != '\0') {
        error = remove_absent(a, path);
        if (error == 0)
            return 0;
    } else if (error == 0) {
        error = path[1] == '\0' ? EINVAL : remove_present(a, path);
        if (error == 0)
            return 0;
    }
    return refused(a, XS_RM, path, "", error);
}

static int check_perms(const struct asker *a, const struct node *node, const struct perms *perms)
{
    if (!is_limited(a))
        return 0;
    if (perms->list[0].domid != node->perms->list[0].domid)
        return EPERM; /* an owner can't give a node away */
    if (node_entry_bytes(perms->count, node->value_bytes, node->children_bytes) >= QUOTA_ENTRY_BYTES)
        return ENOSPC;
    return 0;
}

int request_set_perms(const struct asker *a, const char *path, const struct perms *perms)
{
    const struct node *found;
    char text[XENSTORE_PAYLOAD_MAX];
    struct node *node = NULL;
    int error = request_find(a, path, ACCESS_WRITE | ACCESS_OWNER, &found);

    assert(perms->count >= 1);
    if (perms_print(perms, text, sizeof(text)) == 0)
        text[0] = '\0';
    if (error == 0)
        error = check_perms(a, found, perms);
    if (error == 0) {
        /* Makes sure that the new owner has a count, before anything changes. */
        bool counted = a->transaction != NULL || store_domain_make(a->xs, perms->list[0].domid) != NULL;

        node = counted ? tree_own(a->tree, path, strlen(path)) : NULL;
        error = node == NULL ? ENOMEM : 0;
    }
    if (error != 0)
        return refused(a, XS_SET_PERMS, path, text, error);
    if (a->transaction != NULL) {
        node_set_perms(a->tree, node, perms_share(perms));
        return transaction_log(a->transaction, XS_SET_PERMS, path, NULL, 0, perms);
    }
    /* Watches fire once for those who could see the node before, and once for those who can now. A domain that is both
     * gets one event: the second finds the first still queued, and is dropped. */
    store_note(a->xs, a->domain->domid, XS_SET_PERMS, path, text, 0);
    count(a, node->perms->list[0].domid, -1);
    watch_fire(a->xs, a->tree, path, false);
    node_set_perms(a->tree, node, perms_share(perms));
    watch_fire(a->xs, a->tree, path, false);
    count(a, perms->list[0].domid, 1);
    return 0;
}
