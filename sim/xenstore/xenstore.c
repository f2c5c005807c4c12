/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * xenstore as its users see it: making it, and asking on behalf of a domain. How domains come and go is in lifetime.c, what
 * the requests mean in request.c, how a guest's bytes travel in ring.c, and how xenstored stops and comes back in stop.c.
 */
#include "sim/xenstore/xenstore.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/xenstore/lifetime.h"
#include "sim/xenstore/path.h"
#include "sim/xenstore/queue.h"
#include "sim/xenstore/request.h"
#include "sim/xenstore/ring.h"
#include "sim/xenstore/store.h"
#include "sim/xenstore/transaction.h"

struct xenstore *xenstore_new(const struct xenstore_ops *ops)
{
    struct xenstore *xs = calloc(1, sizeof(*xs));

    if (xs == NULL)
        return NULL;
    if (ops != NULL)
        xs->ops = *ops;
    xs->waiting_last = &xs->waiting_first;
    if (!tree_begin(&xs->tree, &xs->clock)) {
        free(xs);
        return NULL;
    }
    if (!lifetime_begin(xs)) {
        xenstore_free(xs);
        return NULL;
    }
    return xs;
}

/* Drops all domains and watches. */
static void empty(struct xenstore *xs)
{
    for (size_t i = 0; i < xs->domains_room; i++) {
        if (xs->domains[i] == NULL)
            continue;
        transaction_drop_all(xs->domains[i]);
        queue_clear(xs->domains[i]);
        free(xs->domains[i]);
        xs->domains[i] = NULL;
    }
    watches_free(&xs->watches);
    xs->waiting_first = NULL;
    xs->waiting_last = &xs->waiting_first;
}

void xenstore_free(struct xenstore *xs)
{
    if (xs == NULL)
        return;
    empty(xs);
    lifetime_end(xs);
    tree_end(&xs->tree);
    free(xs->domains);
    free(xs);
}

void xenstore_reset(struct xenstore *xs)
{
    assert(xs != NULL);
    empty(xs);
    xs->clock = 0;
    xs->stopped = xs->dying = xs->died = false;
    lifetime_reset(xs);
    tree_clear(&xs->tree);
}

/* Resolves the path and fills in the asker. 0 or an errno. */
static int begin(
    struct xenstore *xs, unsigned by, const char *given, char path[PATH_ROOM], struct asker *asker)
{
    int error = by < DOMIDS ? path_resolve(path, by, given) : EINVAL;

    if (error != 0)
        return error;
    *asker = (struct asker){.xs = xs, .domain = store_domain_make(xs, by), .privileged = by == 0};
    return asker->domain == NULL ? ENOMEM : 0;
}

/* Called after each change by dom0, which has no quota: ENOMEM means that this computer's memory is out. */
static int done(struct xenstore *xs, int error)
{
    if (error == ENOMEM)
        store_lacks_memory(xs);
    ring_flush_all(xs);
    return error;
}

int xenstore_write(struct xenstore *xs, unsigned by, const char *given, const char *value)
{
    char path[PATH_ROOM];
    struct asker asker;
    int error = begin(xs, by, given, path, &asker);

    if (error == 0 && strlen(given) + 1 + strlen(value) > XENSTORE_PAYLOAD_MAX)
        error = E2BIG;
    if (error != 0) {
        store_note(xs, by, XS_WRITE, given, value, error);
        return error;
    }
    return done(xs, request_write(&asker, path, value, strlen(value)));
}

int xenstore_make(struct xenstore *xs, unsigned by, const char *given)
{
    char path[PATH_ROOM];
    struct asker asker;
    int error = begin(xs, by, given, path, &asker);

    if (error != 0) {
        store_note(xs, by, XS_MKDIR, given, "", error);
        return error;
    }
    return done(xs, request_mkdir(&asker, path));
}

int xenstore_remove(struct xenstore *xs, unsigned by, const char *given)
{
    char path[PATH_ROOM];
    struct asker asker;
    int error = begin(xs, by, given, path, &asker);

    if (error != 0) {
        store_note(xs, by, XS_RM, given, "", error);
        return error;
    }
    return done(xs, request_remove(&asker, path));
}

int xenstore_permit(struct xenstore *xs, const char *given, unsigned owner, unsigned other, char access)
{
    char path[PATH_ROOM];
    struct asker asker;
    struct perms *perms;
    bool ok;
    unsigned rights = perms_letter_access(access, &ok);
    const bool lifetime = lifetime_is_path(given);
    int error = !ok || owner >= DOMIDS || other >= DOMIDS ? EINVAL
                : lifetime                                ? 0
                                                          : begin(xs, 0, given, path, &asker);

    if (error == 0 && !store_has_domain(xs, owner))
        error = ENOENT;
    if (error != 0)
        return error;
    perms = perms_new(owner == other ? 1 : 2);
    if (perms == NULL)
        return done(xs, ENOMEM);
    perms->list[0].domid = owner;
    if (owner != other)
        perms->list[1] = (struct perm){.domid = other, .access = rights};
    store_mark_unknown(xs, perms);
    if (lifetime)
        lifetime_permit(xs, given, perms);
    else
        error = request_set_perms(&asker, path, perms);
    perms_release(perms);
    return done(xs, error);
}

static const struct node *look(const struct xenstore *xs, unsigned by, const char *given)
{
    char path[PATH_ROOM];
    const struct node *node;

    if (by >= DOMIDS || path_resolve(path, by, given) != 0)
        return NULL;
    node = tree_find(&xs->tree, path);
    return node != NULL && (perms_access(node->perms, by) & ACCESS_READ) ? node : NULL;
}

const char *xenstore_read(const struct xenstore *xs, unsigned by, const char *given)
{
    const struct node *node = look(xs, by, given);

    return node == NULL ? NULL : node_value(node);
}

size_t xenstore_directory(const struct xenstore *xs, unsigned by, const char *given, char *names, size_t room)
{
    const struct node *node = look(xs, by, given);
    const size_t bytes = node == NULL ? SIZE_MAX : node_directory(node, names, room);

    if (node != NULL && bytes == SIZE_MAX)
        store_lacks_memory(xs);
    return bytes;
}

bool xenstore_path_valid(unsigned by, const char *given)
{
    char path[PATH_ROOM];

    return by < DOMIDS && path_resolve(path, by, given) == 0;
}
