/* SPDX-License-Identifier: BSD-2-Clause */
/* Source places by event, as text from a worker or a FILE.places. It knows nothing of images. */
#include "harness/ballast/places_file.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool add_line(struct event_places *places, char *line)
{
    char *end;

    errno = 0;
    unsigned long long event = strtoull(line, &end, 10);
    if (end == line || *end != ' ' || errno != 0 || line[0] == '-')
        return false;
    if (places->count > 0 && places->places[places->count - 1].event >= event)
        return false; /* out of order, so that a binary search would not find it */
    char *frames = strchr(end + 1, '\t');
    if (frames != NULL)
        *frames++ = 0;
    places->places[places->count++] = (struct event_place){event, end + 1, frames};
    return true;
}

bool event_places_read(struct event_places *places, const char *lines, size_t bytes)
{
    size_t count = 0;

    assert(places != NULL && (lines != NULL || bytes == 0));
    *places = (struct event_places){0};
    for (size_t b = 0; b < bytes; b++)
        count += lines[b] == '\n';
    places->text = malloc(bytes + 1);
    places->places = calloc(count + 1, sizeof *places->places);
    if (places->text == NULL || places->places == NULL) {
        event_places_free(places);
        return false;
    }
    if (bytes > 0)
        memcpy(places->text, lines, bytes);
    places->text[bytes] = 0;
    char *line = places->text;
    for (char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = 0;
        (void)add_line(places, line);
    }
    assert(places->count <= count);
    return true;
}

void event_places_free(struct event_places *places)
{
    free(places->text);
    free(places->places);
    *places = (struct event_places){0};
}

static int by_event(const void *key, const void *element)
{
    const uint64_t wanted = *(const uint64_t *)key, event = ((const struct event_place *)element)->event;

    return wanted < event ? -1 : wanted > event;
}

static const struct event_place *find(const struct event_places *places, uint64_t event)
{
    return places->count == 0
               ? NULL
               : bsearch(&event, places->places, places->count, sizeof *places->places, by_event);
}

const char *event_places_find(void *places, uint64_t event)
{
    const struct event_place *found = find(places, event);

    return found == NULL ? NULL : found->text;
}

const char *event_places_backtrace(void *places, uint64_t event)
{
    const struct event_place *found = find(places, event);

    return found == NULL ? NULL : found->frames;
}
