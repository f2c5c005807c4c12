/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Watches: registered, found by the path that changed, reported as they were registered. Functions that return int
 * give 0 or an errno.
 */
#ifndef SIM_XENSTORE_WATCH_H
#define SIM_XENSTORE_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct tree;
struct xenstore;
struct xenstore_domain;

struct watch {
    unsigned domid;
    uint64_t order; /* of registration */
    uint32_t skip;  /* bytes that a relative watch leaves off when it reports */
    char *token;
    char path[];
};

struct watches {
    struct watch **list; /* sorted by path, then order */
    struct watch **hit;  /* as much room again: those that one change concerns */
    size_t count, room;
};

int watch_add(struct xenstore *, struct xenstore_domain *, const char *given, const char *token);
int watch_remove(struct xenstore *, struct xenstore_domain *, const char *given, const char *token);
/* The event that each watch begins with. */
void watch_fire_first(struct xenstore *, struct xenstore_domain *, const char *given, const char *token);
void watch_remove_all(struct xenstore *, struct xenstore_domain *);
void watches_free(struct watches *);
/* A change at path as it is seen in tree. exact: only watches on the path itself, not above it. */
void watch_fire(struct xenstore *, const struct tree *, const char *path, bool exact);

#endif
