/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest image's file, read once. What its segments hold is kept here, checked, as bytes; nothing of it is run. A file
 * that wants code to run when it is loaded, or anything of the dynamic loader's, is refused.
 */
#ifndef HARNESS_IMAGE_IMAGE_FILE_H
#define HARNESS_IMAGE_IMAGE_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IMAGE_SEGMENTS_MAX 16u

/* A part of the image; offsets count from where it is loaded, and begin and end with a page. */
struct image_part {
    uint64_t start, end;
    bool writable, code;
};

struct image_file {
    unsigned users;
    int fd;           /* the file, for who wants its debug information */
    char *path;       /* as it was named */
    char *bytes;      /* of the whole image, by offset; whole pages */
    uint64_t span;    /* how many */
    uint64_t aligned; /* what its address has to be a multiple of */
    struct image_part parts[IMAGE_SEGMENTS_MAX];
    unsigned nr_parts;
    uint64_t text_start, text_end;
    uint64_t data_start, data_end; /* its writable memory, without what is read-only once it is relocated */
    uint64_t guest;                /* the symbol guest_image */
    /* Offsets of words to which the image's address is added. */
    uint64_t *relocated;
    size_t nr_relocated, relocated_room;
};

/* NULL, with a sentence in error. */
struct image_file *image_file_read(const char *path, char *error, size_t error_bytes);
/* Would the dynamic loader run any code of this shared object, or load another? True: it would not. False, with a sentence in error. */
bool image_file_runs_nothing(const char *path, char *error, size_t error_bytes);
struct image_file *image_file_keep(struct image_file *); /* one user more */
void image_file_drop(struct image_file *);               /* the last one frees it */

#endif
