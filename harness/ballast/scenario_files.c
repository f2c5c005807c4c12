/* SPDX-License-Identifier: BSD-2-Clause */
/* Finds scenarios in folders, and keeps what comes through a pipe as a file in memory, for it can be read only once. */
#include "harness/ballast/scenario_files.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/language/scenario.h"

#define DEPTH 4u

static int is_of_interest(const struct dirent *entry)
{
    const size_t bytes = strlen(entry->d_name);

    if (entry->d_name[0] == '.')
        return 0;
    return entry->d_type == DT_DIR || entry->d_type == DT_UNKNOWN ||
           (bytes > 4 && strcmp(entry->d_name + bytes - 4, ".scn") == 0);
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool ends_as_one(const char *path)
{
    const size_t bytes = strlen(path);

    return bytes > 4 && strcmp(path + bytes - 4, ".scn") == 0;
}

static bool add_folder(struct words *found, const char *folder, unsigned depth)
{
    struct dirent **entries;
    int count = depth == 0 ? -1 : scandir(folder, &entries, is_of_interest, by_name);
    const char *between = folder[0] != 0 && folder[strlen(folder) - 1] == '/' ? "" : "/";

    for (int e = 0; e < count; e++) {
        char path[PATH_MAX];
        struct stat status;
        const int length = snprintf(path, sizeof path, "%s%s%s", folder, between, entries[e]->d_name);
        if (length > 0 && (size_t)length < sizeof path) {
            if (stat(path, &status) == 0 && S_ISDIR(status.st_mode))
                add_folder(found, path, depth - 1);
            else if (ends_as_one(path))
                words_add(found, path);
        }
        free(entries[e]);
    }
    if (count >= 0)
        free(entries);
    return count >= 0;
}

bool scenario_files_in(struct words *found, const char *folder)
{
    assert(found != NULL && folder != NULL);
    return add_folder(found, folder, DEPTH);
}

/* Is it standard input, or another pipe that the caller has opened for us, such as <(…) of a shell? */
static bool is_opened_already(const char *name)
{
    static const char *const folders[] = {"/dev/fd/", "/proc/self/fd/"};
    struct stat status;

    if (strcmp(name, "-") == 0)
        return true;
    if (stat(name, &status) != 0 || S_ISREG(status.st_mode) || S_ISDIR(status.st_mode))
        return false;
    for (size_t f = 0; f < sizeof folders / sizeof folders[0]; f++)
        if (strncmp(name, folders[f], strlen(folders[f])) == 0)
            return true;
    return strcmp(name, "/dev/stdin") == 0;
}

/* Copies to its end, or to where it is too long for a scenario, as its reader will say. */
static bool copy_all(int from, int to)
{
    char chunk[65536];
    size_t copied = 0;
    ssize_t got = 0;

    while (copied <= SCENARIO_BYTES_MAX && (got = read(from, chunk, sizeof chunk)) != 0) {
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0 || write(to, chunk, (size_t)got) != got)
            return false;
        copied += (size_t)got;
    }
    return true;
}

/* The file stays open, so that its name leads to it, here and in the processes that run scenarios. */
static bool keep_text(struct scenario_files *files, const char *name, char *error, size_t error_bytes)
{
    const char *slash = strrchr(name, '/');
    const int from = slash == NULL || strcmp(slash, "/stdin") == 0 ? STDIN_FILENO : atoi(slash + 1),
              to = memfd_create("scenario", MFD_CLOEXEC);

    for (size_t f = 0; f < files->names.count; f++)
        if (strcmp(files->names.list[f], name) == 0) { /* it was read to its end already */
            words_add(&files->names, name);
            words_add(&files->texts, files->texts.list[f]);
            if (to >= 0)
                close(to);
            return true;
        }
    if (to < 0 || !copy_all(from, to)) {
        snprintf(error, error_bytes, "%s: can't be read: %s", name, strerror(errno));
        if (to >= 0)
            close(to);
        return false;
    }
    words_add(&files->names, name);
    words_addf(&files->texts, "/proc/self/fd/%d", to);
    return true;
}

bool scenario_files_add(struct scenario_files *files, const char *name, char *error, size_t error_bytes)
{
    struct stat status;
    const size_t before = files->names.count;

    assert(files->names.count == files->texts.count);
    if (is_opened_already(name))
        return keep_text(files, name, error, error_bytes);
    if (stat(name, &status) != 0 || !S_ISDIR(status.st_mode)) {
        words_add(&files->names, name);
        words_add(&files->texts, name);
    } else if (!scenario_files_in(&files->names, name)) {
        snprintf(error, error_bytes, "%s: can't be read: %s", name, strerror(errno));
        return false;
    } else if (files->names.count == before) {
        snprintf(error, error_bytes, "%s: no scenario is in that folder; their names end in .scn", name);
        return false;
    }
    while (files->texts.count < files->names.count && !files->texts.failed)
        words_add(&files->texts, files->names.list[files->texts.count]);
    if (!files->names.failed && !files->texts.failed)
        return true;
    snprintf(error, error_bytes, "no memory");
    return false;
}

void scenario_files_free(struct scenario_files *files)
{
    words_free(&files->names);
    words_free(&files->texts);
}
