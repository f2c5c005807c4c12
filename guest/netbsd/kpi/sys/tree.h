/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * tree(3): ordered trees of a driver's own structures, the macros RB_*. How they
 * are balanced is not for a user to see: each node has a rank that comes from
 * a row of numbers, the same in each run, and none has a higher one below it.
 */
#ifndef _SYS_TREE_H_
#define _SYS_TREE_H_

#include <sys/types.h>

#define RB_HEAD(name, type)                                                    \
	struct name {                                                          \
		struct type *rbh_root;                                         \
		uint32_t rbh_row;                                              \
	}
#define RB_INITIALIZER(root)                                                   \
	{                                                                      \
		NULL, 0                                                        \
	}
#define RB_INIT(root)                                                          \
	do {                                                                   \
		(root)->rbh_root = NULL;                                       \
		(root)->rbh_row = 0;                                           \
	} while (0)
#define RB_ENTRY(type)                                                         \
	struct {                                                               \
		struct type *rbe_left, *rbe_right, *rbe_parent;                \
		uint32_t rbe_rank;                                             \
	}
#define RB_ROOT(head)	      (head)->rbh_root
#define RB_EMPTY(head)	      (RB_ROOT(head) == NULL)
#define RB_LEFT(elm, field)   (elm)->field.rbe_left
#define RB_RIGHT(elm, field)  (elm)->field.rbe_right
#define RB_PARENT(elm, field) (elm)->field.rbe_parent
#define RB_INF		      1
#define RB_NEGINF	      -1

#define RB_PROTOTYPE(name, type, field, cmp) RB_PROTOTYPE_INTERNAL(name, type, )
#define RB_PROTOTYPE_STATIC(name, type, field, cmp)                            \
	RB_PROTOTYPE_INTERNAL(name, type, __unused static)
#define RB_PROTOTYPE_INTERNAL(name, type, attr)                                \
	attr struct type *name##_RB_INSERT(struct name *, struct type *);      \
	attr struct type *name##_RB_REMOVE(struct name *, struct type *);      \
	attr struct type *name##_RB_FIND(struct name *, struct type *);        \
	attr struct type *name##_RB_NFIND(struct name *, struct type *);       \
	attr struct type *name##_RB_NEXT(struct type *);                       \
	attr struct type *name##_RB_PREV(struct type *);                       \
	attr struct type *name##_RB_MINMAX(struct name *, int);

#define RB_GENERATE(name, type, field, cmp)                                    \
	RB_GENERATE_INTERNAL(name, type, field, cmp, )
#define RB_GENERATE_STATIC(name, type, field, cmp)                             \
	RB_GENERATE_INTERNAL(name, type, field, cmp, __unused static)
#define RB_GENERATE_INTERNAL(name, type, field, cmp, attr)                         \
	/* Puts another node, or none, in the place of a node below its parent. */ \
	static void name##_RB_REPLACE(                                             \
	    struct name *head, struct type *old, struct type *new)                 \
	{                                                                          \
		struct type *up = RB_PARENT(old, field);                           \
		if (up == NULL)                                                    \
			RB_ROOT(head) = new;                                       \
		else if (RB_LEFT(up, field) == old)                                \
			RB_LEFT(up, field) = new;                                  \
		else                                                               \
			RB_RIGHT(up, field) = new;                                 \
		if (new != NULL)                                                   \
			RB_PARENT(new, field) = up;                                \
	}                                                                          \
	/* A node changes places with its parent; the order stays. */              \
	static void name##_RB_RAISE(struct name *head, struct type *elm)           \
	{                                                                          \
		struct type *up = RB_PARENT(elm, field), *between;                 \
		name##_RB_REPLACE(head, up, elm);                                  \
		if (RB_LEFT(up, field) == elm) {                                   \
			between = RB_RIGHT(elm, field);                            \
			RB_LEFT(up, field) = between;                              \
			RB_RIGHT(elm, field) = up;                                 \
		} else {                                                           \
			between = RB_LEFT(elm, field);                             \
			RB_RIGHT(up, field) = between;                             \
			RB_LEFT(elm, field) = up;                                  \
		}                                                                  \
		RB_PARENT(up, field) = elm;                                        \
		if (between != NULL)                                               \
			RB_PARENT(between, field) = up;                            \
	}                                                                          \
	attr struct type *name##_RB_INSERT(                                        \
	    struct name *head, struct type *elm)                                   \
	{                                                                          \
		struct type **link = &RB_ROOT(head), *up = NULL;                   \
		__typeof(cmp(elm, elm)) order;                                     \
		while (*link != NULL) {                                            \
			up = *link;                                                \
			order = cmp(elm, up);                                      \
			if (order == 0)                                            \
				return up;                                         \
			link = order < 0 ? &RB_LEFT(up, field)                     \
					 : &RB_RIGHT(up, field);                   \
		}                                                                  \
		head->rbh_row = head->rbh_row * 1664525u + 1013904223u;            \
		elm->field.rbe_rank = head->rbh_row >> 8;                          \
		RB_LEFT(elm, field) = RB_RIGHT(elm, field) = NULL;                 \
		RB_PARENT(elm, field) = up;                                        \
		*link = elm;                                                       \
		while ((up = RB_PARENT(elm, field)) != NULL &&                     \
		       up->field.rbe_rank < elm->field.rbe_rank)                   \
			name##_RB_RAISE(head, elm);                                \
		return NULL;                                                       \
	}                                                                          \
	attr struct type *name##_RB_REMOVE(                                        \
	    struct name *head, struct type *elm)                                   \
	{                                                                          \
		struct type *left, *right;                                         \
		while ((left = RB_LEFT(elm, field)) != NULL &&                     \
		       (right = RB_RIGHT(elm, field)) != NULL)                     \
			name##_RB_RAISE(                                           \
			    head, left->field.rbe_rank > right->field.rbe_rank     \
				      ? left                                       \
				      : right);                                    \
		right = RB_RIGHT(elm, field);                                      \
		name##_RB_REPLACE(head, elm, left != NULL ? left : right);         \
		return elm;                                                        \
	}                                                                          \
	attr struct type *name##_RB_NFIND(struct name *head, struct type *elm)     \
	{                                                                          \
		struct type *at = RB_ROOT(head), *found = NULL;                    \
		__typeof(cmp(elm, elm)) order;                                     \
		while (at != NULL) {                                               \
			order = cmp(elm, at);                                      \
			if (order == 0)                                            \
				return at;                                         \
			if (order < 0)                                             \
				found = at;                                        \
			at = order < 0 ? RB_LEFT(at, field)                        \
				       : RB_RIGHT(at, field);                      \
		}                                                                  \
		return found;                                                      \
	}                                                                          \
	attr struct type *name##_RB_FIND(struct name *head, struct type *elm)      \
	{                                                                          \
		struct type *found = name##_RB_NFIND(head, elm);                   \
		return found != NULL && cmp(elm, found) == 0 ? found : NULL;       \
	}                                                                          \
	attr struct type *name##_RB_NEXT(struct type *elm)                         \
	{                                                                          \
		struct type *at = RB_RIGHT(elm, field);                            \
		if (at != NULL) {                                                  \
			while (RB_LEFT(at, field) != NULL)                         \
				at = RB_LEFT(at, field);                           \
			return at;                                                 \
		}                                                                  \
		while ((at = RB_PARENT(elm, field)) != NULL &&                     \
		       RB_RIGHT(at, field) == elm)                                 \
			elm = at;                                                  \
		return at;                                                         \
	}                                                                          \
	attr struct type *name##_RB_PREV(struct type *elm)                         \
	{                                                                          \
		struct type *at = RB_LEFT(elm, field);                             \
		if (at != NULL) {                                                  \
			while (RB_RIGHT(at, field) != NULL)                        \
				at = RB_RIGHT(at, field);                          \
			return at;                                                 \
		}                                                                  \
		while ((at = RB_PARENT(elm, field)) != NULL &&                     \
		       RB_LEFT(at, field) == elm)                                  \
			elm = at;                                                  \
		return at;                                                         \
	}                                                                          \
	attr struct type *name##_RB_MINMAX(struct name *head, int value)           \
	{                                                                          \
		struct type *at = RB_ROOT(head), *last = NULL;                     \
		while (at != NULL) {                                               \
			last = at;                                                 \
			at = value < 0 ? RB_LEFT(at, field)                        \
				       : RB_RIGHT(at, field);                      \
		}                                                                  \
		return last;                                                       \
	}

#define RB_INSERT(name, x, y) name##_RB_INSERT(x, y)
#define RB_REMOVE(name, x, y) name##_RB_REMOVE(x, y)
#define RB_FIND(name, x, y)   name##_RB_FIND(x, y)
#define RB_NFIND(name, x, y)  name##_RB_NFIND(x, y)
#define RB_NEXT(name, x, y)   name##_RB_NEXT(y)
#define RB_PREV(name, x, y)   name##_RB_PREV(y)
#define RB_MIN(name, x)	      name##_RB_MINMAX(x, RB_NEGINF)
#define RB_MAX(name, x)	      name##_RB_MINMAX(x, RB_INF)
#define RB_FOREACH(x, name, head)                                              \
	for ((x) = RB_MIN(name, head); (x) != NULL; (x) = name##_RB_NEXT(x))
#define RB_FOREACH_REVERSE(x, name, head)                                      \
	for ((x) = RB_MAX(name, head); (x) != NULL; (x) = name##_RB_PREV(x))
#define RB_FOREACH_SAFE(x, name, head, y)                                      \
	for ((x) = RB_MIN(name, head);                                         \
	     (x) != NULL && ((y) = name##_RB_NEXT(x), 1); (x) = (y))

#endif /* !_SYS_TREE_H_ */
