/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tree of nodes: finding, making, changing and dropping them, and sharing them between the store and its
 * transactions. It checks no permission and no quota, and fires no watch.
 */
#include "sim/xenstore/tree.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/xenstore/path.h"

static struct node *node_new(const char *name, size_t bytes)
{
    struct node *node = calloc(1, sizeof(*node) + bytes + 1);

    if (node == NULL)
        return NULL;
    node->refs = 1;
    node->name_bytes = (uint32_t)bytes;
    memcpy(node->name, name, bytes);
    return node;
}

/* Recursion is as deep as a path has components: at most half of XENSTORE_ABS_PATH_MAX. */
void node_release(struct node *node)
{
    if (node == NULL)
        return;
    assert(node->refs > 0);
    if (--node->refs > 0)
        return;
    for (uint32_t i = 0; i < node->children_count; i++)
        node_release(node->children[i]);
    free(node->children);
    free(node->value);
    perms_release(node->perms);
    free(node);
}

static bool children_reserve(struct node *node, uint32_t count)
{
    uint32_t room = node->children_room == 0 ? 4 : node->children_room;
    struct node **children;

    if (count <= node->children_room)
        return true;
    while (room < count)
        room *= 2;
    children = realloc(node->children, room * sizeof(children[0]));
    if (children == NULL)
        return false;
    node->children = children;
    node->children_room = room;
    return true;
}

struct node *node_copy(const struct node *node)
{
    struct node *copy = node_new(node->name, node->name_bytes);

    if (copy == NULL)
        return NULL;
    copy->perms = perms_share(node->perms);
    if (node->value != NULL)
        copy->value = malloc(node->value_bytes + 1u);
    if ((node->value != NULL && copy->value == NULL) || !children_reserve(copy, node->children_count)) {
        node_release(copy);
        return NULL;
    }
    if (node->value != NULL)
        memcpy(copy->value, node->value, node->value_bytes + 1u);
    copy->value_bytes = node->value_bytes;
    copy->generation = node->generation;
    copy->birth = node->birth;
    copy->children_bytes = node->children_bytes;
    for (uint32_t i = 0; i < node->children_count; i++) {
        copy->children[i] = node->children[i];
        copy->children[i]->refs++;
    }
    copy->children_count = node->children_count;
    return copy;
}

/* Where the child is, or would be, in the array. */
static uint32_t child_place(const struct node *node, const char *name, size_t bytes, bool *found)
{
    uint32_t low = 0, high = node->children_count;

    *found = false;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        const struct node *child = node->children[middle];
        int order = (unsigned char)child->name[0] - (unsigned char)name[0];

        if (order == 0) {
            order = memcmp(child->name, name, child->name_bytes < bytes ? child->name_bytes : bytes);
            if (order == 0)
                order = (child->name_bytes > bytes) - (child->name_bytes < bytes);
        }
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

bool tree_begin(struct tree *tree, uint64_t *clock)
{
    assert(tree != NULL);
    assert(clock != NULL);
    tree->clock = clock;
    tree->root = node_new("", 0);
    if (tree->root == NULL)
        return false;
    tree->root->perms = perms_new(1);
    if (tree->root->perms == NULL) {
        tree_end(tree);
        return false;
    }
    tree->root->generation = ++*clock;
    return true;
}

void tree_end(struct tree *tree)
{
    if (tree->root != NULL)
        node_release(tree->root);
    tree->root = NULL;
}

void tree_clear(struct tree *tree)
{
    struct node *root = tree->root;

    assert(root->refs == 1);
    assert(root->perms->count >= 1);
    for (uint32_t i = 0; i < root->children_count; i++)
        node_release(root->children[i]);
    root->children_count = 0;
    root->children_bytes = 0;
    free(root->value);
    root->value = NULL;
    root->value_bytes = 0;
    assert(root->perms->refs == 1);
    root->perms->count = 1;
    root->perms->list[0] = (struct perm){0};
    root->generation = ++*tree->clock;
}

struct tree tree_fork(const struct tree *tree)
{
    assert(tree->root != NULL);
    assert(tree->root->refs < UINT32_MAX);
    tree->root->refs++;
    return *tree;
}

const struct node *tree_nearest(const struct tree *tree, const char *path, size_t *bytes)
{
    const struct node *node = tree->root;
    const char *at = path, *name;
    size_t name_bytes;

    assert(path[0] == '/');
    *bytes = 1;
    while ((name_bytes = path_component(&at, &name)) > 0) {
        bool found;
        uint32_t place = child_place(node, name, name_bytes, &found);

        if (!found)
            return node;
        node = node->children[place];
        *bytes = (size_t)(at - path);
    }
    return node;
}

const struct node *tree_find(const struct tree *tree, const char *path)
{
    size_t bytes;
    const struct node *node = tree_nearest(tree, path, &bytes);

    return bytes == strlen(path) ? node : NULL;
}

/* Makes sure that no other tree shares the node in *slot, by a copy if need be. */
static struct node *own_slot(struct node **slot)
{
    struct node *copy;

    if ((*slot)->refs == 1)
        return *slot;
    copy = node_copy(*slot);
    if (copy == NULL)
        return NULL;
    node_release(*slot);
    *slot = copy;
    return copy;
}

struct node *tree_own(struct tree *tree, const char *path, size_t bytes)
{
    struct node *node = own_slot(&tree->root);
    const char *at = path, *name;
    size_t name_bytes;

    assert(path[0] == '/');
    while (node != NULL && bytes > 1 && at < path + bytes && (name_bytes = path_component(&at, &name)) > 0) {
        bool found;
        uint32_t place = child_place(node, name, name_bytes, &found);

        assert(found);
        node = own_slot(&node->children[place]);
    }
    return node;
}

bool node_has_child(const struct node *node, const char *name, size_t bytes)
{
    bool found;

    (void)child_place(node, name, bytes, &found);
    return found;
}

struct node *tree_make_child(
    struct tree *tree, struct node *parent, const char *name, size_t bytes, struct perms *perms)
{
    assert(!node_has_child(parent, name, bytes));
    return tree_make_again(tree, parent, name, bytes, perms);
}

struct node *tree_make_again(
    struct tree *tree, struct node *parent, const char *name, size_t bytes, struct perms *perms)
{
    bool found;
    uint32_t place = child_place(parent, name, bytes, &found);
    struct node *child = perms == NULL ? NULL : node_new(name, bytes);

    assert(parent->refs == 1);
    if (child == NULL || !children_reserve(parent, parent->children_count + 1)) {
        free(child);
        perms_release(perms);
        return NULL;
    }
    child->perms = perms;
    child->birth = child->generation = ++*tree->clock;
    memmove(&parent->children[place + 1], &parent->children[place],
        (parent->children_count - place) * sizeof(parent->children[0]));
    parent->children[place] = child;
    parent->children_count++;
    parent->children_bytes += (uint32_t)bytes + 1;
    parent->generation = ++*tree->clock;
    return child;
}

void tree_drop_child(struct tree *tree, struct node *parent, const char *name, size_t bytes)
{
    bool found;
    uint32_t place = child_place(parent, name, bytes, &found);

    assert(found);
    assert(parent->refs == 1);
    node_release(parent->children[place]);
    parent->children_count--;
    parent->children_bytes -= (uint32_t)bytes + 1;
    memmove(&parent->children[place], &parent->children[place + 1],
        (parent->children_count - place) * sizeof(parent->children[0]));
    parent->generation = ++*tree->clock;
}

bool node_set_value(struct tree *tree, struct node *node, const void *value, size_t bytes)
{
    char *copy = NULL;

    assert(node->refs == 1);
    assert(bytes < UINT32_MAX);
    if (bytes > 0) {
        copy = malloc(bytes + 1);
        if (copy == NULL)
            return false;
        memcpy(copy, value, bytes);
        copy[bytes] = '\0';
    }
    free(node->value);
    node->value = copy;
    node->value_bytes = (uint32_t)bytes;
    node->generation = ++*tree->clock;
    return true;
}

void node_set_perms(struct tree *tree, struct node *node, struct perms *perms)
{
    assert(node->refs == 1);
    assert(perms != NULL && perms->count >= 1);
    perms_release(node->perms);
    node->perms = perms;
    node->generation = ++*tree->clock;
}

const char *node_value(const struct node *node)
{
    return node->value == NULL ? "" : node->value;
}

/* The size of a node in xenstored's database: a head of 24 bytes, 8 for each permission, value, children's names. */
size_t node_entry_bytes(uint32_t perms, size_t value_bytes, size_t children_bytes)
{
    return 24 + 8 * (size_t)perms + value_bytes + children_bytes;
}

static int by_birth(const void *a, const void *b)
{
    const struct node *const *x = a, *const *y = b;

    return ((*x)->birth > (*y)->birth) - ((*x)->birth < (*y)->birth);
}

struct node **node_ordered(const struct node *node, bool *ok)
{
    struct node **list;

    *ok = true;
    if (node->children_count == 0)
        return NULL;
    list = malloc(node->children_count * sizeof(list[0]));
    if (list == NULL) {
        *ok = false;
        return NULL;
    }
    for (uint32_t i = 0; i < node->children_count; i++) {
        list[i] = node->children[i];
        assert(list[i]->refs < UINT32_MAX);
        list[i]->refs++;
    }
    qsort(list, node->children_count, sizeof(list[0]), by_birth);
    return list;
}

void node_ordered_end(struct node **list, uint32_t count)
{
    assert(list != NULL || count == 0);
    for (uint32_t i = 0; i < count; i++)
        node_release(list[i]);
    free(list);
}

size_t node_directory(const struct node *node, char *out, size_t room)
{
    bool ok;
    struct node **list;

    if (node->children_bytes > room)
        return node->children_bytes;
    list = node_ordered(node, &ok);
    if (!ok)
        return SIZE_MAX;
    for (uint32_t i = 0; i < node->children_count; i++) {
        memcpy(out, list[i]->name, list[i]->name_bytes + 1u);
        out += list[i]->name_bytes + 1u;
    }
    node_ordered_end(list, node->children_count);
    return node->children_bytes;
}
