/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * XenStore's nodes by NetBSD's names: reading, writing, transactions. A path
 * without a leading slash is relative to the domain's own.
 */
#include <sys/param.h>
#include <sys/kmem.h>
#include <sys/malloc.h>
#include <xen/xenbus.h>

#include "guest/lib/format.h"
#include "guest/netbsd/kern/xenbus_comms.h"

struct xenbus_transaction {
	uint32_t id;
};

static uint32_t
id_of(const struct xenbus_transaction *t)
{
	return t == NULL ? 0 : t->id;
}

static int
join_path(char *path, const char *dir, const char *node)
{
	int bytes;

	if (node == NULL || *node == '\0')
		bytes = snprintf(path, XENSTORE_ABS_PATH_MAX, "%s", dir);
	else
		bytes =
		    snprintf(path, XENSTORE_ABS_PATH_MAX, "%s/%s", dir, node);
	return bytes >= XENSTORE_ABS_PATH_MAX ? ENAMETOOLONG : 0;
}

/* Makes a request whose payload is a path, a NUL and, if there is, more. */
static int
path_request(uint32_t type, struct xenbus_transaction *t, const char *dir,
    const char *node, const char *more, char **reply, size_t *reply_bytes)
{
	char path[XENSTORE_ABS_PATH_MAX];
	const char *parts[2] = {path, more};
	size_t bytes[2];
	int error = join_path(path, dir, node);

	if (error != 0)
		return error;
	bytes[0] = strlen(path) + 1;
	bytes[1] = more == NULL ? 0 : strlen(more);
	return xenbus_request(type, id_of(t), parts, bytes,
	    more == NULL ? 1 : 2, reply, reply_bytes);
}

#undef xenbus_read
int
xenbus_read(struct xenbus_transaction *t, const char *dir, const char *node,
    char *buf, size_t room)
{
	size_t bytes;
	char *reply;
	int error;

	KASSERT(room != 0);
	error = path_request(XS_READ, t, dir, node, NULL, &reply, &bytes);
	if (error != 0)
		return error;
	if (bytes < room) {
		memcpy(buf, reply, bytes);
		buf[bytes] = '\0';
	} else
		error = ENAMETOOLONG;
	xenbus_free_reply(reply, bytes);
	return error;
}

int
__xenbus_read_alloc(struct xenbus_transaction *t, const char *dir,
    const char *node, unsigned int *len, char **buf)
{
	size_t bytes;
	char *reply;
	int error;

	error = path_request(XS_READ, t, dir, node, NULL, &reply, &bytes);
	if (error != 0)
		return error;
	*buf = malloc(bytes + 1, M_DEVBUF, M_WAITOK);
	memcpy(*buf, reply, bytes + 1);
	if (len != NULL)
		*len = (unsigned int)bytes;
	xenbus_free_reply(reply, bytes);
	return 0;
}

int
xenbus_read_ull(struct xenbus_transaction *t, const char *dir, const char *node,
    unsigned long long *value, int base)
{
	char text[32], *end;
	int error;

	error = xenbus_read(t, dir, node, text, sizeof(text));
	if (error != 0)
		return error;
	*value = strtoull(text, &end, base);
	return end == text || *end != '\0' ? EINVAL : 0;
}

int
xenbus_read_ul(struct xenbus_transaction *t, const char *dir, const char *node,
    unsigned long *value, int base)
{
	unsigned long long wide;
	int error;

	error = xenbus_read_ull(t, dir, node, &wide, base);
	if (error == 0)
		*value = (unsigned long)wide;
	return error;
}

int
xenbus_write(struct xenbus_transaction *t, const char *dir, const char *node,
    const char *text)
{
	return path_request(XS_WRITE, t, dir, node, text, NULL, NULL);
}

int
xenbus_printf(struct xenbus_transaction *t, const char *dir, const char *node,
    const char *fmt, ...)
{
	char text[256];
	va_list ap;
	size_t bytes;

	va_start(ap, fmt);
	bytes = format_text(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (bytes >= sizeof(text))
		return E2BIG;
	return xenbus_write(t, dir, node, text);
}

int
xenbus_mkdir(struct xenbus_transaction *t, const char *dir, const char *node)
{
	return path_request(XS_MKDIR, t, dir, node, NULL, NULL, NULL);
}

int
xenbus_rm(struct xenbus_transaction *t, const char *dir, const char *node)
{
	return path_request(XS_RM, t, dir, node, NULL, NULL, NULL);
}

/* 1: the node exists. */
int
xenbus_exists(struct xenbus_transaction *t, const char *dir, const char *node)
{
	size_t bytes;
	char *reply;

	if (path_request(XS_READ, t, dir, node, NULL, &reply, &bytes) != 0)
		return 0;
	xenbus_free_reply(reply, bytes);
	return 1;
}

/*
 * Lists the names below a node: an array of strings, each allocated by itself.
 */
int
xenbus_directory(struct xenbus_transaction *t, const char *dir,
    const char *node, unsigned int *num, char ***names)
{
	size_t bytes;
	char *reply;
	u_int n = 0;
	int error;

	error = path_request(XS_DIRECTORY, t, dir, node, NULL, &reply, &bytes);
	if (error != 0)
		return error;
	for (size_t i = 0; i < bytes; i++)
		n += reply[i] == '\0';
	*names = kmem_alloc(MAX(n, 1) * sizeof(char *), KM_SLEEP);
	for (size_t at = 0, i = 0; i < n; at += strlen(reply + at) + 1, i++)
		(*names)[i] = kmem_strdup(reply + at, KM_SLEEP);
	*num = n;
	xenbus_free_reply(reply, bytes);
	return 0;
}

void
xenbus_directory_free(unsigned int num, char **names)
{
	for (u_int i = 0; i < num; i++)
		kmem_strfree(names[i]);
	kmem_free(names, MAX(num, 1) * sizeof(char *));
}

/* NULL: the store refused. */
struct xenbus_transaction *
xenbus_transaction_start(void)
{
	static const char *const parts[] = {""};
	static const size_t part_bytes[] = {1};
	struct xenbus_transaction *t;
	size_t bytes;
	char *reply;

	if (xenbus_request(XS_TRANSACTION_START, 0, parts, part_bytes, 1,
		&reply, &bytes) != 0)
		return NULL;
	t = kmem_alloc(sizeof(*t), KM_SLEEP);
	t->id = (uint32_t)strtoul(reply, NULL, 10);
	xenbus_free_reply(reply, bytes);
	return t;
}

/*
 * EAGAIN: another transaction changed the same nodes; the caller starts again.
 */
int
xenbus_transaction_end(struct xenbus_transaction *t, int abort)
{
	const char *parts[] = {abort ? "F" : "T"};
	static const size_t part_bytes[] = {2};
	int error;

	error = xenbus_request(
	    XS_TRANSACTION_END, t->id, parts, part_bytes, 1, NULL, NULL);
	kmem_free(t, sizeof(*t));
	return error;
}
