/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rbtree(3), as a height-balanced (AVL) tree: its users can only tell that each
 * operation takes O(log n). It links nodes and allocates nothing.
 */
#include <sys/rbtree.h>
#include <sys/systm.h>

static void *
object_of(const rb_tree_t *t, struct rb_node *n)
{
	return n == NULL ? NULL : (char *)n - t->rbt_ops->rbto_node_offset;
}

static struct rb_node *
node_of(const rb_tree_t *t, void *object)
{
	return (
	    struct rb_node *)((char *)object + t->rbt_ops->rbto_node_offset);
}

static int
height(const struct rb_node *n)
{
	return n == NULL ? 0 : n->rb_height;
}

/* Above 0, the right subtree is the higher one. */
static int
balance(const struct rb_node *n)
{
	return height(n->rb_right) - height(n->rb_left);
}

static void
set_height(struct rb_node *n)
{
	int l = height(n->rb_left), r = height(n->rb_right);

	n->rb_height = 1 + (l > r ? l : r);
}

/* Puts a node, or NULL, in the place that another one has below its parent. */
static void
replace_child(rb_tree_t *t, struct rb_node *parent, struct rb_node *old,
    struct rb_node *new)
{
	if (parent == NULL)
		t->rbt_root = new;
	else if (parent->rb_left == old)
		parent->rb_left = new;
	else {
		KASSERT(parent->rb_right == old);
		parent->rb_right = new;
	}
	if (new != NULL)
		new->rb_parent = parent;
}

/*
 * Rotates: n moves down to the given side, and its child on the other side
 * takes its place, which is returned.
 */
static struct rb_node *
rotate(rb_tree_t *t, struct rb_node *n, int down)
{
	struct rb_node *up = n->rb_nodes[!down];

	KASSERT(up != NULL);
	replace_child(t, n->rb_parent, n, up);
	n->rb_nodes[!down] = up->rb_nodes[down];
	if (n->rb_nodes[!down] != NULL)
		n->rb_nodes[!down]->rb_parent = n;
	up->rb_nodes[down] = n;
	n->rb_parent = up;
	set_height(n);
	set_height(up);
	return up;
}

/*
 * Mends heights and balance from n up to the root, after a node below n was
 * inserted or removed.
 */
static void
rebalance(rb_tree_t *t, struct rb_node *n)
{
	while (n != NULL) {
		int before = n->rb_height, b;

		set_height(n);
		b = balance(n);
		if (b > 1 || b < -1) {
			int high = b > 1 ? RB_DIR_RIGHT : RB_DIR_LEFT;
			struct rb_node *child = n->rb_nodes[high];
			int c = balance(child);

			if (high == RB_DIR_RIGHT ? c < 0 : c > 0)
				(void)rotate(t, child, high);
			n = rotate(t, n, !high);
		} else if (n->rb_height == before)
			return;
		n = n->rb_parent;
	}
}

void
rb_tree_init(rb_tree_t *t, const rb_tree_ops_t *ops)
{
	KASSERT(ops != NULL);
	KASSERT(ops->rbto_compare_nodes != NULL);
	t->rbt_root = NULL;
	t->rbt_ops = ops;
	t->rbt_count = 0;
}

/*
 * Returns the object, or the one with an equal key that the tree has already.
 */
void *
rb_tree_insert_node(rb_tree_t *t, void *object)
{
	const rb_tree_ops_t *ops = t->rbt_ops;
	struct rb_node *n = node_of(t, object), *parent = NULL;
	struct rb_node **link = &t->rbt_root;

	while (*link != NULL) {
		int order;

		parent = *link;
		order = ops->rbto_compare_nodes(
		    ops->rbto_context, object_of(t, parent), object);
		if (order == 0)
			return object_of(t, parent);
		link =
		    &parent->rb_nodes[order < 0 ? RB_DIR_RIGHT : RB_DIR_LEFT];
	}
	n->rb_left = n->rb_right = NULL;
	n->rb_parent = parent;
	n->rb_height = 1;
	*link = n;
	t->rbt_count++;
	rebalance(t, parent);
	return object;
}

void *
rb_tree_find_node(rb_tree_t *t, const void *key)
{
	const rb_tree_ops_t *ops = t->rbt_ops;
	struct rb_node *n = t->rbt_root;

	while (n != NULL) {
		int order = ops->rbto_compare_key(
		    ops->rbto_context, object_of(t, n), key);

		if (order == 0)
			return object_of(t, n);
		n = n->rb_nodes[order < 0 ? RB_DIR_RIGHT : RB_DIR_LEFT];
	}
	return NULL;
}

/* Returns the lowest object that is not below the key. */
void *
rb_tree_find_node_geq(rb_tree_t *t, const void *key)
{
	const rb_tree_ops_t *ops = t->rbt_ops;
	struct rb_node *n = t->rbt_root, *best = NULL;

	while (n != NULL) {
		int order = ops->rbto_compare_key(
		    ops->rbto_context, object_of(t, n), key);

		if (order == 0)
			return object_of(t, n);
		if (order > 0)
			best = n;
		n = n->rb_nodes[order < 0 ? RB_DIR_RIGHT : RB_DIR_LEFT];
	}
	return object_of(t, best);
}

/* Returns the highest object that is not above the key. */
void *
rb_tree_find_node_leq(rb_tree_t *t, const void *key)
{
	const rb_tree_ops_t *ops = t->rbt_ops;
	struct rb_node *n = t->rbt_root, *best = NULL;

	while (n != NULL) {
		int order = ops->rbto_compare_key(
		    ops->rbto_context, object_of(t, n), key);

		if (order == 0)
			return object_of(t, n);
		if (order < 0)
			best = n;
		n = n->rb_nodes[order < 0 ? RB_DIR_RIGHT : RB_DIR_LEFT];
	}
	return object_of(t, best);
}

static struct rb_node *
outermost(struct rb_node *n, unsigned int direction)
{
	while (n != NULL && n->rb_nodes[direction] != NULL)
		n = n->rb_nodes[direction];
	return n;
}

/*
 * A node with two children changes places with the next one in order, which has
 * no left child.
 */
static void
swap_with_next(rb_tree_t *t, struct rb_node *n)
{
	struct rb_node *next = outermost(n->rb_right, RB_DIR_LEFT);
	struct rb_node *next_right = next->rb_right;
	struct rb_node *next_parent = next->rb_parent;

	KASSERT(next->rb_left == NULL);
	replace_child(t, n->rb_parent, n, next);
	next->rb_left = n->rb_left;
	next->rb_left->rb_parent = next;
	next->rb_height = n->rb_height;
	if (next_parent == n) {
		next->rb_right = n;
		n->rb_parent = next;
	} else {
		next->rb_right = n->rb_right;
		next->rb_right->rb_parent = next;
		next_parent->rb_left = n;
		n->rb_parent = next_parent;
	}
	n->rb_left = NULL;
	n->rb_right = next_right;
	if (next_right != NULL)
		next_right->rb_parent = n;
}

void
rb_tree_remove_node(rb_tree_t *t, void *object)
{
	struct rb_node *n = node_of(t, object), *parent, *child;

	KASSERT(t->rbt_count > 0);
	if (n->rb_left != NULL && n->rb_right != NULL)
		swap_with_next(t, n);
	child = n->rb_left != NULL ? n->rb_left : n->rb_right;
	parent = n->rb_parent;
	replace_child(t, parent, n, child);
	n->rb_left = n->rb_right = n->rb_parent = NULL;
	t->rbt_count--;
	rebalance(t, parent);
}

/*
 * Returns the neighbour of an object in that direction. For NULL it returns the
 * outermost object on that side.
 */
void *
rb_tree_iterate(rb_tree_t *t, void *object, const unsigned int direction)
{
	struct rb_node *n, *from;

	KASSERT(direction == RB_DIR_LEFT || direction == RB_DIR_RIGHT);
	if (object == NULL)
		return object_of(t, outermost(t->rbt_root, direction));
	n = node_of(t, object);
	if (n->rb_nodes[direction] != NULL)
		return object_of(
		    t, outermost(n->rb_nodes[direction], !direction));
	do {
		from = n;
		n = n->rb_parent;
	} while (n != NULL && n->rb_nodes[direction] == from);
	return object_of(t, n);
}

size_t
rb_tree_count(rb_tree_t *t)
{
	return t->rbt_count;
}
