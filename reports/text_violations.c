/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Broken invariants in the failure text: each distinct one once, with its first event, how often it was
 * seen, and the event that broke it, which may lie long before.
 */
#include "reports/text_violations.h"

#include <inttypes.h>
#include <string.h>

#include "sim/invariants/list.h"
#include "reports/findings.h"
#include "reports/names.h"
#include "reports/text_clean.h"
#include "reports/text_event.h"
#include "reports/text_fault.h"
#include "reports/text_place.h"

/* Prints the callers up to `end`: the mistake may be in any of these functions. */
static void print_row(FILE *out, const char *what, const char *frames, const char *end)
{
    const char *between = " ";

    fprintf(out, "      %s", what);
    while (frames != NULL && *frames != '\0' && frames != end) {
        const size_t bytes = strcspn(frames, "\t");
        fputs(between, out);
        text_clean_bytes(out, frames, bytes);
        frames += bytes + (frames[bytes] == '\t');
        between = ", ";
    }
    fputc('\n', out);
}

/* Prints the place at which the fault fired, if that is further in than the call that it refused. */
static void print_fault(FILE *out, const struct reading *reading, uint64_t fault, const char *place,
    const struct text_style *style)
{
    const char *faulted = text_place(reading, fault, style),
               *callers = text_place_callers(reading, fault, style);

    if (faulted == NULL || strcmp(faulted, place) == 0)
        return;
    print_row(out, "refused in", faulted, NULL);
    if (callers != NULL && strstr(callers, place) != callers)
        print_row(out, "called from", callers, strstr(callers, place));
}

static void print_finding(
    FILE *out, const struct reading *reading, const struct finding *finding, const struct text_style *style)
{
    const struct record_violation *violation = record_payload(reading_event(reading, finding->event));
    const uint64_t placed = text_place_of_finding(reading, finding, style);
    const char *place = text_place(reading, placed, style);
    const char *callers = text_place_callers(reading, placed, style);
    const uint64_t fault = text_fault_behind(reading, placed);
    const char *own;
    const bool is_told = finding->cause_is_known || !finding->at_rest;
    char room[NAME_ROOM];

    fprintf(out, "  %s: ", name_of_invariant(violation->invariant, room));
    text_clean(out, record_text(reading_event(reading, finding->event)), 4 * TEXT_SHORT_BYTES);
    if (finding->times > 1)
        fprintf(out, ", %" PRIu64 " times", finding->times);
    if (finding->at_rest)
        fprintf(out, "; seen at rest (event %" PRIu64 ")", finding->event);
    else if (finding->cause_is_known)
        fprintf(out, "; seen at event %" PRIu64, finding->event);
    if (is_told) {
        fputs(finding->cause_is_known || finding->at_rest ? ", " : "; ", out);
        fprintf(out, "%s %s event %" PRIu64 ": ",
            violation->invariant == INVARIANT_NO_LEAK ? "lost" : "broken",
            placed == finding->event ? "after" : "at", finding->cause);
        text_describe(out, reading, finding->cause);
        if (place != NULL)
            fprintf(out, "%s %s", placed == finding->event ? "; at" : ",", place);
    }
    fputc('\n', out);
    if (is_told && place != NULL && callers != NULL)
        print_row(out, "called from", callers, NULL);
    if (is_told && fault != 0 && place != NULL)
        print_fault(out, reading, fault, place, style);
    if (placed != finding->event && (own = text_place(reading, finding->event, style)) != NULL)
        print_row(out, "look at", own, NULL);
}

uint64_t text_violations(FILE *out, const struct reading *reading, const struct text_style *style)
{
    uint64_t earliest = 0;
    struct findings findings;

    findings_collect(reading, &findings);
    for (size_t i = 0; i < findings.count; i++) {
        print_finding(out, reading, &findings.list[i], style);
        if (earliest == 0 || findings.list[i].cause < earliest)
            earliest = findings.list[i].cause;
    }
    if (findings.unlisted != 0)
        fprintf(out, "  … and %zu more\n", findings.unlisted);
    return earliest;
}
