/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Where a loaded shared object has its code and its writable memory, as its program headers say. What the loader
 * makes read-only once it has relocated it (RELRO) is not writable memory.
 */
#ifndef HARNESS_IMAGE_IMAGE_SEGMENTS_H
#define HARNESS_IMAGE_IMAGE_SEGMENTS_H

#include <stdbool.h>
#include <stdint.h>

struct image_segments {
    uint64_t base; /* where it was loaded; addresses in its file count from here */
    char *text_start, *text_end;
    char *data_start, *data_end; /* of the last one, when there are several */
    unsigned writable;           /* how many segments of writable memory there are */
};

/* handle: dlopen's. False: it is none, or has no code. */
bool image_segments_find(void *handle, struct image_segments *);

#endif
