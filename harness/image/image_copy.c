/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Copies of images. A copy lies in the middle of addresses where nothing is, so that a guest that runs over its end
 * faults. The loader's copies are read from a file in memory, for it takes two files of one name or inode for one object.
 */
#include "harness/image/image_copy.h"

#include <assert.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/image/image_segments.h"
#include "sim/types.h"

#define EMPTY_BYTES (1ull << 20) /* before and behind a copy */

#ifdef BALLAST_COVERAGE
static bool by_loader = true; /* counters are libgcov's, which is linked with libc */
#else
static bool by_loader;
#endif

void image_copy_by_loader(void)
{
    by_loader = true;
}

bool image_copy_is_by_loader(void)
{
    return by_loader;
}

/* ---- from the file's bytes -------------------------------------------------------------------- */

static bool protect(const struct image_file *file, const char *base)
{
    for (unsigned p = 0; p < file->nr_parts; p++) {
        const struct image_part *part = &file->parts[p];
        const uint64_t writable = part->writable ? file->data_start & ~(PAGE_BYTES - 1) : part->end;
        const int access = part->code ? PROT_READ | PROT_EXEC : PROT_READ;

        /* What the loader would make read-only stands before the data. */
        if (writable > part->start &&
            mprotect((void *)(uintptr_t)(base + part->start), writable - part->start, access) != 0)
            return false;
        if (p > 0 && file->parts[p - 1].end < part->start &&
            mprotect((void *)(uintptr_t)(base + file->parts[p - 1].end), part->start - file->parts[p - 1].end,
                PROT_NONE) != 0)
            return false;
    }
    return true;
}

static bool place(const struct image_file *file, struct image_copy *copy)
{
    const uint64_t bytes = file->span + file->aligned + 2 * EMPTY_BYTES;
    char *reserved = mmap(NULL, bytes, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

    if (reserved == MAP_FAILED)
        return false;
    copy->reserved = reserved;
    copy->reserved_bytes = bytes;
    copy->base = round_up((uintptr_t)reserved + EMPTY_BYTES, file->aligned);
    char *base = (char *)(uintptr_t)copy->base;
    assert(base >= reserved && base + file->span + EMPTY_BYTES <= reserved + bytes);
    if (mprotect(base, file->span, PROT_READ | PROT_WRITE) != 0)
        return false;
    memcpy(base, file->bytes, file->span);
    for (size_t r = 0; r < file->nr_relocated; r++) {
        uint64_t word;
        memcpy(&word, base + file->relocated[r], sizeof word);
        word += copy->base;
        memcpy(base + file->relocated[r], &word, sizeof word);
    }
    return protect(file, base);
}

static bool make(const struct image_file *file, struct image_copy *copy, char *error, size_t error_bytes)
{
    if (!place(file, copy)) {
        snprintf(error, error_bytes, "%s can't be loaded: %s", file->path, strerror(errno));
        return false;
    }
    char *base = (char *)(uintptr_t)copy->base;
    copy->text_start = base + file->text_start;
    copy->text_end = base + file->text_end;
    copy->data_start = base + file->data_start;
    copy->data_end = base + file->data_end;
    copy->guest = (struct guest_image *)(void *)(base + file->guest);
    return true;
}

/* ---- by the loader ---------------------------------------------------------------------------- */

static bool copy_bytes(int from, int to)
{
    struct stat status;
    off_t at = 0;

    if (fstat(from, &status) != 0)
        return false;
    while (at < status.st_size) {
        const ssize_t done = sendfile(to, from, &at, (size_t)(status.st_size - at));
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
    }
    return true;
}

static bool find_parts(
    const struct image_file *file, struct image_copy *copy, char *error, size_t error_bytes)
{
    struct image_segments segments;

    copy->guest = dlsym(copy->handle, "guest_image");
    if (copy->guest == NULL || !image_segments_find(copy->handle, &segments) || segments.writable != 1) {
        snprintf(error, error_bytes, "%s can't be loaded: it is no guest image of this version: run make",
            file->path);
        return false;
    }
    copy->base = segments.base;
    copy->text_start = segments.text_start;
    copy->text_end = segments.text_end;
    copy->data_start = segments.data_start;
    copy->data_end = segments.data_end;
    return true;
}

/* The file keeps its name, by which a debugger reads it, as long as the copy is there. */
static bool load(const struct image_file *file, struct image_copy *copy, char *error, size_t error_bytes)
{
    char name[64];

    copy->fd = memfd_create("guest.so", MFD_CLOEXEC);
    const bool ok = copy->fd >= 0 && copy_bytes(file->fd, copy->fd);
    snprintf(name, sizeof name, "/proc/%d/fd/%d", (int)getpid(), copy->fd);
    copy->handle = ok ? dlopen(name, RTLD_NOW | RTLD_LOCAL) : NULL;
    if (copy->handle != NULL)
        return find_parts(file, copy, error, error_bytes);
    snprintf(error, error_bytes, "%s can't be loaded: %s", file->path, ok ? dlerror() : strerror(errno));
    return false;
}

/* ---- both ------------------------------------------------------------------------------------- */

bool image_copy_make(const struct image_file *file, struct image_copy *copy, char *error, size_t error_bytes)
{
    assert(file != NULL && error_bytes > 0);
    *copy = (struct image_copy){.fd = -1};
    if (by_loader ? load(file, copy, error, error_bytes) : make(file, copy, error, error_bytes)) {
        assert((char *)copy->guest >= copy->data_start && (char *)(copy->guest + 1) <= copy->data_end);
        return true;
    }
    image_copy_drop(copy);
    return false;
}

void image_copy_drop(struct image_copy *copy)
{
    if (copy->handle != NULL)
        dlclose(copy->handle);
    if (copy->fd > 0)
        close(copy->fd);
    if (copy->reserved != NULL)
        munmap(copy->reserved, copy->reserved_bytes);
    *copy = (struct image_copy){.fd = -1};
}
