/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Images that a process loads for those it forks: a child finds them in its memory, relocated, and no other
 * process sees what it writes to them. One copy of each kernel; what a child needs beyond, it loads itself.
 */
#ifndef HARNESS_IMAGE_IMAGE_CACHE_H
#define HARNESS_IMAGE_IMAGE_CACHE_H

#include "harness/image/image.h"

/* The copy on the cache, which is the caller's from now on, or else one that is loaded. As image_load. */
struct image *image_cache_take(const struct kernel_info *, char *error, size_t error_bytes);

/* Kernels that this process found no copy of, a bit for each row of their table. */
uint32_t image_cache_missed(void);
/* Loads a copy of each of these. What can't be loaded is left to the child, which says why. */
void image_cache_fill(uint32_t kernels);
void image_cache_empty(void);

#endif
