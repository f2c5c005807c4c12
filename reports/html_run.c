/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The page of one run. Its data are tables by column, so that a hundred thousand events stay small: members t, d, k and l of
 * element `events` are time, domain, kind and line of event i + 1, from i = 0. reports/html/run/data.js reads them.
 */
#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <xen/xen.h>

#include "reports/html.h"
#include "reports/html_assets.h"
#include "reports/html_causes.h"
#include "reports/html_map.h"
#include "reports/html_pieces.h"
#include "reports/html_text.h"
#include "reports/marks.h"
#include "reports/names.h"
#include "reports/results.h"
#include "reports/series.h"

#define HTML_VERSION 1

struct page {
    FILE *out;
    const struct reading *reading;
    const struct text_style *style;
    const struct html_page *of;
    struct run_series run;
    bool failed;
};

static void separate(FILE *out, uint64_t index)
{
    if (index > 0)
        fputc(',', out);
}

/* ---- events by column ------------------------------------------------------------------------- */

/* The domain of that number that was built last; -1: none, or the host. */
static int domain_index(const struct page *page, unsigned domid)
{
    for (size_t d = page->run.nr_domains; d-- > 0;)
        if (page->run.domains[d].domid == domid)
            return (int)d;
    return -1;
}

static void write_numbers(
    struct page *page, const char *name, uint64_t number(const struct record *), const char *behind)
{
    fprintf(page->out, "\"%s\":[", name);
    for (uint64_t event = 1; event <= reading_events(page->reading); event++) {
        separate(page->out, event - 1);
        fprintf(page->out, "%" PRIu64, number(reading_event(page->reading, event)));
    }
    fprintf(page->out, "]%s\n", behind);
}

static uint64_t time_of(const struct record *record)
{
    return record->time_ns;
}

static uint64_t kind_of(const struct record *record)
{
    return record->type;
}

static uint64_t line_of(const struct record *record)
{
    return record->line;
}

static void write_domains_of_events(struct page *page)
{
    fputs("\"d\":[", page->out);
    for (uint64_t event = 1; event <= reading_events(page->reading); event++) {
        separate(page->out, event - 1);
        fprintf(page->out, "%d", domain_index(page, reading_event(page->reading, event)->domid));
    }
    fputs("],\n", page->out);
}

/* In an element of its own, so that a page with many events reads its data in steps. */
static void write_events(struct page *page)
{
    html_data_begin(page->out, "events");
    fputs("{", page->out);
    write_domains_of_events(page);
    write_numbers(page, "t", time_of, ",");
    write_numbers(page, "k", kind_of, ",");
    write_numbers(page, "l", line_of, "}");
    html_data_end(page->out);
}

static void write_kinds(struct page *page)
{
    fputs("\"kinds\":[", page->out);
    for (uint16_t type = 0; type < NR_RECORD_TYPES; type++) {
        separate(page->out, type);
        html_json_word(page->out, name_of_record(type), &page->failed);
    }
    fputs("],\n", page->out);
}

/* ---- domains over time ------------------------------------------------------------------------ */

static void write_series(struct page *page, const char *name, const struct series *series)
{
    fprintf(page->out, "\"%s\":[", name);
    for (size_t i = 0; i < series->count; i++) {
        separate(page->out, i);
        fprintf(page->out, "%" PRIu64 ",%" PRIu64, series->steps[i].event, series->steps[i].pages);
    }
    fputs("],\n", page->out);
}

static void write_marks(struct page *page, unsigned domid)
{
    struct marks marks;

    page->failed = !marks_read(&marks, page->reading, domid) || page->failed;
    fputs("\"marks\":[", page->out);
    for (size_t m = 0; m < marks.count; m++) {
        separate(page->out, m);
        fprintf(page->out, "%" PRIu64 ",\"%s\"", marks.list[m].event, mark_word(marks.list[m].kind));
    }
    fputs("]", page->out);
    marks_free(&marks);
}

static void write_domains(struct page *page)
{
    fputs("\"domains\":[", page->out);
    for (size_t d = 0; d < page->run.nr_domains; d++) {
        const struct domain_series *domain = &page->run.domains[d];
        separate(page->out, d);
        fputs("{\"name\":", page->out);
        html_json_word(page->out, reading_domain_name(page->reading, domain->domid), &page->failed);
        fprintf(page->out, ",\"domid\":%u,\n", domain->domid);
        write_series(page, "reservation", &domain->of[QUANTITY_RESERVATION]);
        write_series(page, "target", &domain->of[QUANTITY_TARGET]);
        write_series(page, "maximum", &domain->of[QUANTITY_MAXIMUM]);
        html_map(page->out, page->reading, domain->domid, &page->failed);
        write_marks(page, domain->domid);
        fputs("}", page->out);
    }
    fputs("],\n", page->out);
}

static void write_host(struct page *page)
{
    uint64_t last = UINT64_MAX;
    const char *before = "";

    fputs("\"hostFree\":[", page->out);
    for (uint64_t event = 1; event <= reading_events(page->reading); event++) {
        const struct record *record = reading_event(page->reading, event);
        const struct record_hypercall *call = record_payload(record);
        if (record->type != REC_HYPERCALL || call->host_free_pages == last)
            continue;
        last = call->host_free_pages;
        fprintf(page->out, "%s%" PRIu64 ",%" PRIu64, before, event, last);
        before = ",";
    }
    fputs("],\n", page->out);
}

/* ---- the verdict ------------------------------------------------------------------------------ */

static void write_invariants(struct page *page)
{
    const char *before = "";

    fputs("\"invariants\":[", page->out);
    for (uint64_t event = 1; event <= reading_events(page->reading); event++) {
        const struct record *record = reading_event(page->reading, event);
        const struct record_checked *checked = record_payload(record);
        char room[NAME_ROOM];
        if (record->type != REC_CHECKED)
            continue;
        fprintf(page->out, "%s{\"name\":", before);
        html_json_word(page->out, name_of_invariant(checked->invariant, room), &page->failed);
        fprintf(page->out, ",\"asked\":%" PRIu64 ",\"broken\":%" PRIu64 "}", checked->asked, checked->broken);
        before = ",";
    }
    fputs("],\n", page->out);
}

static void write_head(struct page *page)
{
    const struct recording_head *head = reading_head(page->reading);
    const struct result result = {.path = page->style->path,
        .verdict = page->of->verdict,
        .sentence = page->of->sentence != NULL ? page->of->sentence : "",
        .reading = page->reading,
        .style = *page->style};
    char *judged = result_judged(&result), *text = result_text(&result);
    size_t bytes;
    const char *scenario = reading_scenario(page->reading, &bytes);

    fprintf(page->out, "{\"version\":%d,\"ballast\":\"%s\",\"backend\":", HTML_VERSION, BALLAST_VERSION);
    html_json_word(page->out, head->backend, &page->failed);
    fprintf(page->out,
        ",\"seed\":\"%" PRIu64 "\",\"scheduleSeed\":\"%" PRIu64 "\",\"verdict\":\"%s\",\n\"path\":",
        head->seed, reading_schedule_seed(page->reading), name_of_verdict(result.verdict));
    html_json_word(page->out, page->style->path, &page->failed);
    fputs(",\"index\":", page->out);
    html_json_word(page->out, page->of->index, &page->failed);
    fputs(",\"command\":", page->out);
    html_json_word(page->out, page->style->command, &page->failed);
    fputs(",\"judged\":", page->out);
    html_json_word(page->out, judged, &page->failed);
    fputs(",\n\"text\":", page->out);
    html_json_word(page->out, text, &page->failed);
    fputs(",\n\"scenario\":", page->out);
    html_json_text(page->out, scenario, bytes, &page->failed);
    fprintf(page->out, ",\n\"end\":%" PRIu64 ",\n", page->run.end_ns);
    page->failed = page->failed || judged == NULL || text == NULL;
    free(judged);
    free(text);
}

bool html_run(FILE *out, const struct html_page *of)
{
    struct page page = {.out = out, .reading = of->reading, .style = of->style, .of = of};

    const struct html_script script = HTML_SCRIPT(run);

    assert(of->style != NULL && of->style->path != NULL);
    page.failed = !run_series_read_every(&page.run, of->reading);
    html_begin(out, of->style->path, &script, &page.failed);
    html_data_begin(out, "data");
    write_head(&page);
    html_causes(out, of, &page.failed);
    fputs(",\n", out);
    write_invariants(&page);
    write_domains(&page);
    write_host(&page);
    write_kinds(&page);
    fprintf(out, "\"piece\":%u}", HTML_PIECE_EVENTS);
    html_data_end(out);
    write_events(&page);
    page.failed = !html_pieces(out, of->reading, of->style) || page.failed;
    html_end(out, &script);
    run_series_free(&page.run);
    return !page.failed;
}
