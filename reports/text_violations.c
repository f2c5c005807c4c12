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
#include "reports/leads.h"
#include "reports/names.h"
#include "reports/text_clean.h"
#include "reports/text_event.h"
#include "reports/text_fault.h"
#include "reports/text_place.h"
#include "reports/text_ran.h"
#include "reports/text_source.h"

/* Prints the place at which the fault fired, if that is further in than the call that it refused. */
static void print_fault(FILE *out, const struct reading *reading, uint64_t fault, const char *place,
    const struct text_style *style)
{
    const char *faulted = text_place(reading, fault, style),
               *callers = text_place_callers(reading, fault, style);

    if (faulted == NULL || strcmp(faulted, place) == 0)
        return;
    text_callers(out, "      refused in", faulted, NULL);
    if (callers != NULL && strstr(callers, place) != callers)
        text_callers(out, "      called from", callers, strstr(callers, place));
}

/* What ran around the event that broke it, and the steps of the driver's that have to do with it. */
static void print_last_steps(FILE *out, const struct reading *reading, const struct finding *finding,
    const struct text_style *style, struct ran_shown *shown)
{
    struct step steps[STEPS_MAX];
    const size_t count = steps_of_finding(reading, finding, steps);
    const struct record_violation *violation = record_payload(reading_event(reading, finding->event));

    text_ran(out, reading, lead_of_finding(reading, finding), finding->at_rest && finding->cause_is_known,
        "      ", style, shown);
    if (violation->invariant == INVARIANT_PROGRESS && finding->cause_is_known && style != NULL &&
        style->ran_most != NULL)
        text_callers(
            out, "      most blocks ran in", style->ran_most(style->place_context, finding->cause), NULL);
    for (size_t s = 0; s < count; s++)
        text_step(out, reading, &steps[s], "      ", style, shown);
}

/* A cause that the toolstack is has no place in the driver; which of several commands it was, the scenario's line tells. */
static void print_line_behind(FILE *out, const struct reading *reading, const struct finding *finding)
{
    const struct record *cause = reading_event(reading, finding->cause);
    const struct record_xenstore *store = record_payload(cause);

    if (!finding->cause_is_known || cause->type != REC_XENSTORE || store->by != 0 || cause->line == 0)
        return;
    fputs(" (", out);
    text_print_line_name(out, reading, cause->line);
    fputc(')', out);
}

static void print_finding(FILE *out, const struct reading *reading, const struct finding *finding,
    const struct text_style *style, struct ran_shown *shown)
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
        text_print_place(out, placed == finding->event ? "; at " : ", ", place);
        print_line_behind(out, reading, finding);
    }
    fputc('\n', out);
    if (is_told && place != NULL && callers != NULL)
        text_callers(out, "      called from", callers, NULL);
    if (is_told && fault != 0 && place != NULL)
        print_fault(out, reading, fault, place, style);
    print_last_steps(out, reading, finding, style, shown);
    if (placed != finding->event && (own = text_place(reading, finding->event, style)) != NULL)
        text_callers(out, "      look at", own, NULL);
}

/* What comes behind the last semicolon of a sentence, such as that the run ends there. */
static const char *tail_of(const struct reading *reading, const struct finding *finding)
{
    const char *tail = strrchr(record_text(reading_event(reading, finding->event)), ';');

    return tail != NULL ? tail : "";
}

/* Two tails that differ in figures only are the same. */
static bool same_tail(const char *one, const char *other)
{
    static const char figures[] = "0123456789";

    for (;; one++, other++) {
        one += strspn(one, figures);
        other += strspn(other, figures);
        if (*one != *other || *one == '\0')
            return *one == *other;
    }
}

/*
 * Is it the same fault of the driver's as that: broken in the same way, on the same line, on the same way there? Its sentence
 * ends with the same words: that a run ended is told, however often the same was seen before.
 */
static bool is_same_fault(const struct reading *reading, const struct finding *finding,
    const struct finding *other, const struct text_style *style)
{
    const struct record_violation *one = record_payload(reading_event(reading, finding->event)),
                                  *two = record_payload(reading_event(reading, other->event));
    const uint64_t at = text_place_of_finding(reading, finding, style),
                   others = text_place_of_finding(reading, other, style);
    const char *place = text_place(reading, at, style), *others_place = text_place(reading, others, style);

    if (one->invariant != two->invariant || place == NULL || others_place == NULL ||
        strcmp(place, others_place) != 0 || finding->at_rest != other->at_rest ||
        !same_tail(tail_of(reading, finding), tail_of(reading, other)))
        return false;
    const char *callers = text_place_callers(reading, at, style),
               *others_callers = text_place_callers(reading, others, style);
    return callers == NULL || others_callers == NULL ? callers == others_callers
                                                     : strcmp(callers, others_callers) == 0;
}

/* Is another one the first of the same fault, and tells of it? */
static bool is_again(const struct reading *reading, const struct findings *findings, size_t number,
    const struct text_style *style)
{
    const struct finding *this = &findings->list[number];

    for (size_t f = 0; f < findings->count; f++) {
        const struct finding *other = &findings->list[f];
        const bool earlier = other->cause < this->cause || (other->cause == this->cause && f < number);
        if (earlier && is_same_fault(reading, other, this, style))
            return true;
    }
    return false;
}

/* How often it broke later on, after a reboot or in another domain. */
static void print_again(FILE *out, const struct reading *reading, const struct findings *findings,
    size_t number, const struct text_style *style)
{
    uint64_t first = 0;
    size_t times = 0;

    for (size_t f = 0; f < findings->count; f++)
        if (f != number && is_same_fault(reading, &findings->list[number], &findings->list[f], style)) {
            if (first == 0 || findings->list[f].cause < first)
                first = findings->list[f].cause;
            times++;
        }
    if (times > 0)
        fprintf(out, "      the same again: %zu time%s, first at event %" PRIu64 "\n", times,
            times == 1 ? "" : "s", first);
}

void text_violations(FILE *out, const struct reading *reading, const struct text_style *style,
    const struct findings *findings, struct ran_shown *shown)
{
    for (size_t i = 0; i < findings->count; i++) {
        if (is_again(reading, findings, i, style))
            continue;
        print_finding(out, reading, &findings->list[i], style, shown);
        print_again(out, reading, findings, i, style);
    }
    if (findings->unlisted != 0)
        fprintf(out, "  … and %zu more\n", findings->unlisted);
}
