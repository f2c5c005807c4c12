/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Whole files: read in one go, and written so that a reader finds all of the new one, or the old one, or
 * none, whatever happens to the writer. What is in the files is not looked at here.
 */
#ifndef HARNESS_BALLAST_FILE_H
#define HARNESS_BALLAST_FILE_H

#include <stdbool.h>
#include <stddef.h>

/* Is it what the caller has opened already, and no file: /dev/stdin, or a pipe such as <(…) of a shell? */
bool file_is_opened(const char *name);
/* A pipe is read only where it is opened already, for nobody may be at the other end of one that has a name.
 * Returns the bytes, with a NUL behind them that isn't counted; the caller frees them. NULL, with a sentence in error. */
char *file_read(const char *path, size_t bytes_max, size_t *bytes, char *error, size_t error_bytes);
/* Asked before long work: would file_write find a folder in which it may make the file? False, with a sentence in error. */
bool file_may_be_written(const char *path, char *error, size_t error_bytes);
/* Writes the file beside its place, then moves it there in one step. False, with a sentence in error. */
bool file_write(const char *path, const void *bytes, size_t count, char *error, size_t error_bytes);

struct file_content {
    const char *path;
    const void *bytes;
    size_t count;
};
/* Two files that belong together: neither is touched where there is no room for both. */
bool file_write_two(const struct file_content two[static 2], char *error, size_t error_bytes);

#endif
