/* SPDX-License-Identifier: BSD-2-Clause */
/* The debug information of each image file. It is opened when it is first needed, for most runs never need it. */
#include "harness/run/place_files.h"
#include "harness/image/image_file.h"
#include "harness/image/source_places.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

struct place_file {
    struct place_file *next;
    struct source_places *places; /* NULL: it could not be read */
    bool no_memory;               /* it could not be read for want of memory */
    char file[];
};

struct place_files {
    struct place_file *first;
    bool lost;
};

struct place_files *place_files_new(void)
{
    return calloc(1, sizeof(struct place_files));
}

void place_files_free(struct place_files *files)
{
    if (files == NULL)
        return;
    while (files->first != NULL) {
        struct place_file *next = files->first->next;
        source_places_close(files->first->places);
        free(files->first);
        files->first = next;
    }
    free(files);
}

void place_files_begin(struct place_files *files)
{
    files->lost = false;
}

bool place_files_lost(const struct place_files *files)
{
    return files->lost;
}

static struct source_places *places_of(struct place_files *files, const struct image_file *image)
{
    struct place_file *entry = files->first;

    while (entry != NULL && strcmp(entry->file, image->path) != 0)
        entry = entry->next;
    if (entry == NULL) {
        entry = malloc(sizeof *entry + strlen(image->path) + 1);
        if (entry == NULL) {
            files->lost = true;
            return NULL;
        }
        strcpy(entry->file, image->path);
        entry->places = source_places_of(image->path, image->fd, &entry->no_memory);
        entry->next = files->first;
        files->first = entry;
    }
    assert(entry->places == NULL || !entry->no_memory);
    files->lost = files->lost || entry->no_memory;
    return entry->places;
}

bool place_files_text(
    struct place_files *files, const struct image_file *file, uint64_t offset, char *out, size_t out_bytes)
{
    struct source_places *places = places_of(files, file);

    if (places == NULL)
        return false;
    const bool found = source_places_text(places, offset, out, out_bytes);
    files->lost = files->lost || source_places_no_memory(places);
    return found;
}
