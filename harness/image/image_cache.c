/* SPDX-License-Identifier: BSD-2-Clause */
/* The cache of images: a file and at most one copy of each kernel. It forks nothing and knows no scenario. */
#include "harness/image/image_cache.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/image/image_copy.h"

static struct {
    struct image_file *file;
    char *refusal; /* why there is no file, once it was asked for */
    struct image *copy;
} cache[KERNELS_MAX];   /* by the order of kernel_next */
static uint64_t missed; /* bit 1 << row */
static_assert(KERNELS_MAX <= 64, "a bit for each");

static unsigned row_of(const struct kernel_info *kernel)
{
    unsigned row = 0;

    for (const struct kernel_info *k = kernel_next(NULL); k != kernel; k = kernel_next(k))
        row++;
    assert(row < KERNELS_MAX);
    return row;
}

struct image *image_cache_take(const struct kernel_info *kernel, char *error, size_t error_bytes)
{
    assert(kernel != NULL && error != NULL);
    const unsigned row = row_of(kernel);
    struct image *copy = cache[row].copy;

    cache[row].copy = NULL;
    if (copy != NULL)
        return copy;
    missed |= UINT64_C(1) << row;
    if (cache[row].file != NULL)
        return image_new(kernel, cache[row].file, error, error_bytes);
    if (cache[row].refusal == NULL)
        return image_load(kernel, error, error_bytes);
    snprintf(error, error_bytes, "%s", cache[row].refusal);
    return NULL;
}

void image_cache_prepare(const struct kernel_info *kernel)
{
    const unsigned row = row_of(kernel);
    char error[1024];

    if (cache[row].file != NULL || cache[row].refusal != NULL)
        return;
    missed |= UINT64_C(1) << row;
    cache[row].file = image_open(kernel, error, sizeof error);
    if (cache[row].file == NULL)
        cache[row].refusal = strdup(error);
}

uint64_t image_cache_missed(void)
{
    return missed;
}

void image_cache_fill(uint64_t kernels)
{
    const uint64_t before = missed;
    char unused[1024];
    unsigned row = 0;

    for (const struct kernel_info *k = kernel_next(NULL); k != NULL; k = kernel_next(k), row++) {
        assert(row < KERNELS_MAX);
        if ((kernels >> row & 1u) == 0)
            continue;
        image_cache_prepare(k);
        /* A copy that the loader makes runs code of the image, which is for a child to do. */
        if (cache[row].file != NULL && cache[row].copy == NULL && !image_copy_is_by_loader())
            cache[row].copy = image_new(k, cache[row].file, unused, sizeof unused);
    }
    missed = before;
}

size_t image_cache_files(int fds[KERNELS_MAX])
{
    size_t count = 0;

    for (unsigned row = 0; row < KERNELS_MAX; row++)
        if (cache[row].file != NULL)
            fds[count++] = cache[row].file->fd;
    return count;
}

void image_cache_empty(void)
{
    for (unsigned row = 0; row < KERNELS_MAX; row++) {
        image_free(cache[row].copy);
        image_file_drop(cache[row].file);
        free(cache[row].refusal);
        cache[row].copy = NULL;
        cache[row].file = NULL;
        cache[row].refusal = NULL;
    }
    missed = 0;
}
