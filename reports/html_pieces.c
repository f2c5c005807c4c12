/* SPDX-License-Identifier: BSD-2-Clause */
/* Each piece is an object: x has the events' texts; and by the event's number p has places with their callers, b and a the
 * functions that ran before and after it, and f its frames. */
#include "reports/html_pieces.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "reports/events.h"
#include "reports/html_text.h"
#include "reports/text_event.h"
#include "reports/text_place.h"

#define FRAMES_BYTES_MAX 600u /* of what an event's frames take */

struct piece {
    FILE *out;
    const struct reading *reading;
    const struct text_style *style;
    uint64_t first, end; /* events [first, end) */
    bool failed;
};

typedef void print_t(FILE *, const struct reading *, uint64_t event);

/* What a writer of text says of an event, as JSON. */
static void write_printed(
    struct piece *piece, const char *before, print_t *print, uint64_t event, size_t bytes_max)
{
    char *text = NULL;
    size_t bytes = 0;
    FILE *memory = open_memstream(&text, &bytes);

    if (memory != NULL) {
        print(memory, piece->reading, event);
        fclose(memory);
    }
    piece->failed = piece->failed || text == NULL;
    fputs(before, piece->out);
    html_json_text(piece->out, text, bytes < bytes_max ? bytes : bytes_max, &piece->failed);
    free(text);
}

static void write_texts(struct piece *piece)
{
    fputs("{\"x\":[", piece->out);
    for (uint64_t event = piece->first; event < piece->end; event++)
        write_printed(piece, event > piece->first ? ",\n" : "", text_describe, event, SIZE_MAX);
    fputs("],\n", piece->out);
}

/* The place, then its callers from the innermost outwards. */
static void write_place(struct piece *piece, const char *place, const char *callers)
{
    fputc('[', piece->out);
    html_json_word(piece->out, place, &piece->failed);
    while (callers != NULL && *callers != '\0') {
        const size_t bytes = strcspn(callers, "\t");
        fputc(',', piece->out);
        html_json_text(piece->out, callers, bytes, &piece->failed);
        callers += bytes + (callers[bytes] == '\t');
    }
    fputc(']', piece->out);
}

static void write_places(struct piece *piece)
{
    const char *before = "";

    fputs("\"p\":{", piece->out);
    for (uint64_t event = piece->first; event < piece->end; event++) {
        const char *place = text_place(piece->reading, event, piece->style);
        if (place == NULL)
            continue;
        fprintf(piece->out, "%s\"%" PRIu64 "\":", before, event);
        write_place(piece, place, text_place_callers(piece->reading, event, piece->style));
        before = ",\n";
    }
    fputs("},\n", piece->out);
}

/* The functions that ran around an event, nearest first. */
static void write_rows(struct piece *piece, const char *name, place_of_event_t *ran)
{
    const char *before = "";

    fprintf(piece->out, "\"%s\":{", name);
    for (uint64_t event = piece->first; ran != NULL && event < piece->end; event++) {
        const char *row = ran(piece->style->place_context, event);
        if (row == NULL)
            continue;
        fprintf(piece->out, "%s\"%" PRIu64 "\":", before, event);
        html_json_word(piece->out, row, &piece->failed);
        before = ",\n";
    }
    fputs("},\n", piece->out);
}

static void print_frames(FILE *out, const struct reading *reading, uint64_t event)
{
    events_print_frames(out, reading_event(reading, event));
}

static void write_frames(struct piece *piece)
{
    char name[40];
    const char *before = "";

    fputs("\"f\":{", piece->out);
    for (uint64_t event = piece->first; event < piece->end; event++) {
        if (!events_have_frames(reading_event(piece->reading, event)))
            continue;
        snprintf(name, sizeof name, "%s\"%" PRIu64 "\":", before, event);
        write_printed(piece, name, print_frames, event, FRAMES_BYTES_MAX);
        before = ",\n";
    }
    fputs("}}", piece->out);
}

bool html_pieces(FILE *out, const struct reading *reading, const struct text_style *style)
{
    struct piece piece = {.out = out, .reading = reading, .style = style, .end = 1};
    const uint64_t events = reading_events(reading);
    char id[40];

    assert(out != NULL && reading != NULL);
    for (unsigned number = 0; piece.end <= events; number++) {
        piece.first = piece.end;
        piece.end = events - piece.first < HTML_PIECE_EVENTS ? events + 1 : piece.first + HTML_PIECE_EVENTS;
        snprintf(id, sizeof id, "piece%u", number);
        html_data_begin(out, id);
        write_texts(&piece);
        write_places(&piece);
        write_rows(&piece, "b", style->ran_before);
        write_rows(&piece, "a", style->ran_after);
        write_frames(&piece);
        html_data_end(out);
    }
    return !piece.failed;
}
