/* SPDX-License-Identifier: BSD-2-Clause */
/* Collects what went wrong in one run, for the writers that put the same causes of many runs together. */
#include "reports/causes.h"

#include <assert.h>
#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "reports/findings.h"
#include "reports/leads.h"
#include "reports/names.h"
#include "reports/text_clean.h"
#include "reports/text_place.h"
#include "reports/text_source.h"
#include "sim/array.h"

#define WORDS_BYTES 800u

/* ---- the list ---------------------------------------------------------------------------------- */

static void free_cause(struct cause *cause)
{
    free(cause->what);
    free(cause->place);
    free(cause->words);
}

void causes_free(struct causes *causes)
{
    for (size_t c = 0; c < causes->count; c++)
        free_cause(&causes->list[c]);
    free(causes->list);
    *causes = (struct causes){0};
}

/* "nb needs …", "d1 needs …", "progress: nb moved …": behind the domain. */
static const char *behind_name(const char *words)
{
    const size_t first = strcspn(words, " ");

    if (first > 0 && words[first - 1] == ':' && words[first] == ' ')
        words += first + 1;
    return words + strcspn(words, " ");
}

bool cause_is(const struct cause *cause, const struct cause *other)
{
    if (cause->class != other->class || cause->is_after != other->is_after ||
        strcmp(cause->what, other->what) != 0 || strcmp(cause->place, other->place) != 0)
        return false;
    /* What is no event of the driver's is told apart by its words, whatever numbers and domains are in them. */
    if (cause->class == CAUSE_FAILURE && cause->event != 0)
        return true;
    const char *one = behind_name(cause->words), *two = behind_name(other->words);
    while (*one != '\0' || *two != '\0') {
        while (isxdigit((unsigned char)*one))
            one++;
        while (isxdigit((unsigned char)*two))
            two++;
        if (*one != *two)
            return false;
        one += *one != '\0';
        two += *two != '\0';
    }
    return true;
}

/* A clean copy of the first line. NULL: no memory. */
static char *clean_line(const char *text)
{
    char *clean = NULL;
    size_t bytes;
    FILE *out = open_memstream(&clean, &bytes);

    if (out == NULL)
        return NULL;
    text_clean(out, text, WORDS_BYTES);
    if (fclose(out) == 0)
        return clean;
    free(clean);
    return NULL;
}

/* What the run showed before is only counted. The texts are copied. False: no memory. */
static bool add(struct causes *causes, const struct cause *given)
{
    struct cause cause = *given;

    assert(given->what != NULL && given->words != NULL && given->times > 0);
    cause.what = clean_line(given->what);
    cause.place = clean_line(given->place != NULL ? given->place : "");
    cause.words = clean_line(given->words);
    if (cause.what == NULL || cause.place == NULL || cause.words == NULL ||
        !ARRAY_ONE_MORE(causes->list, causes->room, causes->count)) {
        free_cause(&cause);
        return false;
    }
    for (size_t c = 0; c < causes->count; c++)
        if (cause_is(&causes->list[c], &cause)) {
            causes->list[c].times += cause.times;
            free_cause(&cause);
            return true;
        }
    causes->list[causes->count++] = cause;
    return true;
}

/* "balloon_refill" of "balloon.c:305 (balloon_refill)"; "": there is none. */
static const char *function_of(const char *place, int *bytes)
{
    const char *begin = strrchr(place, '(');

    begin = begin != NULL ? begin + 1 : "";
    *bytes = (int)strcspn(begin, ")");
    return begin;
}

void cause_print_name(FILE *out, const struct cause *cause)
{
    int bytes;
    const char *function = function_of(cause->place, &bytes);

    fputs(cause->what, out);
    if (bytes > 0)
        fprintf(out, " %s %.*s", cause->is_after ? "after" : "in", bytes, function);
}

/* ---- of a recording ----------------------------------------------------------------------------- */

/* Did a fault fire before that event which no real machine was seen to give? */
static bool is_hostile(const struct reading *reading, uint64_t event)
{
    for (uint64_t before = 1; before < event; before++) {
        const struct record *record = reading_event(reading, before);
        if (record->type != REC_FAULT)
            continue;
        const struct record_fault *fault = record_payload(record);
        const struct kernel *kernel = reading_kernel(reading, record->domid);
        const struct fault_site_info *site =
            kernel != NULL ? kernel_site(kernel, (enum fault_site)fault->site) : NULL;
        if (site != NULL && site->hostile)
            return true;
    }
    return false;
}

/* The place of the driver's last step, of those that lead to a failure. */
static void place_after(struct cause *cause, const struct reading *reading, const struct step *steps,
    size_t count, const struct text_style *style)
{
    for (size_t s = 0; s < count && cause->place == NULL; s++)
        cause->place = (char *)text_place(reading, steps[s].lead.event, style);
    cause->is_after = cause->place != NULL;
}

static bool add_finding(struct causes *causes, const struct reading *reading, const struct finding *finding,
    const struct text_style *style)
{
    const struct record *record = reading_event(reading, finding->event);
    const struct record_violation *violation = record_payload(record);
    const char *place = text_place(reading, text_place_of_finding(reading, finding, style), style);
    struct step steps[STEPS_MAX];
    char room[NAME_ROOM];
    struct cause cause = {
        .what = (char *)name_of_invariant(violation->invariant, room),
        .place = (char *)(place != NULL ? place : text_place(reading, finding->event, style)),
        .is_hostile = is_hostile(reading, finding->cause),
        .words = (char *)record_text(record),
        .event = finding->cause,
        .times = finding->times,
    };

    if (cause.place == NULL)
        place_after(&cause, reading, steps, steps_of_finding(reading, finding, steps), style);
    return add(causes, &cause);
}

/* Where the statement begins, behind its time; and how many bytes of the line are left. */
static const char *statement_on(const char *line, size_t *bytes)
{
    const char *const end = line + *bytes;

    while (line < end && isspace((unsigned char)*line))
        line++;
    if (line < end && (*line == '+' || *line == '@'))
        while (line < end && !isspace((unsigned char)*line))
            line++;
    while (line < end && isspace((unsigned char)*line))
        line++;
    *bytes = (size_t)(end - line);
    return line;
}

/* "expect nb reservation == 5m" and "reservation", which the caret stands under. */
static void find_statement(const struct reading *reading, uint64_t event, char *statement,
    size_t statement_bytes, char *asked, size_t asked_bytes)
{
    const struct record *record = reading_event(reading, event);
    const struct record_expect *expect = record_payload(record);
    size_t bytes = 0;
    const char *line = reading_line(reading, record->line, &bytes);

    statement[0] = asked[0] = '\0';
    if (line == NULL)
        return;
    if (record->type == REC_EXPECT && expect->column > 0 && expect->column <= bytes) {
        const char *word = line + expect->column - 1;
        size_t word_bytes = 0;
        while (word_bytes < (size_t)(line + bytes - word) && !isspace((unsigned char)word[word_bytes]))
            word_bytes++;
        snprintf(asked, asked_bytes, " %.*s", (int)word_bytes, word);
    }
    const char *done = memchr(line, '{', bytes) != NULL ? text_statement_done(reading, event) : NULL;
    line = statement_on(line, &bytes);
    snprintf(statement, statement_bytes, "%.*s", done != NULL ? (int)strlen(done) : (int)bytes,
        done != NULL ? done : line);
}

static bool add_failure(struct causes *causes, const struct reading *reading, uint64_t event,
    enum failure_kind kind, const struct text_style *style)
{
    const struct record *record = reading_event(reading, event);
    const struct lead lead = lead_of_failure(reading, event);
    char what[64], asked[32], statement[160], words[WORDS_BYTES];
    struct step steps[STEPS_MAX];
    struct cause cause = {
        .what = what, .is_hostile = is_hostile(reading, event), .words = words, .event = event, .times = 1};

    find_statement(reading, event, statement, sizeof statement, asked, sizeof asked);
    snprintf(what, sizeof what, "%s%s",
        kind == FAILURE_EXPECT        ? "expect"
        : kind == FAILURE_NOT_AT_REST ? "rest"
        : kind == FAILURE_DIFFERENCE  ? "model"
                                      : "death",
        asked);
    const char *seen = kind == FAILURE_EXPECT ? record_second_text(record) : record_text(record);
    char where[LINE_NAME_ROOM];
    text_line_name(reading, record->line, where);
    snprintf(words, sizeof words, "%s, %s: %s%.200s", where, statement, kind == FAILURE_EXPECT ? "got " : "",
        seen);
    if (kind == FAILURE_DEATH)
        cause.place = (char *)text_place(reading, event, style);
    else if (kind != FAILURE_DIFFERENCE)
        place_after(&cause, reading, steps, steps_of_failure(reading, lead, steps), style);
    return add(causes, &cause);
}

static bool add_remark(
    struct causes *causes, const struct reading *reading, uint64_t event, const struct text_style *style)
{
    const struct record *record = reading_event(reading, event);
    const struct record_remark *remark = record_payload(record);
    struct cause cause = {
        .class = remark->counts != 0 ? CAUSE_FAILURE : CAUSE_REMARK,
        .what = "remark",
        .place = (char *)text_place(reading, event, style),
        .words = (char *)record_text(record),
        .event = event,
        .times = 1,
    };

    return add(causes, &cause);
}

/* A death that broke an invariant, too, is that one's. */
static bool is_found(const struct findings *findings, uint64_t event)
{
    for (size_t f = 0; f < findings->count; f++)
        if (findings->list[f].cause == event)
            return true;
    return false;
}

static bool add_recorded(struct causes *causes, const struct result *result)
{
    const struct reading *reading = result->reading;
    const bool crash_expected = failures_expected_crash(reading);
    struct findings findings;
    bool good = true;

    findings_collect(reading, &findings);
    for (size_t f = 0; good && f < findings.count; f++)
        good = add_finding(causes, reading, &findings.list[f], &result->style);
    for (uint64_t event = 1; good && event <= reading_events(reading); event++) {
        const enum failure_kind kind = failure_of(reading_event(reading, event), crash_expected);
        if (kind != FAILURE_NONE && (kind != FAILURE_DEATH || !is_found(&findings, event)))
            good = add_failure(causes, reading, event, kind, &result->style);
        else if (reading_event(reading, event)->type == REC_REMARK)
            good = add_remark(causes, reading, event, &result->style);
    }
    return good;
}

/* ---- of anything else --------------------------------------------------------------------------- */

/* Rules that were broken, of what is no scenario: each with how often. */
static bool add_rules(struct causes *causes, const char *rows)
{
    char name[32], words[512];
    uint64_t times;
    int used;

    while (sscanf(rows, "%31s %" SCNu64 " %n", name, &times, &used) == 2) {
        const char *text = rows + used;
        const size_t bytes = strcspn(text, "\n");

        snprintf(words, sizeof words, "%.*s", (int)bytes, text);
        if (!add(causes, &(struct cause){.what = name, .words = words, .times = times > 0 ? times : 1}))
            return false;
        rows = text + bytes + (text[bytes] != '\0');
    }
    return true;
}

/* What the sentence says behind the place in the scenario that it begins with. */
static const char *behind_place(const char *sentence, const char *path)
{
    const size_t bytes = strlen(path);

    if (strncmp(sentence, path, bytes) != 0 || sentence[bytes] != ':')
        return sentence;
    sentence += bytes + 1;
    return sentence + strspn(sentence, "0123456789: ");
}

static bool add_sentence(struct causes *causes, const struct result *result)
{
    const struct cause cause = {
        .class = result->verdict == EXIT_CODE_SKIP ? CAUSE_NOT_RUN : CAUSE_FAILURE,
        .what = (char *)name_of_verdict(result->verdict),
        .words = (char *)behind_place(result->sentence, result->path),
        .times = 1,
    };

    return add(causes, &cause);
}

bool causes_collect(struct causes *causes, const struct result *result)
{
    const bool not_made = result->verdict == EXIT_CODE_ERROR || result->verdict == EXIT_CODE_TIMEOUT;
    bool good = true, any = false;

    assert(result->path != NULL && result->sentence != NULL);
    *causes = (struct causes){0};
    if (result->rows != NULL)
        good = add_rules(causes, result->rows);
    else if (result->reading != NULL)
        good = add_recorded(causes, result);
    for (size_t c = 0; c < causes->count; c++)
        any = any || causes->list[c].class == CAUSE_FAILURE;
    /* A run that could not be made may have a recording of its beginning, which does not say why. */
    if (good && result->verdict != EXIT_CODE_PASS && (!any || (not_made && result->rows == NULL)))
        good = add_sentence(causes, result);
    return good;
}
