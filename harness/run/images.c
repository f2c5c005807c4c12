/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeps copies of images that no domain uses. New copies come from harness/image/image_cache.h. */
#include "harness/run/images.h"

#include "harness/image/image_cache.h"
#include "sim/array.h"

#include <assert.h>
#include <stdlib.h>

struct images {
    struct image **idle; /* restored already */
    size_t nr_idle, idle_room;
};

struct images *images_new(void)
{
    return calloc(1, sizeof(struct images));
}

void images_free(struct images *images)
{
    if (images == NULL)
        return;
    for (size_t i = 0; i < images->nr_idle; i++)
        image_free(images->idle[i]);
    free(images->idle);
    free(images);
}

struct image *images_take(
    struct images *images, const struct kernel_info *kernel, char *error, size_t error_bytes)
{
    for (size_t i = 0; i < images->nr_idle; i++)
        if (image_kernel(images->idle[i]) == kernel) {
            struct image *image = images->idle[i];
            images->idle[i] = images->idle[--images->nr_idle];
            return image;
        }
    return image_cache_take(kernel, error, error_bytes);
}

void images_give_back(struct images *images, struct image *image, bool guest_died)
{
    assert(image != NULL);
    if (guest_died || !image_restore(image) ||
        !ARRAY_ONE_MORE(images->idle, images->idle_room, images->nr_idle)) {
        image_free(image);
        return;
    }
    images->idle[images->nr_idle++] = image;
    assert(images->nr_idle <= images->idle_room);
}
