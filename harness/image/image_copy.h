/* SPDX-License-Identifier: BSD-2-Clause */
/* A fresh copy of a shared object, loaded: the same file may be loaded so any number of times. */
#ifndef HARNESS_IMAGE_IMAGE_COPY_H
#define HARNESS_IMAGE_IMAGE_COPY_H

#include <stddef.h>

/* dlopen's handle; no file is left. NULL with a sentence in error when it can't be had. */
void *image_load_copy(const char *file, char *error, size_t error_bytes);

/* For a debugger: copies loaded from now on are whole files, with a name while the process lives. */
void image_keep_debug_information(void);

#endif
