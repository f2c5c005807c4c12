/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzes the reader of images' files, which runs in the process that is not confined. The input is the file; and again, as a
 * list of changes to a real one: an offset of three bytes, and what stands there. Whatever is read gives a copy.
 */
#include "harness/image/image_copy.h"
#include "harness/image/image_file.h"
#include "harness/image/kernels.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

#define CHANGE_BYTES 4u
#define IMAGE_MAX    (1u << 20)

static char image[IMAGE_MAX], changed[IMAGE_MAX];
static size_t image_bytes;

static void must(bool truth)
{
    if (!truth)
        abort();
}

static void load(void)
{
    char path[PATH_MAX + 64];

    snprintf(path, sizeof path, "%s/probe.so", image_folder());
    FILE *in = fopen(path, "rb");
    must(in != NULL);
    image_bytes = fread(image, 1, sizeof image, in);
    fclose(in);
    must(image_bytes > 4096);
}

static void read_it(const void *bytes, size_t count)
{
    char name[64], error[PATH_MAX + 256] = "";
    struct image_copy copy;
    const int fd = memfd_create("image", MFD_CLOEXEC);

    must(fd >= 0 && write(fd, bytes, count) == (ssize_t)count);
    snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
    struct image_file *file = image_file_read(name, error, sizeof error);
    must((file == NULL) == (error[0] != 0));
    if (file != NULL && image_copy_make(file, &copy, error, sizeof error)) {
        must(copy.guest->magic == GUEST_IMAGE_MAGIC);
        must(copy.data_start < copy.data_end && copy.text_start < copy.text_end);
        copy.data_start[0] = copy.data_end[-1] = 1; /* it can be written */
        image_copy_drop(&copy);
    }
    image_file_drop(file);
    kernel_free(kernel_of_file(name, error, sizeof error));
    close(fd);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    if (image_bytes == 0)
        load();
    if (bytes > IMAGE_MAX)
        return 0;
    read_it(data, bytes);
    memcpy(changed, image, image_bytes);
    for (size_t at = 0; at + CHANGE_BYTES <= bytes; at += CHANGE_BYTES) {
        const size_t where = (size_t)data[at] | (size_t)data[at + 1] << 8 | (size_t)data[at + 2] << 16;
        changed[where % image_bytes] = (char)data[at + 3];
    }
    read_it(changed, image_bytes);
    return 0;
}
