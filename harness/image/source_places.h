/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * From an address in a guest's image to a place in its source, by the image's debug information.
 * An image without any gives no places; nothing else depends on them.
 */
#ifndef HARNESS_IMAGE_SOURCE_PLACES_H
#define HARNESS_IMAGE_SOURCE_PLACES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct places;

/* Of one shared object. NULL when the file can't be read, or where there is no memory, which is then said. */
struct places *places_open(const char *file, bool *no_memory);
void places_close(struct places *);
/*
 * offset: from the image's load address to a byte of the instruction in question.
 * Writes "balloon.c:512 (balloon_inflate)"; base names only, so that it says the same in every checkout. Behind it,
 * a tab before each, the places that this function was inlined to, innermost first.
 */
#define PLACE_BYTES 1024u /* are enough */
bool places_text(struct places *, uint64_t offset, char *out, size_t out_bytes);

#endif
