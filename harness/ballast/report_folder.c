/* SPDX-License-Identifier: BSD-2-Clause */
/* Names the pages, and writes each through memory into its file. */
#include "harness/ballast/report_folder.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "harness/ballast/file.h"

#define INDEX_NAME     "index.html"
#define NAME_BYTES_MAX 120u /* of a page's name, so that a number and a suffix have room in 255 */

struct report_folder {
    char *path;
    char **names; /* of the pages' files */
    size_t count, rows;
    char *index;
    size_t index_bytes;
    FILE *index_out;
};

/* ---- names ------------------------------------------------------------------------------------ */

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* "scenarios/tour/shrink.scn" is "scenarios-tour-shrink": a name that needs no quotes in a shell or in a link. */
static void plain_name(const char *path, char name[static NAME_BYTES_MAX])
{
    const char *dot = strrchr(path, '.');
    size_t bytes =
        dot != NULL && dot != path && strchr(dot, '/') == NULL ? (size_t)(dot - path) : strlen(path);
    size_t used = 0;

    if (bytes > NAME_BYTES_MAX - 1) { /* the end says more than the beginning */
        path += bytes - (NAME_BYTES_MAX - 1);
        bytes = NAME_BYTES_MAX - 1;
    }
    for (size_t i = 0; i < bytes; i++)
        if (is_plain(path[i]))
            name[used++] = path[i];
        else if (used > 0 && name[used - 1] != '-')
            name[used++] = '-';
    while (used > 0 && name[used - 1] == '-')
        used--;
    name[used] = '\0';
    if (used == 0)
        strcpy(name, "run");
}

static bool is_taken(const struct report_folder *folder, const char *file)
{
    for (size_t n = 0; n < folder->count; n++)
        if (strcmp(folder->names[n], file) == 0)
            return true;
    return strcmp(file, INDEX_NAME) == 0;
}

/* A file's name that no page before it has; it is added. NULL: no memory. */
static const char *new_name(struct report_folder *folder, const char *path)
{
    char name[NAME_BYTES_MAX], file[NAME_BYTES_MAX + 32];

    plain_name(path, name);
    snprintf(file, sizeof file, "%s.html", name);
    for (unsigned number = 2; is_taken(folder, file); number++)
        snprintf(file, sizeof file, "%s-%u.html", name, number);
    char **larger = reallocarray(folder->names, folder->count + 1, sizeof *larger);
    if (larger == NULL)
        return NULL;
    folder->names = larger;
    folder->names[folder->count] = strdup(file);
    return folder->names[folder->count] != NULL ? folder->names[folder->count++] : NULL;
}

/* ---- files ------------------------------------------------------------------------------------ */

/* Is there nothing at that place, or a page of ours? What is somebody else's stays. */
static bool may_be_written(const char *path, char *error, size_t error_bytes)
{
    static const char ours[] = HTML_FIRST_BYTES;
    char first[sizeof ours - 1];
    struct stat status;

    if (lstat(path, &status) != 0)
        return true; /* it can be made, or writing it will say why not */
    const int fd = S_ISREG(status.st_mode) ? open(path, O_RDONLY | O_CLOEXEC) : -1;
    const ssize_t got = fd >= 0 ? read(fd, first, sizeof first) : -1;
    if (fd >= 0)
        close(fd);
    if (got == (ssize_t)sizeof first && memcmp(first, ours, sizeof first) == 0)
        return true;
    snprintf(error, error_bytes,
        "%s: that is there and is no page of a report, and would be lost; name another folder", path);
    return false;
}

static bool write_file(const struct report_folder *folder, const char *name, const void *bytes, size_t count,
    char *error, size_t error_bytes)
{
    char *path = NULL;

    if (asprintf(&path, "%s/%s", folder->path, name) < 0) {
        snprintf(error, error_bytes, "no memory");
        return false;
    }
    const bool written =
        may_be_written(path, error, error_bytes) && file_write(path, bytes, count, error, error_bytes);
    free(path);
    return written;
}

struct report_folder *report_folder_begin(const char *path, char *error, size_t error_bytes)
{
    struct report_folder *folder = calloc(1, sizeof *folder);

    assert(path != NULL && error_bytes > 0);
    struct stat status;
    if (path[0] == '\0') {
        snprintf(error, error_bytes, "the folder for the pages has an empty name");
        free(folder);
        return NULL;
    }
    if ((mkdir(path, 0777) != 0 && errno != EEXIST) || stat(path, &status) != 0 || !S_ISDIR(status.st_mode)) {
        snprintf(error, error_bytes, "%s: %s", path, errno == EEXIST ? "that is no folder" : strerror(errno));
        free(folder);
        return NULL;
    }
    if (access(path, W_OK | X_OK) != 0) {
        snprintf(error, error_bytes, "%s: no page can be written there: %s", path, strerror(errno));
        free(folder);
        return NULL;
    }
    if (folder != NULL && (folder->path = strdup(path)) != NULL &&
        (folder->index_out = open_memstream(&folder->index, &folder->index_bytes)) != NULL &&
        html_index_begin(folder->index_out))
        return folder;
    report_folder_free(folder);
    snprintf(error, error_bytes, "no memory");
    return NULL;
}

static bool add_page(
    struct report_folder *folder, const struct html_page *page, char *error, size_t error_bytes)
{
    char *text = NULL;
    size_t bytes;
    FILE *out = open_memstream(&text, &bytes);
    const bool whole = out != NULL && html_run(out, page);
    const bool written = out != NULL && fclose(out) == 0 && whole &&
                         write_file(folder, page->name, text, bytes, error, error_bytes);

    free(text);
    return written;
}

bool report_folder_add(
    struct report_folder *folder, const char *name, struct html_page *page, char *error, size_t error_bytes)
{
    assert(folder->index_out != NULL && page->style != NULL);
    page->index = INDEX_NAME;
    page->name = page->reading != NULL ? new_name(folder, name) : "";
    snprintf(error, error_bytes, "no memory");
    return page->name != NULL && (page->reading == NULL || add_page(folder, page, error, error_bytes)) &&
           html_index_add(folder->index_out, page, folder->rows++);
}

bool report_folder_end(struct report_folder *folder, char *error, size_t error_bytes)
{
    assert(folder->index_out != NULL);
    html_index_end(folder->index_out);
    const bool whole = fclose(folder->index_out) == 0;
    folder->index_out = NULL;
    if (whole)
        return write_file(folder, INDEX_NAME, folder->index, folder->index_bytes, error, error_bytes);
    snprintf(error, error_bytes, "no memory");
    return false;
}

void report_folder_free(struct report_folder *folder)
{
    if (folder == NULL)
        return;
    if (folder->index_out != NULL)
        fclose(folder->index_out);
    free(folder->index);
    for (size_t n = 0; n < folder->count; n++)
        free(folder->names[n]);
    free(folder->names);
    free(folder->path);
    free(folder);
}
