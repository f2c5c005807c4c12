/* SPDX-License-Identifier: BSD-2-Clause */
/* Rows of functions that ran, each with the line in which it was. */
#include "reports/text_ran.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>
#include <xxhash.h>

#include "reports/text_clean.h"
#include "reports/text_event.h"
#include "reports/text_fault.h"
#include "reports/text_place.h"

#define SHOWN_MAX 6u

/* Is the function of that frame, "balloon.c:512 (balloon_inflate)", in these frames? */
static bool is_among(const char *frames, const char *frame, size_t bytes)
{
    const char *name = memchr(frame, '(', bytes);

    if (frames == NULL || name == NULL)
        return false;
    return memmem(frames, strlen(frames), name, bytes - (size_t)(name - frame)) != NULL;
}

/* "balloon_inflate:512" */
static void print_function(FILE *out, const char *frame, size_t bytes)
{
    const char *name = memchr(frame, '(', bytes), *line = memchr(frame, ':', bytes);

    if (name == NULL || line == NULL || line > name) {
        text_clean_bytes(out, frame, bytes);
        return;
    }
    text_clean_bytes(out, name + 1, bytes - (size_t)(name + 1 - frame) - 1);
    text_clean_bytes(out, line, (size_t)(name - line) - 1);
}

/* Is it new to this report? Then it is remembered. */
static bool is_new(struct ran_shown *shown, const char *row)
{
    const uint64_t hash = XXH64(row, strlen(row), 0);

    for (unsigned r = 0; r < shown->count; r++)
        if (shown->rows[r] == hash)
            return false;
    if (shown->count < RAN_SHOWN_MAX)
        shown->rows[shown->count++] = hash;
    return true;
}

/* Functions that stand among the callers already are left out. */
static void print_row(
    FILE *out, const char *margin, const char *what, const char *row, const char *place, const char *callers)
{
    unsigned shown = 0;

    for (; row != NULL && *row != '\0' && shown < SHOWN_MAX;) {
        const size_t bytes = strcspn(row, "\t");
        if (!is_among(place, row, bytes) && !is_among(callers, row, bytes)) {
            if (shown == 0)
                fprintf(out, "%s%s ", margin, what);
            else
                fputs(", ", out);
            print_function(out, row, bytes);
            shown++;
        }
        row += bytes + (row[bytes] == '\t');
    }
    if (shown > 0)
        fputc('\n', out);
}

static const char *row_of(
    place_of_event_t *ran, const struct text_style *style, uint64_t event, struct ran_shown *shown)
{
    const char *row = ran != NULL ? ran(style->place_context, event) : NULL;

    return row != NULL && is_new(shown, row) ? row : NULL;
}

void text_ran(FILE *out, const struct reading *reading, struct lead lead, bool after, const char *margin,
    const struct text_style *style, struct ran_shown *shown)
{
    if (style == NULL || lead.event == 0)
        return;
    const char *place = text_place(reading, lead.event, style), *callers = NULL;
    if (style->backtrace != NULL)
        callers = style->backtrace(style->place_context, lead.event);
    print_row(
        out, margin, "ran before:", row_of(style->ran_before, style, lead.event, shown), place, callers);
    if (after)
        print_row(
            out, margin, "ran after:", row_of(style->ran_after, style, lead.event, shown), place, callers);
}

/* False: it is the one that was told last. */
static bool note_fault(struct ran_shown *shown, uint64_t fault)
{
    assert(fault != 0 && (shown->first_fault == 0) == (shown->last_fault == 0));
    if (shown->last_fault == fault)
        return false;
    shown->last_fault = fault;
    if (shown->first_fault == 0)
        shown->first_fault = fault;
    return true;
}

void text_step(FILE *out, const struct reading *reading, const struct step *step, const char *margin,
    const struct text_style *style, struct ran_shown *shown)
{
    const char *place = text_place(reading, step->lead.event, style), *row = NULL;

    if (style != NULL && !step->is_fault)
        row = row_of(step->after ? style->ran_after : style->ran_before, style, step->lead.event, shown);
    if (place == NULL && row == NULL && !step->is_fault)
        return;
    if (step->is_fault && !note_fault(shown, step->lead.event))
        return;
    fprintf(out, "%s%s: event %" PRIu64 ": ", margin, step->what, step->lead.event);
    text_describe(out, reading, step->lead.event);
    const uint64_t times = text_fault_times(reading, step->lead.event);
    if (times > 1)
        fprintf(out, ", %" PRIu64 " times by then", times);
    text_print_place(out, ", ", place);
    fputc('\n', out);
    const char *callers = place != NULL ? text_place_callers(reading, step->lead.event, style) : NULL;
    if (callers != NULL && *callers != '\0' && is_new(shown, callers)) {
        fputs(margin, out);
        text_callers(out, "  called from", callers, NULL);
    }
    print_row(out, margin, step->after ? "  ran after:" : "  ran before:", row, place, callers);
}
