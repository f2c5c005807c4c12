/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Tries a small world (guest/abi/small_world.h) in every way: from each state each operation, each of its requests for
 * memory refused once, breadth first, so that the first way to break a rule is a shortest one.
 */
#ifndef HARNESS_SEGMENTS_EXPLORE_H
#define HARNESS_SEGMENTS_EXPLORE_H

#include <stdio.h>

#include "guest/abi/small_world.h"
#include "harness/segments/states.h"

#define RULES_MAX 96u

/* What was found about a rule in one setup. */
struct found {
    uint64_t count;
    char text[SMALL_WORLD_TEXT_MAX]; /* of the first time */
    char *path;                      /* operations with blanks between them, malloc'd */
    char *test; /* the same as statements in C, a line each, malloc'd; NULL: there are none */
};

struct exploration {
    struct found rules[RULES_MAX];
    uint64_t steps, states; /* operations that were tried; states that were new */
    unsigned depth;
    enum explored { EXPLORED_ALL, EXPLORED_TIME_UP, EXPLORED_STOPPED } end; /* all: within the depth */
    bool no_memory;                                                         /* of the explorer's own */
};

/* The writable data of the object that a world is in. */
struct memory world_memory(const struct small_world *);

/* data: its data and no arena yet. It stops after steps_max operations. False with a sentence in error. */
bool explore(const struct small_world *, unsigned setup, const struct memory *data, uint64_t steps_max,
    struct exploration *, char *error, size_t error_bytes);
void exploration_free(struct exploration *);

#endif
