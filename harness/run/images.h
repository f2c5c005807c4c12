/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Copies of guest images, one for each domain that runs. A copy that no domain uses any more is restored (image.h) and
 * kept here for the next domain with its kernel, in this run or a later one.
 */
#ifndef HARNESS_RUN_IMAGES_H
#define HARNESS_RUN_IMAGES_H

#include "harness/image/image.h"

struct images;

struct images *images_new(void); /* NULL: no memory */
void images_free(struct images *);
/* NULL with a sentence in error. */
struct image *images_take(struct images *, const struct kernel_info *, char *error, size_t error_bytes);
/* The copy of a guest that died is not used again: restoring its memory may not mend all that is broken. */
void images_give_back(struct images *, struct image *, bool guest_died);

#endif
