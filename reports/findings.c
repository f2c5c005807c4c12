/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Finds the failures in a recording, for all writers: broken invariants, each distinct one once, and single events by
 * which a run fails. How they are shown is up to the writers.
 */
#include "reports/findings.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "reports/names.h"
#include "sim/invariants/list.h"

static const struct record_violation *violation_at(const struct reading *reading, uint64_t event)
{
    const struct record *record = reading_event(reading, event);

    assert(record->type == REC_VIOLATION);
    return record_payload(record);
}

/* The event that a checker had seen when it reported this violation: the last one before it that is no violation. */
static uint64_t event_judged(const struct reading *reading, uint64_t event)
{
    assert(event >= 1);
    while (event > 1 && reading_event(reading, event)->type == REC_VIOLATION)
        event--;
    return event;
}

/* Is it the same finding: broken by the same event, or, if that is not known, seen at rest again with the same text? */
static bool same_finding(
    const struct reading *reading, const struct finding *finding, const struct finding *other)
{
    const struct record *one = reading_event(reading, finding->event),
                        *two = reading_event(reading, other->event);

    if (violation_at(reading, finding->event)->invariant != violation_at(reading, other->event)->invariant ||
        one->domid != two->domid)
        return false;
    if (finding->cause_is_known || other->cause_is_known)
        return finding->cause == other->cause;
    return strcmp(record_text(one), record_text(two)) == 0;
}

static struct finding finding_of(const struct reading *reading, uint64_t event)
{
    const struct record_violation *violation = violation_at(reading, event);
    uint64_t judged = event_judged(reading, event);

    return (struct finding){
        .event = event,
        .cause = violation->cause_event != 0 ? violation->cause_event : judged,
        .times = 1,
        .at_rest = reading_event(reading, judged)->type == REC_REST,
        .cause_is_known = violation->cause_event != 0 && violation->cause_event != judged,
        .is_outcome =
            violation->invariant == INVARIANT_LAST_TARGET_WINS || violation->invariant == INVARIANT_PROGRESS,
    };
}

/* Does the expectation waive an invariant? That of an `expect violation` in the domain alone that its head has, if it has one. */
static bool waives(const struct record *record, uint32_t invariant)
{
    const struct record_expect *expect = record_payload(record);

    return record->type == REC_EXPECT && expect->ok != 0 &&
           (expect->about == EXPECT_VIOLATION || expect->about == EXPECT_CRASH) &&
           expect->invariant == invariant;
}

static bool in_any_domain(const struct record *record)
{
    const struct record_expect *expect = record_payload(record);

    return expect->about == EXPECT_CRASH || record->domid == DOMID_HOST;
}

/* Are both of one domain, be it that it was built again? */
static bool same_domain(const struct reading *reading, unsigned one, unsigned other)
{
    return strcmp(reading_domain_name(reading, one), reading_domain_name(reading, other)) == 0;
}

/* An `expect violation` that was met covers all violations of its invariant in the whole run (harness/run/expect.h), or those of
 * its domain. The last one that covers what this domain broke; 0: there is none. */
static uint64_t last_waiver(const struct reading *reading, unsigned domid, uint32_t invariant)
{
    for (uint64_t event = reading_events(reading); event > 0; event--) {
        const struct record *record = reading_event(reading, event);
        if (waives(record, invariant) &&
            (in_any_domain(record) || same_domain(reading, record->domid, domid)))
            return event;
    }
    return 0;
}

bool finding_is_late(const struct reading *reading, uint64_t event)
{
    const uint64_t waiver =
        last_waiver(reading, reading_event(reading, event)->domid, violation_at(reading, event)->invariant);

    return waiver != 0 && finding_of(reading, event).cause > waiver;
}

const char *finding_waiver(const struct reading *reading, uint64_t event)
{
    const struct record *record = reading_event(reading, event);
    char room[NAME_ROOM];

    return kernel_waives(reading_kernel(reading, record->domid),
        name_of_invariant(violation_at(reading, event)->invariant, room));
}

static void add_finding(const struct reading *reading, struct findings *findings, uint64_t event)
{
    struct finding found = finding_of(reading, event);
    size_t of_one = 0;

    for (size_t i = 0; i < findings->count; i++)
        if (same_finding(reading, &findings->list[i], &found)) {
            findings->list[i].times++;
            return;
        }
    for (size_t i = 0; i < findings->count; i++)
        of_one += violation_at(reading, findings->list[i].event)->invariant ==
                  violation_at(reading, event)->invariant;
    if (findings->count < FINDINGS_MAX && of_one < FINDINGS_OF_ONE)
        findings->list[findings->count++] = found;
    else
        findings->unlisted++;
}

/* Those that were broken first stand first; one fault of a driver's often breaks several, which are seen in another order. */
static int by_cause(const void *a, const void *b)
{
    const struct finding *one = a, *other = b;

    if (one->is_outcome != other->is_outcome)
        return one->is_outcome ? 1 : -1;
    if (one->cause != other->cause)
        return one->cause < other->cause ? -1 : 1;
    return (one->event > other->event) - (one->event < other->event);
}

enum waived { WAIVED_NOWHERE, WAIVED_IN_DOMAINS, WAIVED_EVERYWHERE };

static void find_waivers(const struct reading *reading, enum waived waived[NR_INVARIANTS])
{
    memset(waived, 0, NR_INVARIANTS * sizeof *waived); /* WAIVED_NOWHERE */
    for (uint64_t event = 1; event <= reading_events(reading); event++) {
        const struct record *record = reading_event(reading, event);
        for (unsigned i = 0; record->type == REC_EXPECT && i < NR_INVARIANTS; i++)
            if (waives(record, i) && waived[i] != WAIVED_EVERYWHERE)
                waived[i] = in_any_domain(record) ? WAIVED_EVERYWHERE : WAIVED_IN_DOMAINS;
    }
}

void findings_collect(const struct reading *reading, struct findings *findings)
{
    enum waived waived[NR_INVARIANTS];
    uint32_t invariant;
    uint64_t event;

    find_waivers(reading, waived);
    findings->count = findings->unlisted = 0;
    for (event = 1; event <= reading_events(reading); event++) {
        if (reading_event(reading, event)->type != REC_VIOLATION)
            continue;
        invariant = violation_at(reading, event)->invariant;
        if (invariant < NR_INVARIANTS && waived[invariant] == WAIVED_EVERYWHERE)
            continue;
        if (invariant < NR_INVARIANTS && waived[invariant] == WAIVED_IN_DOMAINS &&
            last_waiver(reading, reading_event(reading, event)->domid, invariant) != 0)
            continue;
        if (finding_waiver(reading, event) == NULL)
            add_finding(reading, findings, event);
    }
    qsort(findings->list, findings->count, sizeof findings->list[0], by_cause);
    assert(findings->count <= FINDINGS_MAX);
}

/* ---- single events ---------------------------------------------------------------------------- */

bool failures_expected_crash(const struct reading *reading)
{
    const struct record_expect *expect;
    const struct record *record;
    uint64_t event;

    for (event = 1; event <= reading_events(reading); event++) {
        record = reading_event(reading, event);
        expect = record_payload(record);
        if (record->type == REC_EXPECT && expect->ok != 0 && expect->about == EXPECT_CRASH)
            return true;
    }
    return false;
}

enum failure_kind failure_of(const struct record *record, bool crash_expected)
{
    const struct record_expect *expect = record_payload(record);

    switch (record->type) {
    case REC_EXPECT:
        return expect->ok != 0 ? FAILURE_NONE : FAILURE_EXPECT;
    case REC_NOT_AT_REST:
        return FAILURE_NOT_AT_REST;
    case REC_DIFFERENCE:
        return FAILURE_DIFFERENCE;
    case REC_PANIC:
    case REC_CRASH:
        return crash_expected ? FAILURE_NONE : FAILURE_DEATH;
    default:
        return FAILURE_NONE;
    }
}
