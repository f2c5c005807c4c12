/* SPDX-License-Identifier: BSD-2-Clause */
/* A compressed archive in memory, of files that are in memory. The same files give the same bytes: it has no times and no names of users. */
#ifndef HARNESS_BALLAST_TAR_H
#define HARNESS_BALLAST_TAR_H

#include <stdbool.h>
#include <stddef.h>

struct tar_file {
    const char *name; /* at most 99 bytes, with its folder */
    const void *bytes;
    size_t count;
};

/* A .tar.gz (POSIX ustar), to be freed. NULL: no memory. */
void *tar_gz(const struct tar_file *files, size_t nr_files, size_t *bytes);

#endif
