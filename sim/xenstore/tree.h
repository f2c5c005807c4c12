/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The tree of nodes, copied on write: each node counts who holds it, and one that two trees share, or a tree and a
 * transaction's copy of the node above it, is copied before it is changed.
 */
#ifndef SIM_XENSTORE_TREE_H
#define SIM_XENSTORE_TREE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sim/xenstore/perms.h"

struct node {
    uint32_t refs; /* trees, parents and lists that hold it */
    uint32_t name_bytes;
    uint64_t generation; /* renewed by each change of value, permissions or set of children */
    uint64_t birth;      /* orders listings: children are listed in the order in which they were made */
    struct perms *perms;
    char *value; /* always followed by a NUL; NULL: empty */
    uint32_t value_bytes;
    uint32_t children_count, children_room;
    uint32_t children_bytes; /* names with their NULs */
    struct node **children;  /* sorted by name */
    char name[];
};

struct tree {
    struct node *root;
    uint64_t *clock; /* a counter that generations and births are taken from */
};

bool tree_begin(struct tree *, uint64_t *clock); /* just a root, n0 */
void tree_end(struct tree *);
void tree_clear(struct tree *);             /* back to just a root; no other tree may share it */
struct tree tree_fork(const struct tree *); /* shares everything */
const struct node *tree_find(const struct tree *, const char *path);
/* The deepest node on the way to path that exists, and how many bytes of path lead to it. */
const struct node *tree_nearest(const struct tree *, const char *path, size_t *bytes);
/* The node at path, which must exist, copied if another tree shares it, so that it may be changed. NULL: no memory. */
struct node *tree_own(struct tree *, const char *path, size_t bytes);
/* Makes a child of a node that this tree does not share. perms are taken over, also when it fails. */
struct node *tree_make_child(
    struct tree *, struct node *parent, const char *name, size_t bytes, struct perms *);
/* The same, for a transaction's copy, in which the name may be there already: it is then there twice. */
struct node *tree_make_again(
    struct tree *, struct node *parent, const char *name, size_t bytes, struct perms *);
bool node_has_child(const struct node *, const char *name, size_t bytes);
void tree_drop_child(struct tree *, struct node *parent, const char *name, size_t bytes);
/* A copy that shares its children with the original. NULL: no memory. */
struct node *node_copy(const struct node *);
void node_release(struct node *); /* or NULL */
bool node_set_value(struct tree *, struct node *, const void *value, size_t bytes);
void node_set_perms(struct tree *, struct node *, struct perms *);
const char *node_value(const struct node *);
size_t node_entry_bytes(uint32_t perms, size_t value_bytes, size_t children_bytes);
/* Its children in the order they were made, held, whatever is dropped meanwhile, up to node_ordered_end(). NULL: none, or no memory
 * (*ok false: then there is nothing to end). */
struct node **node_ordered(const struct node *, bool *ok);
void node_ordered_end(struct node **, uint32_t count);
size_t node_directory(const struct node *, char *out, size_t room); /* bytes needed */

#endif
