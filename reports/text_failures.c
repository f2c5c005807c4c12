/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What went wrong, in one screen: failed expectations with their line, deaths of guests, broken
 * invariants, and what to type next. All of it comes from the recording.
 */
#include "reports/text_failures.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "reports/findings.h"
#include "reports/leads.h"
#include "reports/names.h"
#include "reports/text_clean.h"
#include "reports/text_event.h"
#include "reports/text_judged.h"
#include "reports/text_place.h"
#include "reports/text_ran.h"
#include "reports/text_source.h"
#include "reports/text_violations.h"

#define FRAMES_SHOWN 12u /* of a backtrace */

static const char *path_of(const struct reading *reading, const struct text_style *style)
{
    return style != NULL && style->path != NULL ? style->path : reading_head(reading)->name;
}

void text_verdict_line(FILE *out, const struct reading *reading, const struct text_style *style)
{
    const struct record *end = reading_event(reading, reading_events(reading));
    char *judged = judged_of(reading);

    fprintf(out, "%-7s ", name_of_verdict(reading_verdict(reading)));
    text_clean_bytes(out, path_of(reading, style), strlen(path_of(reading, style)));
    fputs("  (", out);
    text_seconds(out, end->time_ns);
    fprintf(out, " of virtual time, %" PRIu64 " events%s%s)\n", reading_events(reading),
        judged == NULL || *judged != '\0' ? "; " : "",
        judged != NULL ? judged : "no memory to say whose files");
    free(judged);
}

/* ---- failed statements ------------------------------------------------------------------------ */

static const char *failure_name(const struct record_expect *expect)
{
    if (expect->about == EXPECT_ACCEPTED)
        return "command refused";
    return expect->about == EXPECT_ALWAYS ? "always failed" : "expect failed";
}

static void print_heading(
    FILE *out, const struct reading *reading, const struct text_style *style, uint32_t line, uint32_t column)
{
    const struct scenario_place place = reading_place(reading, line);
    const char *path = path_of(reading, style);
    char file[4096];

    if (place.name != NULL) {
        scenario_file_path(path, place.name, place.name_bytes, file, sizeof file);
        path = file;
    }
    text_clean_bytes(out, path, strlen(path));
    fprintf(out, ":%" PRIu32 ":%" PRIu32 ": ", place.line, column);
}

/* Of a line that is done again and again, or from several files, which time it was: what its names stood for, and where its file
 * is included. */
static void print_as_done(FILE *out, const struct reading *reading, uint64_t event)
{
    const uint32_t line = reading_event(reading, event)->line, at = text_included_at(reading, line);
    size_t bytes = 0;
    const char *text = text_line(reading, line, &bytes), *done = text_statement_done(reading, event);

    if (done == NULL || text == NULL || (at == 0 && memchr(text, '{', bytes) == NULL))
        return;
    fputs("      | that is: ", out);
    text_clean(out, done, SIZE_MAX);
    if (at != 0) {
        fputs(", included at ", out);
        text_print_line_name(out, reading, at);
    }
    fputc('\n', out);
}

static void print_failed_expect(
    FILE *out, const struct reading *reading, uint64_t event, const struct text_style *style)
{
    const struct record *record = reading_event(reading, event);
    const struct record_expect *expect = record_payload(record);
    const char *lead = "got ";
    char wanted[TEXT_SHORT_BYTES];

    print_heading(out, reading, style, record->line, expect->column);
    fprintf(out, "%s\n", failure_name(expect));
    if (expect->about == EXPECT_ACCEPTED)
        lead = "";
    else if (expect->about == EXPECT_STATUS) {
        snprintf(wanted, sizeof wanted, "wanted %.40s, got ", record_text(record));
        lead = wanted;
    }
    text_excerpt(
        out, reading, record->line, expect->column, expect->length, lead, record_second_text(record));
    print_as_done(out, reading, event);
}

/* The record has only a line, so the caret is put under that line's statement. */
static void print_not_at_rest(
    FILE *out, const struct reading *reading, const struct record *record, const struct text_style *style)
{
    size_t bytes = 0, length;
    const char *line = text_line(reading, record->line, &bytes);
    const char *settle = line != NULL ? memmem(line, bytes, "settle", 6) : NULL;
    uint32_t column = 1;

    length = settle != NULL ? strlen("settle") : 1;
    if (settle != NULL)
        column = (uint32_t)(settle - line) + 1;
    print_heading(out, reading, style, record->line, column);
    fputs("no rest was reached\n", out);
    text_excerpt(out, reading, record->line, column, (uint32_t)length, "", record_text(record));
}

/* The event about which the model and the real Xen disagree is the one before this record. */
static void print_difference(
    FILE *out, const struct reading *reading, uint64_t event, const struct text_style *style)
{
    const struct record *record = reading_event(reading, event);

    print_heading(out, reading, style, record->line, 1);
    fprintf(out, "model and real Xen differ at event %" PRIu64 ": ", event - 1);
    if (event > 1)
        text_describe(out, reading, event - 1);
    fputc('\n', out);
    text_excerpt(out, reading, record->line, 1, 0, "", record_text(record));
}

/* ---- what a kernel breaks by intent ----------------------------------------------------------- */

/* A waiver of a kernel's is told once, and so is one that a line of the scenario makes. */
static bool said_already(const struct reading *reading, uint64_t event)
{
    const struct record *record = reading_event(reading, event);
    const struct record_violation *violation = record_payload(record);
    const bool by_intent = finding_waiver(reading, event) != NULL;

    for (uint64_t before = 1; before < event; before++) {
        const struct record *other = reading_event(reading, before);
        if (other->type == REC_VIOLATION && other->domid == record->domid &&
            ((const struct record_violation *)record_payload(other))->invariant == violation->invariant &&
            (by_intent || finding_is_late(reading, before)))
            return true;
    }
    return false;
}

static void print_waivers(FILE *out, const struct reading *reading)
{
    for (uint64_t event = 1; event <= reading_events(reading); event++) {
        const struct record *record = reading_event(reading, event);
        const struct record_violation *violation = record_payload(record);
        const char *why = record->type == REC_VIOLATION ? finding_waiver(reading, event) : NULL;
        char room[NAME_ROOM];

        if (record->type != REC_VIOLATION || (why == NULL && !finding_is_late(reading, event)) ||
            said_already(reading, event))
            continue;
        fprintf(out, "waived: %s broke %s", reading_domain_name(reading, record->domid),
            name_of_invariant(violation->invariant, room));
        fputs(why != NULL ? " by intent: " : " again, behind the line that expects it: ", out);
        text_clean(out, why != NULL ? why : record_text(record), SIZE_MAX);
        fputc('\n', out);
    }
}

/* ---- remarks ---------------------------------------------------------------------------------- */

void text_remarks(FILE *out, const struct reading *reading, const struct text_style *style)
{
    print_waivers(out, reading);
    for (uint64_t event = 1; event <= reading_events(reading); event++) {
        const struct record *record = reading_event(reading, event);
        const struct record_remark *remark = record_payload(record);
        const char *place, *callers;

        if (record->type != REC_REMARK)
            continue;
        if (remark->column != 0)
            print_heading(out, reading, style, record->line, remark->column);
        fputs("remark: ", out);
        text_clean(out, record_text(record), SIZE_MAX);
        place = text_place(reading, event, style);
        text_print_place(out, ", ", place);
        callers = place != NULL ? text_place_callers(reading, event, style) : NULL;
        for (const char *between = "; called from "; callers != NULL && *callers != '\0'; between = ", ") {
            const size_t bytes = strcspn(callers, "\t");

            fputs(between, out);
            text_clean_bytes(out, callers, bytes);
            callers += bytes + (callers[bytes] == '\t');
        }
        fputs(remark->counts != 0 ? "; it counts because of --strict\n" : "\n", out);
        if (remark->column != 0)
            text_excerpt(out, reading, record->line, remark->column, remark->length, "", "");
    }
}

/* ---- deaths ----------------------------------------------------------------------------------- */

/* Prints who called whom up to there, one in each line. False: it is not known. */
static bool print_backtrace(FILE *out, uint64_t event, const struct text_style *style)
{
    const char *frames = NULL, *between = "in";

    if (style != NULL && style->backtrace != NULL)
        frames = style->backtrace(style->place_context, event);
    if (frames == NULL)
        return false;
    for (unsigned shown = 0; *frames != '\0'; shown++) {
        if (shown == FRAMES_SHOWN) {
            fputs("      |   …\n", out);
            break;
        }
        size_t bytes = strcspn(frames, "\t");
        fprintf(out, "      | %s ", between);
        text_clean_bytes(out, frames, bytes);
        fputc('\n', out);
        frames += bytes + (frames[bytes] == '\t');
        between = "  from";
    }
    return true;
}

static void print_death(
    FILE *out, const struct reading *reading, uint64_t event, const struct text_style *style)
{
    const struct record *record = reading_event(reading, event);
    const char *place = text_place(reading, event, style);

    print_heading(out, reading, style, record->line, 1);
    text_clean(out, reading_domain_name(reading, record->domid), TEXT_SHORT_BYTES);
    fprintf(out,
        record->type == REC_PANIC ? " panicked at event %" PRIu64 ", " : " died at event %" PRIu64 ", ",
        event);
    text_seconds(out, record->time_ns);
    fputc('\n', out);
    text_excerpt(out, reading, record->line, 1, 0, "", record_text(record));
    if (!print_backtrace(out, event, style) && place != NULL) {
        text_print_place(out, "      | in ", place);
        fputc('\n', out);
    }
}

/* ---- the whole -------------------------------------------------------------------------------- */

void text_replay_until(
    FILE *out, const struct reading *reading, const struct text_style *style, uint64_t until)
{
    fprintf(out, "%s ", style != NULL && style->command != NULL ? style->command : "ballast replay");
    if (strcmp(reading_head(reading)->backend, "sim") != 0)
        fprintf(out, "--on %s ", reading_head(reading)->backend);
    text_quoted(out, path_of(reading, style));
    fprintf(out, " --seed %" PRIu64, reading_head(reading)->seed);
    if (reading_schedule_seed(reading) != 0)
        fprintf(out, " --schedule-seed %" PRIu64, reading_schedule_seed(reading));
    fprintf(out, " --until %" PRIu64, until);
}

static void print_next_steps(
    FILE *out, const struct reading *reading, const struct text_style *style, uint64_t until, uint64_t fault)
{
    fputs("  replay to there:  ", out);
    text_replay_until(out, reading, style, until);
    fputs("\n  in the debugger:  ", out);
    text_replay_until(out, reading, style, until);
    fputs(" --gdb\n", out);
    if (fault == 0)
        return;
    fputs("  to its fault:     ", out);
    text_replay_until(out, reading, style, fault);
    fputc('\n', out);
}

/* What a report has told of a driver: the steps behind one failure explain the next one, too. */
struct told {
    struct findings findings; /* what is told of broken invariants, further up */
    struct lead before;       /* the failed statement before */
    struct ran_shown rows;
};

static bool is_told(const struct told *told, uint64_t event)
{
    for (size_t f = 0; f < told->findings.count; f++)
        if (told->findings.list[f].cause == event)
            return true;
    return false;
}

/* What the driver did last before a statement failed. What stands there already, for the failure before, is left out, and so
 * is what broke an invariant. */
static void print_last_steps(FILE *out, const struct reading *reading, uint64_t event,
    const struct text_style *style, struct told *told)
{
    const struct lead lead = lead_of_failure(reading, event);
    struct step steps[STEPS_MAX], shown[STEPS_MAX];
    const size_t count = steps_of_failure(reading, lead, steps),
                 nr_shown = told->before.event != 0 ? steps_of_failure(reading, told->before, shown) : 0;

    for (size_t s = 0; s < count; s++) {
        size_t same = 0;
        while (same < nr_shown && shown[same].lead.event != steps[s].lead.event)
            same++;
        if (same < nr_shown || is_told(told, steps[s].lead.event))
            continue;
        text_step(out, reading, &steps[s], "      | ", style, &told->rows);
    }
    text_ran(out, reading, lead, false, "      | ", style, &told->rows);
    told->before = lead;
}

/* Prints the failure that an event is, if it is one. */
static bool print_failure(FILE *out, const struct reading *reading, uint64_t event,
    const struct text_style *style, bool crash_expected, struct told *told)
{
    const struct record *record = reading_event(reading, event);

    switch (failure_of(record, crash_expected)) {
    case FAILURE_EXPECT:
        print_failed_expect(out, reading, event, style);
        print_last_steps(out, reading, event, style, told);
        return true;
    case FAILURE_NOT_AT_REST:
        print_not_at_rest(out, reading, record, style);
        print_last_steps(out, reading, event, style, told);
        return true;
    case FAILURE_DIFFERENCE:
        print_difference(out, reading, event, style);
        return true;
    case FAILURE_DEATH:
        print_death(out, reading, event, style);
        text_ran(out, reading, lead_of_failure(reading, event), false, "      | ", style, &told->rows);
        return true;
    default:
        return false;
    }
}

/* Prints what failed from one event to another; the first of them, 0: none. */
static uint64_t print_failures(FILE *out, const struct reading *reading, const struct text_style *style,
    uint64_t from, uint64_t to, struct told *told)
{
    const bool crash_expected = failures_expected_crash(reading);
    uint64_t first = 0;

    for (uint64_t event = from; event <= to; event++)
        if (print_failure(out, reading, event, style, crash_expected, told) && first == 0)
            first = event;
    return first;
}

/* The first death of a guest, or difference to the real Xen; 0: there is none. */
static uint64_t first_end(const struct reading *reading)
{
    const bool crash_expected = failures_expected_crash(reading);

    for (uint64_t event = 1; event <= reading_events(reading); event++) {
        const enum failure_kind kind = failure_of(reading_event(reading, event), crash_expected);
        if (kind == FAILURE_DEATH || kind == FAILURE_DIFFERENCE)
            return event;
    }
    return 0;
}

/* The earliest event that broke something; 0: none did. */
static uint64_t first_broken(const struct findings *findings)
{
    uint64_t first = 0;

    for (size_t f = 0; f < findings->count; f++)
        if (first == 0 || findings->list[f].cause < first)
            first = findings->list[f].cause;
    return first;
}

/*
 * Where a guest died before any invariant was broken, its death is what went wrong, and stands first. All else that failed stands
 * behind the broken invariants, since an expectation often fails because of them.
 */
void text_failures(FILE *out, const struct reading *reading, const struct text_style *style)
{
    struct told told = {.before = {0, DOMID_HOST}};
    uint64_t first, broken, end, rest;

    if (reading_verdict(reading) == EXIT_CODE_PASS)
        return;
    findings_collect(reading, &told.findings);
    broken = first_broken(&told.findings);
    end = first_end(reading);
    if (end > broken)
        end = 0;
    first = print_failures(out, reading, style, 1, end, &told);
    text_violations(out, reading, style, &told.findings, &told.rows);
    rest = print_failures(out, reading, style, end + 1, reading_events(reading), &told);
    first = first != 0 ? first : rest;
    if (broken != 0 && (first == 0 || broken < first))
        first = broken;
    if (first != 0)
        print_next_steps(out, reading, style, first, told.rows.first_fault);
}
