/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Places of events, kept beside the recording. Millions of events come from few places, so each distinct backtrace is
 * kept once. This file knows offsets into an image, and nothing of what is there.
 */
#include "sim/array.h"
#include "sim/record/recorder_internal.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

static_assert((CHAIN_SLOTS & (CHAIN_SLOTS - 1)) == 0, "slots are found by a mask");

void recorder_forget_chains(struct recorder *rec)
{
    rec->nr_frames = 0;
    memset(rec->chains, 0, sizeof rec->chains);
}

void recorder_place(struct recorder *rec, unsigned domid, uint64_t text_offset)
{
    rec->next_place = (struct place){.domid = (uint16_t)domid, .text_offset = text_offset};
    rec->has_next_place = true;
}

void recorder_forget_place(struct recorder *rec)
{
    rec->has_next_place = false;
}

static unsigned slot_of(const uint64_t *frames, size_t count)
{
    uint64_t hash = count;

    for (size_t f = 0; f < count; f++)
        hash = (hash ^ frames[f]) * 0x9e3779b97f4a7c15ull;
    return (unsigned)(hash >> 32) & (CHAIN_SLOTS - 1);
}

/* Finds this backtrace among those that are kept, or keeps it now. NULL: no room. */
static const struct chain *chain_of(struct recorder *rec, const uint64_t *frames, size_t count)
{
    const unsigned first = slot_of(frames, count);
    struct chain *chain = &rec->chains[first];

    for (unsigned tried = 1; chain->count != 0; tried++) {
        if (chain->count == count && memcmp(rec->frames + chain->first, frames, count * sizeof *frames) == 0)
            return chain;
        if (tried == CHAIN_SLOTS)
            return NULL;
        chain = &rec->chains[(first + tried) & (CHAIN_SLOTS - 1)];
    }
    if (count > RECORDER_FRAMES_MAX - rec->nr_frames)
        return NULL;
    *chain = (struct chain){(uint32_t)rec->nr_frames, (uint32_t)count};
    memcpy(rec->frames + rec->nr_frames, frames, count * sizeof *frames);
    rec->nr_frames += count;
    assert(rec->nr_frames <= RECORDER_FRAMES_MAX);
    return chain;
}

void recorder_backtrace(
    struct recorder *rec, unsigned domid, uint64_t text_offset, const uint64_t *frames, size_t count)
{
    assert(frames != NULL && count > 0 && count <= UINT16_MAX);
    const struct chain *chain = chain_of(rec, frames, count);

    recorder_place(rec, domid, text_offset);
    if (chain == NULL)
        return;
    rec->next_place.first_frame = chain->first;
    rec->next_place.nr_frames = (uint16_t)count;
}

const uint64_t *recorder_frames(const struct recorder *rec)
{
    return rec->frames;
}

/* Takes the place that was set for the next event of this domain, if any; events of other domains may come before. */
bool recorder_take_place(struct recorder *rec, unsigned domid, struct place *place)
{
    if (!rec->has_next_place || rec->next_place.domid != domid)
        return false;
    *place = rec->next_place;
    rec->has_next_place = false;
    return true;
}

void recorder_keep_place(struct recorder *rec, const struct place *place, uint64_t event)
{
    assert(rec->nr_places == 0 || rec->places[rec->nr_places - 1].event < event);
    if (!ARRAY_ONE_MORE(rec->places, rec->places_capacity, rec->nr_places)) {
        recorder_lose(rec);
        return;
    }
    rec->places[rec->nr_places] = *place;
    rec->places[rec->nr_places++].event = event;
}

const struct place *recorder_places(const struct recorder *rec, size_t *count)
{
    *count = rec->nr_places;
    return rec->places;
}
