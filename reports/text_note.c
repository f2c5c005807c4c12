/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Notes of the guest's runtime and faults, in words; and which fault was the reason of which refusal.
 */
#include "reports/text_internal.h"

#include <inttypes.h>

#include "guest/abi/port.h"

void text_pages(FILE *out, uint64_t pages)
{
    fprintf(out, "%" PRIu64 " page%s", pages, pages == 1 ? "" : "s");
}

/* ---- faults ----------------------------------------------------------------------------------- */

static const char *fault_when_name(uint32_t when)
{
    switch (when) {
    case FAULT_CALL:
        return "call";
    case FAULT_PAGE:
        return "page";
    case FAULT_EVERY:
        return "every";
    default:
        return "nth";
    }
}

/* How far back a fault may stand: between it and its plug's end only the plug's beginning, and notes. */
#define FAULT_LOOK_BACK 16u

static bool is_segment_begin(const struct record *record)
{
    const struct record_note *note = record_payload(record);

    return record->type == REC_NOTE && (note->note == NOTE_PLUG_BEGIN || note->note == NOTE_UNPLUG_BEGIN);
}

static bool is_segment_end(const struct record *record)
{
    const struct record_note *note = record_payload(record);

    return record->type == REC_NOTE && (note->note == NOTE_PLUG_END || note->note == NOTE_UNPLUG_END);
}

static bool is_refused_segment_end(const struct record *record)
{
    const struct record_note *note = record_payload(record);

    return is_segment_end(record) && note->c == 0;
}

uint64_t text_fault_behind(const struct reading *reading, uint64_t event)
{
    const struct record *record = reading_event(reading, event), *before;
    bool whole_call = is_refused_segment_end(record), begun = false;
    uint64_t back;

    if (!whole_call && record->type != REC_HYPERCALL && record->type != REC_XENSTORE)
        return 0;
    for (back = 1; back <= FAULT_LOOK_BACK && back < event; back++) {
        before = reading_event(reading, event - back);
        if (before->domid != record->domid || before->type == REC_VIOLATION)
            continue;
        if (before->type == REC_FAULT)
            return event - back;
        if (!whole_call || begun || is_segment_end(before))
            return 0;
        begun = is_segment_begin(before);
    }
    return 0;
}

void text_print_fault_behind(FILE *out, const struct reading *reading, uint64_t event)
{
    uint64_t at = text_fault_behind(reading, event);
    const struct record_fault *fault;

    if (at == 0)
        return;
    fault = record_payload(reading_event(reading, at));
    fprintf(out, " (fault %s=%" PRIu64 ")", fault_when_name(fault->when), fault->nth);
}

void text_describe_fault(
    FILE *out, const struct reading *reading, const struct record *record, uint64_t event)
{
    const struct record_fault *fault = record_payload(record);
    char room[NAME_ROOM];

    (void)reading, (void)event;
    fprintf(out, "fault %s %s=%" PRIu64 " fires", name_of_site(fault->site, room),
        fault_when_name(fault->when), fault->nth);
    if (fault->pages != 0) {
        fputs(", ", out);
        text_pages(out, fault->pages);
        fprintf(out, " from 0x%" PRIx64, fault->pfn);
    }
    if (fault->error != 0)
        fprintf(out, ": %s", name_of_errno(fault->error, room));
    else
        fprintf(out, ": short, %" PRIu64, fault->shortened_to);
}

/* ---- notes of the guest's runtime ------------------------------------------------------------- */

static void print_segment_call(
    FILE *out, const char *function, const struct record_note *note, const char *end)
{
    fprintf(out, "%s(0x%" PRIx64 ", ", function, note->a);
    text_pages(out, note->b);
    fprintf(out, ") %s", end);
}

void text_describe_note(FILE *out, const struct reading *reading, const struct record *record, uint64_t event)
{
    const struct record_note *note = record_payload(record);
    const char *result = note->c != 0 ? "-> true" : "-> false";
    char room[NAME_ROOM];

    switch (note->note) {
    case NOTE_PAGE_FREE:
        text_pages(out, note->b);
        fprintf(out, " to the guest's allocator (from 0x%" PRIx64 ")", note->a);
        return;
    case NOTE_PAGE_ALLOC:
        text_pages(out, note->b);
        fprintf(out, " from the guest's allocator (from 0x%" PRIx64 ")", note->a);
        return;
    case NOTE_PHYSLOAD:
        fprintf(out, "boot segment [0x%" PRIx64 ", 0x%" PRIx64 ")", note->a, note->b);
        return;
    case NOTE_PLUG_BEGIN:
        print_segment_call(out, "uvm_physseg_plug", note, "begins");
        return;
    case NOTE_UNPLUG_BEGIN:
        print_segment_call(out, "uvm_physseg_unplug", note, "begins");
        return;
    case NOTE_PLUG_END:
        print_segment_call(out, "uvm_physseg_plug", note, result);
        text_print_fault_behind(out, reading, event);
        return;
    case NOTE_UNPLUG_END:
        print_segment_call(out, "uvm_physseg_unplug", note, result);
        text_print_fault_behind(out, reading, event);
        return;
    case NOTE_SLEEP:
        fputs(note->a == 1 ? "the driver's thread sleeps" : "a thread sleeps", out);
        return;
    case NOTE_ATTACHED:
        fputs(note->a == 1 ? "the driver attached" : "the driver did not attach", out);
        return;
    case NOTE_AUDIT_BEGIN:
        fputs("audit begins", out);
        return;
    case NOTE_SEGMENT:
        fprintf(out, "segment [0x%" PRIx64 ", 0x%" PRIx64 "), %" PRIu64 " pages known", note->a, note->b,
            note->c);
        return;
    case NOTE_AUDIT_END:
        fputs("audit ends", out);
        return;
    case NOTE_NODE:
        fprintf(out, "the driver's node %s reads ", name_of_node(note->a, room));
        if (note->c == 0)
            fprintf(out, "%" PRIu64 " KiB", note->b);
        else
            fprintf(out, "nothing: %s", name_of_errno((int64_t)(note->c & INT32_MAX), room));
        return;
    case NOTE_DATA_LOST:
        fprintf(out, "page 0x%" PRIx64 " lost its data: wrote 0x%" PRIx64 ", reads 0x%" PRIx64, note->a,
            note->b, note->c);
        return;
    default:
        fprintf(out, "note %" PRIu32 " (0x%" PRIx64 ", 0x%" PRIx64 ", 0x%" PRIx64 ")", note->note, note->a,
            note->b, note->c);
    }
}
