/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The first event at which two recordings differ, with the line of the scenario in charge and the events that led there.
 * Recordings are compared byte by byte. How a kernel describes itself is told apart: two drivers differ in that from the
 * beginning, and what is asked for is where they begin to behave otherwise.
 */
#include "reports/text_diff.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "reports/text_clean.h"
#include "reports/text_event.h"
#include "reports/text_judged.h"
#include "reports/text_source.h"

#define EVENTS_BEFORE 10u

struct side {
    const char *label;
    const struct reading *reading;
    const struct text_style *style;
};

static bool same_record(const struct record *a, const struct record *b)
{
    return a->bytes == b->bytes && memcmp(a, b, a->bytes) == 0;
}

/* Was the same domain built of kernels that differ in what they say of themselves? */
static bool only_descriptions_differ(const struct record *a, const struct record *b)
{
    return a->type == REC_DOMAIN && b->type == REC_DOMAIN && a->domid == b->domid &&
           a->time_ns == b->time_ns && a->line == b->line &&
           memcmp(record_payload(a), record_payload(b), sizeof(struct record_domain)) == 0 &&
           strcmp(record_text(a), record_text(b)) == 0;
}

/* The first event that differs; 0: there is none. REC_END of a shorter one differs from what the other has there. */
static uint64_t first_difference(const struct reading *a, const struct reading *b)
{
    const struct record *one, *other;
    uint64_t event;

    for (event = 1;; event++) {
        one = reading_event(a, event);
        other = reading_event(b, event);
        if (one == NULL && other == NULL)
            return 0;
        assert(one != NULL && other != NULL); /* both end with REC_END, which is equal for equals only */
        if (!same_record(one, other) && !only_descriptions_differ(one, other))
            return event;
    }
}

/* Do only the heads differ? The checksums in the ends always differ then, which is no difference by itself. */
static bool only_heads_differ(const struct reading *a, const struct reading *b, uint64_t event)
{
    return reading_event(a, event)->type == REC_END && reading_event(b, event)->type == REC_END;
}

static void print_head_difference(FILE *out, const struct side *a, const struct side *b)
{
    const struct recording_head *one = reading_head(a->reading), *other = reading_head(b->reading);

    if (one->seed != other->seed)
        fprintf(
            out, "seed %" PRIu64 " in %s, %" PRIu64 " in %s\n", one->seed, a->label, other->seed, b->label);
    if (strcmp(one->backend, other->backend) != 0)
        fprintf(out, "backend %s in %s, %s in %s\n", one->backend, a->label, other->backend, b->label);
    if (strcmp(one->name, other->name) != 0) {
        fputs("scenario ", out);
        text_clean(out, one->name, sizeof one->name);
        fprintf(out, " in %s, ", a->label);
        text_clean(out, other->name, sizeof other->name);
        fprintf(out, " in %s\n", b->label);
    }
}

static void print_judged(FILE *out, const struct side *side)
{
    char *judged = judged_of(side->reading);

    text_clean(out,
        judged == NULL    ? "no memory to say whose files"
        : *judged == '\0' ? "a kernel"
                          : judged,
        SIZE_MAX);
    fprintf(out, " in %s", side->label);
    free(judged);
}

/* Up to an event, the first kernel that says something else of itself. */
static void print_kernel_difference(FILE *out, const struct side *a, const struct side *b, uint64_t to)
{
    for (uint64_t event = 1; event < to; event++) {
        const struct record *one = reading_event(a->reading, event),
                            *other = reading_event(b->reading, event);
        if (same_record(one, other))
            continue;
        assert(only_descriptions_differ(one, other));
        text_clean(out, reading_domain_name(a->reading, one->domid), SIZE_MAX);
        fputs(" runs ", out);
        print_judged(out, a);
        fputs(", and ", out);
        print_judged(out, b);
        fputc('\n', out);
        return;
    }
}

/* ---- what the one line of an event does not show ---------------------------------------------- */

static void print_list_difference(FILE *out, const struct record *a, const struct record *b)
{
    const uint32_t *one = record_list(a), *other = record_list(b);
    uint32_t words = a->type == REC_HYPERCALL ? 1 : 2, i;

    assert(a->count == b->count);
    for (i = 0; i < a->count * words; i++)
        if (one[i] != other[i]) {
            fprintf(out,
                "    they differ in their lists, from entry %" PRIu32 " on: 0x%" PRIx32 " and 0x%" PRIx32
                "\n",
                i / words + 1, one[i], other[i]);
            return;
        }
}

static bool lists_differ(const struct record *a, const struct record *b)
{
    bool has_list = a->type == REC_HYPERCALL || a->type == REC_PAGE_TOUCH || a->type == REC_PAGE_FREE ||
                    a->type == REC_PAGE_ALLOC;
    size_t bytes;

    if (!has_list || a->bytes != b->bytes || a->count != b->count)
        return false;
    bytes = a->bytes - (size_t)((const char *)record_list(a) - (const char *)a);
    return memcmp(record_list(a), record_list(b), bytes) != 0;
}

static void print_hidden_difference(FILE *out, const struct record *a, const struct record *b)
{
    const unsigned char *one = (const unsigned char *)a, *other = (const unsigned char *)b;
    uint32_t i = 0;

    if (a->time_ns != b->time_ns)
        fprintf(out, "    they differ in time: %" PRIu64 " and %" PRIu64 " ns\n", a->time_ns, b->time_ns);
    else if (a->line != b->line)
        fprintf(
            out, "    they differ in the line in charge: %" PRIu32 " and %" PRIu32 "\n", a->line, b->line);
    else if (a->count != b->count)
        fprintf(out, "    they differ in the length of their lists: %" PRIu32 " and %" PRIu32 "\n", a->count,
            b->count);
    else if (lists_differ(a, b))
        print_list_difference(out, a, b);
    else if (a->bytes != b->bytes)
        fprintf(out, "    they differ in length: %" PRIu32 " and %" PRIu32 " bytes\n", a->bytes, b->bytes);
    else {
        while (one[i] == other[i])
            i++;
        fprintf(out,
            "    they differ in what the line does not show, from byte %" PRIu32 " of the record on\n", i);
    }
}

/* ---- the text --------------------------------------------------------------------------------- */

static void print_event(FILE *out, const struct side *side, uint64_t event, bool labelled)
{
    fprintf(out, "%-2s", labelled ? side->label : "");
    text_event(out, side->reading, event, side->style);
}

static void print_lead(FILE *out, const struct side *a, uint64_t event)
{
    const struct record *record = reading_event(a->reading, event);
    size_t bytes;
    const char *line = text_line(a->reading, record->line, &bytes);
    uint64_t before;

    if (line != NULL) {
        fputs("  ", out);
        text_print_line_name(out, a->reading, record->line);
        fputs(": ", out);
        text_clean_bytes(out, line, bytes);
        fputc('\n', out);
    }
    for (before = event > EVENTS_BEFORE ? event - EVENTS_BEFORE : 1; before < event; before++)
        print_event(out, a, before, false);
}

bool text_diff(FILE *out, const struct reading *reading_a, const struct reading *reading_b,
    const struct text_style *style_a, const struct text_style *style_b)
{
    struct side a = {"A", reading_a, style_a}, b = {"B", reading_b, style_b};
    uint64_t event = first_difference(reading_a, reading_b);
    char *one, *other;

    if (event == 0) {
        fprintf(out, "the recordings are the same: %" PRIu64 " events\n", reading_events(reading_a));
        return true;
    }
    print_head_difference(out, &a, &b);
    print_kernel_difference(out, &a, &b, event);
    if (only_heads_differ(reading_a, reading_b, event)) {
        fprintf(out, "all %" PRIu64 " events are the same\n", event - 1);
        return false;
    }
    fprintf(out, "the first difference is event %" PRIu64 "\n", event);
    print_lead(out, &a, event);
    print_event(out, &a, event, true);
    print_event(out, &b, event, true);
    one = text_description(a.reading, event);
    other = text_description(b.reading, event);
    if (one == NULL || other == NULL)
        fputs("    no memory to look for what these lines do not show\n", out);
    else if (strcmp(one, other) == 0 &&
             reading_event(reading_a, event)->domid == reading_event(reading_b, event)->domid)
        print_hidden_difference(out, reading_event(reading_a, event), reading_event(reading_b, event));
    free(one);
    free(other);
    return false;
}
