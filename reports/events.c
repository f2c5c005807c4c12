/* SPDX-License-Identifier: BSD-2-Clause */
/* Chooses events, and writes each in a line of text or of JSON. What an event says is in text_event.c. */
#include "reports/events.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <xen/xen.h>

#include "reports/json_value.h"
#include "reports/names.h"
#include "reports/results.h"
#include "reports/text_event.h"
#include "reports/text_place.h"

#define EVENTS_VERSION 1

_Static_assert(NR_RECORD_TYPES <= 32, "a bit a kind");

/* ---- choosing --------------------------------------------------------------------------------- */

static bool is_of_kind(const struct record *record, const struct event_choice *choice)
{
    const struct record_note *note = record_payload(record);

    if (choice->kinds == 0 && choice->notes == 0)
        return true;
    return (choice->kinds >> record->type & 1) != 0 ||
           (record->type == REC_NOTE && note->note < 64 && (choice->notes >> note->note & 1) != 0);
}

static bool chosen(
    const struct reading *reading, const struct record *record, const struct event_choice *choice)
{
    return is_of_kind(record, choice) && (choice->line == 0 || record->line == choice->line) &&
           (choice->domain == NULL ||
               strcmp(reading_domain_name(reading, record->domid), choice->domain) == 0);
}

/* The next event from `event` on that is chosen; 0: there is none. */
static uint64_t next(const struct reading *reading, const struct event_choice *choice, uint64_t event)
{
    const uint64_t last =
        choice->to == 0 || choice->to > reading_events(reading) ? reading_events(reading) : choice->to;

    for (event = event > choice->from ? event : choice->from; event <= last; event++)
        if (event > 0 && chosen(reading, reading_event(reading, event), choice))
            return event;
    return 0;
}

/* ---- text ------------------------------------------------------------------------------------- */

/* Runs of frames as they follow one another, a few on a line. */
struct frame_rows {
    FILE *out;
    const char *head;
    uint32_t first, frames; /* the run that is not printed yet */
    unsigned columns;
};

static void end_run(struct frame_rows *rows)
{
    char run[32];
    int bytes = 0;

    if (rows->frames == 1)
        bytes = snprintf(run, sizeof run, "0x%" PRIx32, rows->first);
    else if (rows->frames > 1)
        bytes = snprintf(
            run, sizeof run, "0x%" PRIx32 "-0x%" PRIx32, rows->first, rows->first + rows->frames - 1);
    if (bytes > 0 && (rows->columns == 0 || rows->columns + (unsigned)bytes > 96)) {
        fprintf(rows->out, "%s          %s", rows->columns == 0 ? "" : "\n", rows->head);
        rows->columns = 10 + (unsigned)strlen(rows->head);
    }
    if (bytes > 0)
        rows->columns += (unsigned)fprintf(rows->out, " %s", run);
    rows->frames = 0;
}

static void take_run(struct frame_rows *rows, uint32_t first, uint32_t frames)
{
    if (rows->frames > 0 && first == rows->first + rows->frames) {
        rows->frames += frames;
        return;
    }
    end_run(rows);
    rows->first = first;
    rows->frames = frames;
}

static void end_rows(struct frame_rows *rows)
{
    end_run(rows);
    if (rows->columns > 0)
        fputc('\n', rows->out);
}

/* Entry i of the list behind a record is the number at [i * stride]. */
static void print_numbers(
    FILE *out, const char *head, const uint32_t *numbers, uint32_t count, uint32_t stride)
{
    struct frame_rows rows = {.out = out, .head = head};

    for (uint32_t i = 0; i < count; i++)
        take_run(&rows, numbers[(size_t)i * stride], 1);
    end_rows(&rows);
}

bool events_have_frames(const struct record *record)
{
    return record->count > 0 && (record->type == REC_HYPERCALL || record->type == REC_PAGE_TOUCH ||
                                    record->type == REC_PAGE_FREE || record->type == REC_PAGE_ALLOC);
}

void events_print_frames(FILE *out, const struct record *record)
{
    struct frame_rows rows = {.out = out, .head = "pfn"};
    const struct record_hypercall *call = record_payload(record);

    if (!events_have_frames(record))
        return;
    const uint32_t *numbers = record_list(record);
    switch (record->type) {
    case REC_HYPERCALL:
        if (call->op == __HYPERVISOR_mmu_update) {
            print_numbers(out, "mfn", numbers, record->count / 2, 2);
            print_numbers(out, "pfn", numbers + 1, record->count / 2, 2);
        } else
            print_numbers(out, "mfn", numbers, record->count, 1);
        return;
    case REC_PAGE_TOUCH:
        print_numbers(out, "mfn", numbers, record->count, 2);
        return;
    case REC_PAGE_FREE:
    case REC_PAGE_ALLOC:
        for (uint32_t i = 0; i < record->count; i++)
            take_run(&rows, numbers[2 * (size_t)i], numbers[2 * (size_t)i + 1]);
        end_rows(&rows);
        return;
    default:
        return; /* its line says it all */
    }
}

uint64_t events_print_text(FILE *out, const struct reading *reading, const struct event_choice *choice,
    const struct text_style *style)
{
    uint64_t count = 0;

    assert(out != NULL && choice != NULL);
    for (uint64_t event = 0; (event = next(reading, choice, event + 1)) != 0; count++) {
        text_event(out, reading, event, style);
        if (choice->frames)
            events_print_frames(out, reading_event(reading, event));
    }
    return count;
}

/* ---- JSON ------------------------------------------------------------------------------------- */

static void set_hypercall(json_t *object, const struct record *record, bool *failed)
{
    const struct record_hypercall *call = record_payload(record);
    const uint32_t *numbers = record_list(record);
    char room[NAME_ROOM];
    json_t *frames = json_array();

    json_set_word(object, "call", name_of_hypercall(call->op, call->subop, room), failed);
    json_set(object, "ret", json_integer(call->ret), failed);
    json_set_number(object, "asked", call->asked, failed);
    json_set_number(object, "reservation_pages", call->reservation_pages, failed);
    json_set_number(object, "maximum_pages", call->maximum_pages, failed);
    json_set_number(object, "host_free_pages", call->host_free_pages, failed);
    for (uint32_t i = 0; i < record->count; i++)
        json_append(frames, json_integer(numbers[i]), failed);
    json_set(object, "frames", frames, failed);
}

static void set_description(json_t *object, const struct reading *reading, uint64_t event, bool *failed)
{
    char *text = text_description(reading, event);

    if (text != NULL)
        json_set_text(object, "text", text, strlen(text), failed);
    *failed = *failed || text == NULL;
    free(text);
}

static json_t *event_object(
    const struct reading *reading, uint64_t event, const struct text_style *style, bool *failed)
{
    const struct record *record = reading_event(reading, event);
    const char *place;
    json_t *object = json_object();

    json_set_number(object, "event", event, failed);
    json_set_number(object, "time_ns", record->time_ns, failed);
    json_set_line(object, reading, record->line, failed);
    json_set_word(object, "domain", reading_domain_name(reading, record->domid), failed);
    json_set_word(object, "kind", name_of_record(record->type), failed);
    set_description(object, reading, event, failed);
    if (record->type == REC_HYPERCALL)
        set_hypercall(object, record, failed);
    if ((place = text_place(reading, event, style)) != NULL) {
        json_set_word(object, "place", place, failed);
        json_set_callers(object, text_place_callers(reading, event, style), failed);
    }
    return object;
}

bool events_print_json(FILE *out, const struct reading *reading, const struct event_choice *choice,
    const struct text_style *style)
{
    const char *before = "\n";
    bool whole = true;

    fprintf(out, "{\"format\": \"ballast events\", \"version\": %d, \"ballast\": \"%s\", \"events\": [",
        EVENTS_VERSION, BALLAST_VERSION);
    for (uint64_t event = 0; (event = next(reading, choice, event + 1)) != 0;) {
        bool failed = false;
        json_t *object = event_object(reading, event, style, &failed);
        if (json_write_line(out, before, object, failed))
            before = ",\n";
        else
            whole = false;
    }
    fputs("\n]}\n", out);
    return whole;
}

/* ---- what is there ---------------------------------------------------------------------------- */

bool events_domain_is_there(const struct reading *reading, const char *domain)
{
    for (uint64_t event = 1; event <= reading_events(reading); event++)
        if (strcmp(reading_domain_name(reading, reading_event(reading, event)->domid), domain) == 0)
            return true;
    return false;
}
