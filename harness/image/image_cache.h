/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Images that a process makes for the processes that it forks. A child finds them in its memory, and no other process sees
 * what it writes to them. There is one copy of each kernel, and the file's bytes, from which a child makes the further
 * ones that it needs without opening anything. No code of an image runs for any of this.
 */
#ifndef HARNESS_IMAGE_IMAGE_CACHE_H
#define HARNESS_IMAGE_IMAGE_CACHE_H

#include "harness/image/image.h"

/* image_load, but with a copy out of the cache if there is one, or made from a file in it. */
struct image *image_cache_take(const struct kernel_info *, char *error, size_t error_bytes);
/* Reads the kernel's file, so that taking copies of it opens none. If it can't be read, taking one says why. */
void image_cache_prepare(const struct kernel_info *);

/* Which kernels this process had to read or copy: bit n is the nth that kernel_next gives. */
uint64_t image_cache_missed(void);
/* Makes a copy of each of these. One that can't be made is left to the child, which reports the error. */
void image_cache_fill(uint64_t kernels);
void image_cache_empty(void);
/* The open files among them, for who closes all others. */
size_t image_cache_files(int fds[KERNELS_MAX]);

#endif
