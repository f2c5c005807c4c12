/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Results as one JSON document, made by jansson, for programs that need details: each failure with its line and event,
 * each broken invariant with its cause. Each result is a line, written when it comes, so that what was done is there
 * if the job is killed. docs/schema/results.json is its schema.
 */
#include "reports/results.h"

#include <assert.h>
#include <inttypes.h>

#include <stdlib.h>
#include <string.h>

#include "reports/findings.h"
#include "reports/json_value.h"
#include "reports/names.h"
#include "reports/text_event.h"
#include "reports/text_place.h"
#include "reports/text_source.h"

#define RESULTS_VERSION 1

struct json {
    FILE *out;
    size_t written, counts[EXIT_CODES_END]; /* by exit code */
    bool failed;                            /* memory ran out for the value that is being made */
    bool lost;                              /* it did so for one before */
};

static const char *const kinds[] = {[FAILURE_EXPECT] = "expect",
    [FAILURE_NOT_AT_REST] = "no rest",
    [FAILURE_DEATH] = "death",
    [FAILURE_DIFFERENCE] = "difference"};

static void *json_begin(FILE *out, size_t nr_results)
{
    struct json *json = calloc(1, sizeof *json);

    (void)nr_results;
    if (json == NULL)
        return NULL;
    json->out = out;
    fprintf(out, "{\"format\": \"ballast results\", \"version\": %d, \"ballast\": \"%s\", \"results\": [",
        RESULTS_VERSION, BALLAST_VERSION);
    return json;
}

/* The members of a result's objects: what can't be made is remembered until the result is written. */
static void set(struct json *json, json_t *object, const char *key, json_t *value)
{
    json_set(object, key, value, &json->failed);
}

static void set_text(struct json *json, json_t *object, const char *key, const char *text, size_t bytes)
{
    json_set_text(object, key, text, bytes, &json->failed);
}

static void set_word(struct json *json, json_t *object, const char *key, const char *text)
{
    json_set_word(object, key, text, &json->failed);
}

static void set_number(struct json *json, json_t *object, const char *key, uint64_t number)
{
    json_set_number(object, key, number, &json->failed);
}

static void append(struct json *json, json_t *array, json_t *value)
{
    json_append(array, value, &json->failed);
}

static bool write_result(struct json *json, json_t *object)
{
    const bool whole = json_write_line(json->out, json->written == 0 ? "\n" : ",\n", object, json->failed);

    fflush(json->out);
    json->written += whole;
    json->lost = json->lost || !whole;
    json->failed = false;
    return whole;
}

/* The members that failures and violations have in common: event, time, line, domain, place, callers. */
static json_t *happening(
    struct json *json, const struct result *result, uint64_t event, uint64_t cause, uint32_t line)
{
    const struct record *record = reading_event(result->reading, event);
    const char *place = text_place(result->reading, cause, &result->style);
    json_t *object = json_object();

    set_number(json, object, "event", event);
    set_number(json, object, "time_ns", record->time_ns);
    json_set_line(object, result->reading, line, &json->failed);
    set_word(json, object, "domain", reading_domain_name(result->reading, record->domid));
    if (place == NULL)
        place = text_place(result->reading, event, &result->style);
    else
        json_set_callers(object, text_place_callers(result->reading, cause, &result->style), &json->failed);
    if (place != NULL)
        set_word(json, object, "place", place);
    return object;
}

/* ---- failures --------------------------------------------------------------------------------- */

static json_t *failure(struct json *json, const struct result *result, uint64_t event, enum failure_kind kind)
{
    const struct record *record = reading_event(result->reading, event);
    const struct record_expect *expect = record_payload(record);
    json_t *object = happening(json, result, event, event, record->line);
    size_t bytes;
    const char *line = text_line(result->reading, record->line, &bytes);

    assert(kind != FAILURE_NONE);
    set_word(json, object, "kind", kinds[kind]);
    if (line != NULL)
        set_text(json, object, "statement", line, bytes);
    if (kind == FAILURE_EXPECT) {
        set_number(json, object, "column", expect->column);
        set_number(json, object, "length", expect->length);
        set_word(json, object, "wanted", record_text(record));
        set_word(json, object, "seen", record_second_text(record));
    } else
        set_word(json, object, "seen", record_text(record));
    return object;
}

static json_t *failures(struct json *json, const struct result *result)
{
    const bool crash_expected = failures_expected_crash(result->reading);
    json_t *array = json_array();

    for (uint64_t event = 1; event <= reading_events(result->reading); event++) {
        const enum failure_kind kind = failure_of(reading_event(result->reading, event), crash_expected);
        if (kind != FAILURE_NONE)
            append(json, array, failure(json, result, event, kind));
    }
    return array;
}

/* ---- invariants ------------------------------------------------------------------------------- */

static json_t *violation(struct json *json, const struct result *result, const struct finding *finding)
{
    const struct record *record = reading_event(result->reading, finding->event);
    const struct record_violation *violation = record_payload(record);
    /* At rest a wait is in charge: of several commands before it, the cause's line is that of the one that counts. */
    const uint32_t line = reading_event(result->reading, finding->cause)->line;
    json_t *object = happening(
        json, result, finding->event, text_place_of_finding(result->reading, finding, &result->style), line);
    char room[NAME_ROOM], *cause = NULL;
    size_t cause_bytes;
    FILE *memory = open_memstream(&cause, &cause_bytes);

    set_word(json, object, "invariant", name_of_invariant(violation->invariant, room));
    set_word(json, object, "text", record_text(record));
    set_number(json, object, "times", finding->times);
    set(json, object, "at_rest", json_boolean(finding->at_rest));
    set_number(json, object, "cause_event", finding->cause);
    if (memory != NULL) {
        text_describe(memory, result->reading, finding->cause);
        if (fclose(memory) == 0)
            set_text(json, object, "cause", cause, cause_bytes);
    }
    json->failed = json->failed || cause == NULL;
    free(cause);
    return object;
}

static json_t *violations(struct json *json, const struct result *result)
{
    struct findings findings;
    json_t *array = json_array();

    findings_collect(result->reading, &findings);
    for (size_t f = 0; f < findings.count; f++)
        append(json, array, violation(json, result, &findings.list[f]));
    return array;
}

static json_t *invariants(struct json *json, const struct result *result)
{
    json_t *array = json_array();
    char room[NAME_ROOM];

    for (uint64_t event = 1; event <= reading_events(result->reading); event++) {
        const struct record *record = reading_event(result->reading, event);
        const struct record_checked *checked = record_payload(record);
        if (record->type != REC_CHECKED)
            continue;
        json_t *object = json_object();
        set_word(json, object, "name", name_of_invariant(checked->invariant, room));
        set_number(json, object, "asked", checked->asked);
        set_number(json, object, "broken", checked->broken);
        append(json, array, object);
    }
    return array;
}

/* ---- remarks ---------------------------------------------------------------------------------- */

static json_t *remarks(struct json *json, const struct result *result)
{
    static const char *const about[] = {[REMARK_CUT] = "cut",
        [REMARK_NEVER] = "never",
        [REMARK_NO_REST] = "no rest",
        [REMARK_COSTLY] = "costly",
        [REMARK_OFFLINE] = "offline"};
    json_t *array = json_array();

    for (uint64_t event = 1; event <= reading_events(result->reading); event++) {
        const struct record *record = reading_event(result->reading, event);
        const struct record_remark *remark = record_payload(record);
        if (record->type != REC_REMARK)
            continue;
        json_t *object = json_object();
        set_word(json, object, "about",
            remark->about < sizeof about / sizeof about[0] && about[remark->about] != NULL
                ? about[remark->about]
                : "other");
        set_number(json, object, "event", event);
        json_set_line(object, result->reading, record->line, &json->failed);
        set_number(json, object, "column", remark->column);
        set_number(json, object, "length", remark->length);
        set(json, object, "counts", json_boolean(remark->counts != 0));
        set_word(json, object, "text", record_text(record));
        append(json, array, object);
    }
    return array;
}

/* ---- the whole -------------------------------------------------------------------------------- */

static void set_recorded(struct json *json, json_t *object, const struct result *result)
{
    const struct recording_head *head = reading_head(result->reading);
    const struct record_value *end =
        record_payload(reading_event(result->reading, reading_events(result->reading)));
    char seed[24], schedule_seed[24], sum[24];

    snprintf(seed, sizeof seed, "%" PRIu64, head->seed);
    snprintf(sum, sizeof sum, "%016" PRIx64, end->value);
    set_word(json, object, "backend", head->backend);
    set_word(json, object, "seed", seed); /* a number of 64 bits would be rounded by most readers */
    if (reading_schedule_seed(result->reading) != 0) {
        snprintf(schedule_seed, sizeof schedule_seed, "%" PRIu64, reading_schedule_seed(result->reading));
        set_word(json, object, "schedule_seed", schedule_seed);
    }
    set_word(json, object, "sum", sum);
    set_number(json, object, "events", reading_events(result->reading));
    set_number(json, object, "time_ns", result_time_ns(result));
    set(json, object, "failures", failures(json, result));
    set(json, object, "violations", violations(json, result));
    set(json, object, "invariants", invariants(json, result));
    set(json, object, "remarks", remarks(json, result));
}

static bool json_add(void *state, const struct result *result)
{
    struct json *json = state;
    json_t *object = json_object();
    char *text = result_text(result), *judged = result_judged(result);

    assert(result->verdict >= 0 && result->verdict < EXIT_CODES_END);
    char *path = clean_name(result->path);

    set(json, object, "path", path != NULL ? json_string(path) : NULL);
    free(path);
    set_word(json, object, "verdict", name_of_verdict(result->verdict));
    set_number(json, object, "exit_code", (uint64_t)result->verdict);
    set(json, object, "text", text != NULL ? json_string(text) : NULL);
    if (judged == NULL)
        json->failed = true;
    else if (judged[0] != '\0')
        set_word(json, object, "judged", judged);
    if (result->reading != NULL)
        set_recorded(json, object, result);
    free(judged);
    free(text);
    if (!write_result(json, object))
        return false;
    json->counts[result->verdict]++;
    return true;
}

static bool json_end(void *state)
{
    struct json *json = state;
    const bool whole = !json->lost;
    const char *before = "\n],\n\"counts\": {";

    for (int verdict = 0; verdict < EXIT_CODES_END; verdict++)
        if (verdict == 0 || (verdict >= 3 && verdict != EXIT_CODE_BUILD)) {
            fprintf(json->out, "%s\"%s\": %zu", before, name_of_verdict(verdict), json->counts[verdict]);
            before = ", ";
        }
    fputs("}}\n", json->out);
    free(json);
    return whole;
}

const struct results_format results_json = {"json", json_begin, json_add, json_end, true};
