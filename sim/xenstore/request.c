/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a request does to the tree: it checks permissions and quotas, makes the change, records it, and fires watches. It
 * is the same for dom0 and for a guest; inside.c has what is done inside a transaction. ring.c and dispatch.c have what comes
 * before.
 */
#include "sim/xenstore/request.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/xenstore/inside.h"
#include "sim/xenstore/limits.h"
#include "sim/xenstore/path.h"
#include "sim/xenstore/store.h"
#include "sim/xenstore/tree.h"
#include "sim/xenstore/watch.h"

/* Changes the owner's count of nodes. */
static void count(const struct asker *a, unsigned owner, int change)
{
    struct xenstore_domain *domain = store_domain_make(a->xs, owner);

    assert(change == 1 || change == -1);
    if (domain == NULL)
        return;
    if (change > 0)
        domain->nodes++;
    else if (domain->nodes > 0)
        domain->nodes--;
}

static int changed(const struct asker *a, uint32_t op, const char *path, const char *value, size_t bytes)
{
    store_note(a->xs, a->domain->domid, op, path, bytes == 0 ? "" : value, 0);
    watch_fire(a->xs, &a->xs->tree, path, false);
    return 0;
}

static int refused(const struct asker *a, uint32_t op, const char *path, const char *value, int error)
{
    assert(error != 0);
    store_note(a->xs, a->domain->domid, op, path, value, error);
    return error;
}

/* Inside a transaction only a refusal is recorded. */
static int told(const struct asker *a, uint32_t op, const char *path, const char *value, int error)
{
    return error != 0 ? refused(a, op, path, value, error) : 0;
}

/* Finds the node, or else the nearest one above it and how many bytes of the path lead to that. */
static int find(
    const struct asker *a, const char *path, unsigned access, const struct node **nearest, size_t *bytes)
{
    unsigned has;

    *nearest = tree_nearest(&a->xs->tree, path, bytes);
    has = perms_access((*nearest)->perms, a->domain->domid);
    if (path[*bytes] == '\0')
        return (has & access) == access ? 0 : EACCES;
    /* Only a domain that may read the node above learns that a node does not exist. */
    return (has & access) != 0 ? ENOENT : EACCES;
}

int request_find(const struct asker *a, const char *path, unsigned access, const struct node **found)
{
    size_t bytes;

    return a->transaction != NULL ? inside_find(a, path, access, found)
                                  : find(a, path, access, found, &bytes);
}

static struct node *make_child(const struct asker *a, struct node *parent, const char *name, size_t bytes)
{
    struct node *child = tree_make_child(&a->xs->tree, parent, name, bytes, limits_inherited(a, parent));

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
    child = tree_find(&a->xs->tree, child_path);
    assert(child != NULL);
    uncount(a, child);
    name = strrchr(child_path, '/') + 1;
    name_bytes = strlen(name);
    tree_drop_child(&a->xs->tree, parent, name, name_bytes);
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

    error = limits_count(a, path_components(at));
    if (error == 0)
        error = limits_new_nodes(a, above, at, value_bytes);
    if (error != 0)
        return error;
    top = node = tree_own(&a->xs->tree, path, above_bytes);
    while (node != NULL && (bytes = path_component(&at, &name)) > 0) {
        node = make_child(a, node, name, bytes);
        if (node != NULL && first_end == 0)
            first_end = (size_t)(at - path);
    }
    if (node != NULL && node_set_value(&a->xs->tree, node, value, value_bytes))
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
    int error;

    assert(path[0] == '/');
    assert(bytes == 0 || value[bytes] == '\0');
    if (a->transaction != NULL)
        return told(a, XS_WRITE, path, "", inside_write(a, path, value, bytes));
    error = find(a, path, ACCESS_WRITE, &found, &there);
    if (error == ENOENT) {
        error = create(a, path, found, there, value, bytes);
    } else if (error == 0) {
        error = limits_value(a, found, bytes);
        node = error == 0 ? tree_own(&a->xs->tree, path, strlen(path)) : NULL;
        if (error == 0 && (node == NULL || !node_set_value(&a->xs->tree, node, value, bytes)))
            error = ENOMEM;
    }
    return error != 0 ? refused(a, XS_WRITE, path, "", error) : changed(a, XS_WRITE, path, value, bytes);
}

int request_mkdir(const struct asker *a, const char *path)
{
    const struct node *found;
    size_t there = 0;
    int error;

    assert(path[0] == '/');
    if (a->transaction != NULL)
        return told(a, XS_MKDIR, path, "", inside_mkdir(a, path));
    error = find(a, path, ACCESS_WRITE, &found, &there);
    if (error == 0)
        return 0; /* it is there already: no error, and no watch fires */
    if (error == ENOENT)
        error = create(a, path, found, there, NULL, 0);
    return error != 0 ? refused(a, XS_MKDIR, path, "", error) : changed(a, XS_MKDIR, path, NULL, 0);
}

/* For each node below one that is removed, the deepest first: fires watches that are set right on it. */
static int leave(const struct asker *a, const struct node *node, char path[PATH_ROOM], bool is_top)
{
    size_t bytes = strlen(path);
    bool ok;
    struct node **children = node_ordered(node, &ok);
    int error = ok ? 0 : ENOMEM;

    for (uint32_t i = 0; i < node->children_count && error == 0; i++) {
        size_t name_at = bytes > 1 ? bytes + 1 : 1;

        assert(name_at + children[i]->name_bytes < PATH_ROOM);
        path[name_at - 1] = '/';
        memcpy(path + name_at, children[i]->name, children[i]->name_bytes + 1u);
        error = leave(a, children[i], path, false);
        path[bytes] = '\0';
    }
    node_ordered_end(children, ok ? node->children_count : 0);
    if (error == 0 && !is_top)
        watch_fire(a->xs, &a->xs->tree, path, true);
    return error;
}

/* Removing a node that does not exist is no error if its parent does. */
static int remove_absent(const struct asker *a, const char *path)
{
    size_t bytes;

    tree_nearest(&a->xs->tree, path, &bytes);
    return bytes == path_parent_bytes(path) ? 0 : ENOENT;
}

static int remove_present(const struct asker *a, const char *path)
{
    char work[PATH_ROOM];
    size_t parent_bytes = path_parent_bytes(path);
    struct node *parent;
    int error;

    parent = tree_own(&a->xs->tree, path, parent_bytes);
    if (parent == NULL)
        return ENOMEM;
    store_note(a->xs, a->domain->domid, XS_RM, path, "", 0);
    memcpy(work, path, strlen(path) + 1);
    error = leave(a, tree_find(&a->xs->tree, path), work, true);
    if (error != 0)
        return error;
    watch_fire(a->xs, &a->xs->tree, path, false);
    drop_child(a, parent, path, strlen(path));
    return 0;
}

int request_remove(const struct asker *a, const char *path)
{
    const struct node *found;
    size_t there;
    int error;

    assert(path[0] == '/');
    if (a->transaction != NULL)
        return told(a, XS_RM, path, "", inside_remove(a, path));
    error = find(a, path, ACCESS_WRITE, &found, &there);
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

int request_set_perms(const struct asker *a, const char *path, const struct perms *perms)
{
    const struct node *found;
    char text[XENSTORE_PAYLOAD_MAX];
    struct node *node = NULL;
    size_t there;
    int error;

    assert(perms->count >= 1);
    if (perms_print(perms, text, sizeof(text)) == 0)
        text[0] = '\0';
    if (a->transaction != NULL)
        return told(a, XS_SET_PERMS, path, text, inside_set_perms(a, path, perms));
    error = find(a, path, ACCESS_WRITE | ACCESS_OWNER, &found, &there);
    if (error == 0)
        error = limits_perms(a, found, perms);
    if (error == 0) {
        /* Makes sure that the new owner has a count, before anything changes. */
        node = store_domain_make(a->xs, perms->list[0].domid) == NULL
                   ? NULL
                   : tree_own(&a->xs->tree, path, strlen(path));
        error = node == NULL ? ENOMEM : 0;
    }
    if (error != 0)
        return refused(a, XS_SET_PERMS, path, text, error);
    /* Watches fire once for those who could see the node before, and once for those who can now. A domain that is both
     * gets one event: the second finds the first still queued, and is dropped. */
    store_note(a->xs, a->domain->domid, XS_SET_PERMS, path, text, 0);
    count(a, node->perms->list[0].domid, -1);
    watch_fire(a->xs, &a->xs->tree, path, false);
    node_set_perms(&a->xs->tree, node, perms_share(perms));
    watch_fire(a->xs, &a->xs->tree, path, false);
    count(a, perms->list[0].domid, 1);
    return 0;
}
