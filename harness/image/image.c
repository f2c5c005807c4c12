/* SPDX-License-Identifier: BSD-2-Clause */
/* Guest images: makes a private copy of one for each domain, and puts a copy's memory back between runs. */
#include "harness/image/image.h"

#include <assert.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/image/image_copy.h"

struct image {
    const struct kernel_info *kernel;
    const struct kernel *description;
    struct image_file *file;
    struct image_copy copy; /* its extents are not read from guest_image, which the guest can write over */
    char *snapshot;         /* its data as they were before it ran */
};

static size_t data_bytes(const struct image *image)
{
    return (size_t)(image->copy.data_end - image->copy.data_start);
}

/* Makes a fresh copy, tells it where it lies, and keeps what its writable memory holds. */
static bool make_copy(struct image *image, char *error, size_t error_bytes)
{
    assert(image->copy.guest == NULL && image->snapshot == NULL);
    if (!image_copy_make(image->file, &image->copy, error, error_bytes))
        return false;
    struct guest_image *guest = image->copy.guest;
    guest->text_start = image->copy.text_start;
    guest->text_end = image->copy.text_end;
    guest->data_start = image->copy.data_start;
    guest->data_end = image->copy.data_end;
    image->snapshot = malloc(data_bytes(image));
    if (image->snapshot == NULL) {
        snprintf(error, error_bytes, "no memory for an image of %s", image->kernel->name);
        return false;
    }
    memcpy(image->snapshot, image->copy.data_start, data_bytes(image));
    return true;
}

static void drop_copy(struct image *image)
{
    image_copy_drop(&image->copy);
    free(image->snapshot);
    image->snapshot = NULL;
}

struct image_file *image_open(const struct kernel_info *kernel, char *error, size_t error_bytes)
{
    char path[PATH_MAX + 64];

    snprintf(path, sizeof path, "%s/%s", image_folder(), kernel->file);
    if (access(path, R_OK) != 0) {
        snprintf(error, error_bytes, "kernel=%s is not built: %s is missing; %s%s", kernel->name, path,
            kernel->package[0] != 0 ? "it needs the package " : "run make", kernel->package);
        return NULL;
    }
    if (kernel_description(kernel, error, error_bytes) == NULL)
        return NULL;
    return image_file_read(path, error, error_bytes);
}

struct image *image_new(
    const struct kernel_info *kernel, struct image_file *file, char *error, size_t error_bytes)
{
    struct image *image = calloc(1, sizeof *image);

    if (image == NULL) {
        snprintf(error, error_bytes, "no memory for an image of %s", kernel->name);
        return NULL;
    }
    image->kernel = kernel;
    image->file = image_file_keep(file);
    image->description = kernel_description(kernel, error, error_bytes);
    image->copy.fd = -1;
    if (image->description != NULL && make_copy(image, error, error_bytes))
        return image;
    image_free(image);
    return NULL;
}

struct image *image_load(const struct kernel_info *kernel, char *error, size_t error_bytes)
{
    struct image_file *file = image_open(kernel, error, error_bytes);
    struct image *image = file == NULL ? NULL : image_new(kernel, file, error, error_bytes);

    image_file_drop(file);
    return image;
}

bool image_restore(struct image *image)
{
#ifdef BALLAST_COVERAGE
    /* With coverage: restoring .bss would wipe gcov's counters, so a new copy is loaded; closing the old one writes them. */
    char error[PATH_MAX + 128];
    drop_copy(image);
    return make_copy(image, error, sizeof error);
#else
    memcpy(image->copy.data_start, image->snapshot, data_bytes(image));
    assert(image->copy.guest->magic == GUEST_IMAGE_MAGIC);
    return true;
#endif
}

void image_free(struct image *image)
{
    if (image == NULL)
        return;
    drop_copy(image);
    image_file_drop(image->file);
    free(image);
}

struct guest_image *image_guest(struct image *image)
{
    return image->copy.guest;
}

const struct kernel_info *image_kernel(const struct image *image)
{
    return image->kernel;
}

const struct kernel *image_description(const struct image *image)
{
    return image->description;
}

struct image_file *image_file(const struct image *image)
{
    return image->file;
}

uint64_t image_base(const struct image *image)
{
    return image->copy.base;
}

uint64_t image_text_offset(const struct image *image)
{
    return (uint64_t)(uintptr_t)image->copy.text_start - image->copy.base;
}
