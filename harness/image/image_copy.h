/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loads a fresh copy of a shared object. For the same file the dynamic loader would return the same object again, so
 * each copy is loaded from a file of its own.
 */
#ifndef HARNESS_IMAGE_IMAGE_COPY_H
#define HARNESS_IMAGE_IMAGE_COPY_H

#include <stddef.h>

/* Returns dlopen's handle; no file of the copy's is left. NULL, with a sentence in error: it can't be loaded. */
void *image_copy_load(const char *file, char *error, size_t error_bytes);

/* For a debugger: copies loaded from now on keep their debug information, and have a file name while the process lives. */
void image_copy_keep_debug_information(void);

#endif
