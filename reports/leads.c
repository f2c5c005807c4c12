/* SPDX-License-Identifier: BSD-2-Clause */
/* Looks back from failures to what the driver did before. It prints nothing. */
#include "reports/leads.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>
#include <xen/xen.h>
#include <xen/memory.h>
#include <xen/io/xs_wire.h>

#include "guest/abi/port.h"
#include "reports/text_fault.h"
#include "sim/invariants/list.h"
#include "sim/types.h"

/* How far a step may be behind what it explains: further back it explains nothing. */
#define STEPS_BACK 65536u
#define ANY_DOMID  UINT32_MAX /* of a lead: also the host, whose records are no domain's */

/* ---- what a record is -------------------------------------------------------------------------- */

static bool is_reservation_call(const struct record *record)
{
    const struct record_hypercall *call = record_payload(record);

    return record->type == REC_HYPERCALL && call->op == __HYPERVISOR_memory_op &&
           (call->subop == XENMEM_increase_reservation || call->subop == XENMEM_decrease_reservation ||
               call->subop == XENMEM_populate_physmap);
}

static bool is_segment_call(const struct record *record)
{
    const struct record_note *note = record_payload(record);

    return record->type == REC_NOTE && (note->note == NOTE_PLUG_END || note->note == NOTE_UNPLUG_END);
}

static bool moves_memory(const struct record *record)
{
    return is_reservation_call(record) || is_segment_call(record);
}

static bool refuses(const struct record *record)
{
    const struct record_hypercall *call = record_payload(record);
    const struct record_note *note = record_payload(record);

    if (is_reservation_call(record))
        return call->ret < 0 || (uint64_t)call->ret < call->asked;
    return is_segment_call(record) && note->c == 0;
}

static bool is_message(const struct record *record)
{
    return record->type == REC_LOG;
}

static bool reads_target(const struct record *record)
{
    static const char ending[] = "/memory/target";
    const struct record_xenstore *store = record_payload(record);

    if (record->type != REC_XENSTORE || store->op != XS_READ)
        return false;
    const char *path = record_text(record);
    const size_t bytes = strlen(path);
    return bytes >= sizeof ending - 1 && strcmp(path + bytes - (sizeof ending - 1), ending) == 0;
}

static bool is_fault(const struct record *record)
{
    return record->type == REC_FAULT;
}

static bool finds_no_driver(const struct record *record)
{
    const struct record_note *note = record_payload(record);

    return record->type == REC_NOTE && note->note == NOTE_ATTACHED && note->a == 0;
}

/* ---- looking back ------------------------------------------------------------------------------ */

static bool concerns(const struct record *record, struct lead lead)
{
    if (lead.domid == ANY_DOMID)
        return true;
    return lead.domid == DOMID_HOST ? record->domid != DOMID_HOST : record->domid == lead.domid;
}

/* The last such event up to the lead's; event 0: there is none. */
static struct lead last(const struct reading *reading, struct lead lead, bool (*is)(const struct record *))
{
    for (uint64_t back = 0; back < STEPS_BACK && back < lead.event; back++) {
        const struct record *record = reading_event(reading, lead.event - back);
        if (concerns(record, lead) && is(record))
            return (struct lead){lead.event - back, record->domid};
    }
    return (struct lead){0, lead.domid};
}

static bool add(struct step steps[STEPS_MAX], size_t *count, const char *what, struct lead lead, bool after)
{
    assert(*count <= STEPS_MAX);
    for (size_t s = 0; s < *count; s++)
        if (steps[s].lead.event == lead.event)
            return false;
    if (lead.event == 0 || *count == STEPS_MAX)
        return false;
    steps[(*count)++] = (struct step){.what = what, .lead = lead, .after = after};
    return true;
}

/* The last fault that fired, unless it refused what a step is about: then it stands there. */
static void add_fault(
    const struct reading *reading, struct lead lead, struct step steps[STEPS_MAX], size_t *count)
{
    const struct lead fault = last(reading, lead, is_fault);

    for (size_t s = 0; s < *count; s++)
        if (text_fault_behind(reading, steps[s].lead.event) == fault.event)
            return;
    if (add(steps, count, "last fault", fault, false))
        steps[*count - 1].is_fault = true;
}

struct lead lead_of_finding(const struct reading *reading, const struct finding *finding)
{
    return (struct lead){finding->cause, reading_event(reading, finding->event)->domid};
}

struct lead lead_of_failure(const struct reading *reading, uint64_t event)
{
    return (struct lead){event, reading_event(reading, event)->domid};
}

/* A command that was refused, or returned another status: what the driver did before it has nothing to do with it. */
static bool is_of_command(const struct record *record)
{
    const struct record_expect *expect = record_payload(record);

    return record->type == REC_EXPECT && (expect->about == EXPECT_STATUS || expect->about == EXPECT_ACCEPTED);
}

static bool begins_statement(const struct record *record)
{
    return record->type == REC_STATEMENT;
}

size_t steps_of_failure(const struct reading *reading, struct lead lead, struct step steps[STEPS_MAX])
{
    size_t count = 0;

    if (add(steps, &count, "no driver attached", last(reading, lead, finds_no_driver), false))
        return count;
    const bool of_command = is_of_command(reading_event(reading, lead.event));
    const uint64_t since =
        of_command ? last(reading, (struct lead){lead.event, ANY_DOMID}, begins_statement).event : 0;

    const struct lead step = last(reading, lead, moves_memory);
    (void)add(steps, &count, "last step", step.event > since ? step : (struct lead){0}, false);
    if (of_command)
        return count;
    (void)add(steps, &count, "last refusal", last(reading, lead, refuses), false);
    (void)add(steps, &count, "last message", last(reading, lead, is_message), false);
    (void)add(steps, &count, "target read last", last(reading, lead, reads_target), true);
    add_fault(reading, lead, steps, &count);
    return count;
}

size_t steps_of_finding(
    const struct reading *reading, const struct finding *finding, struct step steps[STEPS_MAX])
{
    const struct record_violation *violation = record_payload(reading_event(reading, finding->event));
    const struct lead lead = lead_of_finding(reading, finding);
    size_t count = 0;

    if (finding->at_rest && !finding->cause_is_known)
        (void)add(steps, &count, "last step", last(reading, lead, moves_memory), false);
    if (violation->invariant == INVARIANT_NO_OVERSHOOT ||
        violation->invariant == INVARIANT_LAST_TARGET_WINS || violation->invariant == INVARIANT_FLOOR)
        (void)add(steps, &count, "target read last", last(reading, lead, reads_target), true);
    const struct lead seen = {finding->event, lead.domid};
    const uint64_t fault = last(reading, seen, is_fault).event;
    if ((finding->is_outcome || (finding->at_rest && !finding->cause_is_known)) && fault != finding->cause &&
        fault != text_fault_behind(reading, finding->cause))
        add_fault(reading, seen, steps, &count);
    return count;
}

/* ---- all of them ------------------------------------------------------------------------------- */

static int by_event(const void *one, const void *two)
{
    const struct lead *a = one, *b = two;

    return a->event != b->event ? (a->event < b->event ? -1 : 1)
                                : (a->domid > b->domid) - (a->domid < b->domid);
}

static size_t without_doubles(struct lead *leads, size_t count)
{
    size_t kept = 0;

    qsort(leads, count, sizeof *leads, by_event);
    for (size_t l = 0; l < count; l++)
        if (kept == 0 || by_event(&leads[kept - 1], &leads[l]) != 0)
            leads[kept++] = leads[l];
    return kept;
}

struct collection {
    struct lead *leads;
    size_t count, room;
};

/* What ran before a fault is not collected: a fault is no call of the driver's, and none of that failed. */
static void collect(
    struct collection *all, struct lead lead, const struct step steps[STEPS_MAX], size_t nr_steps)
{
    if (all->count < all->room)
        all->leads[all->count++] = lead;
    for (size_t s = 0; s < nr_steps && all->count < all->room; s++)
        if (!steps[s].is_fault)
            all->leads[all->count++] = steps[s].lead;
}

size_t leads_collect(const struct reading *reading, struct lead *leads, size_t room)
{
    const bool crash_expected = failures_expected_crash(reading);
    struct collection all = {.leads = leads, .room = room};
    struct step steps[STEPS_MAX];
    struct findings findings;

    findings_collect(reading, &findings);
    for (size_t f = 0; f < findings.count; f++)
        collect(&all, lead_of_finding(reading, &findings.list[f]), steps,
            steps_of_finding(reading, &findings.list[f], steps));
    for (uint64_t event = 1; event <= reading_events(reading); event++) {
        const enum failure_kind kind = failure_of(reading_event(reading, event), crash_expected);
        const struct lead lead = lead_of_failure(reading, event);

        if (kind == FAILURE_DEATH)
            collect(&all, lead, steps, 0);
        else if (kind != FAILURE_NONE && kind != FAILURE_DIFFERENCE)
            collect(&all, lead, steps, steps_of_failure(reading, lead, steps));
        if (all.count == all.room)
            break;
    }
    return without_doubles(leads, all.count);
}
