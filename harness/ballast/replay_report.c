/* SPDX-License-Identifier: BSD-2-Clause */
/* Reads an outcome's recording and places. What can't be read has a row without a page. */
#include "harness/ballast/replay_report.h"

#include <assert.h>
#include <stdio.h>

#include "harness/ballast/places_file.h"

bool replay_report_add(struct report_folder *report, const char *name, const char *path, const char *command,
    const struct outcome *outcome, const struct measures *measures, char *error, size_t error_bytes)
{
    struct event_places places;
    struct text_style style = {.path = path, .command = command};
    struct reading *reading = NULL;

    assert(report != NULL && outcome != NULL);
    if (!event_places_read(&places, outcome->places, outcome->places_bytes)) {
        snprintf(error, error_bytes, "no memory");
        return false;
    }
    event_places_style(&style, &places);
    if (outcome->recording != NULL && outcome->verdict != VERDICT_SKIP)
        reading = reading_open(outcome->recording, outcome->recording_bytes, error, error_bytes);
    struct html_page page = {.reading = reading,
        .took = measures,
        .style = &style,
        .verdict = (int)outcome->verdict,
        .sentence = outcome->sentence};
    const bool added = report_folder_add(report, name, &page, error, error_bytes);
    reading_close(reading);
    event_places_free(&places);
    return added;
}
