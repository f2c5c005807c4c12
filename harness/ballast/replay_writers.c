/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text for a terminal, or a format for programs: a row in the table below for each. What a run leaves is read from its
 * recording; one without a recording has its sentence.
 */
#include "harness/ballast/replay_writers.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "harness/ballast/places_file.h"
#include "harness/ballast/stderr_line.h"
#include "harness/ballast/terminal.h"
#include "reports/text_clean.h"
#include "reports/text_console.h"
#include "reports/text_event.h"
#include "reports/text_failures.h"
#include "reports/text_picture.h"
#include "reports/text_style.h"

#define PICTURE_ROWS 16u
#define EVENTS_SHOWN 10u /* how many events --until shows, the one that it names being the last */

/* ---- text --------------------------------------------------------------------------------------- */

/* A guest may have had a part in it: none of its lines looks like another file's verdict. */
static void text_sentence(FILE *out, const char *sentence)
{
    while (*sentence != 0) {
        const size_t bytes = strcspn(sentence, "\n");
        fprintf(out, "%s%.*s\n", verdicts_name_bytes(sentence) > 0 ? "  " : "", (int)bytes, sentence);
        sentence += bytes + (sentence[bytes] == '\n');
    }
}

static void text_without_recording(
    FILE *out, const struct writing *w, const char *path, const struct outcome *outcome)
{
    fprintf(out, "%-7s ", verdict_name(outcome->verdict));
    text_clean_bytes(out, path, strlen(path));
    if (w->judged != NULL && w->judged[0] != 0 && outcome->verdict >= VERDICT_FAIL)
        fprintf(out, "  (%s)", w->judged);
    fputc('\n', out);
    text_sentence(out, schedules_sentence(w->schedules));
    text_sentence(out, outcome->sentence);
}

static void text_until(
    FILE *out, const struct reading *reading, const struct text_style *style, uint64_t until)
{
    const uint64_t last = until < reading_events(reading) ? until : reading_events(reading);

    if (until > last)
        fprintf(out, "  --until %" PRIu64 ": the run has only %" PRIu64 " events\n", until, last);
    for (uint64_t event = last > EVENTS_SHOWN ? last - EVENTS_SHOWN + 1 : 1; event <= last; event++)
        text_event(out, reading, event, style);
}

static void draw_picture(FILE *out, const struct reading *reading)
{
    const struct terminal terminal = terminal_of(stdout);

    text_picture(out, reading,
        &(struct picture_paper){.columns = terminal.columns, .rows = PICTURE_ROWS, .ascii = terminal.ascii});
}

static void text_with_recording(FILE *out, struct writing *w, const char *path, const struct outcome *outcome,
    const struct reading *reading)
{
    struct event_places places;
    struct text_style style = {.path = path, .command = w->command};

    if (event_places_read(&places, outcome->places, outcome->places_bytes))
        event_places_style(&style, &places);
    else
        w->unwritten = true;
    text_verdict_line(out, reading, &style);
    text_sentence(out, schedules_sentence(w->schedules));
    text_sentence(out, outcome->sentence);
    text_failures(out, reading, &style);
    text_remarks(out, reading, &style);
    if (w->options->run.until_event != 0)
        text_until(out, reading, &style, w->options->run.until_event);
    if ((w->options->show & SHOW_LOG) != 0)
        text_console(out, reading, NULL, NULL);
    if ((w->options->show & SHOW_PICTURE) != 0)
        draw_picture(out, reading);
    event_places_free(&places);
}

static void text_compose(FILE *out, struct writing *w, const char *path, const struct outcome *outcome)
{
    char error[256];
    struct reading *reading = NULL;

    if (outcome->recording != NULL && outcome->verdict != VERDICT_SKIP)
        reading = reading_open(outcome->recording, outcome->recording_bytes, error, sizeof error);
    if (reading != NULL)
        text_with_recording(out, w, path, outcome, reading);
    else
        text_without_recording(out, w, path, outcome);
    if (outcome->recording != NULL && outcome->verdict != VERDICT_SKIP && reading == NULL) {
        fprintf(out, "  its recording can't be read: %s\n", error);
        w->unwritten = true;
    }
    reading_close(reading);
}

/* Names, sentences and places may hold anything: what a terminal would obey is escaped here, for all of them. */
static void text_write(struct writing *w, const char *path, const struct outcome *outcome)
{
    char *text = NULL;
    size_t bytes;

    if (w->options->quiet && outcome->verdict == VERDICT_PASS)
        return;
    FILE *out = open_memstream(&text, &bytes);
    if (out != NULL)
        text_compose(out, w, path, outcome);
    if (out != NULL && fclose(out) == 0)
        text_clean_lines(stdout, text, bytes);
    else
        w->unwritten = true;
    free(text);
    fflush(stdout);
}

static void text_end(struct writing *w)
{
    const struct verdict_counts *counts = &w->counts;
    const struct {
        unsigned count;
        enum verdict verdict;
    } rows[] = {
        {counts->pass, VERDICT_PASS},
        {counts->skip, VERDICT_SKIP},
        {counts->error, VERDICT_ERROR},
        {counts->fail, VERDICT_FAIL},
        {counts->crash, VERDICT_CRASH},
        {counts->timeout, VERDICT_TIMEOUT},
        {counts->cut, VERDICT_CUT},
    };
    const char *between = ": ";

    if (w->options->quiet || w->options->nr_files < 2 || w->nr_results == 0)
        return;
    printf("%zu scenario%s", w->nr_results, w->nr_results == 1 ? "" : "s");
    for (size_t r = 0; r < sizeof rows / sizeof rows[0]; r++) {
        if (rows[r].count == 0)
            continue;
        printf("%s%u %s", between, rows[r].count, verdict_name(rows[r].verdict));
        between = ", ";
    }
    if (w->options->schedules != 0)
        printf("; each under %u seeds of a schedule, too", w->options->schedules);
    if (w->options->run.on != ON_SIM)
        printf("; %" PRIu64 " hypercalls answered by both, %" PRIu64 " differences", w->hypercalls,
            w->differences);
    printf("\n");
}

/* ---- for programs ------------------------------------------------------------------------------- */

static void format_write(struct writing *w, const char *path, const struct outcome *outcome)
{
    char error[256], sentence[2600];
    struct event_places places;
    struct result result = {.path = path,
        .verdict = (int)outcome->verdict,
        .sentence = outcome->sentence != NULL ? outcome->sentence : "",
        .rows = outcome->rows,
        .wall_ms = outcome->wall_ms,
        .schedules = schedules_sentence(w->schedules),
        .style = {.path = path, .command = w->command}};

    if (outcome->verdict >= VERDICT_FAIL)
        result.style.judged = w->judged;

    if (outcome->recording != NULL && outcome->verdict != VERDICT_SKIP) {
        result.reading = reading_open(outcome->recording, outcome->recording_bytes, error, sizeof error);
        if (result.reading == NULL) {
            snprintf(
                sentence, sizeof sentence, "%s\nits recording can't be read: %s", result.sentence, error);
            result.sentence = sentence + (sentence[0] == '\n');
            w->unwritten = true;
        }
    }
    if (event_places_read(&places, outcome->places, outcome->places_bytes))
        event_places_style(&result.style, &places);
    else
        w->unwritten = true;
    if (!w->writer->format->add(w->state, &result))
        w->unwritten = true;
    event_places_free(&places);
    reading_close((struct reading *)result.reading);
}

static void format_end(struct writing *w)
{
    if (!w->writer->format->end(w->state))
        w->unwritten = true;
}

static const struct writer writers[] = {
    {"text", text_write, text_end, NULL},
    {"json", format_write, format_end, &results_json},
    {"junit", format_write, format_end, &results_junit},
    {"tap", format_write, format_end, &results_tap},
    {"table", format_write, format_end, &results_table},
    {"causes", format_write, format_end, &results_causes},
};
#define NR_WRITERS (sizeof writers / sizeof writers[0])

const struct writer *writer_find(const char *name)
{
    if (name == NULL)
        return &writers[0];
    for (size_t w = 0; w < NR_WRITERS; w++)
        if (strcmp(writers[w].name, name) == 0)
            return &writers[w];
    char known[128] = "";
    for (size_t w = 0; w < NR_WRITERS; w++) {
        const size_t end = strlen(known);
        snprintf(known + end, sizeof known - end, "%s%s", w == 0 ? "" : ", ", writers[w].name);
    }
    stderr_line("--format %s: there is %s", name, known);
    return NULL;
}
