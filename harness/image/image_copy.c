/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Loads a shared object from a copy of its file in memory that has no name, so that nothing is left behind, however this
 * process ends. The loader takes two files of one name or inode for the same object.
 */
#include "harness/image/image_copy.h"

#include <assert.h>
#include <dlfcn.h>
#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEGMENTS_MAX 64u

/*
 * How much of the file the loader maps. What follows is mostly debug information, five times as long, and is read from
 * the original. A file that is no ELF is copied whole, and the loader says what is wrong with it. One that is cut off
 * before its segments end gives -1: the loader would map pages that the file has not got.
 */
static off_t loaded_bytes(int fd)
{
    Elf64_Ehdr head;
    Elf64_Phdr segments[SEGMENTS_MAX];
    struct stat status;
    uint64_t end = 0;

    if (fstat(fd, &status) != 0)
        return -1;
    if (pread(fd, &head, sizeof head, 0) != sizeof head || memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 ||
        head.e_phnum > SEGMENTS_MAX || head.e_phentsize != sizeof segments[0])
        return status.st_size;
    const ssize_t bytes = (ssize_t)(head.e_phnum * sizeof segments[0]);
    if (pread(fd, segments, (size_t)bytes, (off_t)head.e_phoff) != bytes)
        return status.st_size;
    for (unsigned s = 0; s < head.e_phnum; s++)
        if (segments[s].p_type == PT_LOAD && segments[s].p_offset + segments[s].p_filesz > end)
            end = segments[s].p_offset + segments[s].p_filesz;
    if (end > (uint64_t)status.st_size) {
        errno = ENOEXEC;
        return -1;
    }
    return end > 0 ? (off_t)end : status.st_size;
}

static bool copy_bytes(int from, int to, off_t left)
{
    while (left > 0) {
        ssize_t done = sendfile(to, from, NULL, (size_t)left);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        left -= done;
    }
    return left == 0;
}

/* Copies what is loaded of a file to one that was opened, or could not be. False: errno says why. */
static bool copy_to(const char *file, int to)
{
    const int why_not = errno, from = open(file, O_RDONLY | O_CLOEXEC);

    if (from < 0)
        return false;
    const bool ok = to >= 0 && copy_bytes(from, to, loaded_bytes(from));
    const int why = to >= 0 ? errno : why_not;
    close(from);
    errno = why;
    return ok;
}

/*
 * A name for a descriptor that the loader has not seen yet, for their numbers come again. In a path, "//" and "/./" mean no
 * more than "/", so that a count is written with them, digit by digit.
 */
static void name_anew(int fd, char *name, size_t bytes)
{
    static unsigned count;
    size_t end = (size_t)snprintf(name, bytes, "/proc/self/fd");

    for (unsigned left = ++count; left != 0; left /= 2)
        end += (size_t)snprintf(name + end, bytes - end, left % 2 != 0 ? "/." : "/");
    snprintf(name + end, bytes - end, "/%d", fd);
    assert(strlen(name) + 1 < bytes);
}

static void put_refusal(const char *file, const char *to, char *error, size_t error_bytes)
{
    if (errno == ENOEXEC)
        snprintf(error, error_bytes, "%s can't be loaded: it is cut off before its segments end", file);
    else
        snprintf(error, error_bytes, "%s can't be copied to %s: %s", file, to, strerror(errno));
}

static void *load_from(const char *copy, const char *file, char *error, size_t error_bytes)
{
    void *handle = dlopen(copy, RTLD_NOW | RTLD_LOCAL);

    if (handle == NULL)
        snprintf(error, error_bytes, "%s can't be loaded: %s", file, dlerror());
    return handle;
}

static void *load_from_memory(const char *file, char *error, size_t error_bytes)
{
    char name[128];
    void *handle = NULL;
    const int to = memfd_create("guest.so", MFD_CLOEXEC);

    if (copy_to(file, to)) {
        name_anew(to, name, sizeof name);
        handle = load_from(name, file, error, error_bytes);
    } else
        put_refusal(file, "memory", error, error_bytes);
    if (to >= 0)
        close(to);
    return handle;
}

/* Where files in memory may not be run, or there is no /proc: the copy has a name until it is loaded. */
static void *load_from_folder(const char *file, const char *folder, char *error, size_t error_bytes)
{
    static const char suffix[] = ".so";
    char copy[PATH_MAX];
    void *handle = NULL;
    sigset_t all, before;
    const int length = snprintf(copy, sizeof copy, "%s/ballast-guest-XXXXXX%s", folder, suffix);

    if (length < 0 || (size_t)length >= sizeof copy) {
        errno = ENAMETOOLONG;
        put_refusal(file, folder, error, error_bytes);
        return NULL;
    }
    sigfillset(&all); /* a ^C must not come between copying and unlinking */
    sigprocmask(SIG_BLOCK, &all, &before);
    const int to = mkostemps(copy, (int)sizeof suffix - 1, O_CLOEXEC);
    if (copy_to(file, to))
        handle = load_from(copy, file, error, error_bytes);
    else
        put_refusal(file, folder, error, error_bytes);
    if (to >= 0) {
        unlink(copy);
        close(to);
    }
    sigprocmask(SIG_SETMASK, &before, NULL);
    return handle;
}

static bool debug_information_too;

void image_copy_keep_debug_information(void)
{
    debug_information_too = true;
}

/*
 * A debugger reads the copy's debug information at any time. So the copy is whole, and is a file in memory that keeps
 * its name as long as this process lives. Its descriptor is never closed: another file under the same number would
 * have the same name, and the loader would take it for this one.
 */
static void *load_for_debugger(const char *file, char *error, size_t error_bytes)
{
    char name[64];
    struct stat status;
    const int from = open(file, O_RDONLY | O_CLOEXEC), to = memfd_create("guest.so", MFD_CLOEXEC);
    const bool ok = from >= 0 && to >= 0 && fstat(from, &status) == 0 && loaded_bytes(from) >= 0 &&
                    copy_bytes(from, to, status.st_size);

    if (from >= 0)
        close(from);
    snprintf(name, sizeof name, "/proc/%d/fd/%d", (int)getpid(), to);
    void *handle = ok ? dlopen(name, RTLD_NOW | RTLD_LOCAL) : NULL;
    if (handle == NULL)
        snprintf(error, error_bytes, "%s can't be loaded: %s", file, ok ? dlerror() : strerror(errno));
    return handle;
}

void *image_copy_load(const char *file, char *error, size_t error_bytes)
{
    const char *temporary = getenv("TMPDIR");

    assert(file != NULL && error_bytes > 0);
    if (debug_information_too)
        return load_for_debugger(file, error, error_bytes);
    void *handle = load_from_memory(file, error, error_bytes);
    if (handle == NULL)
        handle = load_from_folder(file, temporary != NULL ? temporary : "/tmp", error, error_bytes);
    return handle;
}
