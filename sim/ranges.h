/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A set of numbers, mostly pfns, kept as ranges [start, end) that are sorted and disjoint; ranges that touch are joined.
 * All zeros is the empty set. A function that changes a set returns false when memory is out, and has changed nothing
 * then.
 */
#ifndef SIM_RANGES_H
#define SIM_RANGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct range {
    uint64_t start, end;
};
struct ranges {
    struct range *at;
    size_t count, room;
};

bool ranges_add(struct ranges *, uint64_t start, uint64_t end);
bool ranges_remove(struct ranges *, uint64_t start, uint64_t end);
bool ranges_copy(struct ranges *to, const struct ranges *from);
void ranges_free(struct ranges *); /* empty again */

bool ranges_hold(const struct ranges *, uint64_t number);
bool ranges_overlap(const struct ranges *, uint64_t start, uint64_t end);
bool ranges_equal(const struct ranges *, const struct ranges *);
uint64_t ranges_pages(const struct ranges *); /* how many numbers there are in all ranges together */
/* The nth number, from 1 on, of those in [start, end) that the set does not hold; false: there are fewer. */
bool ranges_nth_new(const struct ranges *, uint64_t start, uint64_t end, uint64_t nth, uint64_t *number);

#endif
