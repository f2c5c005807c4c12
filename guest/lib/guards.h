/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guards around the static objects of the driver's files, by which a write outside of an object is found. The build puts
 * them there (guest/guard-objects.awk), and a row about each object into a section of the image. Objects that are no
 * larger than a number have none. A read, and a write that jumps over the guard, are not seen.
 */
#ifndef GUEST_LIB_GUARDS_H
#define GUEST_LIB_GUARDS_H

#include <stdint.h>

/* The build reads these two. In front of an object that is aligned to more there is more, and the last bytes are checked. */
#define GUARD_FRONT_BYTES  64
#define GUARD_BEHIND_BYTES 128

void guards_set(void); /* before the driver's code runs */

/* Tells of each guard that was written to since the last call. guilty: an address in the code that ran last, or 0 when
 * that is who called. */
void guards_check(uintptr_t guilty);

#endif
