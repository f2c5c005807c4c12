/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Watches, in one list that is sorted by path. For a change it is searched once for the path itself and once for each
 * node above it.
 */
#include "sim/xenstore/watch.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/array.h"
#include "sim/xenstore/path.h"
#include "sim/xenstore/queue.h"
#include "sim/xenstore/quota.h"
#include "sim/xenstore/store.h"
#include "sim/xenstore/tree.h"

/* The absolute path that a watch is about, and how many bytes at its front a report leaves out. */
static int watch_path(
    char out[PATH_ROOM], const struct xenstore_domain *domain, const char *given, uint32_t *skip)
{
    int error;

    *skip = 0;
    if (path_is_special(given)) {
        if (strlen(given) > XENSTORE_REL_PATH_MAX)
            return EINVAL;
        memcpy(out, given, strlen(given) + 1);
        return 0;
    }
    error = path_resolve(out, domain->domid, given);
    if (error == 0 && given[0] != '/')
        *skip = (uint32_t)(strlen(out) - strlen(given));
    return error;
}

/* Compares a watch's path with the first bytes of a path. */
static int compare_path(const struct watch *watch, const char *path, size_t bytes)
{
    int order = strncmp(watch->path, path, bytes);

    return order != 0 ? order : watch->path[bytes] != '\0';
}

/* The first watch whose path does not sort before this one. */
static size_t lower_bound(const struct watches *watches, const char *path, size_t bytes)
{
    size_t low = 0, high = watches->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (compare_path(watches->list[middle], path, bytes) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Makes room for one more watch in both lists. False: no memory; the lists are unchanged. */
static bool reserve(struct watches *watches)
{
    size_t room = watches->room;

    return ARRAY_ONE_MORE(watches->hit, room, watches->count) &&
           ARRAY_ONE_MORE(watches->list, watches->room, watches->count);
}

static void watch_free(struct watch *watch)
{
    free(watch->token);
    free(watch);
}

static struct watch *watch_new(unsigned domid, const char *path, const char *token)
{
    size_t bytes = strlen(path) + 1;
    struct watch *watch = calloc(1, sizeof(*watch) + bytes);

    if (watch == NULL)
        return NULL;
    memcpy(watch->path, path, bytes);
    watch->domid = domid;
    watch->token = strdup(token);
    if (watch->token == NULL) {
        free(watch);
        return NULL;
    }
    return watch;
}

/* The place of a watch in the list; the count: there is no such watch. */
static size_t find(const struct watches *watches, unsigned domid, const char *path, const char *token)
{
    size_t bytes = strlen(path);
    size_t i = lower_bound(watches, path, bytes);

    for (; i < watches->count && compare_path(watches->list[i], path, bytes) == 0; i++)
        if (watches->list[i]->domid == domid && strcmp(watches->list[i]->token, token) == 0)
            return i;
    return watches->count;
}

int watch_add(struct xenstore *xs, struct xenstore_domain *domain, const char *given, const char *token)
{
    struct watches *watches = &xs->watches;
    char path[PATH_ROOM];
    uint32_t skip;
    int error = watch_path(path, domain, given, &skip);
    size_t bytes, place;
    struct watch *watch;

    if (error != 0)
        return error;
    if (find(watches, domain->domid, path, token) < watches->count)
        return EEXIST;
    if (domain->domid != 0 && domain->watches > QUOTA_WATCHES)
        return E2BIG;
    watch = reserve(watches) ? watch_new(domain->domid, path, token) : NULL;
    if (watch == NULL)
        return ENOMEM;
    watch->skip = skip;
    watch->order = ++xs->clock;

    /* Behind all of the same path: those were registered before. */
    bytes = strlen(path);
    place = lower_bound(watches, path, bytes);
    while (place < watches->count && compare_path(watches->list[place], path, bytes) == 0)
        place++;
    memmove(&watches->list[place + 1], &watches->list[place],
        (watches->count - place) * sizeof(watches->list[0]));
    watches->list[place] = watch;
    watches->count++;
    domain->watches++;
    assert(watches->count <= watches->room);
    return 0;
}

void watch_fire_first(
    struct xenstore *xs, struct xenstore_domain *domain, const char *given, const char *token)
{
    assert(domain->ring != NULL);
    queue_event(xs, domain, given, token);
}

int watch_remove(struct xenstore *xs, struct xenstore_domain *domain, const char *given, const char *token)
{
    struct watches *watches = &xs->watches;
    char path[PATH_ROOM];
    uint32_t skip;
    size_t place;

    if (watch_path(path, domain, given, &skip) != 0)
        return ENOENT;
    place = find(watches, domain->domid, path, token);
    if (place == watches->count)
        return ENOENT;
    assert(domain->watches > 0);
    watch_free(watches->list[place]);
    watches->count--;
    memmove(&watches->list[place], &watches->list[place + 1],
        (watches->count - place) * sizeof(watches->list[0]));
    domain->watches--;
    return 0;
}

void watch_remove_all(struct xenstore *xs, struct xenstore_domain *domain)
{
    struct watches *watches = &xs->watches;
    size_t kept = 0;

    if (domain->watches == 0)
        return;
    for (size_t i = 0; i < watches->count; i++) {
        if (watches->list[i]->domid == domain->domid)
            watch_free(watches->list[i]);
        else
            watches->list[kept++] = watches->list[i];
    }
    assert(watches->count - kept == domain->watches);
    watches->count = kept;
    domain->watches = 0;
}

void watches_free(struct watches *watches)
{
    for (size_t i = 0; i < watches->count; i++)
        watch_free(watches->list[i]);
    free(watches->list);
    free(watches->hit);
    *watches = (struct watches){0};
}

static size_t collect(struct watches *watches, size_t hits, const char *path, size_t bytes)
{
    size_t i = lower_bound(watches, path, bytes);

    for (; i < watches->count && compare_path(watches->list[i], path, bytes) == 0; i++)
        watches->hit[hits++] = watches->list[i];
    return hits;
}

/* The order in which xenstored fires watches: by domain, and for one domain in the order of registration. */
static int by_domain(const void *a, const void *b)
{
    const struct watch *const *x = a, *const *y = b;

    if ((*x)->domid != (*y)->domid)
        return (*x)->domid < (*y)->domid ? -1 : 1;
    return ((*x)->order > (*y)->order) - ((*x)->order < (*y)->order);
}

static bool permitted(const struct perms *perms, unsigned domid)
{
    return perms != NULL && (perms_access(perms, domid) & ACCESS_READ);
}

/* The watches that a change at this path concerns, in the order in which they fire. Returns how many. */
static size_t concerned(struct watches *watches, const char *path, bool exact)
{
    const size_t bytes = strlen(path);
    size_t hits = collect(watches, 0, path, bytes);

    for (size_t end = bytes; !exact && end > 1;) {
        while (path[end - 1] != '/')
            end--;
        end = end > 1 ? end - 1 : 1;
        hits = collect(watches, hits, path, end);
    }
    if (hits > 1)
        qsort(watches->hit, hits, sizeof(watches->hit[0]), by_domain);
    return hits;
}

static void fire(
    struct xenstore *xs, size_t hits, const char *path, const struct perms *these, const struct perms *those)
{
    for (size_t i = 0; i < hits; i++) {
        const struct watch *watch = xs->watches.hit[i];
        struct xenstore_domain *domain = store_domain(xs, watch->domid);

        assert(domain != NULL);
        if (permitted(these, watch->domid) || permitted(those, watch->domid))
            queue_event(xs, domain, path + watch->skip, watch->token);
    }
}

void watch_fire_to(
    struct xenstore *xs, const char *path, bool exact, const struct perms *these, const struct perms *those)
{
    assert(path[0] == '/');
    if (xs->watches.count != 0)
        fire(xs, concerned(&xs->watches, path, exact), path, these, those);
}

void watch_fire_special(struct xenstore *xs, const char *path, const struct perms *perms)
{
    assert(path_is_special(path));
    if (xs->watches.count != 0)
        fire(xs, concerned(&xs->watches, path, true), path, perms, NULL);
}

/* A domain hears of a change if it may read the node, or the one above it. */
void watch_fire(struct xenstore *xs, const struct tree *tree, const char *path, bool exact)
{
    const size_t hits = xs->watches.count == 0 ? 0 : concerned(&xs->watches, path, exact);
    const struct node *node, *parent = NULL;
    char parent_path[PATH_ROOM];

    assert(path[0] == '/');
    if (hits == 0)
        return;
    node = tree_find(tree, path);
    assert(node != NULL);
    if (path[1] != '\0') {
        const size_t above = path_parent_bytes(path);

        memcpy(parent_path, path, above);
        parent_path[above] = '\0';
        parent = tree_find(tree, parent_path);
    }
    fire(xs, hits, path, node->perms, parent == NULL ? NULL : parent->perms);
}
