/* SPDX-License-Identifier: BSD-2-Clause */
/* Keeps a run's recording. What is in a recording is not looked at here, beyond its first bytes. */
#include "harness/ballast/kept_recording.h"

#include "harness/ballast/file.h"
#include "harness/ballast/places_file.h"
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

static bool put_beside(const char *file, char beside[static PATH_MAX], char *error, size_t error_bytes)
{
    const int length = snprintf(beside, PATH_MAX, "%s" PLACES_SUFFIX, file);

    if (length >= 0 && length < PATH_MAX && file[0] != 0)
        return true;
    snprintf(error, error_bytes, file[0] != 0 ? "--record: the name is too long" : "--record names no file");
    return false;
}

/* An older recording, or nothing that could be lost. */
static bool is_ours(const char *file, bool *recording, char *error, size_t error_bytes)
{
    char magic[sizeof RECORDING_MAGIC] = "";
    struct stat status;

    *recording = false;
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
    *recording = got == (ssize_t)sizeof magic && memcmp(magic, RECORDING_MAGIC, sizeof magic) == 0;
    if (*recording)
        return true;
    snprintf(error, error_bytes,
        "--record %s: that file is there and is no recording, and would be lost; name another, or remove it",
        file);
    return false;
}

static bool is_scenario(
    const char *file, char *const *scenarios, size_t nr_scenarios, char *error, size_t error_bytes)
{
    struct stat a, b;

    for (size_t s = 0; s < nr_scenarios && stat(file, &a) == 0; s++)
        if (stat(scenarios[s], &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino) {
            snprintf(error, error_bytes,
                "--record would write over %s, which is the scenario; name another file", file);
            return true;
        }
    return false;
}

/* What a FILE.places begins with. Those of older versions begin with a place line or with a line of a user's files, as
 * "12 balloon.c:512" or "driver /usr/src/balloon.c", and so may what isn't ours. */
enum beside { BESIDE_OTHER, BESIDE_LIKE_OURS, BESIDE_OURS };

static enum beside look_beside(const char *file)
{
    char text[64] = "";
    const int fd = open(file, O_RDONLY | O_CLOEXEC);
    const ssize_t got = fd >= 0 ? read(fd, text, sizeof text - 1) : -1;

    if (fd >= 0)
        close(fd);
    const size_t digits = strspn(text, "0123456789"), word = strspn(text, "abcdefghijklmnopqrstuvwxyz_");
    if (strncmp(text, PLACES_FIRST_LINE, strlen(PLACES_FIRST_LINE)) == 0)
        return BESIDE_OURS;
    return got >= 0 &&
                   ((digits > 0 && text[digits] == ' ') || (word > 0 && strncmp(text + word, " /", 2) == 0))
               ? BESIDE_LIKE_OURS
               : BESIDE_OTHER;
}

bool kept_recording_allowed(
    const char *file, char *const *scenarios, size_t nr_scenarios, char *error, size_t error_bytes)
{
    char beside[PATH_MAX];
    struct stat status;
    bool recording;

    assert(file != NULL && error_bytes > 0);
    if (!put_beside(file, beside, error, error_bytes) ||
        is_scenario(file, scenarios, nr_scenarios, error, error_bytes) ||
        is_scenario(beside, scenarios, nr_scenarios, error, error_bytes) ||
        !is_ours(file, &recording, error, error_bytes))
        return false;
    /* A run that was killed may have left ours without a recording; what only looks like ours and lies beside none is
     * somebody else's. */
    if (stat(beside, &status) != 0 ||
        (S_ISREG(status.st_mode) &&
            (status.st_size == 0 || look_beside(beside) >= (recording ? BESIDE_LIKE_OURS : BESIDE_OURS))))
        return file_may_be_written(file, error, error_bytes);
    snprintf(error, error_bytes,
        "--record %s: %s is there already and belongs to no recording; name another, or remove it", file,
        beside);
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
    bool kept;

    if (!put_beside(file, beside, error, error_bytes))
        return false;
    /* Asked once more, for the run itself may have taken long. */
    if (!kept_recording_allowed(file, NULL, 0, error, error_bytes))
        return false;
    const int lock = lock_folder(file);
    if (outcome->recording == NULL)
        kept = forget(file, beside, error, error_bytes);
    else
        kept = file_write_two((struct file_content[]){{file, outcome->recording, outcome->recording_bytes},
                                  {beside, outcome->places, outcome->places_bytes}},
            error, error_bytes);
    if (lock >= 0)
        close(lock);
    return kept;
}
