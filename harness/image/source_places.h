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

struct source_places; /* of one shared object */

/* NULL when the file can't be read, or where there is no memory, which is then said. */
struct source_places *source_places_open(const char *file, bool *no_memory);
/* The same of a file that is open: it is read by fd, which stays open. */
struct source_places *source_places_of(const char *name, int fd, bool *no_memory);
void source_places_close(struct source_places *);
/*
 * offset: from the image's load address to a byte of the instruction in question. Writes "balloon.c:512
 * (balloon_inflate)": the file's base name, so that it is the same in every checkout, the line and the function. If the
 * function was inlined, the places that it was inlined to follow, innermost first, with a tab before each. The name of a
 * header that is from another folder than the file which includes it stands in < and >. False: nothing is known of it.
 */
#define SOURCE_PLACE_BYTES 1024u /* are enough */
bool source_places_text(struct source_places *, uint64_t offset, char *out, size_t out_bytes);
/* The first place of such a text that is in no such header; or the text itself, when all are. */
const char *source_places_own(const char *text);
/* Has there been no memory to look something up? Then nothing is known from there on. */
bool source_places_no_memory(const struct source_places *);

#endif
