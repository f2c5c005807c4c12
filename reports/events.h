/* SPDX-License-Identifier: BSD-2-Clause */
/* Events of a recording, chosen and written one a line: for people, and as JSON for programs. */
#ifndef REPORTS_EVENTS_H
#define REPORTS_EVENTS_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "reports/reading.h"
#include "reports/text_style.h"

/* Which events; all members 0 or NULL: all. */
struct event_choice {
    uint64_t from, to;  /* numbers, both included; to 0: to the end */
    uint32_t line;      /* of the scenario, that was in charge; 0: any */
    const char *domain; /* by name; "host" is events of no domain */
    uint32_t kinds;     /* bit enum record_type; with `notes` 0, too: any */
    uint64_t notes;     /* bit enum port_note: notes that are asked for beside those kinds */
    bool frames;        /* text: also the frames, runs and rows that belong to an event */
};

/* Is there a domain of that name? */
bool events_domain_is_there(const struct reading *, const char *domain);
/* Writes those events. How many there were. */
uint64_t events_print_text(
    FILE *, const struct reading *, const struct event_choice *, const struct text_style *);
/* One JSON document with an event a line (docs/formats.md). False: there was no memory for all of it. */
bool events_print_json(
    FILE *, const struct reading *, const struct event_choice *, const struct text_style *);
/* The frames, pages or rows that belong to an event, indented; nothing when it has none. */
void events_print_frames(FILE *, const struct record *);
bool events_have_frames(const struct record *);

#endif
