/* SPDX-License-Identifier: BSD-2-Clause */
/* Injected faults in words, and the fault behind a refusal. */
#include "reports/text_fault.h"

#include <inttypes.h>

#include "guest/abi/port.h"
#include "reports/names.h"
#include "reports/text_clean.h"

static const char *fault_when_name(uint32_t when)
{
    switch (when) {
    case FAULT_CALL:
        return "call";
    case FAULT_PAGE:
        return "page";
    case FAULT_EVERY:
        return "every";
    case FAULT_CHANCE:
        return "chance";
    default:
        return "nth";
    }
}

static const char *percent(const struct record_fault *fault)
{
    return fault->when == FAULT_CHANCE ? "%" : "";
}

/* How far before the end of a plug its fault may be: only the plug's beginning and notes can come in between. */
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
        if (before->domid != record->domid || before->type == REC_VIOLATION || before->type == REC_EXPECT)
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
    fprintf(out, " (fault %s=%" PRIu64 "%s)", fault_when_name(fault->when), fault->nth, percent(fault));
}

void text_describe_fault(
    FILE *out, const struct reading *reading, const struct record *record, uint64_t event)
{
    const struct record_fault *fault = record_payload(record);
    const struct kernel *kernel = reading_kernel(reading, record->domid);
    const struct fault_site_info *site =
        kernel != NULL ? kernel_site(kernel, (enum fault_site)fault->site) : NULL;
    char room[NAME_ROOM];

    (void)event;
    fprintf(out, "fault %s %s=%" PRIu64 "%s fires", name_of_site(kernel, fault->site, room),
        fault_when_name(fault->when), fault->nth, percent(fault));
    if (fault->pages != 0 && site != NULL && site->has_bytes) {
        fprintf(out, ", %" PRIu64 " byte%s", fault->pages, fault->pages == 1 ? "" : "s");
    } else if (fault->pages != 0) {
        fputs(", ", out);
        text_pages(out, fault->pages);
        if (fault->pfn != 0)
            fprintf(out, " from 0x%" PRIx64, fault->pfn);
    }
    if (fault->error != 0 && site != NULL && !site->takes_errno) {
        fputs(": ", out);
        text_clean(out, site->refusal, TEXT_SHORT_BYTES);
    } else if (fault->error != 0)
        fprintf(out, ": %s", name_of_errno(fault->error, room));
    else
        fprintf(out, ": short, %" PRIu64, fault->shortened_to);
}
