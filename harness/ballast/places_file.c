/* SPDX-License-Identifier: BSD-2-Clause */
/* Source places by event, as text from a worker or a FILE.places. It knows nothing of images. */
#include "harness/ballast/places_file.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BEFORE "before "
#define AFTER  "after "
#define MOST   "most "

#define WORD_FOLDER   "in "
#define WORD_SCENARIO "scenario "
#define WORD_COMMAND  "command "

static bool take_word(const char *line, const char *word, const char **into)
{
    if (*into != NULL || strncmp(line, word, strlen(word)) != 0)
        return false;
    *into = line + strlen(word);
    return true;
}

/* Of the run as a whole? */
static bool add_of_run(struct event_places *places, const char *line)
{
    return places->at.count == 0 && (take_word(line, WORD_FOLDER, &places->folder) ||
                                        take_word(line, WORD_SCENARIO, &places->scenario) ||
                                        take_word(line, WORD_COMMAND, &places->command));
}

/* The line's place is cut off from its frames, unless it is a row of functions, which stays whole. */
static bool add_place(struct event_list *list, char *line, bool has_frames)
{
    char *end;

    errno = 0;
    unsigned long long event = strtoull(line, &end, 10);
    if (end == line || *end != ' ' || errno != 0 || line[0] == '-')
        return false;
    if (list->count > 0 && list->places[list->count - 1].event >= event)
        return false; /* out of order, so that a binary search would not find it */
    char *frames = has_frames ? strchr(end + 1, '\t') : NULL;
    if (frames != NULL)
        *frames++ = 0;
    list->places[list->count++] = (struct event_place){event, end + 1, frames};
    return true;
}

static void add_line(struct event_places *places, char *line)
{
    if (strncmp(line, BEFORE, strlen(BEFORE)) == 0)
        (void)add_place(&places->before, line + strlen(BEFORE), false);
    else if (strncmp(line, AFTER, strlen(AFTER)) == 0)
        (void)add_place(&places->after, line + strlen(AFTER), false);
    else if (strncmp(line, MOST, strlen(MOST)) == 0)
        (void)add_place(&places->most, line + strlen(MOST), false);
    else
        (void)add_place(&places->at, line, true);
}

/* Room for each line that could be one of the list's. */
static bool make_room(struct event_list *list, size_t lines)
{
    list->places = calloc(lines + 1, sizeof *list->places);
    return list->places != NULL;
}

bool event_places_read(struct event_places *places, const char *lines, size_t bytes)
{
    size_t count = 0;

    assert(places != NULL && (lines != NULL || bytes == 0));
    *places = (struct event_places){0};
    for (size_t b = 0; b < bytes; b++)
        count += lines[b] == '\n';
    places->text = malloc(bytes + 1);
    if (places->text == NULL || !make_room(&places->at, count) || !make_room(&places->before, count) ||
        !make_room(&places->after, count) || !make_room(&places->most, count)) {
        event_places_free(places);
        return false;
    }
    if (bytes > 0)
        memcpy(places->text, lines, bytes);
    places->text[bytes] = 0;
    char *line = places->text;
    for (char *end; (end = strchr(line, '\n')) != NULL; line = end + 1) {
        *end = 0;
        if (!add_of_run(places, line))
            add_line(places, line);
    }
    assert(places->at.count + places->before.count + places->after.count + places->most.count <= count);
    return true;
}

static void put_word(FILE *out, const char *word, const char *text)
{
    if (text != NULL && strchr(text, '\n') == NULL)
        fprintf(out, "%s%s\n", word, text);
}

char *event_places_head(const char *folder, const char *scenario, const char *command, size_t *bytes)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, bytes);

    assert(bytes != NULL);
    if (out == NULL)
        return NULL;
    fputs(PLACES_FIRST_LINE, out);
    put_word(out, WORD_FOLDER, folder);
    put_word(out, WORD_SCENARIO, scenario);
    put_word(out, WORD_COMMAND, command);
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}

void event_places_free(struct event_places *places)
{
    free(places->text);
    free(places->at.places);
    free(places->before.places);
    free(places->after.places);
    free(places->most.places);
    *places = (struct event_places){0};
}

static int by_event(const void *key, const void *element)
{
    const uint64_t wanted = *(const uint64_t *)key, event = ((const struct event_place *)element)->event;

    return wanted < event ? -1 : wanted > event;
}

static const struct event_place *find(const struct event_list *list, uint64_t event)
{
    return list->count == 0 ? NULL
                            : bsearch(&event, list->places, list->count, sizeof *list->places, by_event);
}

const char *event_places_find(void *places, uint64_t event)
{
    const struct event_place *found = find(&((const struct event_places *)places)->at, event);

    return found == NULL ? NULL : found->text;
}

const char *event_places_backtrace(void *places, uint64_t event)
{
    const struct event_place *found = find(&((const struct event_places *)places)->at, event);

    return found == NULL ? NULL : found->frames;
}

const char *event_places_before(void *places, uint64_t event)
{
    const struct event_place *found = find(&((const struct event_places *)places)->before, event);

    return found == NULL ? NULL : found->text;
}

const char *event_places_after(void *places, uint64_t event)
{
    const struct event_place *found = find(&((const struct event_places *)places)->after, event);

    return found == NULL ? NULL : found->text;
}

const char *event_places_most(void *places, uint64_t event)
{
    const struct event_place *found = find(&((const struct event_places *)places)->most, event);

    return found == NULL ? NULL : found->text;
}

void event_places_style(struct text_style *style, struct event_places *places)
{
    assert(style != NULL && places != NULL);
    style->place = event_places_find;
    style->backtrace = event_places_backtrace;
    style->ran_before = event_places_before;
    style->ran_after = event_places_after;
    style->ran_most = event_places_most;
    style->place_context = places;
}
