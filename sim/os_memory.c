/* SPDX-License-Identifier: BSD-2-Clause */
/* Linux' mmap and madvise, and what to do where an older kernel lacks a kind of advice. */
#include "sim/os_memory.h"

#include <assert.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>

#include "sim/types.h"

#define GUARD_BYTES PAGE_BYTES

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL 102 /* Linux 6.13 */
#endif
#ifndef MADV_POPULATE_WRITE
#define MADV_POPULATE_WRITE 23 /* Linux 5.14 */
#endif

static bool at_page(const void *start)
{
    return ((uintptr_t)start & (PAGE_BYTES - 1u)) == 0;
}

void *os_memory_get(size_t bytes)
{
    void *pages =
        mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    return pages == MAP_FAILED ? NULL : pages;
}

void os_memory_free(void *pages, size_t bytes)
{
    if (pages != NULL)
        munmap(pages, bytes);
}

void *os_memory_get_shared(size_t bytes, const void **read_only)
{
    size_t whole = round_up(bytes, PAGE_BYTES);
    int fd = memfd_create("m2p", MFD_CLOEXEC);
    if (fd < 0)
        return NULL;
    void *writable = MAP_FAILED, *readable = MAP_FAILED;
    if (ftruncate(fd, (off_t)whole) == 0)
        writable = mmap(NULL, whole, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, fd, 0);
    void *range =
        mmap(NULL, whole + GUARD_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (writable != MAP_FAILED && range != MAP_FAILED)
        readable = mmap(range, whole, PROT_READ, MAP_SHARED | MAP_NORESERVE | MAP_FIXED, fd, 0);
    close(fd);
    *read_only = readable;
    if (readable != MAP_FAILED)
        return writable;
    if (range != MAP_FAILED)
        munmap(range, whole + GUARD_BYTES);
    if (writable != MAP_FAILED)
        munmap(writable, whole);
    return NULL;
}

void os_memory_free_shared(void *writable, const void *read_only, size_t bytes)
{
    size_t whole = round_up(bytes, PAGE_BYTES);
    if (writable == NULL)
        return;
    munmap(writable, whole);
    munmap((void *)(uintptr_t)read_only, whole + GUARD_BYTES);
}

/* A guard made by MADV_GUARD_INSTALL is the cheaper one: it doesn't split the mapping in two. */
bool os_memory_forbid(void *start, size_t bytes)
{
    assert(at_page(start));
    return madvise(start, bytes, MADV_GUARD_INSTALL) == 0 || mprotect(start, bytes, PROT_NONE) == 0;
}

void os_memory_forget(void *start, size_t bytes)
{
    int unused = madvise(start, bytes, MADV_DONTNEED);
    assert(unused == 0);
    (void)unused;
}

/* Not for small tables: they lie in a few huge pages, most of which would be zeroed for nothing. */
void os_memory_huge(void *start, size_t bytes)
{
    assert(at_page(start));
    (void)madvise(start, round_up(bytes, PAGE_BYTES), MADV_HUGEPAGE);
}

void os_memory_touch(void *start, size_t bytes)
{
    char *from = (char *)((uintptr_t)start & ~(uintptr_t)(PAGE_BYTES - 1u)), *end = (char *)start + bytes;
    (void)madvise(from, round_up((uint64_t)(end - from), PAGE_BYTES), MADV_POPULATE_WRITE);
}
