/* SPDX-License-Identifier: BSD-2-Clause */
/* The recorder: bytes, order in front of a witness, batches, places. Reading is tested in reports/. */
#include "sim/record/recorder.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

Suite *recorder_suite(void);

static struct recorder *rec;

static void setup(void)
{
    rec = recorder_new();
    ck_assert_ptr_nonnull(rec);
    recorder_begin(rec, "grow.scn", "sim", 7);
}

static void teardown(void)
{
    recorder_free(rec);
}

/* The n-th record of a finished recording, from 1. */
static const struct record *nth(const void *bytes, size_t size, unsigned n)
{
    const char *at = bytes, *end = at + size;
    const struct record *record = NULL;

    at += sizeof(struct recording_head);
    while (n-- > 0) {
        ck_assert(at < end);
        record = (const struct record *)(const void *)at;
        at += record->bytes;
    }
    return record;
}

START_TEST(empty)
{
    struct recording_head wanted = {.magic = RECORDING_MAGIC,
        .version = RECORDING_VERSION,
        .head_bytes = sizeof wanted,
        .seed = 7,
        .backend = "sim",
        .name = "grow.scn"};
    const struct record *end;
    struct record_value hash;
    const char *bytes;
    size_t size, again;

    bytes = recorder_finish(rec, &size);
    ck_assert_uint_eq(size, sizeof wanted + sizeof *end + sizeof hash);
    ck_assert_mem_eq(bytes, &wanted, sizeof wanted);
    end = nth(bytes, size, 1);
    ck_assert_uint_eq(end->type, REC_END);
    memcpy(&hash, record_payload(end), sizeof hash);
    ck_assert_uint_eq(hash.value, XXH64(bytes, size - end->bytes, 0));
    ck_assert_ptr_eq(recorder_finish(rec, &again), bytes);
    ck_assert_uint_eq(again, size);
}
END_TEST

START_TEST(fields_and_padding)
{
    struct record_hypercall call = {.op = 12, .subop = 3, .ret = 3, .asked = 3};
    uint32_t frames[] = {5, 6, 7};
    const unsigned char *payload;
    const struct record *record;
    const void *bytes;
    size_t size;

    recorder_set_line(rec, 9);
    ck_assert_uint_eq(recorder_line(rec), 9);
    ck_assert_uint_eq(
        recorder_append(rec, REC_HYPERCALL, 3, 1234, &call, sizeof call, frames, sizeof frames[0], 3), 1);
    ck_assert_uint_eq(recorder_append_text(rec, REC_LOG, 3, 1235, "twelve bytes", 12), 2);
    ck_assert_uint_eq(recorder_append(rec, REC_REST, DOMID_HOST, 1236, NULL, 0, NULL, 0, 0), 3);
    ck_assert_uint_eq(recorder_events(rec), 3);
    bytes = recorder_finish(rec, &size);

    record = nth(bytes, size, 1);
    ck_assert_uint_eq(record->bytes, sizeof *record + sizeof call + 16);
    ck_assert_uint_eq(record->type, REC_HYPERCALL);
    ck_assert_uint_eq(record->domid, 3);
    ck_assert_uint_eq(record->time_ns, 1234);
    ck_assert_uint_eq(record->line, 9);
    ck_assert_uint_eq(record->count, 3);
    payload = record_payload(record);
    ck_assert_mem_eq(payload, &call, sizeof call);
    ck_assert_mem_eq(payload + sizeof call, frames, sizeof frames);
    ck_assert_mem_eq(payload + sizeof call + sizeof frames, "\0\0\0", 4);

    record = nth(bytes, size, 2);
    ck_assert_uint_eq(record->bytes, sizeof *record + 16);
    ck_assert_uint_eq(record->count, 0);
    ck_assert_mem_eq(record_payload(record), "twelve bytes\0\0\0", 16);
    ck_assert_uint_eq(nth(bytes, size, 3)->bytes, sizeof *record);
    ck_assert_uint_eq(nth(bytes, size, 4)->time_ns, 1236);
}
END_TEST

START_TEST(text_as_list_is_not_counted)
{
    struct record_command command = {.status = 1};
    const struct record *record;
    const char *bytes;
    size_t size;

    recorder_append(rec, REC_COMMAND, DOMID_HOST, 0, &command, sizeof command, "xl\0no", 1, 6);
    recorder_append_text(rec, REC_LOG, 1, 0, "cut\0here", 8);
    bytes = recorder_finish(rec, &size);
    record = nth(bytes, size, 1);
    ck_assert_uint_eq(record->count, 0);
    ck_assert_uint_eq(record->bytes, sizeof *record + sizeof command + 8);
    ck_assert_mem_eq((const char *)record_payload(record) + sizeof command, "xl\0no\0\0", 8);
    ck_assert_mem_eq(record_payload(nth(bytes, size, 2)), "cut\0\0\0\0", 8);
}
END_TEST

START_TEST(long_names_are_cut)
{
    char name[200];
    const struct recording_head *head;
    size_t size;

    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    recorder_begin(rec, name, "xen", 1);
    head = recorder_finish(rec, &size);
    ck_assert_uint_eq(strlen(head->name), sizeof head->name - 1);
    ck_assert_str_eq(head->backend, "xen");
}
END_TEST

/* The same run again leaves the same bytes: nothing of the longer one before it remains. */
START_TEST(begin_again)
{
    const void *bytes;
    void *first;
    size_t size, again, i, places;

    for (i = 0; i < 3; i++)
        recorder_append_text(rec, REC_LOG, 1, i, "a", 1);
    bytes = recorder_finish(rec, &size);
    first = malloc(size);
    memcpy(first, bytes, size);

    recorder_begin(rec, "a much longer name than before.scn", "xen", 99);
    recorder_place(rec, 1, 0x10);
    for (i = 0; i < 30000; i++)
        recorder_append_text(rec, REC_LOG, 1, i, "something that fills the buffer", 31);
    recorder_touch(rec, 1, 0, MFN(1), TOUCH_MAP); /* dropped by the begin below */
    recorder_place(rec, 1, 0x20);

    recorder_begin(rec, "grow.scn", "sim", 7);
    ck_assert_uint_eq(recorder_events(rec), 0);
    for (i = 0; i < 3; i++)
        recorder_append_text(rec, REC_LOG, 1, i, "a", 1);
    bytes = recorder_finish(rec, &again);
    ck_assert_uint_eq(size, again);
    ck_assert_mem_eq(bytes, first, size);
    recorder_places(rec, &places);
    ck_assert_uint_eq(places, 0);
    free(first);
}
END_TEST

/* ---- in front of a witness -------------------------------------------------------------------- */

#define SEEN_MAX 64
static struct {
    uint16_t type;
    uint64_t event;
    char text[32];
} seen[SEEN_MAX];
static unsigned nr_seen, depth, deepest;

static void see(const struct record *record, uint64_t event)
{
    ck_assert_uint_lt(nr_seen, SEEN_MAX);
    seen[nr_seen].type = record->type;
    seen[nr_seen].event = event;
    seen[nr_seen].text[0] = '\0';
    if (record->type == REC_LOG)
        strncpy(seen[nr_seen].text, record_payload(record), sizeof seen[0].text - 1);
    nr_seen++;
}

/* For each log line "x" appends "x1" and "x2", down to three letters; it looks at its record again after that. */
static void branching_witness(void *context, const struct record *record, uint64_t event)
{
    char text[32], big[4096];
    unsigned i;

    ck_assert_ptr_eq(context, &nr_seen);
    if (++depth > deepest)
        deepest = depth;
    see(record, event);
    memset(big, 'z', sizeof big);
    if (record->type == REC_LOG && strlen(record_payload(record)) < 3) {
        for (i = 1; i <= 2; i++) {
            snprintf(text, sizeof text, "%s%u", (const char *)record_payload(record), i);
            recorder_append_text(rec, REC_LOG, 1, record->time_ns, text, strlen(text));
            recorder_append_text(rec, REC_SCENARIO, 1, 0, big, sizeof big); /* makes the buffer grow */
        }
        ck_assert_str_eq(record_payload(record), seen[nr_seen - 1].text);
        ck_assert_uint_eq(record->type, REC_LOG);
    }
    depth--;
}

START_TEST(witness_appends)
{
    static const char *const wanted[] = {"x", "x1", "x2", "x11", "x12", "x21", "x22"};
    unsigned i, logs = 0, round;

    for (round = 0; round < 80; round++) { /* until the buffer has surely moved within a call */
        nr_seen = depth = deepest = 0;
        recorder_set_witness(rec, branching_witness, &nr_seen);
        recorder_append_text(rec, REC_LOG, 1, 5, "x", 1);
        recorder_set_witness(rec, NULL, NULL);
        ck_assert_uint_eq(deepest, 1);
        for (i = 0, logs = 0; i < nr_seen; i++) {
            ck_assert_uint_eq(seen[i].event, seen[0].event + i);
            if (seen[i].type == REC_LOG)
                ck_assert_str_eq(seen[i].text, wanted[logs++]);
        }
        ck_assert_uint_eq(logs, 7);
    }
}
END_TEST

static void noting_witness(void *context, const struct record *record, uint64_t event)
{
    (void)context;
    see(record, event);
    if (record->type == REC_PAGE_FREE)
        recorder_append_text(rec, REC_LOG, 1, 0, "violation", 9);
}

/* What a witness says about a batch stands directly behind the batch, before what pushed it out. */
START_TEST(witness_and_batch)
{
    size_t size;

    nr_seen = 0;
    recorder_set_witness(rec, noting_witness, NULL);
    recorder_page_free(rec, 1, 5, PFN(1), 1);
    ck_assert_uint_eq(nr_seen, 0);
    ck_assert_uint_eq(recorder_append(rec, REC_REST, DOMID_HOST, 6, NULL, 0, NULL, 0, 0), 3);
    ck_assert_uint_eq(nr_seen, 3);
    ck_assert_uint_eq(seen[0].type, REC_PAGE_FREE);
    ck_assert_uint_eq(seen[1].type, REC_LOG);
    ck_assert_uint_eq(seen[2].type, REC_REST);
    recorder_finish(rec, &size);
    ck_assert_uint_eq(nr_seen, 3); /* REC_END is shown to nobody */
}
END_TEST

static void touching_witness(void *context, const struct record *record, uint64_t event)
{
    (void)context;
    see(record, event);
    if (record->type == REC_PAGE_FREE)
        recorder_touch(rec, 1, 0, MFN(9), TOUCH_READ);
}

START_TEST(witness_leaves_a_batch)
{
    nr_seen = 0;
    recorder_set_witness(rec, touching_witness, NULL);
    recorder_page_free(rec, 1, 5, PFN(1), 1);
    recorder_append(rec, REC_REST, DOMID_HOST, 6, NULL, 0, NULL, 0, 0);
    ck_assert_uint_eq(nr_seen, 3);
    ck_assert_uint_eq(seen[1].type, REC_PAGE_TOUCH);
    ck_assert_uint_eq(seen[2].type, REC_REST);
}
END_TEST

/* ---- batches ---------------------------------------------------------------------------------- */

START_TEST(free_runs_are_joined)
{
    const struct record_run *runs;
    const struct record *record;
    const void *bytes;
    size_t size;

    recorder_page_free(rec, 1, 50, PFN(10), 1);
    recorder_page_free(rec, 1, 60, PFN(11), 1);
    recorder_page_free(rec, 1, 70, PFN(12), 20);
    recorder_page_free(rec, 1, 80, PFN(9), 1);
    recorder_page_free(rec, 1, 85, PFN(7), 1);
    recorder_page_free(rec, 1, 90, PFN(UINT32_MAX), 1);
    recorder_page_free(rec, 2, 95, PFN(10), 1);
    recorder_set_line(rec, 4);
    recorder_page_free(rec, 2, 96, PFN(11), 1);
    bytes = recorder_finish(rec, &size);

    record = nth(bytes, size, 1);
    ck_assert_uint_eq(record->type, REC_PAGE_FREE);
    ck_assert_uint_eq(record->time_ns, 50);
    ck_assert_uint_eq(record->count, 3);
    runs = record_payload(record);
    ck_assert_uint_eq(runs[0].pfn, 9);
    ck_assert_uint_eq(runs[0].pages, 23);
    ck_assert_uint_eq(runs[1].pfn, 7);
    ck_assert_uint_eq(runs[2].pfn, UINT32_MAX);
    record = nth(bytes, size, 2);
    ck_assert_uint_eq(record->domid, 2);
    ck_assert_uint_eq(record->line, 0);
    record = nth(bytes, size, 3);
    ck_assert_uint_eq(record->line, 4);
    ck_assert_uint_eq(record->time_ns, 96);
}
END_TEST

START_TEST(touches_of_a_page_are_joined)
{
    static const struct {
        uint64_t mfn;
        uint32_t what;
    } done[] = {
        {5, TOUCH_MAP}, {5, TOUCH_ZERO}, {5, TOUCH_UNMAP}, /* one entry */
        {5, TOUCH_MAP}, {5, TOUCH_READ}, {5, TOUCH_WRITE}, /* written after it was read: two */
        {6, TOUCH_MAP | TOUCH_UNMAP}, {6, TOUCH_ZERO},     /* two */
    };
    static const struct record_touch wanted[] = {{5, TOUCH_MAP | TOUCH_ZERO | TOUCH_UNMAP},
        {5, TOUCH_MAP | TOUCH_READ}, {5, TOUCH_WRITE}, {6, TOUCH_MAP | TOUCH_UNMAP}, {6, TOUCH_ZERO}};
    const struct record *record;
    const void *bytes;
    size_t size, i;

    for (i = 0; i < sizeof done / sizeof done[0]; i++)
        recorder_touch(rec, 1, i, MFN(done[i].mfn), done[i].what);
    bytes = recorder_finish(rec, &size);
    record = nth(bytes, size, 1);
    ck_assert_uint_eq(record->type, REC_PAGE_TOUCH);
    ck_assert_uint_eq(record->count, 5);
    ck_assert_mem_eq(record_payload(record), wanted, sizeof wanted);
}
END_TEST

/* As when memory is given back: each page is taken, zeroed, and the next one taken. */
/* Several pages by turns: an entry for each, as long as the order of what was done to it can be told. */
START_TEST(rows_of_touches_are_joined)
{
    static const uint32_t first[] = {5, 9, 7}, second[] = {5, 9, 4}, third[] = {8, 9};
    static const struct record_touch wanted[] = {{5, TOUCH_MAP | TOUCH_ZERO | TOUCH_UNMAP},
        {9, TOUCH_MAP | TOUCH_ZERO | TOUCH_UNMAP}, {7, TOUCH_MAP | TOUCH_ZERO}, {4, TOUCH_UNMAP},
        {8, TOUCH_MAP}, {9, TOUCH_MAP | TOUCH_WRITE}, {9, TOUCH_ZERO}};
    const struct record *record;
    const void *bytes;
    size_t size, nr_wanted = sizeof wanted / sizeof wanted[0];

    recorder_touch_row(rec, 1, 10, first, 3, TOUCH_MAP);
    recorder_touch_row(rec, 1, 11, first, 3, TOUCH_ZERO);
    recorder_touch_row(rec, 1, 12, second, 3, TOUCH_UNMAP);
    recorder_touch_row(rec, 1, 13, third, 2, TOUCH_MAP);
    recorder_touch_row(rec, 1, 14, third, 0, TOUCH_UNMAP);
    recorder_touch(rec, 1, 15, MFN(9), TOUCH_WRITE);
    recorder_touch(rec, 1, 16, MFN(9), TOUCH_ZERO);
    ck_assert_uint_eq(recorder_events(rec), 0);
    bytes = recorder_finish(rec, &size);
    record = nth(bytes, size, 1);
    ck_assert_uint_eq(record->count, nr_wanted);
    ck_assert_uint_eq(record->time_ns, 10);
    for (size_t i = 0; i < nr_wanted; i++) {
        const struct record_touch *touch = (const struct record_touch *)(record + 1) + i;

        ck_assert_uint_eq(touch->mfn, wanted[i].mfn);
        ck_assert_uint_eq(touch->what, wanted[i].what);
    }
}
END_TEST

/* A row longer than a record goes on in the next ones; one that fits into a record is not torn. */
START_TEST(long_rows_of_touches)
{
    uint32_t mfns[1100];
    const struct record *record;
    const void *bytes;
    size_t size;

    for (uint32_t i = 0; i < 1100; i++)
        mfns[i] = 3 * i + 1;
    recorder_touch_row(rec, 1, 1, mfns, 500, TOUCH_MAP);
    recorder_touch_row(rec, 1, 2, mfns + 500, 100, TOUCH_MAP);
    ck_assert_uint_eq(recorder_events(rec), 1);
    recorder_touch_row(rec, 1, 3, mfns + 500, 100, TOUCH_UNMAP);
    recorder_flush(rec);
    recorder_touch_row(rec, 1, 4, mfns, 1100, TOUCH_MAP);
    bytes = recorder_finish(rec, &size);
    ck_assert_uint_eq(recorder_events(rec), 6); /* REC_END is one */
    ck_assert_uint_eq(nth(bytes, size, 1)->count, 500);
    record = nth(bytes, size, 2);
    ck_assert_uint_eq(record->count, 100);
    ck_assert_uint_eq(record->time_ns, 2);
    ck_assert_uint_eq(((const struct record_touch *)(record + 1))[99].what, TOUCH_MAP | TOUCH_UNMAP);
    ck_assert_uint_eq(nth(bytes, size, 3)->count, 512);
    ck_assert_uint_eq(nth(bytes, size, 5)->count, 76);
}
END_TEST

START_TEST(two_rows_side_by_side)
{
    const struct record *record;
    const struct record_run *run;
    const void *bytes;
    size_t size;
    uint64_t i;

    for (i = 0; i < 100; i++) {
        recorder_page_alloc(rec, 1, i, PFN(1000 - i), 1);
        recorder_touch(rec, 1, i, MFN(3 * i), TOUCH_MAP);
        recorder_touch(rec, 1, i, MFN(3 * i), TOUCH_ZERO);
    }
    recorder_page_free(rec, 1, 200, PFN(5), 1); /* taken before freed: that order counts */
    recorder_touch(rec, 1, 201, MFN(7), TOUCH_MAP);
    recorder_touch(rec, 2, 202, MFN(8), TOUCH_MAP);
    bytes = recorder_finish(rec, &size);
    record = nth(bytes, size, 1);
    ck_assert_uint_eq(record->type, REC_PAGE_ALLOC);
    ck_assert_uint_eq(record->count, 1);
    run = record_payload(record);
    ck_assert_uint_eq(run->pfn, 901);
    ck_assert_uint_eq(run->pages, 100);
    record = nth(bytes, size, 2);
    ck_assert_uint_eq(record->type, REC_PAGE_TOUCH);
    ck_assert_uint_eq(record->count, 100);
    ck_assert_uint_eq(nth(bytes, size, 3)->type, REC_PAGE_FREE);
    ck_assert_uint_eq(nth(bytes, size, 4)->type, REC_PAGE_TOUCH);
    ck_assert_uint_eq(nth(bytes, size, 4)->domid, 1);
    ck_assert_uint_eq(nth(bytes, size, 5)->domid, 2);
    ck_assert_uint_eq(nth(bytes, size, 6)->type, REC_END);
}
END_TEST

START_TEST(batches_are_bounded)
{
    const void *bytes;
    size_t size;
    uint64_t i;

    for (i = 0; i < 1300; i++)
        recorder_touch(rec, 1, i, MFN(2 * i), TOUCH_MAP);
    recorder_page_free(rec, 1, 2000, PFN(1), 1);
    recorder_flush(rec);
    recorder_flush(rec);
    ck_assert_uint_eq(recorder_events(rec), 4);
    bytes = recorder_finish(rec, &size);
    ck_assert_uint_eq(nth(bytes, size, 1)->count, 512);
    ck_assert_uint_eq(nth(bytes, size, 2)->count, 512);
    ck_assert_uint_eq(nth(bytes, size, 2)->time_ns, 512);
    ck_assert_uint_eq(nth(bytes, size, 3)->count, 1300 - 1024);
    ck_assert_uint_eq(nth(bytes, size, 4)->type, REC_PAGE_FREE);
}
END_TEST

/* ---- places ----------------------------------------------------------------------------------- */

START_TEST(one_way_is_kept_once)
{
    const struct place *places;
    uint64_t frames[3] = {0x10, 0x20, 0x30};
    size_t count;

    for (unsigned i = 0; i < 3 * RECORDER_FRAMES_MAX; i++) {
        recorder_backtrace(rec, 1, 0x10, frames, 2 + i % 2);
        recorder_append_text(rec, REC_LOG, 1, 0, "x", 1);
    }
    places = recorder_places(rec, &count);
    ck_assert_uint_eq(count, 3 * RECORDER_FRAMES_MAX);
    for (size_t p = 0; p < count; p++) {
        ck_assert_uint_eq(places[p].nr_frames, 2 + p % 2);
        ck_assert_uint_eq(recorder_frames(rec)[places[p].first_frame + 1], 0x20);
    }
    /* Ways by the thousand: what has no room has its place still. */
    for (unsigned i = 0; i < RECORDER_FRAMES_MAX; i++) {
        frames[0] = i;
        recorder_backtrace(rec, 1, i, frames, 3);
        recorder_append_text(rec, REC_LOG, 1, 0, "x", 1);
    }
    places = recorder_places(rec, &count);
    ck_assert_uint_eq(places[count - 1].text_offset, RECORDER_FRAMES_MAX - 1);
    ck_assert_uint_eq(places[count - 1].nr_frames, 0);
    ck_assert_uint_eq(
        recorder_frames(rec)[places[count - 4000].first_frame], places[count - 4000].text_offset);
    recorder_begin(rec, "again.scn", "sim", 1); /* and then all room is there again */
    recorder_backtrace(rec, 1, 1, frames, 3);
    recorder_append_text(rec, REC_LOG, 1, 0, "x", 1);
    places = recorder_places(rec, &count);
    ck_assert_uint_eq(count, 1);
    ck_assert_uint_eq(places[0].nr_frames, 3);
    ck_assert_uint_eq(places[0].first_frame, 0);
}
END_TEST

START_TEST(places_of_events)
{
    const struct place *places;
    size_t count, i;

    recorder_place(rec, 1, 0x100);
    recorder_page_free(rec, 1, 0, PFN(1), 1); /* event 1, with the place */
    recorder_place(rec, 1, 0x200);
    recorder_append_text(rec, REC_COMMAND, 2, 0, "", 0); /* event 2 is another domain's */
    recorder_append_text(rec, REC_LOG, 1, 0, "b", 1);    /* event 3 */
    recorder_append_text(rec, REC_LOG, 1, 0, "c", 1);    /* event 4 has none */
    places = recorder_places(rec, &count);
    ck_assert_uint_eq(count, 2);
    ck_assert_uint_eq(places[0].event, 1);
    ck_assert_uint_eq(places[0].text_offset, 0x100);
    ck_assert_uint_eq(places[1].event, 3);
    ck_assert_uint_eq(places[1].text_offset, 0x200);
    ck_assert_uint_eq(places[1].domid, 1);
    for (i = 0; i < 1000; i++) {
        recorder_place(rec, 1, i);
        recorder_append_text(rec, REC_LOG, 1, 0, "d", 1);
    }
    places = recorder_places(rec, &count);
    ck_assert_uint_eq(count, 1002);
    for (i = 1; i < count; i++)
        ck_assert_uint_lt(places[i - 1].event, places[i].event);
    ck_assert_uint_eq(places[1001].text_offset, 999);
}
END_TEST

/* Sizes that can't be meant lose the recording rather than the process. */
START_TEST(a_full_one_says_so_in_time)
{
    static const char line[] = "the same line over and over";
    size_t size;

    recorder_limit(rec, 20u << 20);
    while (!recorder_is_full(rec))
        ck_assert_uint_ne(recorder_append_text(rec, REC_LOG, 1, 0, line, sizeof line), 0);
    ck_assert_uint_gt(recorder_bytes(rec), 4u << 20);
    ck_assert_uint_lt(recorder_bytes(rec), (4u << 20) + 4096);
    ck_assert_ptr_nonnull(recorder_finish(rec, &size)); /* whole: there was time to end it */
    recorder_begin(rec, "", "sim", 1);
    ck_assert(!recorder_is_full(rec));
}
END_TEST

START_TEST(absurd_sizes)
{
    size_t size = 1;

    ck_assert_uint_eq(recorder_append(rec, REC_HYPERCALL, 1, 0, NULL, 0, "", SIZE_MAX / 2, 3), 0);
    ck_assert_uint_eq(recorder_append_text(rec, REC_LOG, 1, 0, "after it", 8), 0);
    ck_assert_ptr_null(recorder_finish(rec, &size));
    ck_assert_uint_eq(size, 0);
    recorder_begin(rec, "", "sim", 1);
    ck_assert_uint_eq(recorder_append_text(rec, REC_LOG, 1, 0, "well again", 10), 1);
    ck_assert_ptr_nonnull(recorder_finish(rec, &size));
}
END_TEST

Suite *recorder_suite(void)
{
    Suite *suite = suite_create("recorder");
    TCase *tcase = tcase_create("recorder");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, empty);
    tcase_add_test(tcase, fields_and_padding);
    tcase_add_test(tcase, text_as_list_is_not_counted);
    tcase_add_test(tcase, long_names_are_cut);
    tcase_add_test(tcase, begin_again);
    tcase_add_test(tcase, witness_appends);
    tcase_add_test(tcase, witness_and_batch);
    tcase_add_test(tcase, witness_leaves_a_batch);
    tcase_add_test(tcase, free_runs_are_joined);
    tcase_add_test(tcase, touches_of_a_page_are_joined);
    tcase_add_test(tcase, rows_of_touches_are_joined);
    tcase_add_test(tcase, long_rows_of_touches);
    tcase_add_test(tcase, two_rows_side_by_side);
    tcase_add_test(tcase, batches_are_bounded);
    tcase_add_test(tcase, places_of_events);
    tcase_add_test(tcase, one_way_is_kept_once);
    tcase_add_test(tcase, absurd_sizes);
    tcase_add_test(tcase, a_full_one_says_so_in_time);
    suite_add_tcase(suite, tcase);
    return suite;
}
