/* SPDX-License-Identifier: BSD-2-Clause */
/* Guest images: loads a private copy of one for each domain, and puts a copy's memory back between runs. */
#include "harness/image/image.h"

#include <assert.h>
#include <dlfcn.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/image/image_copy.h"
#include "harness/image/image_segments.h"

struct image {
    const struct kernel_info *kernel;
    const struct kernel *description;
    char file[PATH_MAX];
    void *handle;
    struct guest_image *guest;
    uint64_t base;
    uint64_t text_offset;
    char *data_start; /* not read from guest_image, which the guest can write over */
    size_t data_bytes;
    char *snapshot; /* a copy of its data, made after loading */
};

/* Finds guest_image, and checks that it is of this version and that the writable memory is in one piece. */
static bool find_guest(struct image *image, char *error, size_t error_bytes)
{
    struct guest_image *guest = dlsym(image->handle, "guest_image");
    struct image_segments segments;

    if (guest == NULL || guest->magic != GUEST_IMAGE_MAGIC ||
        !image_segments_find(image->handle, &segments)) {
        snprintf(error, error_bytes, "%s is no guest image of this version: run make", image->file);
        return false;
    }
    if (segments.writable != 1) {
        snprintf(error, error_bytes, "%s has %u writable segments where one is expected", image->file,
            segments.writable);
        return false;
    }
    guest->text_start = segments.text_start;
    guest->text_end = segments.text_end;
    guest->data_start = segments.data_start;
    guest->data_end = segments.data_end;
    image->guest = guest;
    image->data_start = segments.data_start;
    image->data_bytes = (size_t)(segments.data_end - segments.data_start);
    image->base = segments.base;
    image->text_offset = (uint64_t)(uintptr_t)segments.text_start - segments.base;
    assert((char *)guest >= segments.data_start && (char *)(guest + 1) <= segments.data_end);
    return true;
}

/* Loads a fresh copy, and keeps what its writable memory holds. */
static bool load_copy(struct image *image, char *error, size_t error_bytes)
{
    assert(image->handle == NULL && image->snapshot == NULL);
    image->handle = image_copy_load(image->file, error, error_bytes);
    if (image->handle == NULL || !find_guest(image, error, error_bytes))
        return false;
    image->snapshot = malloc(image->data_bytes);
    if (image->snapshot == NULL) {
        snprintf(error, error_bytes, "no memory for an image of %s", image->kernel->name);
        return false;
    }
    memcpy(image->snapshot, image->data_start, image->data_bytes);
    return true;
}

static void drop_copy(struct image *image)
{
    if (image->handle != NULL)
        dlclose(image->handle);
    free(image->snapshot);
    image->handle = NULL;
    image->snapshot = NULL;
    image->guest = NULL;
}

static bool load(struct image *image, char *error, size_t error_bytes)
{
    const struct kernel_info *kernel = image->kernel;

    snprintf(image->file, sizeof image->file, "%s/%s", image_folder(), kernel->file);
    if (access(image->file, R_OK) != 0) {
        snprintf(error, error_bytes, "kernel=%s is not built: %s is missing; %s%s", kernel->name, image->file,
            kernel->package[0] != 0 ? "it needs the package " : "run make", kernel->package);
        return false;
    }
    image->description = kernel_description(kernel, error, error_bytes);
    return image->description != NULL && load_copy(image, error, error_bytes);
}

struct image *image_load(const struct kernel_info *kernel, char *error, size_t error_bytes)
{
    struct image *image = calloc(1, sizeof *image);

    if (image == NULL) {
        snprintf(error, error_bytes, "no memory for an image of %s", kernel->name);
        return NULL;
    }
    image->kernel = kernel;
    if (load(image, error, error_bytes))
        return image;
    image_free(image);
    return NULL;
}

bool image_restore(struct image *image)
{
#ifdef BALLAST_COVERAGE
    /* With coverage: restoring .bss would wipe gcov's counters, so a new copy is loaded; closing the old one writes them. */
    char error[PATH_MAX + 128];
    drop_copy(image);
    return load_copy(image, error, sizeof error);
#else
    memcpy(image->data_start, image->snapshot, image->data_bytes);
    assert(image->guest->magic == GUEST_IMAGE_MAGIC);
    return true;
#endif
}

void image_free(struct image *image)
{
    if (image == NULL)
        return;
    drop_copy(image);
    free(image);
}

struct guest_image *image_guest(struct image *image)
{
    return image->guest;
}

const struct kernel_info *image_kernel(const struct image *image)
{
    return image->kernel;
}

const struct kernel *image_description(const struct image *image)
{
    return image->description;
}

const char *image_file(const struct image *image)
{
    return image->file;
}

uint64_t image_base(const struct image *image)
{
    return image->base;
}

uint64_t image_text_offset(const struct image *image)
{
    return image->text_offset;
}
