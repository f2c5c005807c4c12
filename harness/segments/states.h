/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * States of a small world: the memory that makes one up, kept as what differs from the first, and the set of keys that
 * have been met.
 */
#ifndef HARNESS_SEGMENTS_STATES_H
#define HARNESS_SEGMENTS_STATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The memory: the world's writable data, and the first bytes of its arena. */
struct memory {
    char *data, *arena;
    size_t data_bytes, arena_bytes;
};

struct state {
    uint32_t before;            /* the state that it came from; its own number in the first */
    uint16_t operation, depth;  /* how it came */
    uint16_t refused, nr_lines; /* lines that differ */
    uint32_t arena_used;
    char *lines; /* nr_lines numbers, then their bytes; NULL: thrown away */
};

struct states {
    struct memory memory;
    char *first;                 /* all of it, when there was one state */
    char *image;                 /* all of the state image_of: it is come back to again and again */
    size_t image_of, image_used; /* used: behind so much of its arena it is the first */
    struct state *list;
    size_t count, room;
    uint64_t *keys; /* open addressing; 0: empty */
    size_t nr_keys, key_room;
};

/* What the memory has now becomes state 0. False: no memory. */
bool states_begin(struct states *, const struct memory *, size_t arena_used);
void states_free(struct states *);

/* False when the key was met before; *failed: no memory. */
bool states_new_key(struct states *, uint64_t key, bool *failed);
/* Hash of all bytes. */
uint64_t states_hash(const struct states *, size_t arena_used);

/* Keeps what the memory has now. False: no memory. */
bool states_keep(struct states *, const struct state *how, size_t arena_used);
/* Makes the memory what it was in that state. arena_used: of what it has now. */
void states_restore(struct states *, size_t number, size_t arena_used);
/* Is the memory what it was in that state? */
bool states_is(struct states *, size_t number, size_t arena_used);
/* A state to which nothing goes back any more. */
void states_forget(struct states *, size_t number);

#endif
