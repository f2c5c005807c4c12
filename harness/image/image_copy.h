/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A copy of an image in this process's memory, ready to run, made from its file's bytes. No code of it runs while it is
 * made. For a debugger (and in builds that measure coverage, whose images need libc) the dynamic loader makes it.
 */
#ifndef HARNESS_IMAGE_IMAGE_COPY_H
#define HARNESS_IMAGE_IMAGE_COPY_H

#include "guest/abi/boot.h"
#include "harness/image/image_file.h"

struct image_copy {
    uint64_t base; /* where it lies; offsets of struct image_file count from here */
    struct guest_image *guest;
    char *text_start, *text_end;
    char *data_start, *data_end;
    char *reserved; /* its memory with what is kept empty around it; NULL: the loader's */
    uint64_t reserved_bytes;
    void *handle; /* dlopen's, or NULL */
    int fd;       /* what the loader read it from */
};

/* False, with a sentence in error: it can't be made. */
bool image_copy_make(const struct image_file *, struct image_copy *, char *error, size_t error_bytes);
void image_copy_drop(struct image_copy *); /* one that is all 0, too */

/* For a debugger: copies made from now on are the loader's, which tells the debugger of them, and have their debug
 * information. Code in them that wants to run when it is loaded is refused all the same. */
void image_copy_by_loader(void);
bool image_copy_is_by_loader(void);

#endif
