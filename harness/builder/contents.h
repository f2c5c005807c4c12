/* SPDX-License-Identifier: BSD-2-Clause */
/* Hashes of what is in files: XXH64. */
#ifndef HARNESS_BUILDER_CONTENTS_H
#define HARNESS_BUILDER_CONTENTS_H

#include <stdbool.h>
#include <stdint.h>
#include <xxhash.h>

/* Adds what is in the file. False: it can't be read to its end. */
bool hash_file(XXH64_state_t *, const char *path);
/* Of the file alone. False: the same, or there is no memory. */
bool hash_of_file(const char *path, uint64_t *hash);

#endif
