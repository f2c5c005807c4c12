/* SPDX-License-Identifier: BSD-2-Clause */
/* Sets of numbers as sorted ranges: a number is found by binary search, and a change moves the ranges behind it. */
#include "sim/ranges.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/array.h"

/* The first range that ends behind that number, or count. */
static size_t find(const struct ranges *set, uint64_t number)
{
    size_t low = 0, high = set->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (set->at[middle].end > number)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Replaces `old` ranges from `first` on by `new` ones, which the caller writes. There must be room for them. */
static void replace(struct ranges *set, size_t first, size_t old, size_t new)
{
    assert(first + old <= set->count && set->count - old + new <= set->room);
    memmove(set->at + first + new, set->at + first + old, (set->count - first - old) * sizeof set->at[0]);
    set->count = set->count - old + new;
}

bool ranges_add(struct ranges *set, uint64_t start, uint64_t end)
{
    size_t first, behind;

    assert(start <= end);
    if (start == end)
        return true;
    if (!ARRAY_ONE_MORE(set->at, set->room, set->count))
        return false;
    /* All ranges that it touches are joined with it. */
    first = behind = start == 0 ? 0 : find(set, start - 1);
    for (; behind < set->count && set->at[behind].start <= end; behind++) {
        start = set->at[behind].start < start ? set->at[behind].start : start;
        end = set->at[behind].end > end ? set->at[behind].end : end;
    }
    replace(set, first, behind - first, 1);
    set->at[first] = (struct range){start, end};
    assert(first == 0 || set->at[first - 1].end < start);
    assert(first + 1 == set->count || set->at[first + 1].start > end);
    return true;
}

bool ranges_remove(struct ranges *set, uint64_t start, uint64_t end)
{
    const size_t first = find(set, start);
    size_t behind = first, nr_kept = 0;
    struct range kept[2];

    assert(start <= end);
    if (start == end || first == set->count || set->at[first].start >= end)
        return true;
    if (!ARRAY_ONE_MORE(set->at, set->room, set->count)) /* one range may become two */
        return false;
    while (behind < set->count && set->at[behind].start < end)
        behind++;
    if (set->at[first].start < start)
        kept[nr_kept++] = (struct range){set->at[first].start, start};
    if (set->at[behind - 1].end > end)
        kept[nr_kept++] = (struct range){end, set->at[behind - 1].end};
    replace(set, first, behind - first, nr_kept);
    for (size_t i = 0; i < nr_kept; i++)
        set->at[first + i] = kept[i];
    assert(!ranges_overlap(set, start, end));
    return true;
}

bool ranges_copy(struct ranges *to, const struct ranges *from)
{
    assert(to != from);
    if (!ARRAY_ROOM(to->at, to->room, 0, from->count))
        return false;
    if (from->count > 0)
        memcpy(to->at, from->at, from->count * sizeof to->at[0]);
    to->count = from->count;
    assert(ranges_equal(to, from));
    return true;
}

void ranges_free(struct ranges *set)
{
    free(set->at);
    *set = (struct ranges){0};
}

bool ranges_hold(const struct ranges *set, uint64_t number)
{
    const size_t i = find(set, number);

    return i < set->count && set->at[i].start <= number;
}

bool ranges_overlap(const struct ranges *set, uint64_t start, uint64_t end)
{
    const size_t i = find(set, start);

    return start < end && i < set->count && set->at[i].start < end;
}

bool ranges_equal(const struct ranges *a, const struct ranges *b)
{
    if (a->count != b->count)
        return false;
    for (size_t i = 0; i < a->count; i++)
        if (a->at[i].start != b->at[i].start || a->at[i].end != b->at[i].end)
            return false;
    return true;
}

uint64_t ranges_pages(const struct ranges *set)
{
    uint64_t pages = 0;

    for (size_t i = 0; i < set->count; i++)
        pages += set->at[i].end - set->at[i].start;
    return pages;
}

bool ranges_nth_new(const struct ranges *set, uint64_t start, uint64_t end, uint64_t nth, uint64_t *number)
{
    uint64_t at = start;

    assert(nth >= 1);
    for (size_t i = find(set, start); at < end; i++) {
        const bool last = i == set->count || set->at[i].start >= end;
        const uint64_t gap_end = last ? end : set->at[i].start;

        if (gap_end > at && nth <= gap_end - at) {
            *number = at + nth - 1;
            assert(!ranges_hold(set, *number));
            return true;
        }
        if (last)
            return false;
        if (gap_end > at)
            nth -= gap_end - at;
        at = set->at[i].end;
    }
    return false;
}
