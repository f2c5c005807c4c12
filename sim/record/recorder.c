/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The growing buffer that holds a recording. Records are written into it in place, and its end, from shown_bytes on, is
 * the queue of what the witness has not seen yet. Nothing here knows what records mean, and no file is opened.
 */
#include "sim/record/recorder_internal.h"

#include <assert.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <xxhash.h>

#define BUFFER_BYTES_FIRST (1u << 20) /* most recordings fit; pages that are not written cost nothing */
#define PLACES_FIRST       256u
#define FULL_BYTES         (16ull << 20) /* with no more than that left of its limit, a recording counts as full */

struct buffer {
    struct buffer *retired; /* older ones that a witness may still be reading */
    size_t capacity_bytes;
    _Alignas(16) unsigned char bytes[];
};

static_assert(sizeof(struct recording_head) == 128, "the head is part of the format");
static_assert(sizeof(struct record) == 24, "so is the head of a record");

/* ---- the buffer ------------------------------------------------------------------------------- */

static struct buffer *buffer_new(size_t capacity_bytes)
{
    struct buffer *buffer = malloc(sizeof *buffer + capacity_bytes);

    if (buffer == NULL)
        return NULL;
    buffer->retired = NULL;
    buffer->capacity_bytes = capacity_bytes;
    return buffer;
}

static void buffer_drop_retired(struct buffer *buffer)
{
    struct buffer *old, *next;

    for (old = buffer->retired; old != NULL; old = next) {
        next = old->retired;
        free(old);
    }
    buffer->retired = NULL;
}

/* While a witness runs, the old memory has to stay: it may look at its record after it has appended others. */
static bool buffer_grow(struct recorder *rec, size_t wanted_bytes)
{
    struct buffer *old = rec->buffer, *grown;
    size_t capacity_bytes = old->capacity_bytes;

    while (capacity_bytes < wanted_bytes)
        capacity_bytes *= 2;
    if (rec->showing) {
        grown = buffer_new(capacity_bytes);
        if (grown == NULL)
            return false;
        memcpy(grown->bytes, old->bytes, rec->used_bytes);
        grown->retired = old;
    } else {
        assert(old->retired == NULL);
        grown = realloc(old, sizeof *grown + capacity_bytes);
        if (grown == NULL)
            return false;
        grown->capacity_bytes = capacity_bytes;
    }
    rec->buffer = grown;
    return true;
}

/* Room for a record of that many bytes at the end of what is used; NULL when there is none. */
static unsigned char *buffer_take(struct recorder *rec, size_t bytes)
{
    unsigned char *at;

    assert(bytes % 8 == 0 && rec->used_bytes % 8 == 0);
    if (bytes > rec->limit_bytes - rec->used_bytes)
        return NULL;
    if (bytes > rec->buffer->capacity_bytes - rec->used_bytes && !buffer_grow(rec, rec->used_bytes + bytes))
        return NULL;
    at = rec->buffer->bytes + rec->used_bytes;
    rec->used_bytes += bytes;
    return at;
}

struct recorder *recorder_new(void)
{
    struct recorder *rec = malloc(sizeof *rec);

    if (rec == NULL)
        return NULL;
    memset(rec, 0, offsetof(struct recorder, frames));
    rec->buffer = buffer_new(BUFFER_BYTES_FIRST);
    rec->places = malloc(PLACES_FIRST * sizeof *rec->places);
    rec->places_capacity = PLACES_FIRST;
    if (rec->buffer == NULL || rec->places == NULL) {
        recorder_free(rec);
        return NULL;
    }
    recorder_begin(rec, "", "sim", 0);
    return rec;
}

void recorder_free(struct recorder *rec)
{
    if (rec == NULL)
        return;
    assert(!rec->showing);
    if (rec->buffer != NULL)
        buffer_drop_retired(rec->buffer);
    free(rec->buffer);
    free(rec->places);
    free(rec);
}

/* The rest of `to` becomes zeros: recordings are compared byte by byte. */
static void copy_name(char *to, size_t to_bytes, const char *name)
{
    size_t bytes = strnlen(name, to_bytes - 1);

    memset(to, 0, to_bytes);
    memcpy(to, name, bytes);
}

void recorder_begin(struct recorder *rec, const char *name, const char *backend, uint64_t seed)
{
    struct recording_head head = {.version = RECORDING_VERSION, .head_bytes = sizeof head, .seed = seed};

    assert(!rec->showing);
    assert(rec->buffer->capacity_bytes >= sizeof head);
    copy_name(head.magic, sizeof head.magic, RECORDING_MAGIC);
    copy_name(head.backend, sizeof head.backend, backend);
    copy_name(head.name, sizeof head.name, name);
    memcpy(rec->buffer->bytes, &head, sizeof head);
    rec->used_bytes = rec->shown_bytes = sizeof head;
    rec->events = rec->shown_events = 0;
    rec->last_time_ns = 0;
    rec->line = 0;
    rec->finished = rec->failed = false;
    rec->limit_bytes = RECORDING_BYTES_MAX;
    rec->nr_places = 0;
    recorder_forget_chains(rec);
    rec->has_next_place = false;
    rec->touched.count = rec->moved.count = 0;
    rec->row_begin = rec->row_next = 0;
    rec->row_grows = false;
    rec->batches_begun = 0;
}

void recorder_set_witness(struct recorder *rec, witness_t *witness, void *context)
{
    assert(!rec->showing);
    rec->witness = witness;
    rec->witness_context = context;
    rec->shown_bytes = rec->used_bytes; /* a new witness sees only records that come after this */
    rec->shown_events = rec->events;
}

witness_t *recorder_witness(const struct recorder *rec, void **context)
{
    assert(context != NULL);
    *context = rec->witness_context;
    return rec->witness;
}

void recorder_set_line(struct recorder *rec, uint32_t line)
{
    rec->line = line;
}

uint32_t recorder_line(const struct recorder *rec)
{
    return rec->line;
}

uint64_t recorder_events(const struct recorder *rec)
{
    return rec->events;
}

uint64_t recorder_bytes(const struct recorder *rec)
{
    return rec->used_bytes;
}

bool recorder_is_full(const struct recorder *rec)
{
    return rec->used_bytes + FULL_BYTES > rec->limit_bytes;
}

void recorder_lose(struct recorder *rec)
{
    assert(!rec->finished);
    rec->failed = true;
}

bool recorder_is_lost(const struct recorder *rec)
{
    return rec->failed;
}

void recorder_limit(struct recorder *rec, uint64_t bytes)
{
    assert(bytes >= rec->used_bytes && bytes <= RECORDING_BYTES_MAX);
    rec->limit_bytes = bytes;
}

uint64_t recorder_limit_bytes(const struct recorder *rec)
{
    return rec->limit_bytes;
}

/* ---- records ---------------------------------------------------------------------------------- */

/* Writes a record without showing it to the witness. 0: there is no room, and the recording is lost from then on. */
uint64_t recorder_write(struct recorder *rec, const struct heading *heading, const void *payload,
    size_t payload_bytes, const void *list, size_t entry_bytes, size_t count)
{
    size_t list_bytes, filled_bytes, bytes;
    unsigned char *at;

    assert(heading->type > 0 && heading->type < NR_RECORD_TYPES);
    assert(heading->domid <= UINT16_MAX);
    assert(!rec->finished);
    if (rec->failed)
        return 0;
    if (payload_bytes > UINT32_MAX / 2 || (entry_bytes != 0 && count > UINT32_MAX / 4 / entry_bytes)) {
        rec->failed = true;
        return 0;
    }
    list_bytes = entry_bytes * count;
    filled_bytes = sizeof(struct record) + payload_bytes + list_bytes;
    bytes = (filled_bytes + 7) & ~(size_t)7;
    at = buffer_take(rec, bytes);
    if (at == NULL) {
        rec->failed = true;
        return 0;
    }
    *(struct record *)(void *)at = (struct record){
        .bytes = (uint32_t)bytes,
        .type = (uint16_t)heading->type,
        .domid = (uint16_t)heading->domid,
        .time_ns = heading->time_ns,
        .line = heading->line,
        .count = entry_bytes > 1 ? (uint32_t)count : 0,
    };
    at += sizeof(struct record);
    if (payload_bytes != 0)
        memcpy(at, payload, payload_bytes);
    if (list_bytes != 0)
        memcpy(at + payload_bytes, list, list_bytes);
    memset(at + payload_bytes + list_bytes, 0, bytes - filled_bytes);
    rec->last_time_ns = heading->time_ns;
    return ++rec->events;
}

/* Shows the witness what it has not seen yet. What the witness appends meanwhile is shown by the outermost call. */
void recorder_show(struct recorder *rec)
{
    const struct record *record;

    if (rec->showing)
        return;
    if (rec->witness == NULL) {
        rec->shown_bytes = rec->used_bytes;
        rec->shown_events = rec->events;
        return;
    }
    rec->showing = true;
    while (rec->shown_bytes < rec->used_bytes) {
        record = (const struct record *)(const void *)(rec->buffer->bytes + rec->shown_bytes);
        assert(record != NULL); /* used bytes are in the buffer */
        rec->shown_bytes += record->bytes;
        rec->shown_events++;
        rec->witness(rec->witness_context, record, rec->shown_events);
        if (rec->buffer->retired != NULL)
            buffer_drop_retired(rec->buffer);
    }
    rec->showing = false;
    assert(rec->shown_events == rec->events);
}

uint64_t recorder_append(struct recorder *rec, enum record_type type, unsigned domid, uint64_t time_ns,
    const void *payload, size_t payload_bytes, const void *list, size_t entry_bytes, size_t count)
{
    struct heading heading = {type, domid, rec->line, time_ns};
    struct place place;
    bool has_place =
        recorder_take_place(rec, domid, &place); /* before the flush: the place is this record's */
    uint64_t event;

    assert(type != REC_END);
    recorder_flush(rec);
    event = recorder_write(rec, &heading, payload, payload_bytes, list, entry_bytes, count);
    if (event != 0 && has_place)
        recorder_keep_place(rec, &place, event);
    recorder_show(rec);
    return event;
}

uint64_t recorder_append_text(struct recorder *rec, enum record_type type, unsigned domid, uint64_t time_ns,
    const char *text, size_t bytes)
{
    /* A guest may put a NUL into its line: the text ends there, the format has no room for more. */
    return recorder_append(rec, type, domid, time_ns, text, strnlen(text, bytes), "", 1, 1);
}

/* ---- the end ---------------------------------------------------------------------------------- */

const void *recorder_finish(struct recorder *rec, size_t *bytes)
{
    struct heading heading;
    struct record_value end;

    assert(!rec->showing);
    *bytes = 0;
    if (!rec->finished) {
        recorder_flush(rec);
        heading = (struct heading){REC_END, DOMID_HOST, 0, rec->last_time_ns};
        end.value = XXH64(rec->buffer->bytes, rec->used_bytes, 0);
        if (recorder_write(rec, &heading, &end, sizeof end, NULL, 0, 0) == 0)
            return NULL;
        rec->finished = true;
    }
    assert(!rec->failed);
    *bytes = rec->used_bytes;
    return rec->buffer->bytes;
}
