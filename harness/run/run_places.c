/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Places of a run's events in words. The debug information of each image file is opened once, when it is
 * first asked for: most runs pass, and nobody asks.
 */
#include "harness/run/runner.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "harness/image/source_places.h"

struct place_files {
    struct place_files *next;
    struct places *places; /* NULL: it can't be read, and was tried */
    bool no_memory;        /* that is why */
    char file[];
};

void place_files_free(struct place_files *files)
{
    while (files != NULL) {
        struct place_files *next = files->next;
        places_close(files->places);
        free(files);
        files = next;
    }
}

static struct places *places_of(struct runner *r, const char *file)
{
    struct place_files *entry = r->place_files;

    while (entry != NULL && strcmp(entry->file, file) != 0)
        entry = entry->next;
    if (entry == NULL) {
        entry = malloc(sizeof *entry + strlen(file) + 1);
        if (entry == NULL) {
            r->places_lost = true;
            return NULL;
        }
        strcpy(entry->file, file);
        entry->places = places_open(file, &entry->no_memory);
        entry->next = r->place_files;
        r->place_files = entry;
    }
    r->places_lost = r->places_lost || entry->no_memory;
    return entry->places;
}

bool runner_places_lost(const struct runner *r)
{
    return r->places_lost;
}

bool runner_place_text(struct runner *r, const struct place *place, char *out, size_t out_bytes)
{
    assert(place != NULL && out != NULL);

    const struct slot *slot = runner_slot(r, place->domid);
    if (slot == NULL || slot->image == NULL) /* of a domain that is gone */
        return false;
    struct places *places = places_of(r, image_file(slot->image));
    /* The machine counts from the start of the code, debug information from the start of the image. */
    const uint64_t text_start = image_text_offset(slot->image);
    return places != NULL && places_text(places, text_start + place->text_offset, out, out_bytes);
}
