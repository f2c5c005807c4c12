/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guest images: a private copy of a kernel's image for each domain. A copy is a shared
 * object loaded from a file of its own; between runs its writable memory is put back as it was.
 */
#ifndef HARNESS_IMAGE_IMAGE_H
#define HARNESS_IMAGE_IMAGE_H

#include "guest/abi/boot.h"
#include "harness/image/kernels.h"
#include "sim/types.h"

struct image; /* one private copy */

/* NULL with a sentence in error when it can't be had. */
struct image *image_load(const struct kernel_info *, char *error, size_t error_bytes);
/* Its writable memory as it was after loading; image_guest may move. False: it is lost, free it. */
bool image_restore(struct image *);
void image_free(struct image *);
struct guest_image *image_guest(struct image *);
const struct kernel_info *image_kernel(const struct image *);
const struct kernel *image_description(const struct image *); /* what its kernel says of itself */
const char *image_file(const struct image *);                 /* the original file, for source places */
uint64_t image_base(const struct image *);
uint64_t image_text_offset(const struct image *); /* of its code from there; no guest can change it */

#endif
