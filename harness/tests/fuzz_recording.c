/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzes the reader of recordings. The input is opened twice: as it is, and with its head, end and checksum
 * corrected, which lets the reader come to the records. What it opens, each writer has to print.
 */
#include "reports/events.h"
#include "reports/html.h"
#include "reports/text_console.h"
#include "reports/text_event.h"
#include "reports/text_failures.h"
#include "reports/text_picture.h"
#include "reports/text_style.h"
#include "reports/trace.h"

#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

#define FUZZ_BYTES_MAX (64u << 10)

/* An assertion that also holds in builds without assert(). */
static void must(bool truth)
{
    if (!truth)
        abort();
}

static const char *some_place(void *context, uint64_t event)
{
    (void)context;
    return event % 2 == 0 ? "balloon.c:1 (f)" : NULL;
}

static void print_all(FILE *out, const struct reading *reading)
{
    struct text_style style = {.path = "a file.scn", .place = some_place};
    uint64_t event;

    text_verdict_line(out, reading, &style);
    text_failures(out, reading, &style);
    for (event = 0; event <= reading_events(reading) + 1; event++)
        text_event(out, reading, event, &style);
    const struct event_choice all = {.frames = true};
    events_print_text(out, reading, &all, &style);
    must(events_print_json(out, reading, &all, &style));
    const struct html_page page = {.reading = reading, .style = &style, .name = "a.html"};
    must(html_run(out, &page) && html_index_begin(out) && html_index_add(out, &page, 0));
    html_index_end(out);
    must(trace_print(out, reading, &style));
    text_console(out, reading, NULL, "a");
    text_console(out, reading, "nb", NULL);
    text_picture(out, reading, &(struct picture_paper){.columns = 80, .rows = 24});
    text_picture(out, reading, &(struct picture_paper){.columns = 1, .rows = 1});
}

/* A recording's text must not bring a byte to the terminal that moves its cursor. */
static void must_be_harmless(const char *printed, size_t bytes)
{
    size_t i;

    for (i = 0; i < bytes; i++)
        must((unsigned char)printed[i] >= 0x20 || printed[i] == '\n' || printed[i] == '\t');
}

static void open_and_print(const void *bytes, size_t count)
{
    char error[200] = "", *printed = NULL;
    struct reading *reading = reading_open(bytes, count, error, sizeof error);
    size_t printed_bytes;
    FILE *out;

    must((reading == NULL) == (error[0] != '\0'));
    if (reading == NULL)
        return;
    out = open_memstream(&printed, &printed_bytes);
    must(out != NULL);
    print_all(out, reading);
    must(fclose(out) == 0);
    must_be_harmless(printed, printed_bytes);
    free(printed);
    reading_close(reading);
}

/* The time of the last record that can be found by going from size to size. */
static uint64_t last_time(const unsigned char *bytes, size_t end)
{
    size_t at = sizeof(struct recording_head);
    struct record record;
    uint64_t time_ns = 0;

    while (end - at >= sizeof record) {
        memcpy(&record, bytes + at, sizeof record);
        if (record.bytes < sizeof record || record.bytes > end - at)
            break;
        time_ns = record.time_ns;
        at += record.bytes;
    }
    return time_ns;
}

static void put_right(unsigned char *bytes, size_t count)
{
    struct recording_head *head = (struct recording_head *)(void *)bytes;
    struct record end = {
        .bytes = sizeof end + sizeof(struct record_value), .type = REC_END, .domid = DOMID_HOST};
    size_t summed_bytes = count - end.bytes;
    struct record_value sum;

    memcpy(head->magic, RECORDING_MAGIC, sizeof head->magic);
    if (head->version != 1) /* which is read, too */
        head->version = RECORDING_VERSION;
    head->head_bytes = sizeof *head;
    head->backend[sizeof head->backend - 1] = '\0';
    head->name[sizeof head->name - 1] = '\0';
    end.time_ns = last_time(bytes, summed_bytes);
    sum.value = XXH64(bytes, summed_bytes, 0);
    memcpy(bytes + summed_bytes, &end, sizeof end);
    memcpy(bytes + summed_bytes + sizeof end, &sum, sizeof sum);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    const size_t least = sizeof(struct recording_head) + sizeof(struct record) + sizeof(struct record_value);
    unsigned char *copy;

    if (bytes > FUZZ_BYTES_MAX)
        return 0;
    copy = calloc(1, bytes + 1);
    must(copy != NULL);
    if (bytes > 0)
        memcpy(copy, data, bytes);
    open_and_print(copy, bytes);
    bytes -= bytes % 8;
    if (bytes >= least) {
        put_right(copy, bytes);
        open_and_print(copy, bytes);
    }
    free(copy);
    return 0;
}
