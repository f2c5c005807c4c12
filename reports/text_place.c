/* SPDX-License-Identifier: BSD-2-Clause */
/* The place of an event, and who called it. */
#include "reports/text_place.h"

#include <string.h>

#include "reports/findings.h"
#include "reports/text_clean.h"
#include "reports/text_fault.h"

const char *text_place(const struct reading *reading, uint64_t event, const struct text_style *style)
{
    uint64_t fault = text_fault_behind(reading, event);
    const char *place;

    if (style == NULL || style->place == NULL)
        return NULL;
    place = style->place(style->place_context, event);
    /* The first record of a call has its place. When a fault fired in the call, that is the fault's record. */
    return place == NULL && fault != 0 ? style->place(style->place_context, fault) : place;
}

/* For a death it returns NULL, since the whole backtrace is shown anyway. */
const char *text_place_callers(const struct reading *reading, uint64_t event, const struct text_style *style)
{
    const enum record_type type = reading_event(reading, event)->type;
    const uint64_t fault = text_fault_behind(reading, event);
    const char *frames;

    if (style == NULL || style->backtrace == NULL || type == REC_PANIC || type == REC_CRASH)
        return NULL;
    frames = style->backtrace(style->place_context, event);
    if (frames == NULL && fault != 0)
        frames = style->backtrace(style->place_context, fault);
    if (frames == NULL)
        return NULL;
    /* Leaves out frames of the kernel that are further in than the driver's place: they are no callers of it. */
    const char *place = text_place(reading, event, style), *at = place != NULL ? strstr(frames, place) : NULL;
    at = at != NULL ? at : frames;
    at += strcspn(at, "\t");
    return *at != '\0' ? at + 1 : NULL;
}

uint64_t text_place_of_finding(
    const struct reading *reading, const struct finding *finding, const struct text_style *style)
{
    if (!finding->cause_is_known && !finding->at_rest && text_place(reading, finding->event, style) != NULL)
        return finding->event;
    return finding->cause;
}

void text_callers(FILE *out, const char *what, const char *frames, const char *end)
{
    const char *between = " ";

    if (frames == NULL || *frames == '\0' || frames == end)
        return;
    fputs(what, out);
    while (*frames != '\0' && frames != end) {
        const size_t bytes = strcspn(frames, "\t");
        fputs(between, out);
        text_clean_bytes(out, frames, bytes);
        frames += bytes + (frames[bytes] == '\t');
        between = ", ";
    }
    fputc('\n', out);
}

void text_print_place(FILE *out, const char *before, const char *place)
{
    if (place == NULL)
        return;
    fputs(before, out);
    text_clean(out, place, SIZE_MAX);
}
