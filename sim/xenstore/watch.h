/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Watches: they are registered, found by the path that changed, and report it in the form in which they were registered
 * (relative or absolute). Functions that return int give 0 or an errno.
 */
#ifndef SIM_XENSTORE_WATCH_H
#define SIM_XENSTORE_WATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct perms;
struct tree;
struct xenstore;
struct xenstore_domain;

struct watch {
    unsigned domid;
    uint64_t order; /* of registration */
    uint32_t skip;  /* how many bytes at the front of a path a relative watch leaves out when it reports */
    char *token;
    char path[];
};

struct watches {
    struct watch **list; /* sorted by path, then order */
    struct watch **hit;  /* of the same size: the watches that one change concerns */
    size_t count, room;
};

int watch_add(struct xenstore *, struct xenstore_domain *, const char *given, const char *token);
int watch_remove(struct xenstore *, struct xenstore_domain *, const char *given, const char *token);
/* The event that each watch begins with. */
void watch_fire_first(struct xenstore *, struct xenstore_domain *, const char *given, const char *token);
void watch_remove_all(struct xenstore *, struct xenstore_domain *);
void watches_free(struct watches *);
/* Reports a change at path to those that any of two permissions lets see it; either may be NULL. */
void watch_fire_to(
    struct xenstore *, const char *path, bool exact, const struct perms *, const struct perms *);
/* Reports a change at path, as the tree shows it. exact: only to watches on the path itself, not to those above it. */
void watch_fire(struct xenstore *, const struct tree *, const char *path, bool exact);

/* Reports what a path stands for that is no node, such as @releaseDomain. */
void watch_fire_special(struct xenstore *, const char *path, const struct perms *);

#endif
