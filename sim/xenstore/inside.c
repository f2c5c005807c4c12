/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a request does to the copies of a transaction. Each node that is looked at on the way, also above one that is not
 * there, is copied, and must be the same at the end.
 */
#include "sim/xenstore/inside.h"

#include <assert.h>
#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <xen/io/xs_wire.h>

#include "sim/xenstore/limits.h"
#include "sim/xenstore/path.h"
#include "sim/xenstore/request.h"
#include "sim/xenstore/store.h"
#include "sim/xenstore/transaction.h"

/* xenstored fails a transaction in which there was no room for something. */
static int spoilt(const struct asker *a, int error)
{
    a->transaction->spoilt |= error == ENOSPC;
    return error;
}

static int look(const struct asker *a, const char *path, struct copy **copy)
{
    return spoilt(a, transaction_look(a->transaction, &a->xs->tree, path, !a->privileged, copy));
}

static int look_above(const struct asker *a, const char *path, struct copy **copy)
{
    char above[PATH_ROOM];
    const size_t bytes = path_parent_bytes(path);

    memcpy(above, path, bytes);
    above[bytes] = '\0';
    return look(a, above, copy);
}

/* The node's copy; ENOENT or EACCES only after a look at the nearest node above that there is. */
static int find(const struct asker *a, const char *path, unsigned access, struct copy **copy)
{
    struct copy *above;
    int error = look(a, path, copy);
    const bool is_there = error == 0 && (*copy)->node != NULL;

    if (error != 0)
        return error;
    if (is_there && (perms_access((*copy)->node->perms, a->domain->domid) & access) == access)
        return 0;
    for (above = *copy; above->path[1] != '\0';) {
        error = look_above(a, above->path, &above);
        if (error != 0)
            return error;
        if (above->node != NULL)
            break;
    }
    assert(above->node != NULL);
    if (is_there || (perms_access(above->node->perms, a->domain->domid) & access) == 0)
        return EACCES;
    return ENOENT;
}

int inside_find(const struct asker *a, const char *path, unsigned access, const struct node **found)
{
    struct copy *copy = NULL;
    const int error = find(a, path, access, &copy);

    *found = copy == NULL ? NULL : copy->node;
    return error;
}

static int no_memory(const struct asker *a)
{
    a->transaction->failed = true;
    return ENOMEM;
}

static int changed(struct copy *copy, uint32_t op)
{
    copy->op = op;
    copy->modified = true;
    copy->exact = false;
    return 0;
}

/* A node of the domain's own is one more, or less, or was given permissions. */
static void count(const struct asker *a, const struct node *node, int change)
{
    if (node->perms->list[0].domid != a->domain->domid)
        return;
    a->transaction->made += change;
    a->transaction->counted = true;
}

/* Makes a node right below one that is there. */
static int make_child(const struct asker *a, struct copy *parent, struct copy *child)
{
    const char *name = strrchr(child->path, '/') + 1;
    struct node *made;

    assert(parent->node != NULL && child->node == NULL);
    /* Its name may stand there still, when it was removed after the node above had been copied. */
    made = tree_make_again(&a->xs->tree, parent->node, name, strlen(name), limits_inherited(a, parent->node));
    child->node = made == NULL ? NULL : node_copy(made);
    if (child->node == NULL)
        return no_memory(a);
    parent->modified = child->modified = true;
    count(a, child->node, 1);
    return 0;
}

/* Makes the node, and those that are missing above it. */
static int create(const struct asker *a, struct copy *copy, const void *value, size_t bytes)
{
    char path[PATH_ROOM];
    size_t end = strlen(copy->path);
    struct copy *above = copy, *child;
    int error;

    memcpy(path, copy->path, end + 1);
    while (above->node == NULL) {
        end = path_parent_bytes(path);
        path[end] = '\0';
        above = transaction_copy(a->transaction, path);
        assert(above != NULL); /* it was looked at, to find out that the node is not there */
    }
    a->transaction->tried_to_make = true;
    error = limits_count(a, path_components(copy->path + end));
    if (error == 0)
        error = spoilt(a, limits_new_nodes(a, above->node, copy->path + (end > 1 ? end : 0), bytes));
    while (error == 0 && above != copy) {
        end += end > 1;
        end += strcspn(copy->path + end, "/");
        memcpy(path, copy->path, end);
        path[end] = '\0';
        child = transaction_copy(a->transaction, path);
        assert(child != NULL);
        error = make_child(a, above, child);
        above = child;
    }
    if (error == 0 && !node_set_value(&a->xs->tree, copy->node, value, bytes))
        error = no_memory(a);
    return error;
}

int inside_write(const struct asker *a, const char *path, const char *value, size_t bytes)
{
    struct copy *copy;
    int error = find(a, path, ACCESS_WRITE, &copy);

    if (error == ENOENT) {
        error = create(a, copy, value, bytes);
    } else if (error == 0) {
        error = spoilt(a, limits_value(a, copy->node, bytes));
        if (error == 0 && !node_set_value(&a->xs->tree, copy->node, value, bytes))
            error = no_memory(a);
    }
    return error != 0 ? error : changed(copy, XS_WRITE);
}

int inside_mkdir(const struct asker *a, const char *path)
{
    struct copy *copy;
    int error = find(a, path, ACCESS_WRITE, &copy);

    if (error != ENOENT)
        return error; /* it is there already: no error, and no watch fires */
    error = create(a, copy, NULL, 0);
    return error != 0 ? error : changed(copy, XS_MKDIR);
}

static int remove_node(const struct asker *a, struct copy *parent, struct copy *copy, bool exact);

/* Removes all below a node, and their names from it. */
static int remove_below(const struct asker *a, struct copy *copy)
{
    char path[PATH_ROOM];
    const size_t bytes = strlen(copy->path);
    bool ok;
    struct node **children = node_ordered(copy->node, &ok);
    const uint32_t count = copy->node->children_count;
    int error = ok ? 0 : no_memory(a);

    memcpy(path, copy->path, bytes);
    path[bytes] = '/';
    for (uint32_t i = 0; i < count && error == 0; i++) {
        struct copy *child;

        assert(bytes + 1 + children[i]->name_bytes < PATH_ROOM);
        memcpy(path + bytes + 1, children[i]->name, children[i]->name_bytes + 1u);
        error = look(a, path, &child);
        if (error == ENOSPC || (error == 0 && child->node == NULL))
            error = EIO;
        else if (error == 0)
            error = remove_node(a, copy, child, true);
    }
    node_ordered_end(children, ok ? count : 0);
    return error;
}

static int remove_node(const struct asker *a, struct copy *parent, struct copy *copy, bool exact)
{
    const char *name = strrchr(copy->path, '/') + 1;
    const int error = remove_below(a, copy);

    if (error != 0)
        return error;
    count(a, copy->node, -1);
    if (copy->perms_before == NULL)
        copy->perms_before = perms_share(copy->node->perms);
    node_release(copy->node);
    copy->node = NULL;
    /* One that the transaction has written before is still told to watches above it. */
    copy->exact = exact && (copy->op == 0 || copy->exact);
    copy->op = XS_RM;
    copy->modified = true;
    parent->modified = true;
    if (!node_has_child(parent->node, name, strlen(name)))
        return EIO; /* it was made when the node above had been copied already */
    tree_drop_child(&a->xs->tree, parent->node, name, strlen(name));
    return 0;
}

int inside_remove(const struct asker *a, const char *path)
{
    struct copy *copy, *parent;
    int error = find(a, path, ACCESS_WRITE, &copy);

    if (path[1] == '\0')
        return error == 0 ? EINVAL : error;
    if (error != 0 && error != ENOENT)
        return error;
    const int looked = look_above(a, path, &parent);
    if (looked != 0)
        return looked;
    if (error == ENOENT)
        return parent->node == NULL ? ENOENT : 0;
    return parent->node == NULL ? EINVAL : remove_node(a, parent, copy, false);
}

int inside_set_perms(const struct asker *a, const char *path, const struct perms *perms)
{
    struct copy *copy;
    int error = find(a, path, ACCESS_WRITE | ACCESS_OWNER, &copy);

    if (error == 0)
        error = spoilt(a, limits_perms(a, copy->node, perms));
    if (error != 0)
        return error;
    if (copy->perms_before == NULL)
        copy->perms_before = perms_share(copy->node->perms);
    node_set_perms(&a->xs->tree, copy->node, perms_share(perms));
    count(a, copy->node, 0);
    return changed(copy, XS_SET_PERMS);
}
