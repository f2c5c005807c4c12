/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Lists of numbers that checkers remember. All zeros is an empty list; setting its count to 0 empties it and keeps its
 * memory for the next run. A function that returns false found no memory and has changed nothing. The owner frees `at`.
 */
#ifndef SIM_INVARIANTS_LISTS_H
#define SIM_INVARIANTS_LISTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Event numbers or frames. */
struct numbers {
    uint64_t *at;
    size_t count, room;
};
bool numbers_add(struct numbers *, uint64_t);
void numbers_sort(struct numbers *);
bool numbers_hold(const struct numbers *, uint64_t); /* the list is sorted */

/* The frames of calls, as records hold them. */
struct frame_list {
    uint32_t *at;
    size_t count, room;
};
bool frame_list_add(struct frame_list *, const uint32_t *frames, size_t count);

#endif
