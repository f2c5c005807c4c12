/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xenbus: devices found through XenStore, and the store itself. Functions
 * give 0 or one of NetBSD's error numbers. A watch's function runs in
 * xenbus's watch thread, may sleep, and is called once right after the
 * registration.
 */
#ifndef _XEN_XENBUS_H_
#define _XEN_XENBUS_H_

#include <sys/types.h>
#include <sys/device.h>
#include <sys/queue.h>
#include <xen/xen.h>
#include <xen-public/io/xenbus.h>
#include <xen-public/io/xs_wire.h>

typedef enum xenbus_state XenbusState;

struct xenbus_device;
struct xenbus_transaction;

/* bus to hypervisor */
struct xenbus_attach_args {
	const char *xa_device;
};

/* device to bus: what a match and an attach function get */
struct xenbusdev_attach_args {
	const char *xa_type;
	int xa_id;
	struct xenbus_device *xa_xbusd;
};

struct xenbus_watch {
	SLIST_ENTRY(xenbus_watch) watch_next;
	char *node;
	size_t node_sz; /* of later years; nothing here reads it */
	void (*xbw_callback)(
	    struct xenbus_watch *, const char **, unsigned int);
	struct xenbus_device *xbw_dev;
};

int register_xenbus_watch(struct xenbus_watch *);
void unregister_xenbus_watch(struct xenbus_watch *);

/*
 * Reading and writing: a transaction or NULL, a directory, a node in it or
 * NULL. xenbus_read fills a buffer of the caller's and ends it with a NUL. The
 * older one gives a length and a buffer that is to be freed with
 * free(buffer, M_DEVBUF): files of both ages find theirs by their arguments.
 * Numbers are read in the given base, 0 for any.
 */
int xenbus_read(
    struct xenbus_transaction *, const char *, const char *, char *, size_t);
int __xenbus_read_alloc(struct xenbus_transaction *, const char *, const char *,
    unsigned int *, char **);
#define xenbus_read(t, dir, node, a, b)                                        \
	_Generic((b), char **: __xenbus_read_alloc,			\
	    default: xenbus_read)((t), (dir), (node), (a), (b))
int xenbus_read_ul(struct xenbus_transaction *, const char *, const char *,
    unsigned long *, int);
int xenbus_read_ull(struct xenbus_transaction *, const char *, const char *,
    unsigned long long *, int);
int xenbus_write(
    struct xenbus_transaction *, const char *, const char *, const char *);
int xenbus_printf(struct xenbus_transaction *, const char *, const char *,
    const char *, ...) __printflike(4, 5);
int xenbus_mkdir(struct xenbus_transaction *, const char *, const char *);
int xenbus_exists(struct xenbus_transaction *, const char *, const char *);
int xenbus_rm(struct xenbus_transaction *, const char *, const char *);
int xenbus_directory(struct xenbus_transaction *, const char *, const char *,
    unsigned int *, char ***);
void xenbus_directory_free(unsigned int, char **);
struct xenbus_transaction *xenbus_transaction_start(void);
int xenbus_transaction_end(struct xenbus_transaction *, int);

#endif /* !_XEN_XENBUS_H_ */
