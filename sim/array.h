/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Room in arrays that grow. Such an array is three members of whoever owns it: a pointer that malloc gave (NULL
 * to begin with), a count of entries in use, and the room, in entries. Its owner frees it with free().
 */
#ifndef SIM_ARRAY_H
#define SIM_ARRAY_H

#include <stdbool.h>
#include <stddef.h>

/*
 * Makes room for `more` entries behind `count`. False: memory is out, or there is no such size; nothing has
 * changed then, and the array may be used on. `array` and `room` must be lvalues.
 */
#define ARRAY_ROOM(array, room, count, more) array_room(&(array), &(room), (count), (more), sizeof *(array))
#define ARRAY_ONE_MORE(array, room, count)   ARRAY_ROOM(array, room, count, 1)

/* What the macros call when there isn't room already; `array` is the address of the pointer. */
bool array_grow(void *array, size_t *room, size_t count, size_t more, size_t entry_bytes);

static inline bool array_room(void *array, size_t *room, size_t count, size_t more, size_t entry_bytes)
{
    return more <= *room - count || array_grow(array, room, count, more, entry_bytes);
}

#endif
