/* SPDX-License-Identifier: BSD-2-Clause */
/* Notes of the guest's runtime in words. */
#include "reports/text_note.h"

#include <inttypes.h>

#include "guest/abi/port.h"
#include "reports/names.h"
#include "reports/text_clean.h"
#include "reports/text_fault.h"

static void print_segment_call(
    FILE *out, const char *function, const struct record_note *note, const char *end)
{
    fprintf(out, "%s(0x%" PRIx64 ", ", function, note->a);
    text_pages(out, note->b);
    fprintf(out, ") %s", end);
}

static void print_structures(FILE *out, uint64_t bytes)
{
    if (bytes != 0)
        fprintf(out, ", page structures take %" PRIu64 " bytes", bytes);
}

void text_describe_note(FILE *out, const struct reading *reading, const struct record *record, uint64_t event)
{
    const struct record_note *note = record_payload(record);
    const struct kernel *kernel = reading_kernel(reading, record->domid);
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
        print_structures(out, note->c);
        return;
    case NOTE_KEPT:
        fprintf(out, "kept by the boot code: [0x%" PRIx64 ", 0x%" PRIx64 ")", note->a, note->b);
        return;
    case NOTE_PLUG_BEGIN:
        print_segment_call(out, kernel_plug_name(kernel), note, "begins");
        return;
    case NOTE_UNPLUG_BEGIN:
        print_segment_call(out, kernel_unplug_name(kernel), note, "begins");
        return;
    case NOTE_PLUG_END:
        print_segment_call(out, kernel_plug_name(kernel), note, result);
        text_print_fault_behind(out, reading, event);
        return;
    case NOTE_UNPLUG_END:
        print_segment_call(out, kernel_unplug_name(kernel), note, result);
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
        if (note->a != 0)
            fprintf(out, ": %" PRIu64 " pages present, %" PRIu64 " in use or free", note->a, note->b);
        return;
    case NOTE_SEGMENT:
        fprintf(out, "segment [0x%" PRIx64 ", 0x%" PRIx64 "), %" PRIu64 " pages known", note->a, note->b,
            note->c);
        return;
    case NOTE_AUDIT_END:
        fputs("audit ends", out);
        print_structures(out, note->c);
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
    case NOTE_P2M:
        fprintf(out, "another table is its P2M: %" PRIu64 " entries, before %" PRIu64, note->a, note->b);
        return;
    case NOTE_TARGET:
        fprintf(out, "a user of the guest sets its target to %" PRIu64 " KiB", note->a);
        return;
    case NOTE_RECLAIMED:
        text_pages(out, note->a);
        fputs(" taken back from their users for want of memory, since boot", out);
        return;
    case NOTE_IN_VAIN:
        text_pages(out, note->a);
        fputs(" looked at or asked for in vain, since boot", out);
        return;
    case NOTE_HOST_MAPPINGS:
        fprintf(out,
            "Xen maps its memory with %" PRIu64 " times 2 MiB whole (%" PRIu64 " of 1 GiB), %" PRIu64
            " in pieces",
            note->a, note->c, note->b);
        return;
    case NOTE_DIRECT_MAP:
        text_pages(out, note->a);
        fputs(" mapped in its direct map since it was built", out);
        return;
    default:
        fprintf(out, "note %" PRIu32 " (0x%" PRIx64 ", 0x%" PRIx64 ", 0x%" PRIx64 ")", note->note, note->a,
            note->b, note->c);
    }
}
