/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The lines "EVENT PLACE [TAB FRAME]..." that a worker leaves, looked up by event for the reports; and "before EVENT PLACE
 * [TAB PLACE]...", "after ...": the functions of a driver that ran last before an event, and first after it. And "most
 * EVENT PLACE [TAB PLACE]...": those in which most blocks ran before it.
 * Before them in a FILE.places is what a recording doesn't hold of its run: the folder that it was called in, the scenario's
 * path, the command.
 */
#ifndef HARNESS_BALLAST_PLACES_FILE_H
#define HARNESS_BALLAST_PLACES_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "reports/text_style.h"

#define PLACES_SUFFIX     ".places" /* behind the recording's name */
/* With which such a file begins. */
#define PLACES_FIRST_LINE "places of a Ballast recording\n"

struct event_place {
    uint64_t event;
    const char *text;
    const char *frames; /* its callers, innermost first, with a tab between two; or NULL */
};

/* What is told of the events of a run: places with their callers, or functions that ran. */
struct event_list {
    struct event_place *places; /* sorted by event */
    size_t count;
};

struct event_places {
    char *text; /* a copy, each line ended by NUL */
    struct event_list at, before, after, most;
    const char *folder, *scenario, *command; /* as the user typed them; NULL: the lines don't say */
};

/* Lines that aren't of the form are left out. False when memory is out. */
bool event_places_read(struct event_places *, const char *lines, size_t bytes);
/* The lines with which a FILE.places begins; a malloc'd string, or NULL. A path with a newline is left out. */
char *event_places_head(const char *folder, const char *scenario, const char *command, size_t *bytes);
void event_places_free(struct event_places *);
/* All are the reports' place_of_event_t; places is a struct event_places. NULL: unknown. */
const char *event_places_find(void *places, uint64_t event);
const char *event_places_backtrace(void *places, uint64_t event); /* frames, innermost first, or NULL */
/* The functions that ran, nearest first, with a tab between two, or NULL. */
const char *event_places_before(void *places, uint64_t event);
const char *event_places_after(void *places, uint64_t event);
const char *event_places_most(void *places, uint64_t event); /* with most first */
/* A report tells all of them: the style refers to the places as long as it is used. */
void event_places_style(struct text_style *, struct event_places *);

#endif
