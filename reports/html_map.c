/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What changes in a domain's map of pages: segments, pages that go to the allocator and come from it, frames that are bound to
 * pfns and go back to Xen. A call that gives frames back names mfns, so that it is remembered which pfn each was bound to.
 */
#include "reports/html_map.h"

#include <assert.h>
#include <inttypes.h>
#include <stdint.h>
#include <stdlib.h>
#include <xen/memory.h>
#include <xen/xen.h>

#include "guest/abi/port.h"

/* What happens to a range of pages: html/run/map.js has the same numbers. */
enum map_change { MAP_BOOT, MAP_PLUG, MAP_UNPLUG, MAP_FREE, MAP_TAKE, MAP_KEEP, MAP_BIND, MAP_LOOSE };

/* A frame and the pfn that it was bound to last. */
struct bound {
    uint32_t mfn, pfn;
    bool there;
};

struct changes {
    FILE *out;
    const char *before;
    uint64_t event;
    struct bound *bound; /* open addressing; a power of two of places, more than half of them empty */
    size_t places, nr_bound;
    bool failed;
};

static void write_change(struct changes *changes, enum map_change what, uint64_t pfn, uint64_t pages)
{
    if (pages == 0)
        return;
    fprintf(changes->out, "%s%" PRIu64 ",%d,%" PRIu64 ",%" PRIu64, changes->before, changes->event, (int)what,
        pfn, pages);
    changes->before = ",";
}

/* ---- which pfn a frame has -------------------------------------------------------------------- */

/* The frame's place, or an empty one for it. */
static struct bound *place_of(const struct changes *changes, uint32_t mfn)
{
    size_t at = mfn * UINT32_C(2654435761);

    assert(changes->nr_bound < changes->places);
    for (;; at++) {
        struct bound *bound = &changes->bound[at & (changes->places - 1)];
        if (!bound->there || bound->mfn == mfn)
            return bound;
    }
}

static bool make_room(struct changes *changes)
{
    const struct changes old = *changes;

    if (2 * changes->nr_bound < changes->places)
        return true;
    changes->places = old.places != 0 ? 2 * old.places : 1024;
    changes->bound = calloc(changes->places, sizeof *changes->bound);
    if (changes->bound == NULL) {
        changes->bound = old.bound;
        changes->places = old.places;
        changes->failed = true;
        return false;
    }
    for (size_t b = 0; b < old.places; b++)
        if (old.bound[b].there)
            *place_of(changes, old.bound[b].mfn) = old.bound[b];
    free(old.bound);
    return true;
}

static void remember(struct changes *changes, uint32_t mfn, uint32_t pfn)
{
    if (!make_room(changes))
        return;
    struct bound *bound = place_of(changes, mfn);
    changes->nr_bound += !bound->there;
    *bound = (struct bound){mfn, pfn, true};
    assert(2 * changes->nr_bound <= changes->places + 1);
}

/* ---- neighbours are one range ----------------------------------------------------------------- */

struct range {
    uint32_t first, pages;
};

/* Adds a page that lies beside the range, or writes the range and begins another with the page. */
static void add_page(struct changes *changes, struct range *range, enum map_change what, uint32_t pfn)
{
    if (range->pages > 0 && pfn == range->first + range->pages) {
        range->pages++;
    } else if (range->pages > 0 && pfn + 1 == range->first) {
        range->first = pfn;
        range->pages++;
    } else {
        write_change(changes, what, range->first, range->pages);
        *range = (struct range){pfn, 1};
    }
}

/* Frames that were bound to pfns: (mfn, pfn) pairs. */
static void take_bound(struct changes *changes, const uint32_t *pairs, uint32_t count)
{
    struct range range = {0};

    for (uint32_t i = 0; i + 1 < count; i += 2) {
        remember(changes, pairs[i], pairs[i + 1]);
        add_page(changes, &range, MAP_BIND, pairs[i + 1]);
    }
    write_change(changes, MAP_BIND, range.first, range.pages);
}

/* Frames that went back to Xen. */
static void take_released(struct changes *changes, const uint32_t *frames, uint32_t count)
{
    struct range range = {0};

    for (uint32_t i = 0; i < count && changes->nr_bound > 0; i++) {
        const struct bound *bound = place_of(changes, frames[i]);
        if (bound->there)
            add_page(changes, &range, MAP_LOOSE, bound->pfn);
    }
    write_change(changes, MAP_LOOSE, range.first, range.pages);
}

/* ---- records ---------------------------------------------------------------------------------- */

static void take_note(struct changes *changes, const struct record_note *note)
{
    switch (note->note) {
    case NOTE_PAGE_FREE:
        write_change(changes, MAP_FREE, note->a, note->b);
        return;
    case NOTE_PAGE_ALLOC:
        write_change(changes, MAP_TAKE, note->a, note->b);
        return;
    case NOTE_PHYSLOAD:
        write_change(changes, MAP_BOOT, note->a, note->b - note->a);
        return;
    case NOTE_KEPT:
        write_change(changes, MAP_KEEP, note->a, note->b - note->a);
        return;
    case NOTE_PLUG_END:
        write_change(changes, MAP_PLUG, note->a, note->c != 0 ? note->b : 0);
        return;
    case NOTE_UNPLUG_END:
        write_change(changes, MAP_UNPLUG, note->a, note->c != 0 ? note->b : 0);
        return;
    default:
        return;
    }
}

static void take_runs(struct changes *changes, const struct record *record, enum map_change what)
{
    const struct record_run *runs = record_list(record);

    for (uint32_t i = 0; i < record->count; i++)
        write_change(changes, what, runs[i].pfn, runs[i].pages);
}

static void take_hypercall(struct changes *changes, const struct record *record)
{
    const struct record_hypercall *call = record_payload(record);

    if (call->op == __HYPERVISOR_mmu_update)
        take_bound(changes, record_list(record), record->count);
    if (call->op == __HYPERVISOR_memory_op && call->subop == XENMEM_decrease_reservation)
        take_released(changes, record_list(record), record->count);
}

void html_map(FILE *out, const struct reading *reading, unsigned domid, bool *failed)
{
    struct changes changes = {.out = out, .before = ""};

    fputs("\"map\":[", out);
    for (uint64_t event = 1; event <= reading_events(reading); event++) {
        const struct record *record = reading_event(reading, event);
        changes.event = event;
        if (record->domid != domid)
            continue;
        if (record->type == REC_NOTE)
            take_note(&changes, record_payload(record));
        else if (record->type == REC_PAGE_FREE)
            take_runs(&changes, record, MAP_FREE);
        else if (record->type == REC_PAGE_ALLOC)
            take_runs(&changes, record, MAP_TAKE);
        else if (record->type == REC_HYPERCALL)
            take_hypercall(&changes, record);
    }
    fputs("],\n", out);
    free(changes.bound);
    *failed = *failed || changes.failed;
}
