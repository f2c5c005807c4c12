/* SPDX-License-Identifier: BSD-2-Clause */
/* Lists of numbers and of frames, in which checkers remember things. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/array.h"
#include "sim/invariants/lists.h"

bool numbers_add(struct numbers *list, uint64_t number)
{
    if (!ARRAY_ONE_MORE(list->at, list->room, list->count))
        return false;
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
    assert(frames != NULL || count == 0);
    if (!ARRAY_ROOM(list->at, list->room, list->count, count))
        return false;
    if (count > 0)
        memcpy(list->at + list->count, frames, count * sizeof *frames);
    list->count += count;
    return true;
}
