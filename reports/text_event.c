/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One event in one line. A function for each type of record says what happened in the terms in which
 * the guest asked for it; numbers get their names from reports/names.h.
 */
#include "reports/text_event.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <xen/memory.h>
#include <xen/xen.h>
#include <xen/io/xs_wire.h>

#include "reports/names.h"
#include "reports/text_clean.h"
#include "reports/text_fault.h"
#include "reports/text_note.h"
#include "reports/text_place.h"
#include "reports/text_source.h"

typedef void describe_t(FILE *, const struct reading *, const struct record *, uint64_t event);

static uint64_t value_of(const struct record *record)
{
    const struct record_value *value = record_payload(record);

    return value->value;
}

/* ---- hypercalls and pages --------------------------------------------------------------------- */

/* For memory operations: flags hold the order of the extents in the low byte, address bits in the next. */
static void print_extents(FILE *out, const struct record_hypercall *call)
{
    uint64_t order = call->flags & 0xff, address_bits = call->flags >> 8 & 0xff;

    if (call->subop == XENMEM_memory_map || call->subop == XENMEM_machine_memory_map) {
        fprintf(out, " of %" PRIu64 " entries", call->asked);
        return;
    }
    fprintf(out, " %" PRIu64 " of order %" PRIu64, call->asked, order);
    if (address_bits != 0)
        fprintf(out, " below %" PRIu64 " bits", address_bits);
}

static void describe_hypercall(
    FILE *out, const struct reading *reading, const struct record *record, uint64_t event)
{
    const struct record_hypercall *call = record_payload(record);
    char room[NAME_ROOM];

    fputs(name_of_hypercall(call->op, call->subop, room), out);
    if (call->op == __HYPERVISOR_memory_op && (call->asked != 0 || record->count != 0))
        print_extents(out, call);
    else if (call->op == __HYPERVISOR_mmu_update)
        fprintf(out, " of %" PRIu64 " entr%s", call->asked, call->asked == 1 ? "y" : "ies");
    if (call->ret < 0 && call->ret != INT64_MIN)
        fprintf(out, " -> -%s", name_of_errno(-call->ret, room));
    else
        fprintf(out, " -> %" PRId64, call->ret);
    text_print_fault_behind(out, reading, event);
    if (call->op == __HYPERVISOR_memory_op || call->op == __HYPERVISOR_domctl)
        fprintf(out, "  (reservation %" PRIu64 ", maximum %" PRIu64 ", host free %" PRIu64 ")",
            call->reservation_pages, call->maximum_pages, call->host_free_pages);
}

static void describe_stale(FILE *out, const struct record_touch touches[2])
{
    const uint32_t what = (touches[0].what | touches[1].what) & ~(uint32_t)TOUCH_STALE;
    const bool held = touches[0].what != TOUCH_STALE;

    fprintf(out, "1 page %s through %s of mfn 0x%" PRIx32,
        what == TOUCH_READ   ? "read"
        : what == TOUCH_ZERO ? "zeroed"
                             : "written",
        held ? "an old translation, that" : "its entry, while an old translation might be used, that",
        touches[0].mfn);
    if (touches[1].mfn != 0)
        fprintf(out, "; its entry names mfn 0x%" PRIx32, touches[1].mfn);
    else
        fputs("; its entry names none", out);
}

static void describe_touch(
    FILE *out, const struct reading *reading, const struct record *record, uint64_t event)
{
    static const struct {
        uint32_t what;
        const char *word;
    } words[] = {{TOUCH_MAP, "mapped"}, {TOUCH_ZERO, "zeroed"}, {TOUCH_WRITE, "written"},
        {TOUCH_READ, "read"}, {TOUCH_UNMAP, "unmapped"}};
    const struct record_touch *touches = record_list(record);
    const char *before = " ";
    uint32_t what = 0, i;

    (void)reading, (void)event;
    if (record->count == 2 && (touches[0].what & TOUCH_STALE) != 0) {
        describe_stale(out, touches);
        return;
    }
    for (i = 0; i < record->count; i++)
        what |= touches[i].what;
    text_pages(out, record->count);
    for (i = 0; i < sizeof words / sizeof words[0]; i++)
        if ((what & words[i].what) != 0) {
            fprintf(out, "%s%s", before, words[i].word);
            before = ", ";
        }
    if (record->count != 0)
        fprintf(out, " (%smfn 0x%" PRIx32 ")", record->count == 1 ? "" : "from ", touches[0].mfn);
}

static void describe_run(
    FILE *out, const struct reading *reading, const struct record *record, uint64_t event)
{
    const struct record_run *runs = record_list(record);
    uint64_t pages = 0;
    uint32_t i;

    (void)reading, (void)event;
    for (i = 0; i < record->count; i++)
        pages += runs[i].pages;
    text_pages(out, pages);
    fputs(record->type == REC_PAGE_FREE ? " to" : " from", out);
    fputs(" the guest's allocator", out);
    if (record->count != 0)
        fprintf(out, " (from 0x%" PRIx32 "%s)", runs[0].pfn, record->count > 1 ? ", in several runs" : "");
}

/* ---- texts ------------------------------------------------------------------------------------ */

static void describe_text(
    FILE *out, const struct reading *reading, const struct record *record, uint64_t event)
{
    static const char *const before[NR_RECORD_TYPES] = {[REC_STATEMENT] = "",
        [REC_LOG] = "says: ",
        [REC_PANIC] = "panic: ",
        [REC_MISUSE] = "misuse: ",
        [REC_CRASH] = "dies: ",
        [REC_NOT_AT_REST] = "not at rest: ",
        [REC_DIFFERENCE] = "model and real Xen differ: ",
        [REC_REMARK] = "remark: "};
    const char *text = record_text(record);

    (void)event;
    assert(before[record->type] != NULL);
    if (record->type == REC_STATEMENT) {
        text_print_line_name(out, reading, record->line);
        fputs(": ", out);
        text += strspn(text, " \t");
    }
    fputs(before[record->type], out);
    text_clean(out, text, TEXT_SHORT_BYTES);
}

static void describe_scenario(
    FILE *out, const struct reading *reading, const struct record *record, uint64_t event)
{
    (void)record, (void)event;
    fputs("scenario ", out);
    text_clean(out, reading_head(reading)->name, TEXT_SHORT_BYTES);
    fprintf(out, ", seed %" PRIu64, reading_head(reading)->seed);
}

static void describe_xenstore(
    FILE *out, const struct reading *reading, const struct record *record, uint64_t event)
{
    const struct record_xenstore *request = record_payload(record);
    const char *value = record_second_text(record);
    char room[NAME_ROOM];

    fprintf(out, "xenstore %s ", name_of_xenstore_op(request->op, room));
    text_clean(out, record_text(record), TEXT_SHORT_BYTES);
    if (*value != '\0') {
        fputs(" = ", out);
        text_clean(out, value, TEXT_SHORT_BYTES);
    }
    if (request->by != record->domid) {
        fputs(" by ", out);
        text_clean(
            out, request->by == 0 ? "dom0" : reading_domain_name(reading, request->by), TEXT_SHORT_BYTES);
    }
    /* Nobody is answered where an event is lost: the number says only why. */
    if (request->error != 0)
        fprintf(out, " -> %s", request->op == XS_WATCH_EVENT ? "lost" : name_of_errno(request->error, room));
    text_print_delay_behind(out, reading, event);
    text_print_fault_behind(out, reading, event);
}

static void describe_command(
    FILE *out, const struct reading *reading, const struct record *record, uint64_t event)
{
    const struct record_command *command = record_payload(record);
    const char *output = record_second_text(record);

    (void)reading, (void)event;
    if (record->domid != DOMID_HOST)
        fputs("$ ", out);
    text_clean(out, record_text(record), TEXT_SHORT_BYTES);
    fprintf(out, " -> %" PRId64, command->status);
    if (*output != '\0') {
        fputs(": ", out);
        text_clean(out, output, TEXT_SHORT_BYTES);
    }
}

/* ---- the run's own ---------------------------------------------------------------------------- */

static void describe_domain(
    FILE *out, const struct reading *reading, const struct record *record, uint64_t event)
{
    const struct record_domain *domain = record_payload(record);

    (void)reading, (void)event;
    fputs("is built, kernel ", out);
    text_clean(out, domain->kernel, sizeof domain->kernel);
    fprintf(out,
        ", %" PRIu64 " of at most %" PRIu64 " pages (P2M %" PRIu64 " entries, image %" PRIu64 " pages)",
        domain->memory_pages, domain->maxmem_pages, domain->p2m_entries, domain->image_pages);
}

static void describe_value(
    FILE *out, const struct reading *reading, const struct record *record, uint64_t event)
{
    uint64_t value = value_of(record);

    switch (record->type) {
    case REC_DOMAIN_END:
        fprintf(out, "is %s", name_of_end(value));
        return;
    case REC_EVTCHN:
        fprintf(out, "event channel port %" PRIu64 " raised", value);
        text_print_delay_behind(out, reading, event);
        return;
    case REC_SCHEDULE:
        if (record->domid == DOMID_HOST)
            fprintf(out, "a seed chooses who runs: %" PRIu64, value);
        else
            fprintf(out, "schedule: choice %" PRIu64, value);
        return;
    case REC_VERDICT:
        fprintf(out, "verdict %s", name_of_verdict(value <= INT8_MAX ? (int)value : -1));
        return;
    default:
        fputs("end of the recording", out);
    }
}

static void describe_rest(
    FILE *out, const struct reading *reading, const struct record *record, uint64_t event)
{
    (void)reading, (void)record, (void)event;
    fputs("at rest", out);
}

static void describe_checked(
    FILE *out, const struct reading *reading, const struct record *record, uint64_t event)
{
    const struct record_checked *checked = record_payload(record);
    char room[NAME_ROOM];

    (void)reading, (void)event;
    fprintf(out, "%s was asked %" PRIu64 " times, broken %" PRIu64,
        name_of_invariant(checked->invariant, room), checked->asked, checked->broken);
}

static void describe_violation(
    FILE *out, const struct reading *reading, const struct record *record, uint64_t event)
{
    const struct record_violation *violation = record_payload(record);
    char room[NAME_ROOM];

    (void)reading, (void)event;
    fprintf(out, "%s broken: ", name_of_invariant(violation->invariant, room));
    text_clean(out, record_text(record), TEXT_SHORT_BYTES);
    if (violation->cause_event != 0)
        fprintf(out, " (by event %" PRIu64 ")", violation->cause_event);
}

static void describe_expect(
    FILE *out, const struct reading *reading, const struct record *record, uint64_t event)
{
    const struct record_expect *expect = record_payload(record);

    (void)event;
    text_print_line_name(out, reading, record->line);
    fputs(" wants ", out);
    text_clean(out, record_text(record), TEXT_SHORT_BYTES);
    fputs(expect->ok != 0 ? ", and so it is: " : ", got ", out);
    text_clean(out, record_second_text(record), TEXT_SHORT_BYTES);
}

void text_describe(FILE *out, const struct reading *reading, uint64_t event)
{
    static describe_t *const describe[NR_RECORD_TYPES] = {[REC_SCENARIO] = describe_scenario,
        [REC_DOMAIN] = describe_domain,
        [REC_DOMAIN_END] = describe_value,
        [REC_STATEMENT] = describe_text,
        [REC_HYPERCALL] = describe_hypercall,
        [REC_PAGE_TOUCH] = describe_touch,
        [REC_PAGE_FREE] = describe_run,
        [REC_PAGE_ALLOC] = describe_run,
        [REC_NOTE] = text_describe_note,
        [REC_LOG] = describe_text,
        [REC_PANIC] = describe_text,
        [REC_MISUSE] = describe_text,
        [REC_CRASH] = describe_text,
        [REC_XENSTORE] = describe_xenstore,
        [REC_EVTCHN] = describe_value,
        [REC_COMMAND] = describe_command,
        [REC_FAULT] = text_describe_fault,
        [REC_SCHEDULE] = describe_value,
        [REC_REST] = describe_rest,
        [REC_NOT_AT_REST] = describe_text,
        [REC_CHECKED] = describe_checked,
        [REC_VIOLATION] = describe_violation,
        [REC_EXPECT] = describe_expect,
        [REC_VERDICT] = describe_value,
        [REC_DIFFERENCE] = describe_text,
        [REC_END] = describe_value,
        [REC_REMARK] = describe_text};
    const struct record *record = reading_event(reading, event);

    assert(record != NULL);
    assert(describe[record->type] != NULL);
    describe[record->type](out, reading, record, event);
}

void text_event(FILE *out, const struct reading *reading, uint64_t event, const struct text_style *style)
{
    const struct record *record = reading_event(reading, event);
    const char *place;

    if (record == NULL)
        return;
    fprintf(out, "%6" PRIu64 "  ", event);
    text_microseconds(out, record->time_ns);
    fputs("  ", out);
    text_clean(out, reading_domain_name(reading, record->domid), TEXT_SHORT_BYTES);
    fputs("  ", out);
    text_describe(out, reading, event);
    place = text_place(reading, event, style);
    text_print_place(out, "  ", place);
    fputc('\n', out);
}

char *text_description(const struct reading *reading, uint64_t event)
{
    char *text = NULL;
    size_t bytes;
    FILE *memory = open_memstream(&text, &bytes);

    if (memory == NULL)
        return NULL;
    text_describe(memory, reading, event);
    if (fclose(memory) == 0)
        return text;
    free(text);
    return NULL;
}
