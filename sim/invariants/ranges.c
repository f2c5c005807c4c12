/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Rows of pfns, lists of numbers, and the table of frames' last events: what checkers remember.
 * They hold no judgement. Each answers false when memory is out, and is then as it was.
 */
#include "sim/invariants/checkers.h"

#include <stdlib.h>
#include <string.h>

/* The first range that ends behind value, or count. */
static size_t ranges_index(const struct ranges *set, uint64_t value)
{
    size_t low = 0, high = set->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (set->at[middle].end > value)
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

static bool ranges_room(struct ranges *set)
{
    size_t room = set->room == 0 ? 8 : set->room * 2;
    struct range *at;

    if (set->count < set->room)
        return true;
    at = realloc(set->at, room * sizeof *at);
    if (at == NULL)
        return false;
    set->at = at;
    set->room = room;
    return true;
}

bool ranges_add(struct ranges *set, uint64_t start, uint64_t end)
{
    size_t first, last;

    assert(set != NULL && start <= end);
    if (start == end)
        return true;
    /* Whatever it touches melts into it. */
    first = start == 0 ? 0 : ranges_index(set, start - 1);
    for (last = first; last < set->count && set->at[last].start <= end; last++)
        ;
    if (first == last) {
        if (!ranges_room(set))
            return false;
        memmove(set->at + first + 1, set->at + first, (set->count - first) * sizeof *set->at);
        set->count++;
    } else {
        if (set->at[first].start < start)
            start = set->at[first].start;
        if (set->at[last - 1].end > end)
            end = set->at[last - 1].end;
        memmove(set->at + first + 1, set->at + last, (set->count - last) * sizeof *set->at);
        set->count -= last - first - 1;
    }
    set->at[first] = (struct range){start, end};
    assert(set->count <= set->room);
    return true;
}

bool ranges_remove(struct ranges *set, uint64_t start, uint64_t end)
{
    size_t i;

    assert(set != NULL && start <= end);
    if (start == end)
        return true;
    for (i = ranges_index(set, start); i < set->count && set->at[i].start < end;) {
        struct range *range = &set->at[i];

        if (range->start < start && range->end > end) {
            uint64_t tail = range->end;

            if (!ranges_room(set))
                return false;
            range = &set->at[i];
            memmove(range + 1, range, (set->count - i) * sizeof *range);
            set->count++;
            range[0].end = start;
            range[1] = (struct range){end, tail};
            return true;
        }
        if (range->start < start) {
            range->end = start;
            i++;
        } else if (range->end > end) {
            range->start = end;
            i++;
        } else {
            memmove(range, range + 1, (set->count - i - 1) * sizeof *range);
            set->count--;
        }
    }
    assert(!ranges_overlap(set, start, end));
    return true;
}

bool ranges_hold(const struct ranges *set, uint64_t value)
{
    size_t i = ranges_index(set, value);

    return i < set->count && set->at[i].start <= value;
}

bool ranges_overlap(const struct ranges *set, uint64_t start, uint64_t end)
{
    size_t i = ranges_index(set, start);

    return start < end && i < set->count && set->at[i].start < end;
}

uint64_t ranges_pages(const struct ranges *set)
{
    uint64_t pages = 0;

    for (size_t i = 0; i < set->count; i++)
        pages += set->at[i].end - set->at[i].start;
    return pages;
}

bool ranges_copy(struct ranges *to, const struct ranges *from)
{
    assert(to != NULL && from != NULL && to != from);
    if (to->room < from->count) {
        struct range *at = realloc(to->at, from->count * sizeof *at);

        if (at == NULL)
            return false;
        to->at = at;
        to->room = from->count;
    }
    if (from->count > 0)
        memcpy(to->at, from->at, from->count * sizeof *to->at);
    to->count = from->count;
    return true;
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

void ranges_free(struct ranges *set)
{
    free(set->at);
    *set = (struct ranges){0};
}

bool numbers_add(struct numbers *list, uint64_t number)
{
    assert(list != NULL && list->count <= list->room);
    if (list->count == list->room) {
        size_t room = list->room == 0 ? 64 : list->room * 2;
        uint64_t *at = realloc(list->at, room * sizeof *at);

        if (at == NULL)
            return false;
        list->at = at;
        list->room = room;
    }
    list->at[list->count++] = number;
    return true;
}

static int numbers_compare(const void *left, const void *right)
{
    uint64_t a = *(const uint64_t *)left, b = *(const uint64_t *)right;

    return a < b ? -1 : a > b;
}

void numbers_sort(struct numbers *list)
{
    if (list->count > 1)
        qsort(list->at, list->count, sizeof *list->at, numbers_compare);
}

bool numbers_hold(const struct numbers *list, uint64_t number)
{
    return list->count > 0 &&
           bsearch(&number, list->at, list->count, sizeof *list->at, numbers_compare) != NULL;
}

bool frame_list_add(struct frame_list *list, const uint32_t *frames, size_t count)
{
    assert(list != NULL && (frames != NULL || count == 0));
    if (list->room - list->count < count) {
        size_t room = list->count + count + 512;
        uint32_t *at = realloc(list->at, room * sizeof *at);

        if (at == NULL)
            return false;
        list->at = at;
        list->room = room;
    }
    if (count > 0)
        memcpy(list->at + list->count, frames, count * sizeof *frames);
    list->count += count;
    return true;
}
