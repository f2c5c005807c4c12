/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Images that a process loads for the processes that it forks. A child finds them loaded in its memory, and no other
 * process sees what it writes to them. There is one copy of each kernel; a child that needs more loads them by itself.
 */
#ifndef HARNESS_IMAGE_IMAGE_CACHE_H
#define HARNESS_IMAGE_IMAGE_CACHE_H

#include "harness/image/image.h"

/* image_load, but with a copy out of the cache if there is one. */
struct image *image_cache_take(const struct kernel_info *, char *error, size_t error_bytes);

/* Which kernels this process had to load: bit n is the nth that kernel_next gives. */
uint32_t image_cache_missed(void);
/* Loads a copy of each of these. One that can't be loaded is left to the child, which reports the error. */
void image_cache_fill(uint32_t kernels);
void image_cache_empty(void);

#endif
