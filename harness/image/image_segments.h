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
    char *data_start, *data_end; /* the last one, when there are several */
    unsigned writable;           /* how many segments of writable memory there are */
};

/* handle: from dlopen. False: it is no such handle, or the object has no code. */
bool image_segments_find(void *handle, struct image_segments *);

#endif
