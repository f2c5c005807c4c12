/* SPDX-License-Identifier: BSD-2-Clause */
/* Remembers when each function ran last, and writes down a few of them at each event that was asked about. */
#include "harness/run/trail.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/array.h"
#include "sim/random.h"
#include "sim/record/recorder.h"
#include "sim/types.h"

#define PLACE_BYTES    1024u
#define FRAMES_KEPT    4u    /* of a place in code that was inlined: as many functions run there */
#define EVENTS_BEFORE  512u  /* blocks are told from so many events before one that was asked about */
#define EVENTS_AFTER   64u   /* and until so many behind it */
#define LAST_LOOKED_AT 16u   /* functions that ran before an event: the rarest of them are told */
#define BLOCKS_FIRST   1024u /* a power of two */

struct function {
    char *name;        /* "balloon_inflate", as the place has it in brackets */
    const char *place; /* where in it the code was last */
    unsigned domid;    /* whose: each domain's driver has its own */
    uint64_t ran;      /* by the clock; 0: not yet */
    uint64_t times;    /* that it ran, after another one did */
    uint64_t blocks;   /* its own, that ran */
};

/* A block that was told once, and which functions it is in. */
struct block {
    unsigned domid;
    uint64_t text_offset;
    unsigned count;
    uint32_t function[FRAMES_KEPT];
    char *place[FRAMES_KEPT];
};

struct asked {
    struct trail_asked what;
    uint64_t clock; /* when it was passed */
    unsigned nr_before, nr_after, nr_most;
    char *before[TRAIL_FUNCTIONS], *after[TRAIL_FUNCTIONS];
    char *most[TRAIL_MOST]; /* where most blocks ran that led to it */
};

struct trail {
    const struct recorder *recorder;
    trail_place_t *place;
    void *place_context;
    uint64_t clock;
    uint32_t last; /* the function that ran last */
    bool no_memory;
    struct function *functions;
    size_t nr_functions, functions_room;
    struct block *blocks; /* a hash table, at most half full */
    size_t nr_blocks, blocks_room;
    size_t nr_passed; /* of asked: all before this one */
    size_t nr_asked;
    struct asked asked[TRAIL_ASKED_MAX];
};

struct trail *trail_new(const struct trail_asked *asked, size_t count)
{
    struct trail *trail = calloc(1, sizeof *trail);

    assert(count <= TRAIL_ASKED_MAX);
    if (trail == NULL)
        return NULL;
    trail->blocks = calloc(BLOCKS_FIRST, sizeof *trail->blocks);
    trail->blocks_room = BLOCKS_FIRST;
    trail->nr_asked = count;
    for (size_t a = 0; a < count; a++) {
        assert(a == 0 || asked[a - 1].event <= asked[a].event);
        trail->asked[a].what = asked[a];
    }
    if (trail->blocks != NULL)
        return trail;
    free(trail);
    return NULL;
}

void trail_free(struct trail *trail)
{
    if (trail == NULL)
        return;
    for (size_t f = 0; f < trail->nr_functions; f++)
        free(trail->functions[f].name);
    for (size_t b = 0; b < trail->blocks_room; b++)
        for (unsigned i = 0; i < trail->blocks[b].count; i++)
            free(trail->blocks[b].place[i]);
    for (size_t a = 0; a < trail->nr_asked; a++) {
        for (unsigned i = 0; i < TRAIL_FUNCTIONS; i++) {
            free(trail->asked[a].before[i]);
            free(trail->asked[a].after[i]);
        }
        for (unsigned i = 0; i < TRAIL_MOST; i++)
            free(trail->asked[a].most[i]);
    }
    free(trail->functions);
    free(trail->blocks);
    free(trail);
}

/* ---- blocks and functions ---------------------------------------------------------------------- */

static char *copy(struct trail *trail, const char *text, size_t bytes)
{
    char *kept = strndup(text, bytes);

    trail->no_memory = trail->no_memory || kept == NULL;
    return kept;
}

/* The function of "balloon.c:512 (balloon_inflate)", found or new. False: there is none, or no memory. */
static bool function_of(
    struct trail *trail, unsigned domid, const char *frame, size_t bytes, uint32_t *number)
{
    const char *name = memchr(frame, '(', bytes), *end = frame + bytes - 1;

    if (name++ == NULL || bytes == 0 || *end != ')')
        return false;
    const size_t name_bytes = (size_t)(end - name);
    for (size_t f = 0; f < trail->nr_functions; f++)
        if (trail->functions[f].domid == domid && strlen(trail->functions[f].name) == name_bytes &&
            memcmp(trail->functions[f].name, name, name_bytes) == 0) {
            *number = (uint32_t)f;
            return true;
        }
    if (!ARRAY_ONE_MORE(trail->functions, trail->functions_room, trail->nr_functions)) {
        trail->no_memory = true;
        return false;
    }
    struct function *new = &trail->functions[trail->nr_functions];
    *new = (struct function){.name = copy(trail, name, name_bytes), .domid = domid};
    if (new->name == NULL)
        return false;
    *number = (uint32_t)trail->nr_functions++;
    return true;
}

static void look_up(struct trail *trail, struct block *block)
{
    char text[PLACE_BYTES];
    const char *frame = text;

    if (!trail->place(trail->place_context, block->domid, block->text_offset, text, sizeof text))
        return;
    while (*frame != 0 && block->count < FRAMES_KEPT) {
        const size_t bytes = strcspn(frame, "\t");
        if (*frame != '<' && function_of(trail, block->domid, frame, bytes, &block->function[block->count])) {
            block->place[block->count] = copy(trail, frame, bytes);
            block->count += block->place[block->count] != NULL;
        }
        frame += bytes + (frame[bytes] == '\t');
    }
}

static struct block *slot_of(struct block *blocks, size_t room, unsigned domid, uint64_t text_offset)
{
    size_t at = (size_t)((text_offset * 64 + domid) * RANDOM_STEP >> 32) & (room - 1);

    while (blocks[at].domid != 0 && (blocks[at].domid != domid || blocks[at].text_offset != text_offset))
        at = (at + 1) & (room - 1);
    return &blocks[at];
}

static bool grow(struct trail *trail)
{
    const size_t room = 2 * trail->blocks_room;
    struct block *blocks = calloc(room, sizeof *blocks);

    if (blocks == NULL)
        return false;
    for (size_t b = 0; b < trail->blocks_room; b++)
        if (trail->blocks[b].domid != 0)
            *slot_of(blocks, room, trail->blocks[b].domid, trail->blocks[b].text_offset) = trail->blocks[b];
    free(trail->blocks);
    trail->blocks = blocks;
    trail->blocks_room = room;
    return true;
}

/* NULL: no memory. */
static const struct block *block_of(struct trail *trail, unsigned domid, uint64_t text_offset)
{
    struct block *block = slot_of(trail->blocks, trail->blocks_room, domid, text_offset);

    assert(domid != 0);
    if (block->domid != 0)
        return block;
    if (trail->nr_blocks >= trail->blocks_room / 2) {
        if (!grow(trail)) {
            trail->no_memory = true;
            return NULL;
        }
        block = slot_of(trail->blocks, trail->blocks_room, domid, text_offset);
    }
    *block = (struct block){.domid = domid, .text_offset = text_offset};
    trail->nr_blocks++;
    look_up(trail, block);
    return block;
}

/* ---- events ------------------------------------------------------------------------------------ */

static bool concerns(const struct asked *asked, unsigned domid)
{
    return asked->what.domid == domid || asked->what.domid == DOMID_HOST;
}

/* The function that ran last before that time, of the domains that are asked about. NULL: there is none. */
static const struct function *last_before(
    const struct trail *trail, const struct asked *asked, uint64_t clock)
{
    const struct function *last = NULL;

    for (size_t f = 0; f < trail->nr_functions; f++) {
        const struct function *function = &trail->functions[f];
        if (function->ran != 0 && function->ran < clock && concerns(asked, function->domid) &&
            (last == NULL || function->ran > last->ran))
            last = function;
    }
    return last;
}

/* Of the last functions those that ran least often: what runs all the time tells nothing. Where two ran as often, the later
 * one is told. */
static void leave_rarest(const struct function *last[LAST_LOOKED_AT], unsigned *count)
{
    while (*count > TRAIL_FUNCTIONS) {
        unsigned most = 0;
        for (unsigned f = 1; f < *count; f++)
            if (last[f]->times >= last[most]->times)
                most = f;
        memmove(&last[most], &last[most + 1], (*count - most - 1) * sizeof last[0]);
        --*count;
    }
}

static void keep_before(struct trail *trail, struct asked *asked)
{
    const struct function *last[LAST_LOOKED_AT];
    unsigned count = 0;
    uint64_t clock = UINT64_MAX;

    while (count < LAST_LOOKED_AT && (last[count] = last_before(trail, asked, clock)) != NULL)
        clock = last[count++]->ran;
    leave_rarest(last, &count);
    for (unsigned f = 0; f < count; f++) {
        char *place = copy(trail, last[f]->place, strlen(last[f]->place));
        if (place == NULL)
            return;
        asked->before[asked->nr_before++] = place;
    }
}

/* Of all blocks that were told so far: where what takes so long is. */
static void keep_most(struct trail *trail, struct asked *asked)
{
    uint64_t below = UINT64_MAX;

    while (asked->nr_most < TRAIL_MOST) {
        const struct function *most = NULL;
        for (size_t f = 0; f < trail->nr_functions; f++) {
            const struct function *function = &trail->functions[f];
            if (function->blocks > 0 && function->blocks < below && concerns(asked, function->domid) &&
                (most == NULL || function->blocks > most->blocks))
                most = function;
        }
        char *place = most != NULL ? copy(trail, most->place, strlen(most->place)) : NULL;
        if (place == NULL)
            return;
        asked->most[asked->nr_most++] = place;
        below = most->blocks;
    }
}

/* All events up to that one are past: what ran before those that were asked about is what ran last by now. */
static void pass(struct trail *trail, uint64_t event)
{
    for (; trail->nr_passed < trail->nr_asked; trail->nr_passed++) {
        struct asked *asked = &trail->asked[trail->nr_passed];

        if (asked->what.event > event)
            return;
        asked->clock = trail->clock;
        keep_before(trail, asked);
        keep_most(trail, asked);
    }
}

/* The first functions that run after an event that was asked about. */
static void add_after(struct trail *trail, const struct function *function, const char *place)
{
    for (size_t a = 0; a < trail->nr_passed; a++) {
        struct asked *asked = &trail->asked[a];
        if (asked->nr_after == TRAIL_FUNCTIONS || function->ran > asked->clock ||
            !concerns(asked, function->domid))
            continue;
        char *kept = copy(trail, place, strlen(place));
        if (kept == NULL)
            return;
        asked->after[asked->nr_after++] = kept;
    }
}

static bool wanted(void *context)
{
    struct trail *trail = context;
    const uint64_t event = recorder_events(trail->recorder);

    pass(trail, event);
    if (trail->no_memory)
        return false;
    if (trail->nr_passed > 0 && event <= trail->asked[trail->nr_passed - 1].what.event + EVENTS_AFTER)
        return true;
    return trail->nr_passed < trail->nr_asked &&
           event + EVENTS_BEFORE >= trail->asked[trail->nr_passed].what.event;
}

static void ran(void *context, unsigned domid, uint64_t text_offset)
{
    struct trail *trail = context;
    const struct block *block = trail->no_memory ? NULL : block_of(trail, domid, text_offset);

    if (block == NULL)
        return;
    /* The innermost function ran last. */
    for (unsigned i = block->count; i-- > 0;) {
        struct function *function = &trail->functions[block->function[i]];
        add_after(trail, function, block->place[i]);
        function->times += block->function[i] != trail->last;
        trail->last = block->function[i];
        function->ran = ++trail->clock;
        function->place = block->place[i];
        function->blocks += i == 0;
    }
}

struct machine_trace trail_begin(
    struct trail *trail, const struct recorder *recorder, trail_place_t *place, void *place_context)
{
    assert(trail->clock == 0);
    trail->recorder = recorder;
    trail->place = place;
    trail->place_context = place_context;
    return (struct machine_trace){.context = trail, .wanted = wanted, .ran = ran};
}

bool trail_end(struct trail *trail)
{
    pass(trail, UINT64_MAX);
    assert(trail->no_memory || trail->nr_passed == trail->nr_asked);
    return !trail->no_memory;
}

const char *trail_before(const struct trail *trail, size_t asked, unsigned nth)
{
    assert(asked < trail->nr_asked);
    return nth < trail->asked[asked].nr_before ? trail->asked[asked].before[nth] : NULL;
}

const char *trail_after(const struct trail *trail, size_t asked, unsigned nth)
{
    assert(asked < trail->nr_asked);
    return nth < trail->asked[asked].nr_after ? trail->asked[asked].after[nth] : NULL;
}

const char *trail_most(const struct trail *trail, size_t asked, unsigned nth)
{
    assert(asked < trail->nr_asked);
    return nth < trail->asked[asked].nr_most ? trail->asked[asked].most[nth] : NULL;
}
