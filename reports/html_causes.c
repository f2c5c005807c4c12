/* SPDX-License-Identifier: BSD-2-Clause */
/* Each is an object: the event at which it was seen, the cause that it leads to, and what the driver did last before. */
#include "reports/html_causes.h"

#include <inttypes.h>
#include <stdlib.h>

#include "reports/findings.h"
#include "reports/html_text.h"
#include "reports/leads.h"
#include "reports/names.h"
#include "reports/text_event.h"
#include "reports/text_place.h"

struct causes {
    FILE *out;
    const struct reading *reading;
    const struct text_style *style;
    bool failed;
};

static void write_word(struct causes *causes, const char *name, const char *text)
{
    fprintf(causes->out, ",\"%s\":", name);
    html_json_word(causes->out, text, &causes->failed);
}

static void write_steps(struct causes *causes, const struct step *steps, size_t count)
{
    fputs(",\"steps\":[", causes->out);
    for (size_t s = 0; s < count; s++) {
        fprintf(causes->out, "%s{\"event\":%" PRIu64, s > 0 ? "," : "", steps[s].lead.event);
        write_word(causes, "what", steps[s].what);
        write_word(causes, "place", text_place(causes->reading, steps[s].lead.event, causes->style));
        fputs("}", causes->out);
    }
    fputs("]}", causes->out);
}

static void write_findings(struct causes *causes)
{
    struct findings findings;
    struct step steps[STEPS_MAX];
    char room[NAME_ROOM];

    findings_collect(causes->reading, &findings);
    fputs("\"findings\":[", causes->out);
    for (size_t f = 0; f < findings.count; f++) {
        const struct finding *finding = &findings.list[f];
        const struct record *record = reading_event(causes->reading, finding->event);
        const struct record_violation *violation = record_payload(record);
        const size_t count = steps_of_finding(causes->reading, finding, steps);
        const uint64_t cause = text_place_of_finding(causes->reading, finding, causes->style);
        fprintf(causes->out, "%s{\"event\":%" PRIu64 ",\"cause\":%" PRIu64 ",\"times\":%" PRIu64,
            f > 0 ? ",\n" : "", finding->event, cause, finding->times);
        write_word(causes, "what", name_of_invariant(violation->invariant, room));
        write_word(causes, "text", record_text(record));
        write_word(causes, "place", text_place(causes->reading, cause, causes->style));
        write_steps(causes, steps, count);
    }
    fputs("],\n", causes->out);
}

static void write_description(struct causes *causes, uint64_t event)
{
    char *text = text_description(causes->reading, event);

    causes->failed = causes->failed || text == NULL;
    write_word(causes, "text", text);
    free(text);
}

/* An expectation, a death, no rest, a difference. */
static void write_failures(struct causes *causes)
{
    static const char *const kinds[] = {[FAILURE_EXPECT] = "expect",
        [FAILURE_NOT_AT_REST] = "no rest",
        [FAILURE_DEATH] = "death",
        [FAILURE_DIFFERENCE] = "model and real Xen differ"};
    const bool crash_expected = failures_expected_crash(causes->reading);
    struct step steps[STEPS_MAX];
    const char *before = "";

    fputs("\"failures\":[", causes->out);
    for (uint64_t event = 1; event <= reading_events(causes->reading); event++) {
        const enum failure_kind kind = failure_of(reading_event(causes->reading, event), crash_expected);
        if (kind == FAILURE_NONE)
            continue;
        const size_t count =
            steps_of_failure(causes->reading, lead_of_failure(causes->reading, event), steps);
        fprintf(causes->out, "%s{\"event\":%" PRIu64, before, event);
        write_word(causes, "what", kinds[kind]);
        write_description(causes, event);
        write_word(causes, "place", text_place(causes->reading, event, causes->style));
        write_steps(causes, steps, count);
        before = ",\n";
    }
    fputs("]", causes->out);
}

void html_causes(FILE *out, const struct html_page *page, bool *failed)
{
    struct causes causes = {.out = out, .reading = page->reading, .style = page->style};

    write_findings(&causes);
    write_failures(&causes);
    *failed = *failed || causes.failed;
}
