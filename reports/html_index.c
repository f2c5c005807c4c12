/* SPDX-License-Identifier: BSD-2-Clause */
/* The index page: what each run came to and why. reports/html/index.js groups the runs by their causes. */
#include <inttypes.h>

#include "reports/html_assets.h"
#include "reports/html_causes.h"
#include "reports/html_text.h"
#include "reports/measures.h"
#include "reports/names.h"

/* Which kernel the first guest has, and what the run took. */
static void write_measures(FILE *out, const struct html_page *page, bool *failed)
{
    const struct reading *reading = page->reading;
    const struct record *record;
    const char *kernel = "";
    struct measures counted;

    for (uint64_t event = 1; *kernel == 0 && (record = reading_event(reading, event)) != NULL; event++)
        if (record->type == REC_DOMAIN && record->domid != 0)
            kernel = ((const struct record_domain *)record_payload(record))->kernel;
    fputs("\"kernel\":", out);
    html_json_word(out, kernel, failed);
    fputs(",\"took\":", out);
    if (page->took != NULL)
        measures_write_values(out, page->took);
    else if (measures_take(reading, &counted))
        measures_write_values(out, &counted);
    else
        *failed = true;
    fputc(',', out);
}

bool html_index_add(FILE *out, const struct html_page *page, size_t index)
{
    const struct reading *reading = page->reading;
    bool failed = false;

    fprintf(out, "%s{\"verdict\":\"%s\",\"file\":", index > 0 ? ",\n" : "", name_of_verdict(page->verdict));
    html_json_word(out, page->name, &failed);
    fputs(",\"path\":", out);
    html_json_word(out, page->style->path, &failed);
    fputs(",\"sentence\":", out);
    html_json_word(out, page->sentence, &failed);
    if (reading != NULL) {
        fprintf(out,
            ",\"events\":%" PRIu64 ",\"seed\":\"%" PRIu64 "\",\"scheduleSeed\":\"%" PRIu64
            "\",\"end\":%" PRIu64 ",",
            reading_events(reading), reading_head(reading)->seed, reading_schedule_seed(reading),
            reading_event(reading, reading_events(reading))->time_ns);
        write_measures(out, page, &failed);
        html_causes(out, page, &failed);
    } else
        fputs(",\"events\":0,\"seed\":\"1\",\"scheduleSeed\":\"0\",\"end\":0,\"kernel\":\"\",\"took\":[],"
              "\"findings\":[],\"failures\":[]",
            out);
    fputs("}", out);
    return !failed;
}

bool html_index_begin(FILE *out)
{
    const struct html_script script = HTML_SCRIPT(index);
    bool failed = false;

    html_begin(out, "Ballast: runs", &script, &failed);
    html_data_begin(out, "data");
    fputs("{\"columns\":", out);
    measures_write_heads(out);
    fputs(",\"runs\":[\n", out);
    return !failed;
}

void html_index_end(FILE *out)
{
    const struct html_script script = HTML_SCRIPT(index);

    fputs("]}", out);
    html_data_end(out);
    html_end(out, &script);
}
