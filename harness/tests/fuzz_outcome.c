/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Fuzzes what a worker process leaves: its outcome, and in it the places of events, which `--record` also writes to a file.
 * The input is read twice: as it is, and with its head corrected so that it fits, which lets it come to the parts. What is
 * read lies within the input, and the places are printed with the failures of a recording.
 */
#include "harness/ballast/outcome_file.h"
#include "harness/ballast/places_file.h"
#include "reports/text_failures.h"
#include "reports/text_style.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes);

#define FUZZ_BYTES_MAX (64u << 10)
#define EVENTS_ASKED   300u
#define SAMPLE         "harness/tests/samples/1-fail-mid-plug-100.rec"

/* The head of an outcome, as outcome_file.c has it. */
struct head {
    char magic[8];
    int32_t verdict;
    uint32_t has_recording, left_out, unused;
    uint64_t sentence_bytes, recording_bytes, places_bytes;
    uint64_t hypercalls, differences, kernels_missed;
};

/* An assertion that also holds in builds without assert(). */
static void must(bool truth)
{
    if (!truth)
        abort();
}

static const struct reading *sample(void)
{
    static char bytes[1 << 20];
    static struct reading *reading;
    static bool asked;
    char error[256];

    if (asked)
        return reading;
    asked = true;
    FILE *in = fopen(SAMPLE, "rb");
    if (in == NULL)
        return NULL;
    reading = reading_open(bytes, fread(bytes, 1, sizeof bytes, in), error, sizeof error);
    fclose(in);
    return reading;
}

static void must_be_harmless(const char *printed, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++)
        must((unsigned char)printed[i] >= 0x20 || printed[i] == '\n' || printed[i] == '\t');
}

static void print(const struct text_style *style)
{
    char *printed = NULL;
    size_t printed_bytes;
    FILE *out = open_memstream(&printed, &printed_bytes);

    must(out != NULL);
    if (sample() != NULL)
        text_failures(out, sample(), style);
    must(fclose(out) == 0);
    must_be_harmless(printed, printed_bytes);
    free(printed);
}

static void must_be_sorted(const struct event_list *list)
{
    for (size_t p = 1; p < list->count; p++)
        must(list->places[p - 1].event < list->places[p].event);
}

static void read_places(const char *lines, size_t bytes)
{
    struct event_places places;

    must(event_places_read(&places, lines, bytes));
    must_be_sorted(&places.at);
    must_be_sorted(&places.before);
    must_be_sorted(&places.after);
    must_be_sorted(&places.most);
    for (uint64_t event = 0; event < EVENTS_ASKED; event++) {
        const char *text = event_places_find(&places, event);
        must(text == NULL || strlen(text) <= bytes);
        text = event_places_backtrace(&places, event);
        must(text == NULL || strlen(text) <= bytes);
        text = event_places_before(&places, event);
        must(text == NULL || strlen(text) <= bytes);
        text = event_places_after(&places, event);
        must(text == NULL || strlen(text) <= bytes);
        text = event_places_most(&places, event);
        must(text == NULL || strlen(text) <= bytes);
    }
    struct text_style style = {.path = "a file.scn"};
    event_places_style(&style, &places);
    print(&style);
    event_places_free(&places);
}

static bool lies_within(const char *part, size_t part_bytes, const char *bytes, size_t count)
{
    return part >= bytes && part <= bytes + count && part_bytes <= (size_t)(bytes + count - part);
}

static void read_outcome(const char *bytes, size_t count)
{
    struct outcome outcome;
    uint64_t kernels;

    if (!outcome_file_read(bytes, count, &outcome, &kernels))
        return;
    must(strcmp(verdict_name(outcome.verdict), "?") != 0);
    must(lies_within(outcome.sentence, strlen(outcome.sentence) + 1, bytes, count));
    must(lies_within(outcome.places, outcome.places_bytes, bytes, count));
    must(outcome.recording == NULL || lies_within(outcome.recording, outcome.recording_bytes, bytes, count));
    read_places(outcome.places, outcome.places_bytes);
}

/* Where the parts lie comes from the input; that they fit, from here. */
static void put_right(char *bytes, size_t count)
{
    static const int32_t verdicts[] = {0, 3, 4, 5, 6, 7};
    const size_t left = count - sizeof(struct head);
    struct head head;

    memcpy(&head, bytes, sizeof head);
    memcpy(head.magic, "OUTCOME", sizeof head.magic);
    head.verdict = verdicts[(uint32_t)head.verdict % (sizeof verdicts / sizeof verdicts[0])];
    head.has_recording &= 1u;
    head.left_out &= 1u;
    head.recording_bytes %= left;
    head.sentence_bytes = 1 + head.sentence_bytes % (left - head.recording_bytes);
    head.places_bytes = left - head.recording_bytes - head.sentence_bytes;
    memcpy(bytes, &head, sizeof head);
    bytes[sizeof head + head.recording_bytes + head.sentence_bytes - 1] = 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t bytes)
{
    if (bytes > FUZZ_BYTES_MAX)
        return 0;
    char *copy = malloc(bytes + 1);
    must(copy != NULL);
    if (bytes > 0)
        memcpy(copy, data, bytes);
    read_outcome(copy, bytes);
    read_places(copy, bytes);
    if (bytes > sizeof(struct head)) {
        put_right(copy, bytes);
        read_outcome(copy, bytes);
    }
    free(copy);
    return 0;
}
