/* SPDX-License-Identifier: BSD-2-Clause */
/* Hashes files a piece at a time. */
#include "harness/builder/contents.h"

#include <stdio.h>

#define BYTES_READ 65536u

bool hash_file(XXH64_state_t *state, const char *path)
{
    char bytes[BYTES_READ];
    FILE *in = fopen(path, "re");
    size_t count;

    if (in == NULL)
        return false;
    while ((count = fread(bytes, 1, sizeof bytes, in)) > 0)
        XXH64_update(state, bytes, count);
    const bool whole = ferror(in) == 0;
    fclose(in);
    return whole;
}

bool hash_of_file(const char *path, uint64_t *hash)
{
    XXH64_state_t *state = XXH64_createState();
    bool whole = state != NULL;

    if (whole) {
        XXH64_reset(state, 0);
        whole = hash_file(state, path);
        *hash = XXH64_digest(state);
    }
    XXH64_freeState(state);
    return whole;
}
