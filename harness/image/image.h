/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guest images: a private copy of a kernel's image for each domain; between runs its writable memory is restored. No
 * guest is run here, and the only thing in a copy that is looked at is its symbol guest_image (guest/abi/boot.h).
 */
#ifndef HARNESS_IMAGE_IMAGE_H
#define HARNESS_IMAGE_IMAGE_H

#include "guest/abi/boot.h"
#include "harness/image/image_file.h"
#include "harness/image/kernels.h"
#include "sim/types.h"

struct image; /* one private copy */

/* The kernel's file, to make copies from. NULL, with a sentence in error. */
struct image_file *image_open(const struct kernel_info *, char *error, size_t error_bytes);
/* A copy. NULL, with a sentence in error: it can't be made. Nothing is opened for it. */
struct image *image_new(const struct kernel_info *, struct image_file *, char *error, size_t error_bytes);
/* Both. */
struct image *image_load(const struct kernel_info *, char *error, size_t error_bytes);
/*
 * Between runs: makes its writable memory the same as after loading. image_guest may return another address afterwards.
 * False: the image is unusable, and can only be freed.
 */
bool image_restore(struct image *);
void image_free(struct image *);

struct guest_image *image_guest(
    struct image *); /* in the guest's memory: it may have written anything there */
const struct kernel_info *image_kernel(const struct image *);
const struct kernel *image_description(const struct image *); /* what its kernel says of itself */

/* For finding places in its source: the file from which it was copied, the address at which it was loaded, and the offset
 * of its code from there. No guest can change these. */
struct image_file *image_file(const struct image *);
uint64_t image_base(const struct image *);
uint64_t image_text_offset(const struct image *);

#endif
