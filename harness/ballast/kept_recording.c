/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeps a run's recording. What is in a recording is not looked at here, beyond its first bytes. */
#include "harness/ballast/kept_recording.h"

#include "harness/ballast/file.h"
#include "sim/record/record.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

bool kept_recording_allowed(const char *file, char *error, size_t error_bytes)
{
    char magic[sizeof RECORDING_MAGIC] = "";
    struct stat status;

    assert(file != NULL && error_bytes > 0);
    if (stat(file, &status) != 0 || (S_ISREG(status.st_mode) && status.st_size == 0))
        return true; /* it can be made, or writing it will say why not */
    if (!S_ISREG(status.st_mode)) {
        snprintf(error, error_bytes, "--record %s: that is no regular file; name another", file);
        return false;
    }
    const int fd = open(file, O_RDONLY | O_CLOEXEC);
    const ssize_t got = fd >= 0 ? read(fd, magic, sizeof magic) : -1;
    if (fd >= 0)
        close(fd);
    if (got == (ssize_t)sizeof magic && memcmp(magic, RECORDING_MAGIC, sizeof magic) == 0)
        return true;
    snprintf(error, error_bytes,
        "--record %s: that file is there and is no recording, and would be lost; name another, or remove it",
        file);
    return false;
}

/* Two runs that keep their recordings under one name take turns. -1: the folder can't be locked, and nobody waits. */
static int lock_folder(const char *file)
{
    char folder[PATH_MAX];
    const size_t bytes = (size_t)(basename(file) - file);

    if (bytes >= sizeof folder - 1)
        return -1;
    memcpy(folder, file, bytes);
    memcpy(folder + bytes, ".", 2);
    const int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd >= 0)
        flock(fd, LOCK_EX);
    return fd;
}

static bool forget(const char *file, const char *beside, char *error, size_t error_bytes)
{
    if ((unlink(file) == 0 || errno == ENOENT) && (unlink(beside) == 0 || errno == ENOENT))
        return true;
    snprintf(error, error_bytes, "%s: an older recording can't be removed: %s", file, strerror(errno));
    return false;
}

bool kept_recording_write(const char *file, const struct outcome *outcome, char *error, size_t error_bytes)
{
    char beside[PATH_MAX];
    const int length = snprintf(beside, sizeof beside, "%s.places", file);
    bool kept;

    if (length < 0 || (size_t)length >= sizeof beside) {
        snprintf(error, error_bytes, "--record: the name is too long");
        return false;
    }
    /* Asked once more, for the run itself may have taken long. */
    if (!kept_recording_allowed(file, error, error_bytes))
        return false;
    const int lock = lock_folder(file);
    if (outcome->recording == NULL)
        kept = forget(file, beside, error, error_bytes);
    else
        kept = file_write(file, outcome->recording, outcome->recording_bytes, error, error_bytes) &&
               file_write(beside, outcome->places, outcome->places_bytes, error, error_bytes);
    if (lock >= 0)
        close(lock);
    return kept;
}
