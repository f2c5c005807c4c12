/* SPDX-License-Identifier: BSD-2-Clause */
/* What recordings don't hold: the path by which the user named the scenario, and where events came from in the source. */
#ifndef REPORTS_TEXT_STYLE_H
#define REPORTS_TEXT_STYLE_H

#include <stdint.h>

/* "balloon.c:512 (balloon_inflate)" for an event, valid until the next call; NULL: not known. */
typedef const char *place_of_event_t(void *context, uint64_t event);

/* Writers take a NULL instead of a style, and any member but the context may be NULL. */
struct text_style {
    const char *path; /* the scenario as the user named it, for what to type next */
    place_of_event_t *place;
    place_of_event_t *backtrace; /* the places from there outwards, innermost first, a tab between two */
    /* The functions of the driver that ran last before the event, and first after it: nearest first, a tab between two. */
    place_of_event_t *ran_before, *ran_after;
    place_of_event_t *ran_most; /* those in which most basic blocks ran before the event, with most first */
    void *place_context;
    const char
        *command; /* "ballast replay" and what goes with it, as the user would type it; NULL: just that */
    const char *judged; /* whose files a run without a recording was about */
};

#endif
