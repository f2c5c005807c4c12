/* SPDX-License-Identifier: BSD-2-Clause */
/* Places in guests' code as text, "balloon.c:512" and the function, from the images' debug information. */
#ifndef HARNESS_RUN_PLACE_FILES_H
#define HARNESS_RUN_PLACE_FILES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct image_file;
struct place_files;

struct place_files *place_files_new(void); /* NULL: no memory */
void place_files_free(struct place_files *);
/* offset: in bytes from the start of the image. False: unknown. */
bool place_files_text(
    struct place_files *, const struct image_file *, uint64_t offset, char *out, size_t out_bytes);
void place_files_begin(struct place_files *); /* a run begins: nothing is lost yet */
/* Whether a place was unknown only because there was no memory to look it up. */
bool place_files_lost(const struct place_files *);

#endif
