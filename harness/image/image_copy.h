/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A fresh copy of a shared object, loaded. The dynamic loader gives the same object for the same file again, so each
 * copy is loaded from a file of its own.
 */
#ifndef HARNESS_IMAGE_IMAGE_COPY_H
#define HARNESS_IMAGE_IMAGE_COPY_H

#include <stddef.h>

/* dlopen's handle; the copy's file is removed. NULL with a sentence in error when it can't be had. */
void *image_copy_load(const char *file, char *error, size_t error_bytes);

/* For a debugger: copies loaded from now on have their debug information, and a name while the process lives. */
void image_copy_keep_debug_information(void);

#endif
