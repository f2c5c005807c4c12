/* SPDX-License-Identifier: BSD-2-Clause */
/* Injected faults in words, and the fault behind a refusal. */
#include "reports/text_fault.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>
#include <xen/io/xs_wire.h>

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

/* A fault of what a domain is told refuses no call; it may lose a watch event, whose record is behind it. */
static bool refuses(const struct record *fault_record, const struct record *record)
{
    const struct record_fault *fault = record_payload(fault_record);
    const struct record_xenstore *store = record_payload(record);
    const struct fault_site_info *site = kernel_site(NULL, (enum fault_site)fault->site);

    if (site == NULL || !site->is_told)
        return true;
    return fault->site == FAULT_SITE_XENSTORE_EVENT_LOST && record->type == REC_XENSTORE && store->error != 0;
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
            return refuses(before, record) ? event - back : 0;
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

#define DELAYS_LOOKED_AT 1000u /* the last that were armed; more hardly wait at one time */

/* Is this what the fault held back? */
static bool is_delayed(const struct record *fault_record, const struct record *record)
{
    const struct record_fault *fault = record_payload(fault_record);
    const struct record_xenstore *store = record_payload(record);
    const struct record_value *port = record_payload(record);

    if (fault_record->domid != record->domid || fault_record->time_ns + fault->by_ns != record->time_ns)
        return false;
    switch (fault->site) {
    case FAULT_SITE_XENSTORE_EVENT_LATE:
    case FAULT_SITE_XENSTORE_EVENT_DOUBLED:
        return record->type == REC_XENSTORE && store->op == XS_WATCH_EVENT && store->error == 0;
    case FAULT_SITE_EVTCHN_LATE:
    case FAULT_SITE_EVTCHN_DOUBLED:
        return record->type == REC_EVTCHN && port->value == fault->port;
    default:
        return false;
    }
}

uint64_t text_delay_behind(const struct reading *reading, uint64_t event)
{
    const struct record *record = reading_event(reading, event);
    const uint64_t *delays;
    const size_t count = reading_delays(reading, &delays);

    for (size_t d = count; d > 0 && count - d < DELAYS_LOOKED_AT; d--)
        if (delays[d - 1] < event && is_delayed(reading_event(reading, delays[d - 1]), record))
            return delays[d - 1];
    return 0;
}

void text_print_delay_behind(FILE *out, const struct reading *reading, uint64_t event)
{
    const uint64_t at = text_delay_behind(reading, event);
    const struct record_fault *fault;

    if (at == 0)
        return;
    fault = record_payload(reading_event(reading, at));
    if (fault->site == FAULT_SITE_XENSTORE_EVENT_DOUBLED || fault->site == FAULT_SITE_EVTCHN_DOUBLED)
        fputs(" (once more", out);
    else {
        fputs(" (", out);
        text_seconds(out, fault->by_ns);
        fputs(" late", out);
    }
    fprintf(out, ": fault at event %" PRIu64 ")", at);
}

uint64_t text_fault_times(const struct reading *reading, uint64_t event)
{
    const bool is_fault = reading_event(reading, event)->type == REC_FAULT;
    const uint64_t at = is_fault ? event : text_fault_behind(reading, event);
    uint64_t times = 0;

    for (uint64_t before = 1; before <= at; before++) {
        const struct record *record = reading_event(reading, before), *this = reading_event(reading, at);
        const struct record_fault *one = record_payload(record), *other = record_payload(this);
        times += record->type == REC_FAULT && record->domid == this->domid && one->site == other->site &&
                 one->when == other->when && one->nth == other->nth;
    }
    assert(at == 0 || times > 0);
    return times;
}

/* What a domain is told, not what it asks. The refusal's words say by= where the time is to stand. */
static void describe_told(FILE *out, const struct record_fault *fault, const struct fault_site_info *site)
{
    const char *by = strstr(site->refusal, "by= ("), *behind = by != NULL ? strchr(by, ')') : NULL;

    if (behind == NULL) {
        text_clean(out, site->refusal, TEXT_SHORT_BYTES);
    } else {
        fprintf(out, "%.*s", (int)(by - site->refusal), site->refusal);
        if (fault->by_ns % 1000000 == 0)
            text_seconds(out, fault->by_ns);
        else
            text_microseconds(out, fault->by_ns);
        fputs(behind + 1, out);
    }
    if (fault->port != 0)
        fprintf(out, " (port %" PRIu32 ")", fault->port);
}

void text_describe_fault(
    FILE *out, const struct reading *reading, const struct record *record, uint64_t event)
{
    const struct record_fault *fault = record_payload(record);
    const struct kernel *kernel = reading_kernel(reading, record->domid);
    const struct fault_site_info *site = kernel_site(kernel, (enum fault_site)fault->site);
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
    if (site != NULL && site->is_told) {
        fputs(": ", out);
        describe_told(out, fault, site);
        return;
    }
    if (fault->error != 0 && site != NULL && !site->takes_errno) {
        fputs(": ", out);
        text_clean(out, site->refusal, TEXT_SHORT_BYTES);
    } else if (fault->error != 0)
        fprintf(out, ": %s", name_of_errno(fault->error, room));
    else
        fprintf(out, ": short, %" PRIu64, fault->shortened_to);
}
