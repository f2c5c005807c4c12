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

/* False, with errno: the folder can't be read, or files may lie deeper in it than is looked. */
static bool add_folder(struct words *found, const char *folder, const char *ending, unsigned depth)
{
    struct dirent **entries;
    bool reached = depth > 0;
    int count = reached ? scandir(folder, &entries, is_not_hidden, by_name) : -1;
    const char *between = folder[0] != 0 && folder[strlen(folder) - 1] == '/' ? "" : "/";

    for (int e = 0; e < count; e++) {
        char path[PATH_MAX];
        struct stat status;
        const int length = snprintf(path, sizeof path, "%s%s%s", folder, between, entries[e]->d_name);
        if (length < 0 || (size_t)length >= sizeof path)
            reached = false;
        else {
            if (lstat(path, &status) == 0 && S_ISDIR(status.st_mode))
                reached = (add_folder(found, path, ending, depth - 1) || errno != ENAMETOOLONG) && reached;
            else if (ends_so(entries[e]->d_name, ending) &&
                     (stat(path, &status) != 0 || !S_ISDIR(status.st_mode)))
                words_add(found, path);
        }
        free(entries[e]);
    }
    if (count >= 0)
        free(entries);
    if (!reached)
        errno = ENAMETOOLONG;
    return count >= 0 && reached;
}

bool folder_files_in(struct words *found, const char *folder, const char *ending)
{
    assert(found != NULL && folder != NULL);
    assert(ending[0] == '.');
    return add_folder(found, folder, ending, DEPTH_MAX);
}

bool folder_files_add(struct words *found, const char *name, const char *ending, const char *what,
    char *error, size_t error_bytes)
{
    const size_t before = found->count;
    struct stat status;

    if (stat(name, &status) != 0 || !S_ISDIR(status.st_mode)) {
        words_add(found, name);
    } else if (!folder_files_in(found, name, ending)) {
        snprintf(error, error_bytes, "%s: can't be read: %s", name, strerror(errno));
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
