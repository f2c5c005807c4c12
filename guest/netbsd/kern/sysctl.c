/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * sysctl(9): the tree, and sysctl_lookup, which reads and writes values with
 * the checks of the real one.
 */
#include "guest/netbsd/kern/sysctl.h"

#include <sys/param.h>
#include <sys/mutex.h>
#include <sys/sysctl.h>

#include "guest/lib/heap.h"
#include "guest/netbsd/kern/spl.h"
#include "guest/netbsd/kern/thread.h"

#define CREATE_BASE 1000 /* the number of the first node that chooses none */

u_int sysctl_nodes;

static struct sysctlnode root = {
    .sysctl_flags = SYSCTL_VERSION | CTLFLAG_ROOT | CTLTYPE_NODE,
    .sysctl_name = "(root)"};
static int next_number = CREATE_BASE;

/* A log lists the nodes that were made with it, the last one first. */
struct sysctllog {
	struct sysctlnode *node;
	struct sysctllog *before;
};

__link_set_decl(sysctl_funcs, void);

static struct sysctlnode *
child_by_name(const struct sysctlnode *parent, const char *name)
{
	struct sysctlnode *n;

	for (n = parent->sysctl_child; n != NULL; n = n->sysctl_sibling) {
		if (strcmp(n->sysctl_name, name) == 0)
			return n;
	}
	return NULL;
}

static struct sysctlnode *
child_by_number(const struct sysctlnode *parent, int number)
{
	struct sysctlnode *n;

	for (n = parent->sysctl_child; n != NULL; n = n->sysctl_sibling) {
		if (n->sysctl_num == number)
			return n;
	}
	return NULL;
}

static struct sysctlnode *
node_make(struct sysctlnode *parent, int number, const char *name, int flags,
    int type)
{
	struct sysctlnode **link = &parent->sysctl_child, *n;
	bool zeroed;

	n = heap_get(sizeof(*n), &zeroed);
	if (n == NULL)
		return NULL;
	memset(n, 0, sizeof(*n));
	n->sysctl_flags = SYSCTL_VERSION | SYSCTL_FLAGS((uint32_t)flags) |
			  SYSCTL_TYPE((uint32_t)type);
	n->sysctl_num = number;
	(void)strlcpy(n->sysctl_name, name, sizeof(n->sysctl_name));
	n->sysctl_ver = 1;
	n->sysctl_parent = parent;
	while (*link != NULL)
		link = &(*link)->sysctl_sibling;
	*link = n;
	parent->sysctl_clen++;
	sysctl_nodes++;
	return n;
}

static size_t
type_size(int type, size_t given)
{
	switch (SYSCTL_TYPE(type)) {
	case CTLTYPE_INT:
		return sizeof(int);
	case CTLTYPE_QUAD:
		return sizeof(u_quad_t);
	case CTLTYPE_BOOL:
		return sizeof(bool);
	default:
		return given;
	}
}

static int
node_fill(struct sysctlnode *n, int flags, int type, const char *descr,
    sysctlfn func, u_quad_t qv, void *newp, size_t newlen)
{
	if (newlen != 0 && SYSCTL_TYPE(type) != CTLTYPE_STRING &&
	    SYSCTL_TYPE(type) != CTLTYPE_STRUCT &&
	    SYSCTL_TYPE(type) != CTLTYPE_NODE && newlen != type_size(type, 0))
		return EINVAL;
	n->sysctl_desc = descr;
	n->sysctl_func = func;
	n->sysctl_size = type_size(type, newlen);
	if (flags & CTLFLAG_IMMEDIATE) {
		if (SYSCTL_TYPE(type) == CTLTYPE_INT)
			n->sysctl_idata = (int)qv;
		else if (SYSCTL_TYPE(type) == CTLTYPE_BOOL)
			n->sysctl_bdata = qv != 0;
		else
			n->sysctl_qdata = qv;
	} else
		n->sysctl_data = newp;
	return 0;
}

static void
log_node(struct sysctllog **log, struct sysctlnode *n)
{
	struct sysctllog *entry;
	bool zeroed;

	if (log == NULL)
		return;
	entry = heap_get(sizeof(*entry), &zeroed);
	if (entry == NULL)
		panic("sysctl: no memory for a log");
	entry->node = n;
	entry->before = *log;
	*log = entry;
}

/* Follows the given numbers down to the node that is to be made. */
static int
find_parent(struct sysctlnode **parent, int *number, va_list ap)
{
	int next;

	*number = va_arg(ap, int);
	if (*number == CTL_EOL)
		return EINVAL;
	while ((next = va_arg(ap, int)) != CTL_EOL) {
		*parent = child_by_number(*parent, *number);
		if (*parent == NULL)
			return ENOENT;
		*number = next;
	}
	return SYSCTL_TYPE((*parent)->sysctl_flags) == CTLTYPE_NODE ? 0
								    : ENOTDIR;
}

/*
 * Makes a node. A directory that exists already is used again, as machdep is by
 * everybody who makes nodes below it.
 */
int
sysctl_createv(struct sysctllog **log, int cflags __unused,
    const struct sysctlnode **rnode, const struct sysctlnode **cnode, int flags,
    int type, const char *name, const char *descr, sysctlfn func, u_quad_t qv,
    void *newp, size_t newlen, ...)
{
	struct sysctlnode *parent = &root, *n;
	int number, error;
	va_list ap;

	if (rnode != NULL && *rnode != NULL)
		parent = __UNCONST(*rnode);
	va_start(ap, newlen);
	error = find_parent(&parent, &number, ap);
	va_end(ap);
	if (error != 0)
		return error;
	if (name == NULL || *name == '\0' || strlen(name) >= SYSCTL_NAMELEN)
		return EINVAL;
	n = child_by_name(parent, name);
	if (n != NULL) {
		if (SYSCTL_TYPE(n->sysctl_flags) != CTLTYPE_NODE ||
		    SYSCTL_TYPE(type) != CTLTYPE_NODE)
			return EEXIST;
		if (cnode != NULL)
			*cnode = n;
		return 0;
	}
	if (number < 0)
		number = next_number++;
	n = node_make(parent, number, name, flags, type);
	if (n == NULL)
		return ENOMEM;
	error = node_fill(n, flags, type, descr, func, qv, newp, newlen);
	if (error != 0)
		return error;
	log_node(log, n);
	if (cnode != NULL)
		*cnode = n;
	return 0;
}

static void
node_remove(struct sysctlnode *n)
{
	struct sysctlnode **link = &n->sysctl_parent->sysctl_child;

	while (*link != n) {
		KASSERT(*link != NULL);
		link = &(*link)->sysctl_sibling;
	}
	*link = n->sysctl_sibling;
	n->sysctl_parent->sysctl_clen--;
	KASSERT(sysctl_nodes > 0);
	sysctl_nodes--;
	heap_put(n, sizeof(*n));
}

/*
 * Removes the nodes of the log, except directories that still have others below
 * them.
 */
void
sysctl_teardown(struct sysctllog **log)
{
	struct sysctllog *entry;

	while ((entry = *log) != NULL) {
		*log = entry->before;
		if (entry->node->sysctl_child == NULL)
			node_remove(entry->node);
		heap_put(entry, sizeof(*entry));
	}
}

int
sysctl_destroyv(struct sysctlnode *rnode, ...)
{
	struct sysctlnode *n = rnode == NULL ? &root : rnode;
	va_list ap;
	int number;

	va_start(ap, rnode);
	while (n != NULL && (number = va_arg(ap, int)) != CTL_EOL)
		n = child_by_number(n, number);
	va_end(ap);
	if (n == NULL || n == &root)
		return ENOENT;
	if (n->sysctl_child != NULL)
		return ENOTEMPTY;
	node_remove(n);
	return 0;
}

/* Values */

static void *
value_of(const struct sysctlnode *n)
{
	if (n->sysctl_flags & CTLFLAG_IMMEDIATE)
		return __UNCONST(&n->sysctl_qdata);
	return n->sysctl_data;
}

static int
value_out(const struct sysctlnode *n, void *oldp, size_t *oldlenp)
{
	size_t size = n->sysctl_size, room = *oldlenp;

	if (SYSCTL_TYPE(n->sysctl_flags) == CTLTYPE_STRING)
		size = strnlen(value_of(n), size - 1) + 1;
	*oldlenp = size;
	if (oldp == NULL)
		return 0;
	memcpy(oldp, value_of(n), MIN(size, room));
	return room < size ? ENOMEM : 0;
}

static int
value_in(const struct sysctlnode *n, const void *newp, size_t newlen)
{
	if ((n->sysctl_flags & CTLFLAG_READWRITE) == 0)
		return EPERM;
	if (SYSCTL_TYPE(n->sysctl_flags) == CTLTYPE_STRING) {
		size_t bytes = strnlen(newp, newlen);

		if (bytes >= n->sysctl_size)
			return EINVAL;
		memcpy(value_of(n), newp, bytes);
		((char *)value_of(n))[bytes] = '\0';
		return 0;
	}
	if (newlen != n->sysctl_size)
		return EINVAL;
	memcpy(value_of(n), newp, newlen);
	return 0;
}

/* Reads the old value, then writes the new one, where sysctl_data points. */
int
sysctl_lookup(SYSCTLFN_ARGS)
{
	int error = 0;

	(void)name;
	(void)oname;
	(void)l;
	if (namelen != 0)
		return SYSCTL_TYPE(rnode->sysctl_flags) == CTLTYPE_NODE
			   ? ENOENT
			   : ENOTDIR;
	if (SYSCTL_TYPE(rnode->sysctl_flags) == CTLTYPE_NODE)
		return EISDIR;
	if (rnode->sysctl_size == 0 || value_of(rnode) == NULL)
		return EOPNOTSUPP;
	if (newp != NULL && (rnode->sysctl_flags & CTLFLAG_READWRITE) == 0)
		return EPERM;
	if (oldlenp != NULL)
		error = value_out(rnode, oldp, oldlenp);
	if (error == 0 && newp != NULL)
		error = value_in(rnode, newp, newlen);
	return error;
}

int
sysctl_copyin(struct lwp *l __unused, const void *from, void *to, size_t bytes)
{
	return copyin(from, to, bytes);
}

int
sysctl_copyout(struct lwp *l __unused, const void *from, void *to, size_t bytes)
{
	return copyout(from, to, bytes);
}

int
sysctl_copyinstr(struct lwp *l __unused, const void *from, void *to,
    size_t room, size_t *done)
{
	size_t bytes = strnlen(from, room);

	if (bytes == room)
		return ENAMETOOLONG;
	memcpy(to, from, bytes);
	((char *)to)[bytes] = '\0';
	if (done != NULL)
		*done = bytes + 1;
	return 0;
}

/* The lock lets one user at a time into the tree. */
static kmutex_t tree_lock;

void
sysctl_lock(bool write __unused)
{
	mutex_enter(&tree_lock);
}

void
sysctl_relock(void)
{
	mutex_enter(&tree_lock);
}

void
sysctl_unlock(void)
{
	mutex_exit(&tree_lock);
}

/*
 * Calls the node's own function, or sysctl_lookup when it has none. No part of
 * the name is left to look up.
 */
static int
node_call(const struct sysctlnode *n, void *oldp, size_t *oldlenp,
    const void *newp, size_t newlen)
{
	int name[1] = {n->sysctl_num}, error;
	struct context_before before;
	sysctlfn func = n->sysctl_func != NULL ? n->sysctl_func : sysctl_lookup;

	sysctl_lock(newp != NULL);
	context_begin(&before);
	error = func(
	    name + 1, 0, oldp, oldlenp, newp, newlen, name, current_lwp, n);
	context_end(&before, "sysctl ", n->sysctl_name, (uintptr_t)func);
	sysctl_unlock();
	return error;
}

int
sysctl_read_node(const struct sysctlnode *n, void *oldp, size_t *oldlenp)
{
	return node_call(n, oldp, oldlenp, NULL, 0);
}

int
sysctl_write_node(const struct sysctlnode *n, const void *newp, size_t newlen)
{
	return node_call(n, NULL, NULL, newp, newlen);
}

/*
 * Finds a node by its dotted name. NULL: *bad points at the part that does not
 * exist, which is the level-th.
 */
const struct sysctlnode *
sysctl_by_name(const char *name, const char **bad, u_int *level)
{
	const struct sysctlnode *n = &root;
	char part[SYSCTL_NAMELEN];

	for (*level = 0;; (*level)++) {
		const char *dot = strchr(name, '.');
		size_t bytes =
		    dot != NULL ? (size_t)(dot - name) : strlen(name);

		*bad = name;
		if (bytes >= sizeof(part))
			return NULL;
		memcpy(part, name, bytes);
		part[bytes] = '\0';
		n = child_by_name(n, part);
		if (n == NULL || dot == NULL)
			return n;
		name = dot + 1;
	}
}

void
sysctl_tree_init(void)
{
	static const struct {
		int number;
		const char *name;
	} top[] = {
	    {CTL_KERN, "kern"},
	    {CTL_VM, "vm"},
	    {CTL_HW, "hw"},
	    {CTL_MACHDEP, "machdep"},
	};
	void *const *setup;

	mutex_init(&tree_lock, MUTEX_DEFAULT, IPL_NONE);
	for (size_t i = 0; i < __arraycount(top); i++) {
		if (node_make(&root, top[i].number, top[i].name,
			CTLFLAG_PERMANENT, CTLTYPE_NODE) == NULL)
			panic("sysctl: no memory for the tree");
	}
	if (__link_set_start(sysctl_funcs) == NULL)
		return;
	for (
	    setup = __link_set_start(sysctl_funcs);
	    /* cppcheck-suppress comparePointers ; the linker puts both around one set */
	    setup < __link_set_end(sysctl_funcs); setup++)
		((void (*)(struct sysctllog **)) * setup)(NULL);
}
