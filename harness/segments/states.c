/* SPDX-License-Identifier: BSD-2-Clause */
/* Lines of 64 bytes that differ from the first state, and a table of keys. */
#include "harness/segments/states.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define LINE_BYTES 64u
#define LINES_MAX  65535u

static size_t lines_of(size_t bytes)
{
    return (bytes + LINE_BYTES - 1) / LINE_BYTES;
}

bool states_begin(struct states *states, const struct memory *memory, size_t arena_used)
{
    const struct state first = {0};

    *states = (struct states){.memory = *memory, .key_room = 1024, .room = 1024};
    states->first = malloc(memory->data_bytes + memory->arena_bytes);
    states->image = malloc(memory->data_bytes + memory->arena_bytes);
    states->image_of = SIZE_MAX;
    states->keys = calloc(states->key_room, sizeof *states->keys);
    states->list = malloc(states->room * sizeof *states->list);
    if (states->first == NULL || states->image == NULL || states->keys == NULL || states->list == NULL)
        return false;
    memcpy(states->first, memory->data, memory->data_bytes);
    memcpy(states->first + memory->data_bytes, memory->arena, memory->arena_bytes);
    memcpy(states->image, states->first, memory->data_bytes + memory->arena_bytes);
    return states_keep(states, &first, arena_used);
}

void states_free(struct states *states)
{
    for (size_t s = 0; s < states->count; s++)
        free(states->list[s].lines);
    free(states->list);
    free(states->keys);
    free(states->first);
    free(states->image);
    *states = (struct states){0};
}

/* ---- keys --------------------------------------------------------------------------------------- */

static void put_key(uint64_t *keys, size_t room, uint64_t key)
{
    size_t at = key & (room - 1);

    while (keys[at] != 0)
        at = (at + 1) & (room - 1);
    keys[at] = key;
}

static bool grow_keys(struct states *states)
{
    const size_t room = states->key_room * 2;
    uint64_t *keys = calloc(room, sizeof *keys);

    if (keys == NULL)
        return false;
    for (size_t k = 0; k < states->key_room; k++)
        if (states->keys[k] != 0)
            put_key(keys, room, states->keys[k]);
    free(states->keys);
    states->keys = keys;
    states->key_room = room;
    return true;
}

bool states_new_key(struct states *states, uint64_t key, bool *failed)
{
    size_t at;

    key += key == 0;
    for (at = key & (states->key_room - 1); states->keys[at] != 0; at = (at + 1) & (states->key_room - 1))
        if (states->keys[at] == key)
            return false;
    if (states->nr_keys * 2 >= states->key_room && !grow_keys(states)) {
        *failed = true;
        return false;
    }
    put_key(states->keys, states->key_room, key);
    states->nr_keys++;
    assert(states->nr_keys < states->key_room);
    return true;
}

uint64_t states_hash(const struct states *states, size_t arena_used)
{
    const struct memory *memory = &states->memory;

    return XXH3_64bits_withSeed(memory->arena, arena_used, XXH3_64bits(memory->data, memory->data_bytes));
}

/* ---- memory ------------------------------------------------------------------------------------- */

/* A line of the memory, and how many bytes of it there are: data first, then the arena. */
static char *line_at(const struct memory *memory, size_t line, size_t *bytes)
{
    const size_t data_lines = lines_of(memory->data_bytes);
    const bool in_data = line < data_lines;
    const size_t start = (in_data ? line : line - data_lines) * LINE_BYTES;
    const size_t left = (in_data ? memory->data_bytes : memory->arena_bytes) - start;

    *bytes = left < LINE_BYTES ? left : LINE_BYTES;
    return (in_data ? memory->data : memory->arena) + start;
}

static const char *first_at(const struct states *states, size_t line)
{
    const size_t data_lines = lines_of(states->memory.data_bytes);

    return states->first + (line < data_lines ? line * LINE_BYTES
                                              : states->memory.data_bytes + (line - data_lines) * LINE_BYTES);
}

bool states_keep(struct states *states, const struct state *how, size_t arena_used)
{
    const size_t all = lines_of(states->memory.data_bytes) + lines_of(arena_used);
    uint16_t numbers[LINES_MAX];
    size_t count = 0, bytes;

    assert(arena_used <= states->memory.arena_bytes && all <= LINES_MAX);
    if (states->count == states->room) {
        struct state *list = realloc(states->list, states->room * 2 * sizeof *list);
        if (list == NULL)
            return false;
        states->list = list;
        states->room *= 2;
    }
    for (size_t line = 0; line < all; line++) {
        const char *now = line_at(&states->memory, line, &bytes);
        if (memcmp(now, first_at(states, line), bytes) != 0)
            numbers[count++] = (uint16_t)line;
    }
    struct state *state = &states->list[states->count];
    *state = *how;
    state->nr_lines = (uint16_t)count;
    state->arena_used = (uint32_t)arena_used;
    state->lines = malloc(count * (sizeof numbers[0] + LINE_BYTES) + 1);
    if (state->lines == NULL)
        return false;
    memcpy(state->lines, numbers, count * sizeof numbers[0]);
    char *to = state->lines + count * sizeof numbers[0];
    for (size_t l = 0; l < count; l++, to += LINE_BYTES) {
        const char *now = line_at(&states->memory, numbers[l], &bytes);
        memcpy(to, now, bytes);
    }
    states->count++;
    return true;
}

/* What the memory was in that state: the first with its own lines in it. */
static void build_image(struct states *states, size_t number)
{
    const size_t data_bytes = states->memory.data_bytes, arena_bytes = states->memory.arena_bytes;
    const struct memory image = {states->image, states->image + data_bytes, data_bytes, arena_bytes};
    const struct state *state = &states->list[number];
    const char *from = state->lines + state->nr_lines * sizeof(uint16_t);
    size_t bytes;

    assert(number < states->count && state->lines != NULL);
    const size_t differs = state->arena_used > states->image_used ? state->arena_used : states->image_used;
    memcpy(states->image, states->first, data_bytes + differs);
    states->image_used = state->arena_used;
    for (size_t l = 0; l < state->nr_lines; l++, from += LINE_BYTES) {
        uint16_t line;
        memcpy(&line, state->lines + l * sizeof line, sizeof line);
        char *to = line_at(&image, line, &bytes);
        memcpy(to, from, bytes);
    }
    states->image_of = number;
}

void states_restore(struct states *states, size_t number, size_t arena_used)
{
    const struct memory *memory = &states->memory;
    const size_t then_used = states->list[number].arena_used;

    assert(arena_used <= memory->arena_bytes);
    if (states->image_of != number)
        build_image(states, number);
    memcpy(memory->data, states->image, memory->data_bytes);
    memcpy(
        memory->arena, states->image + memory->data_bytes, arena_used > then_used ? arena_used : then_used);
}

void states_forget(struct states *states, size_t number)
{
    assert(number < states->count);
    free(states->list[number].lines);
    states->list[number].lines = NULL;
}

bool states_is(struct states *states, size_t number, size_t arena_used)
{
    const struct memory *memory = &states->memory;

    if (states->image_of != number)
        build_image(states, number);
    return arena_used == states->list[number].arena_used &&
           memcmp(memory->data, states->image, memory->data_bytes) == 0 &&
           memcmp(memory->arena, states->image + memory->data_bytes, arena_used) == 0;
}
