/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reading and writing whole files. A file is written without its name and gets it when it is complete, so that a killed
 * run leaves no half-written file. Nothing here knows a format.
 */
#include "harness/ballast/file.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Reads until the end or until the buffer is full. Returns what was read, or -1 with errno. */
static ssize_t read_all(int fd, char *into, size_t room)
{
    size_t done = 0;

    while (done < room) {
        ssize_t got = read(fd, into + done, room - done);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        done += (size_t)got;
    }
    return (ssize_t)done;
}

/* A file's size is only a hint, and a pipe has none: the buffer grows until the end is reached. */
static char *read_descriptor(int fd, size_t bytes_max, size_t *bytes)
{
    size_t room = 16384, done = 0;
    char *buffer = NULL;

    for (;;) {
        char *larger = realloc(buffer, room + 1);
        if (larger == NULL)
            break;
        buffer = larger;
        ssize_t got = read_all(fd, buffer + done, room - done);
        if (got < 0)
            break;
        done += (size_t)got;
        if (done < room) {
            buffer[done] = 0;
            *bytes = done;
            return buffer;
        }
        if (room > bytes_max) {
            errno = EFBIG;
            break;
        }
        room *= 2;
    }
    int why = errno;
    free(buffer);
    errno = why;
    return NULL;
}

bool file_is_opened(const char *name)
{
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
    struct stat status;

    assert(name != NULL);
    if (stat(name, &status) != 0 || S_ISREG(status.st_mode) || S_ISDIR(status.st_mode))
        return false;
    for (size_t f = 0; f < sizeof folders / sizeof folders[0]; f++)
        if (strncmp(name, folders[f], strlen(folders[f])) == 0)
            return true;
    return strcmp(name, "/dev/stdin") == 0;
}

/* Not what has no end, or whose other end may be waited for for ever. */
static bool may_be_opened(const char *path, mode_t mode, char *error, size_t error_bytes)
{
    if (S_ISCHR(mode) || S_ISBLK(mode))
        snprintf(error, error_bytes, "%s: it is a device, and no file", path);
    else if (S_ISFIFO(mode) && !file_is_opened(path))
        snprintf(error, error_bytes,
            "%s: it is a pipe, and no file; /dev/stdin can be read, and <(...) of a shell", path);
    else
        return true;
    return false;
}

char *file_read(const char *path, size_t bytes_max, size_t *bytes, char *error, size_t error_bytes)
{
    assert(path != NULL && bytes != NULL);
    assert(bytes_max > 0);

    struct stat status;
    char *buffer = NULL;

    if (stat(path, &status) == 0 && !may_be_opened(path, status.st_mode, error, error_bytes)) {
        *bytes = 0;
        return NULL;
    }
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    *bytes = 0;
    if (fd >= 0)
        buffer = read_descriptor(fd, bytes_max, bytes);
    if (buffer != NULL && *bytes > bytes_max) {
        free(buffer);
        buffer = NULL;
        errno = EFBIG;
    }
    if (buffer == NULL && errno == EFBIG)
        snprintf(error, error_bytes, "%s: larger than %zu bytes", path, bytes_max);
    else if (buffer == NULL)
        snprintf(error, error_bytes, "%s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    return buffer;
}

static bool write_all(int fd, const char *from, size_t count)
{
    while (count > 0) {
        ssize_t put = write(fd, from, count);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        from += put;
        count -= (size_t)put;
    }
    return true;
}

/* Opens a file without a name in the folder of path: nothing is left if the process dies. -1: the file system can't. */
static int open_nameless(const char *path)
{
    char folder[4096];
    const size_t bytes = (size_t)(basename(path) - path);

    if (bytes >= sizeof folder)
        return -1;
    memcpy(folder, path, bytes);
    snprintf(folder + bytes, sizeof folder - bytes, ".");
    return open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0666);
}

/* Gives it a name beside path. link can't replace an existing file, so the final name comes by rename. */
static bool name_aside(int fd, char *aside, size_t aside_bytes, const char *path)
{
    char self[64];

    snprintf(self, sizeof self, "/proc/self/fd/%d", fd);
    for (unsigned attempt = 0; attempt < 100; attempt++) {
        snprintf(aside, aside_bytes, "%s.%ld.%u", path, (long)getpid(), attempt);
        if (linkat(AT_FDCWD, self, AT_FDCWD, aside, AT_SYMLINK_FOLLOW) == 0)
            return true;
        if (errno != EEXIST)
            break;
    }
    aside[0] = 0;
    return false;
}

/*
 * Where the bytes go: the file that links lead to, with its permissions; a new file has those of the umask. False, with a
 * sentence: there is something that is no file, such as a pipe or a device, and must not be replaced by one.
 */
static bool find_target(
    const char *path, char target[static PATH_MAX], mode_t *mode, char *error, size_t error_bytes)
{
    struct stat status;
    const mode_t mask = umask(0);

    umask(mask);
    *mode = 0666 & ~mask;
    if (stat(path, &status) == 0) {
        if (!S_ISREG(status.st_mode)) {
            snprintf(error, error_bytes, "%s is no regular file, and is not written over", path);
            return false;
        }
        *mode = status.st_mode & 07777;
        if (realpath(path, target) != NULL)
            return true;
        snprintf(error, error_bytes, "%s can't be written: %s", path, strerror(errno));
        return false;
    }
    if (lstat(path, &status) == 0) {
        snprintf(error, error_bytes, "%s is a link to nothing, and is not written over", path);
        return false;
    }
    snprintf(target, PATH_MAX, "%s", path);
    return true;
}

bool file_may_be_written(const char *name, char *error, size_t error_bytes)
{
    char path[PATH_MAX], folder[PATH_MAX + 1];
    mode_t mode;

    assert(name != NULL && error_bytes > 0);
    if (strlen(name) >= sizeof path) {
        snprintf(error, error_bytes, "%.80s…: the name is too long", name);
        return false;
    }
    if (!find_target(name, path, &mode, error, error_bytes))
        return false;
    snprintf(folder, sizeof folder, "%.*s.", (int)(basename(path) - path), path);
    if (access(folder, W_OK | X_OK) == 0)
        return true;
    snprintf(error, error_bytes, "%s can't be written: %s", path, strerror(errno));
    return false;
}

/* A file that is written beside its place and waits to be moved there. */
struct aside {
    char path[PATH_MAX], name[PATH_MAX + 32];
};

static bool write_aside(
    struct aside *aside, const char *name, const void *bytes, size_t count, char *error, size_t error_bytes)
{
    char *path = aside->path;
    mode_t mode;

    aside->name[0] = 0;
    if (strlen(name) >= sizeof aside->path) {
        snprintf(error, error_bytes, "%.80s…: the name is too long", name);
        return false;
    }
    if (!find_target(name, path, &mode, error, error_bytes))
        return false;
    int fd = open_nameless(path);
    const bool nameless = fd >= 0;
    if (!nameless) {
        snprintf(aside->name, sizeof aside->name, "%s.XXXXXX", path);
        fd = mkostemp(aside->name, O_CLOEXEC);
    }
    if (fd < 0) {
        snprintf(error, error_bytes, "%s can't be written: %s", path, strerror(errno));
        return false;
    }
    bool ok = write_all(fd, bytes, count) && fchmod(fd, mode) == 0 && fsync(fd) == 0 &&
              (!nameless || name_aside(fd, aside->name, sizeof aside->name, path));
    int why = errno;
    if (close(fd) != 0 && ok) {
        ok = false;
        why = errno;
    }
    if (!ok) {
        if (aside->name[0] != 0)
            unlink(aside->name);
        snprintf(error, error_bytes, "%s can't be written: %s", path, strerror(why));
    }
    return ok;
}

static bool move_there(const struct aside *aside, char *error, size_t error_bytes)
{
    if (rename(aside->name, aside->path) == 0)
        return true;
    snprintf(error, error_bytes, "%s can't be written: %s", aside->path, strerror(errno));
    unlink(aside->name);
    return false;
}

/* The first goes back to its place, or away, where the second can't be moved: in a folder where others' files stay, say. */
static bool move_both(const struct aside *first, const struct aside *second, char *error, size_t error_bytes)
{
    const bool swapped = renameat2(AT_FDCWD, first->name, AT_FDCWD, first->path, RENAME_EXCHANGE) == 0;

    if (!swapped && !move_there(first, error, error_bytes)) {
        unlink(second->name);
        return false;
    }
    const bool moved = move_there(second, error, error_bytes);
    if (!moved && swapped)
        (void)renameat2(AT_FDCWD, first->name, AT_FDCWD, first->path, RENAME_EXCHANGE);
    else if (!moved)
        unlink(first->path); /* nothing was there, or a file system without exchange has lost it */
    if (swapped)
        unlink(first->name);
    return moved;
}

/* A ^C has to wait until files have their final names, or it would leave the others behind. */
static void hold_signals(sigset_t *before)
{
    sigset_t ends;

    sigemptyset(&ends);
    sigaddset(&ends, SIGINT);
    sigaddset(&ends, SIGTERM);
    sigaddset(&ends, SIGHUP);
    sigprocmask(SIG_BLOCK, &ends, before);
}

bool file_write(const char *path, const void *bytes, size_t count, char *error, size_t error_bytes)
{
    struct aside aside;
    sigset_t before;

    assert(path != NULL);
    assert(bytes != NULL || count == 0);
    hold_signals(&before);
    const bool ok =
        write_aside(&aside, path, bytes, count, error, error_bytes) && move_there(&aside, error, error_bytes);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return ok;
}

bool file_write_two(const struct file_content two[static 2], char *error, size_t error_bytes)
{
    struct aside first, second;
    sigset_t before;

    assert(two[0].path != NULL && two[1].path != NULL);
    hold_signals(&before);
    bool ok = write_aside(&first, two[0].path, two[0].bytes, two[0].count, error, error_bytes);
    if (ok && !write_aside(&second, two[1].path, two[1].bytes, two[1].count, error, error_bytes)) {
        unlink(first.name);
        ok = false;
    }
    ok = ok && move_both(&first, &second, error, error_bytes);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return ok;
}
