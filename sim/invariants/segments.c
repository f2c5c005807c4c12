/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * segments: compares what the guest's runtime announces of its segments (boot memory, plugs, unplugs) with what a walk
 * by their public functions finds at rest. accounting.c and rollback.c judge what a plug does to the counters.
 */
#include "sim/invariants/segments.h"
#include "sim/invariants/accounting.h"
#include "sim/invariants/last_target.h"
#include "sim/invariants/progress.h"
#include "sim/invariants/rollback.h"
#include "sim/invariants/sweep.h"
#include "sim/invariants/watched.h"

#include <assert.h>
#include <inttypes.h>

void segments_clear(struct watched *w)
{
    struct watched_segments *s = w->segments;

    *s = (struct watched_segments){.noted = {.at = s->noted.at, .room = s->noted.room},
        .walked = {.at = s->walked.at, .room = s->walked.room},
        .kept = {.at = s->kept.at, .room = s->kept.room},
        .fresh = {.at = s->fresh.at, .room = s->fresh.room}};
}

void segments_free(struct watched *w)
{
    ranges_free(&w->segments->noted);
    ranges_free(&w->segments->walked);
    ranges_free(&w->segments->kept);
    ranges_free(&w->segments->fresh);
}

const struct ranges *segments_known(struct watched *w)
{
    if (w->segments->audit_fresh)
        return &w->segments->walked;
    return w->segments->any_noted ? &w->segments->noted : NULL;
}

static void segments_add(struct invariants *inv, struct watched *w, uint64_t start, uint64_t end)
{
    w->segments->any_noted = true;
    w->segments->audit_fresh = false;
    if (!ranges_add(&w->segments->noted, start, end))
        inv->without_memory = true;
    assert(start == end || ranges_hold(&w->segments->noted, start) || inv->without_memory);
}

static void plugged(struct invariants *inv, struct watched *w, uint64_t pfn, uint64_t pages)
{
    uint64_t entries = domain_p2m_entries(w->domain), end = pfn + pages;

    invariant_ask(inv, INVARIANT_SEGMENTS);
    if (end < pfn || end > entries) {
        violate(inv, w, INVARIANT_SEGMENTS, 1, 0, pages,
            "%s plugged [0x%" PRIx64 ", 0x%" PRIx64 "), past the end of its P2M of %" PRIu64 " entries",
            domain_name(w->domain), pfn, end, entries);
        if (end < pfn)
            return;
    }
    if (ranges_overlap(&w->segments->noted, pfn, end))
        violate(inv, w, INVARIANT_SEGMENTS, 2, 0, pages,
            "%s plugged [0x%" PRIx64 ", 0x%" PRIx64 "), of which a part was plugged already",
            domain_name(w->domain), pfn, end);
    segments_add(inv, w, pfn, end);
    if (!ranges_add(&w->segments->fresh, pfn, end))
        inv->without_memory = true;
    accounting_plugged(w, (int64_t)pages);
}

static void unplugged(struct invariants *inv, struct watched *w, uint64_t pfn, uint64_t pages)
{
    uint64_t before = ranges_pages(&w->segments->noted), end = pfn + pages, gone;

    invariant_ask(inv, INVARIANT_SEGMENTS);
    if (end < pfn || !ranges_remove(&w->segments->noted, pfn, end))
        return;
    if (!ranges_remove(&w->segments->fresh, pfn, end))
        inv->without_memory = true;
    w->segments->audit_fresh = false;
    gone = before - ranges_pages(&w->segments->noted);
    if (gone != pages)
        violate(inv, w, INVARIANT_SEGMENTS, 3, 0, pages - gone,
            "%s unplugged [0x%" PRIx64 ", 0x%" PRIx64 "), of which %" PRIu64 " pages were not plugged",
            domain_name(w->domain), pfn, end, pages - gone);
    accounting_plugged(w, -(int64_t)pages);
}

static void call_begins(struct invariants *inv, struct watched *w, const struct event *event)
{
    const struct record_note *note = event->payload;
    struct segment_call *call = &w->segments->call;

    *call = (struct segment_call){.open = true,
        .unplug = note->note == NOTE_UNPLUG_BEGIN,
        .pfn = note->a,
        .pages = note->b,
        .event = event->number};
    accounting_base(inv, w);
    if (!call->unplug)
        accounting_plug_begin(inv, w);
    rollback_begin(inv, w);
}

static void call_ends(
    struct invariants *inv, struct watched *w, const struct record_note *note, const struct event *event)
{
    bool ok = note->c != 0, unplug = note->note == NOTE_UNPLUG_END;

    rollback_end(inv, w, ok, event);
    if (ok && !unplug && w->rollback->failed.count == 0)
        last_target_plugged(w);
    if (ok && unplug)
        unplugged(inv, w, note->a, note->b);
    else if (ok)
        plugged(inv, w, note->a, note->b);
    if (ok) {
        accounting_plug_ended(w, event->number);
        progress_plugged(w, note->b);
    } else {
        watched_refused(inv, w, event->number);
        progress_refused(inv, w, event);
    }
    w->segments->call.open = false;
}

static void audit_segment(
    struct invariants *inv, struct watched *w, uint64_t start, uint64_t end, uint64_t structs)
{
    uint64_t entries = domain_p2m_entries(w->domain);

    invariant_ask(inv, INVARIANT_SEGMENTS);
    if (start >= end) {
        violate(inv, w, INVARIANT_SEGMENTS, 4, 0, 1,
            "%s has a segment [0x%" PRIx64 ", 0x%" PRIx64 ") that ends before it begins",
            domain_name(w->domain), start, end);
        return;
    }
    if (start < w->segments->walked_end)
        violate(inv, w, INVARIANT_SEGMENTS, 5, 0, 1,
            "segments of %s are not sorted and disjoint: [0x%" PRIx64 ", 0x%" PRIx64
            ") follows one that ends at 0x%" PRIx64,
            domain_name(w->domain), start, end, w->segments->walked_end);
    if (end > entries)
        violate(inv, w, INVARIANT_SEGMENTS, 6, 0, end - entries,
            "segment [0x%" PRIx64 ", 0x%" PRIx64 ") of %s ends past its P2M of %" PRIu64 " entries", start,
            end, domain_name(w->domain), entries);
    if (structs != end - start)
        violate(inv, w, INVARIANT_SEGMENTS, 7, 0,
            structs > end - start ? structs - (end - start) : end - start - structs,
            "segment [0x%" PRIx64 ", 0x%" PRIx64 ") of %s has %" PRIu64 " pages and %" PRIu64
            " structures of pages: some serve two pfns or none",
            start, end, domain_name(w->domain), end - start, structs);
    if (end > w->segments->walked_end)
        w->segments->walked_end = end;
    if (!ranges_add(&w->segments->walked, start, end))
        inv->without_memory = true;
}

/* What segment code says of itself beside the walk. */
static void audit_accessors(struct invariants *inv, struct watched *w, const struct record_note *note)
{
    struct port_counters counters;

    if (!domain_counters(w->domain, &counters))
        return;
    if (note->a != 0 && note->a != w->segments->walked_end) {
        domain_place_next_record(w->domain, counters.highest_function);
        violate(inv, w, INVARIANT_SEGMENTS, 10, 0,
            note->a > w->segments->walked_end ? note->a - w->segments->walked_end
                                              : w->segments->walked_end - note->a,
            "the highest frame of %s is pfn 0x%" PRIx64
            ", says its segment code; the highest segment of a walk ends with "
            "0x%" PRIx64,
            domain_name(w->domain), note->a - 1, w->segments->walked_end - 1);
    }
    if (note->b != 0) {
        domain_place_next_record(w->domain, counters.valid_function);
        violate(inv, w, INVARIANT_SEGMENTS, 11, 0, note->b,
            "%" PRIu64 " handle%s of segments that %s unplugged whole %s called valid still", note->b,
            PLURAL(note->b), domain_name(w->domain), note->b == 1 ? "is" : "are");
    }
}

static void audit_ends(struct invariants *inv, struct watched *w, const struct record_note *note)
{
    const struct ranges *noted = &w->segments->noted, *walked = &w->segments->walked;

    w->segments->audit_open = false;
    w->segments->audit_fresh = true;
    invariant_ask(inv, INVARIANT_SEGMENTS);
    audit_accessors(inv, w, note);
    if (w->segments->any_noted && !ranges_equal(noted, walked))
        violate(inv, w, INVARIANT_SEGMENTS, 8, 0, 0,
            "a walk over the segments of %s finds %" PRIu64
            " pages in %zu rows; boot memory and what was plugged"
            " since make %" PRIu64 " pages in %zu rows",
            domain_name(w->domain), ranges_pages(walked), walked->count, ranges_pages(noted), noted->count);
}

void segments_note(struct invariants *inv, struct watched *w, const struct event *event)
{
    const struct record_note *note = event->payload;

    switch (note->note) {
    case NOTE_PHYSLOAD:
        if (note->a <= note->b)
            segments_add(inv, w, note->a, note->b);
        break;
    case NOTE_KEPT:
        if (note->a <= note->b && !ranges_add(&w->segments->kept, note->a, note->b))
            inv->without_memory = true;
        break;
    case NOTE_PLUG_BEGIN:
    case NOTE_UNPLUG_BEGIN:
        call_begins(inv, w, event);
        break;
    case NOTE_PLUG_END:
    case NOTE_UNPLUG_END:
        call_ends(inv, w, note, event);
        break;
    case NOTE_AUDIT_BEGIN:
        w->segments->audit_open = true;
        w->segments->walked.count = 0;
        w->segments->walked_end = 0;
        break;
    case NOTE_SEGMENT:
        if (w->segments->audit_open)
            audit_segment(inv, w, note->a, note->b, note->c);
        break;
    case NOTE_AUDIT_END:
        audit_ends(inv, w, note);
        break;
    default:
        break;
    }
}

/*
 * Has each plugged pfn a frame, or is it ballooned out (allocated, and without a frame, as the runtime counts)? Of pages that
 * reached the allocator without a frame backed-before-use has told, with the line that gave them.
 */
void segments_rest(struct invariants *inv, struct watched *w, const struct sweep *sweep)
{
    struct port_counters counters;

    if (!w->segments->audit_fresh || sweep->allowed != &w->segments->walked ||
        !domain_counters(w->domain, &counters))
        return;
    invariant_ask(inv, INVARIANT_SEGMENTS);
    if (sweep->unbacked_pages < counters.ballooned_pages ||
        sweep->unbacked_pages > counters.ballooned_pages + w->unbacked_pages)
        violate(inv, w, INVARIANT_SEGMENTS, 9, 0,
            sweep->unbacked_pages > counters.ballooned_pages
                ? sweep->unbacked_pages - counters.ballooned_pages
                : counters.ballooned_pages - sweep->unbacked_pages,
            "%" PRIu64 " plugged pfns of %s have no frame (first 0x%" PRIx64 "), but %" PRIu64
            " are ballooned out: the others are free or in use without memory behind them",
            sweep->unbacked_pages, domain_name(w->domain), sweep->unbacked_first, counters.ballooned_pages);
}
