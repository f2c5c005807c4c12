/* SPDX-License-Identifier: BSD-2-Clause */
/* Goes through folders. A link to a folder is left out, since it may lead round in a circle; one to a file is not. */
#include "harness/ballast/folder_files.h"

#include <assert.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define DEPTH_MAX 64u /* a folder within a folder takes a page of the stack */

static int is_not_hidden(const struct dirent *entry)
{
    return entry->d_name[0] != '.';
}

static int by_name(const struct dirent **a, const struct dirent **b)
{
    return strcmp((*a)->d_name, (*b)->d_name);
}

static bool ends_so(const char *name, const char *ending)
{
    const size_t bytes = strlen(name), end_bytes = strlen(ending);

    return bytes > end_bytes && strcmp(name + bytes - end_bytes, ending) == 0;
}

static bool unreadable(const char *folder, const char *why, char *error, size_t error_bytes)
{
    snprintf(error, error_bytes, "%s: can't be read: %s", folder, why);
    return false;
}

static bool add_folder(struct words *found, const char *folder, const char *ending, unsigned depth,
    char *error, size_t error_bytes);

/* Adds one name of a folder, or what is in it. */
static bool add_entry(struct words *found, const char *path, const char *ending, unsigned depth, char *error,
    size_t error_bytes)
{
    struct stat status;

    if (lstat(path, &status) == 0 && S_ISDIR(status.st_mode))
        return add_folder(found, path, ending, depth - 1, error, error_bytes);
    if (ends_so(path, ending) && (stat(path, &status) != 0 || !S_ISDIR(status.st_mode)))
        words_add(found, path);
    return true;
}

static bool add_folder(struct words *found, const char *folder, const char *ending, unsigned depth,
    char *error, size_t error_bytes)
{
    const char *between = folder[0] != 0 && folder[strlen(folder) - 1] == '/' ? "" : "/";
    struct dirent **entries;
    bool whole = true;

    if (depth == 0) {
        snprintf(
            error, error_bytes, "%s: can't be read: it lies more than %u folders deep", folder, DEPTH_MAX);
        return false;
    }
    const int count = scandir(folder, &entries, is_not_hidden, by_name);
    if (count < 0)
        return unreadable(folder, strerror(errno), error, error_bytes);
    for (int e = 0; e < count; e++) {
        char path[PATH_MAX];
        const int length = snprintf(path, sizeof path, "%s%s%s", folder, between, entries[e]->d_name);
        if (whole && (length < 0 || (size_t)length >= sizeof path))
            whole = unreadable(folder, strerror(ENAMETOOLONG), error, error_bytes);
        else if (whole)
            whole = add_entry(found, path, ending, depth, error, error_bytes);
        free(entries[e]);
    }
    free(entries);
    return whole;
}

bool folder_files_in(
    struct words *found, const char *folder, const char *ending, char *error, size_t error_bytes)
{
    assert(found != NULL && error_bytes > 0);
    assert(ending[0] == '.');
    return add_folder(found, folder, ending, DEPTH_MAX, error, error_bytes);
}

bool folder_files_add(struct words *found, const char *name, const char *ending, const char *what,
    char *error, size_t error_bytes)
{
    const size_t before = found->count;
    struct stat status;

    if (stat(name, &status) != 0 || !S_ISDIR(status.st_mode)) {
        words_add(found, name);
    } else if (!folder_files_in(found, name, ending, error, error_bytes)) {
        return false;
    } else if (found->count == before) {
        snprintf(
            error, error_bytes, "%s: no %s is in that folder; their names end in %s", name, what, ending);
        return false;
    }
    if (!found->failed)
        return true;
    snprintf(error, error_bytes, "no memory");
    return false;
}
