/* SPDX-License-Identifier: BSD-2-Clause */
/* Arrays that grow at least to twice their size, so that many additions one after the other cost little. */
#include "sim/array.h"

#include <assert.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define ROOM_FIRST 16u /* entries */

bool array_grow(void *array, size_t *room, size_t count, size_t more, size_t entry_bytes)
{
    assert(count <= *room && entry_bytes != 0);
    if (more > SIZE_MAX - count)
        return false;
    size_t wanted = *room > SIZE_MAX / 2 ? SIZE_MAX : *room * 2;
    if (wanted < ROOM_FIRST)
        wanted = ROOM_FIRST;
    if (wanted < count + more)
        wanted = count + more;
    if (wanted > PTRDIFF_MAX / entry_bytes)
        return false;

    void *old, *larger;
    memcpy(&old, array, sizeof old); /* a pointer to a type that isn't known here */
    larger = realloc(old, wanted * entry_bytes);
    if (larger == NULL)
        return false;
    memcpy(array, &larger, sizeof larger);
    *room = wanted;
    assert(*room - count >= more);
    /* cppcheck-suppress memleak ; the array's owner has it now */
    return true;
}
