/* SPDX-License-Identifier: BSD-2-Clause */
/* The cache of images: at most one loaded copy of each kernel. It forks nothing and knows no scenario. */
#include "harness/image/image_cache.h"

#include <assert.h>

static struct image *cache[KERNELS_MAX]; /* by the order of kernel_next */
static uint32_t missed;                  /* bit 1 << row */
static_assert(KERNELS_MAX <= 32, "a bit for each");

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
    struct image *image = cache[row];

    cache[row] = NULL;
    if (image != NULL)
        return image;
    missed |= 1u << row;
    return image_load(kernel, error, error_bytes);
}

uint32_t image_cache_missed(void)
{
    return missed;
}

void image_cache_fill(uint32_t kernels)
{
    char unused[512];
    unsigned row = 0;

    for (const struct kernel_info *k = kernel_next(NULL); k != NULL; k = kernel_next(k), row++) {
        assert(row < KERNELS_MAX);
        if ((kernels >> row & 1u) != 0 && cache[row] == NULL)
            cache[row] = image_load(k, unused, sizeof unused);
    }
}

void image_cache_empty(void)
{
    for (unsigned row = 0; row < KERNELS_MAX; row++) {
        image_free(cache[row]);
        cache[row] = NULL;
    }
    missed = 0;
}
