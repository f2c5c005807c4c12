/* SPDX-License-Identifier: BSD-2-Clause */
/* The index page: what each run came to and why. reports/html/index.js groups the runs by their causes. */
#include <inttypes.h>
#include <stdlib.h>

#include "reports/findings.h"
#include "reports/html.h"
#include "reports/html_assets.h"
#include "reports/html_text.h"
#include "reports/names.h"
#include "reports/text_event.h"
#include "reports/text_place.h"

struct causes {
    FILE *out;
    const struct html_page *page;
    const char *before;
    bool failed;
};

static void write_cause(
    struct causes *causes, const char *what, const char *place, const char *text, uint64_t event)
{
    fprintf(causes->out, "%s{\"event\":%" PRIu64 ",\"what\":", causes->before, event);
    html_json_word(causes->out, what, &causes->failed);
    fputs(",\"place\":", causes->out);
    html_json_word(causes->out, place, &causes->failed);
    fputs(",\"text\":", causes->out);
    html_json_word(causes->out, text, &causes->failed);
    fputs("}", causes->out);
    causes->before = ",";
}

static void write_findings(struct causes *causes)
{
    const struct reading *reading = causes->page->reading;
    struct findings findings;
    char room[NAME_ROOM];

    findings_collect(reading, &findings);
    for (size_t f = 0; f < findings.count; f++) {
        const struct record *record = reading_event(reading, findings.list[f].event);
        const struct record_violation *violation = record_payload(record);
        const uint64_t placed = text_place_of_finding(reading, &findings.list[f], causes->page->style);
        write_cause(causes, name_of_invariant(violation->invariant, room),
            text_place(reading, placed, causes->page->style), record_text(record), placed);
    }
}

/* What fails without a broken invariant: an expectation, a death, no rest. */
static void write_failures(struct causes *causes)
{
    static const char *const kinds[] = {[FAILURE_EXPECT] = "expect",
        [FAILURE_NOT_AT_REST] = "no rest",
        [FAILURE_DEATH] = "death",
        [FAILURE_DIFFERENCE] = "model and real Xen differ"};
    const struct reading *reading = causes->page->reading;
    const bool crash_expected = failures_expected_crash(reading);

    for (uint64_t event = 1; event <= reading_events(reading); event++) {
        const enum failure_kind kind = failure_of(reading_event(reading, event), crash_expected);
        char *text = NULL;
        size_t bytes;
        if (kind == FAILURE_NONE)
            continue;
        FILE *memory = open_memstream(&text, &bytes);
        if (memory != NULL) {
            text_describe(memory, reading, event);
            fclose(memory);
        }
        causes->failed = causes->failed || text == NULL;
        write_cause(causes, kinds[kind], text_place(reading, event, causes->page->style), text, event);
        free(text);
    }
}

static void write_recording(struct causes *causes)
{
    const struct reading *reading = causes->page->reading;

    fprintf(causes->out,
        ",\"events\":%" PRIu64 ",\"seed\":\"%" PRIu64 "\",\"scheduleSeed\":\"%" PRIu64 "\",\"end\":%" PRIu64
        ",\"causes\":[",
        reading_events(reading), reading_head(reading)->seed, reading_schedule_seed(reading),
        reading_event(reading, reading_events(reading))->time_ns);
    write_findings(causes);
    write_failures(causes);
}

bool html_index_add(FILE *out, const struct html_page *page, size_t index)
{
    struct causes causes = {.out = out, .page = page, .before = ""};

    fprintf(out, "%s{\"verdict\":\"%s\",\"file\":", index > 0 ? ",\n" : "", name_of_verdict(page->verdict));
    html_json_word(out, page->name, &causes.failed);
    fputs(",\"path\":", out);
    html_json_word(out, page->style->path, &causes.failed);
    fputs(",\"sentence\":", out);
    html_json_word(out, page->sentence, &causes.failed);
    if (page->reading != NULL)
        write_recording(&causes);
    else
        fputs(",\"events\":0,\"seed\":\"1\",\"scheduleSeed\":\"0\",\"end\":0,\"causes\":[", out);
    fputs("]}", out);
    return !causes.failed;
}

bool html_index_begin(FILE *out)
{
    const struct html_script script = HTML_SCRIPT(index);
    bool failed = false;

    html_begin(out, "Ballast: runs", &script, &failed);
    html_data_begin(out, "data");
    fputs("{\"runs\":[\n", out);
    return !failed;
}

void html_index_end(FILE *out)
{
    const struct html_script script = HTML_SCRIPT(index);

    fputs("]}", out);
    html_data_end(out);
    html_end(out, &script);
}
