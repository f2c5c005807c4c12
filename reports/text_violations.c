/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Broken invariants in the failure text: each distinct one once, with its first event, how often it was
 * seen, and the event that broke it, which may lie long before.
 */
#include "reports/text_internal.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "invariants/list.h"

#define VIOLATIONS_LISTED_MAX 40u

struct finding {
    uint64_t event; /* of the first violation of its kind */
    uint64_t cause; /* the event that broke it */
    uint64_t times;
    bool at_rest;
    bool cause_is_known; /* apart from where it was seen */
};

static const struct record_violation *violation_at(const struct reading *reading, uint64_t event)
{
    const struct record *record = reading_event(reading, event);

    assert(record->type == REC_VIOLATION);
    return record_payload(record);
}

/* What a checker was shown when it spoke: the last event before it that is no violation. */
static uint64_t event_judged(const struct reading *reading, uint64_t event)
{
    assert(event >= 1);
    while (event > 1 && reading_event(reading, event)->type == REC_VIOLATION)
        event--;
    return event;
}

/* Broken by the same event; or, where that is not told, at rest again and said in the same words. */
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
    };
}

/* An `expect violation` that came true covers what it names, over the whole run: see runner_expect_violation. */
static bool is_waived(const struct reading *reading, uint32_t invariant)
{
    char wanted[NAME_ROOM + 16], room[NAME_ROOM];
    const struct record_expect *expect;
    const struct record *record;
    uint64_t event;

    snprintf(wanted, sizeof wanted, "%s broken", name_of_invariant(invariant, room));
    for (event = 1; event <= reading_events(reading); event++) {
        record = reading_event(reading, event);
        if (record->type != REC_EXPECT)
            continue;
        expect = record_payload(record);
        if (expect->ok != 0 &&
            (strcmp(record_text(record), wanted) == 0 ||
                (invariant == INVARIANT_GUEST_CONTAINED && strncmp(record_text(record), "a crash", 7) == 0)))
            return true;
    }
    return false;
}

/* Those that found no room any more are counted in *unlisted. False when memory is out. */
static bool add_finding(
    const struct reading *reading, struct finding **findings, size_t *count, uint64_t event, size_t *unlisted)
{
    struct finding found = finding_of(reading, event), *grown;
    size_t i;

    for (i = 0; i < *count; i++)
        if (same_finding(reading, &(*findings)[i], &found)) {
            (*findings)[i].times++;
            return true;
        }
    if (*count == VIOLATIONS_LISTED_MAX) {
        ++*unlisted;
        return true;
    }
    grown = reallocarray(*findings, *count + 1, sizeof *grown);
    if (grown == NULL)
        return false;
    grown[(*count)++] = found;
    *findings = grown;
    return true;
}

static struct finding *collect(const struct reading *reading, size_t *count, size_t *unlisted)
{
    enum { UNKNOWN, WAIVED, JUDGED } judged[NR_INVARIANTS + 1] = {UNKNOWN};
    struct finding *findings = NULL;
    uint32_t invariant;
    uint64_t event;

    *count = *unlisted = 0;
    for (event = 1; event <= reading_events(reading); event++) {
        if (reading_event(reading, event)->type != REC_VIOLATION)
            continue;
        invariant = violation_at(reading, event)->invariant;
        if (invariant > NR_INVARIANTS)
            invariant = NR_INVARIANTS;
        if (judged[invariant] == UNKNOWN)
            judged[invariant] = is_waived(reading, invariant) ? WAIVED : JUDGED;
        if (judged[invariant] == JUDGED && !add_finding(reading, &findings, count, event, unlisted))
            break;
    }
    return findings;
}

static void print_finding(
    FILE *out, const struct reading *reading, const struct finding *finding, const struct text_style *style)
{
    const struct record_violation *violation = violation_at(reading, finding->event);
    const char *place = text_place(reading, finding->cause, style);
    char room[NAME_ROOM];

    fprintf(out, "  %s: ", name_of_invariant(violation->invariant, room));
    text_clean(out, record_text(reading_event(reading, finding->event)), 4 * TEXT_SHORT_BYTES);
    if (finding->times > 1)
        fprintf(out, ", %" PRIu64 " times", finding->times);
    if (finding->at_rest)
        fprintf(out, "; seen at rest (event %" PRIu64 ")", finding->event);
    else if (finding->cause_is_known)
        fprintf(out, "; seen at event %" PRIu64, finding->event);
    if (finding->cause_is_known || !finding->at_rest) {
        fputs(finding->cause_is_known || finding->at_rest ? ", " : "; ", out);
        fprintf(out, "%s at event %" PRIu64 ": ",
            violation->invariant == INVARIANT_NO_LEAK ? "lost" : "broken", finding->cause);
        text_describe(out, reading, finding->cause);
        if (place != NULL)
            fprintf(out, ", %s", place);
    }
    fputc('\n', out);
}

uint64_t text_violations(FILE *out, const struct reading *reading, const struct text_style *style)
{
    uint64_t earliest = 0;
    size_t count, unlisted, i;
    struct finding *findings = collect(reading, &count, &unlisted);

    for (i = 0; i < count; i++) {
        print_finding(out, reading, &findings[i], style);
        if (earliest == 0 || findings[i].cause < earliest)
            earliest = findings[i].cause;
    }
    if (unlisted != 0)
        fprintf(out, "  … and %zu more\n", unlisted);
    free(findings);
    return earliest;
}
