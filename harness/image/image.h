/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guest images: a private copy of a kernel's image for each domain. A copy is a shared object, loaded from a file of
 * its own; between runs its writable memory is put back as it was. No guest is run here, and nothing of a copy is
 * looked at but its symbol guest_image (guest/abi/boot.h).
 */
#ifndef HARNESS_IMAGE_IMAGE_H
#define HARNESS_IMAGE_IMAGE_H

#include "guest/abi/boot.h"
#include "harness/image/kernels.h"
#include "sim/types.h"

struct image; /* one private copy */

/* NULL with a sentence in error when it can't be had. */
struct image *image_load(const struct kernel_info *, char *error, size_t error_bytes);
/*
 * Between runs: its writable memory is again as it was after loading. image_guest may have moved. False: the image is
 * lost, and can only be freed.
 */
bool image_restore(struct image *);
void image_free(struct image *);

struct guest_image *image_guest(
    struct image *); /* in the guest's memory: it may have written anything there */
const struct kernel_info *image_kernel(const struct image *);
const struct kernel *image_description(const struct image *); /* what its kernel says of itself */

/* For places in its source: the file that it was copied from, where it was loaded, and how far behind that its code
 * begins. No guest can change these. */
const char *image_file(const struct image *);
uint64_t image_base(const struct image *);
uint64_t image_text_offset(const struct image *);

#endif
