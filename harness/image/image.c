/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Guest images: finds them, loads a private copy of one for each domain, and puts a copy's memory back
 * between runs. It neither runs a guest nor looks into one beyond `guest_image`.
 */
#include "harness/image/image.h"

#include <assert.h>
#include <dlfcn.h>
#include <limits.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "harness/image/image_copy.h"

struct image {
    const struct kernel_info *kernel;
    const struct kernel *description;
    char file[PATH_MAX];
    void *handle;
    struct guest_image *guest;
    uint64_t base;
    uint64_t text_offset;
    char *data_start; /* the guest can write over what guest_image says: these are ours */
    size_t data_bytes;
    char *snapshot; /* of its data as it was after loading */
};

/* What the program headers say of one loaded object. */
struct extent_search {
    uint64_t base;
    bool found;
    char *text_start, *text_end, *data_start, *data_end;
    unsigned writable;
};

static int find_extents(struct dl_phdr_info *info, size_t bytes, void *context)
{
    struct extent_search *search = context;
    uint64_t relro_end = 0;

    (void)bytes;
    if (info->dlpi_addr != search->base)
        return 0;
    search->found = true;
    for (unsigned p = 0; p < info->dlpi_phnum; p++)
        if (info->dlpi_phdr[p].p_type == PT_GNU_RELRO)
            relro_end = info->dlpi_phdr[p].p_vaddr + info->dlpi_phdr[p].p_memsz;
    relro_end = (search->base + relro_end) & ~(PAGE_BYTES - 1); /* as the loader rounds it */
    for (unsigned p = 0; p < info->dlpi_phnum; p++) {
        const ElfW(Phdr) *header = &info->dlpi_phdr[p];
        uint64_t start = search->base + header->p_vaddr, end = start + header->p_memsz;
        if (header->p_type != PT_LOAD)
            continue;
        if ((header->p_flags & PF_X) != 0) {
            search->text_start = (char *)start;
            search->text_end = (char *)end;
        } else if ((header->p_flags & PF_W) != 0 && end > relro_end) {
            search->data_start = (char *)(start > relro_end ? start : relro_end);
            search->data_end = (char *)end;
            search->writable++;
        }
    }
    return 1;
}

static bool describe(struct image *image, char *error, size_t error_bytes)
{
    struct link_map *map;
    struct guest_image *guest = dlsym(image->handle, "guest_image");

    if (guest == NULL || guest->magic != GUEST_IMAGE_MAGIC ||
        dlinfo(image->handle, RTLD_DI_LINKMAP, &map) != 0) {
        snprintf(error, error_bytes, "%s is no guest image of this version: run make", image->file);
        return false;
    }
    struct extent_search search = {.base = map->l_addr};
    dl_iterate_phdr(find_extents, &search);
    if (!search.found || search.text_start == NULL || search.writable != 1) {
        snprintf(error, error_bytes, "%s has %u writable segments where one is expected", image->file,
            search.writable);
        return false;
    }
    guest->text_start = search.text_start;
    guest->text_end = search.text_end;
    guest->data_start = search.data_start;
    guest->data_end = search.data_end;
    image->guest = guest;
    image->data_start = search.data_start;
    image->data_bytes = (size_t)(search.data_end - search.data_start);
    image->base = search.base;
    image->text_offset = (uint64_t)(uintptr_t)search.text_start - search.base;
    assert((char *)guest >= search.data_start && (char *)(guest + 1) <= search.data_end);
    return true;
}

static bool take_snapshot(struct image *image)
{
    image->snapshot = malloc(image->data_bytes);
    if (image->snapshot != NULL)
        memcpy(image->snapshot, image->data_start, image->data_bytes);
    return image->snapshot != NULL;
}

struct image *image_load(const struct kernel_info *kernel, char *error, size_t error_bytes)
{
    assert(kernel != NULL && error != NULL);

    struct image *image = calloc(1, sizeof *image);
    if (image == NULL) {
        snprintf(error, error_bytes, "no memory for an image of %s", kernel->name);
        return NULL;
    }
    image->kernel = kernel;
    snprintf(image->file, sizeof image->file, "%s/%s", image_folder(), kernel->file);
    if (access(image->file, R_OK) != 0) {
        snprintf(error, error_bytes, "kernel=%s is not built: %s is missing; %s%s", kernel->name, image->file,
            kernel->package[0] != 0 ? "it needs the package " : "run make", kernel->package);
    } else if ((image->description = kernel_description(kernel, error, error_bytes)) != NULL) {
        image->handle = image_load_copy(image->file, error, error_bytes);
        if (image->handle != NULL && describe(image, error, error_bytes)) {
            if (take_snapshot(image))
                return image;
            snprintf(error, error_bytes, "no memory for an image of %s", kernel->name);
        }
    }
    image_free(image);
    return NULL;
}

bool image_restore(struct image *image)
{
    assert(image != NULL && image->guest != NULL);

#ifdef BALLAST_COVERAGE
    /* Putting .bss back would wipe gcov's counters; closing the old copy writes them out. */
    char error[PATH_MAX + 128];
    dlclose(image->handle);
    free(image->snapshot);
    image->snapshot = NULL;
    image->guest = NULL;
    image->handle = image_load_copy(image->file, error, sizeof error);
    return image->handle != NULL && describe(image, error, sizeof error) && take_snapshot(image);
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
    if (image->handle != NULL)
        dlclose(image->handle);
    free(image->snapshot);
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
