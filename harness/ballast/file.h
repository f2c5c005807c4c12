/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whole files: read in one go, and written so that a reader finds all of the new one, or the old one, or
 * none, whatever happens to the writer. What is in them is nobody's business here.
 */
#ifndef HARNESS_BALLAST_FILE_H
#define HARNESS_BALLAST_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* The bytes, a NUL behind them that isn't counted; the caller frees them. NULL with a sentence in error. */
char *file_read(const char *path, size_t bytes_max, size_t *bytes, char *error, size_t error_bytes);
/* Written beside its place under another name, then renamed to it. False with a sentence in error. */
bool file_write(const char *path, const void *bytes, size_t count, char *error, size_t error_bytes);

#endif
