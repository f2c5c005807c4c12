/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * rollback: after a plug or unplug that returned false the kernel's counters are as before; and when the driver's thread
 * next sleeps, what the driver had prepared for that plug is undone as well.
 */
#include "sim/invariants/rollback.h"
#include "sim/invariants/frame_events.h"
#include "sim/invariants/leak.h"
#include "sim/invariants/p2m.h"
#include "sim/invariants/segments.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

struct compared {
    enum port_counter counter;
    bool of_others; /* another thread that ran inside the call may have changed it */
};
static const struct compared compared[] = {
    {PORT_COUNTER_MANAGED, false},
    {PORT_COUNTER_TOTAL, false},
    {PORT_COUNTER_PRESENT, false},
    {PORT_COUNTER_SEGMENT_HEAP, false},
    {PORT_COUNTER_SEGMENT_HEAP_BYTES, false},
    {PORT_COUNTER_FREE, true},
    {PORT_COUNTER_HEAP, true},
    {PORT_COUNTER_HEAP_BYTES, true},
};

void rollback_clear(struct watched *w)
{
    struct watched_rollback *r = w->rollback;

    *r = (struct watched_rollback){.failed = {.at = r->failed.at, .room = r->failed.room},
        .bound = {.at = r->bound.at, .room = r->bound.room},
        .batch = {.at = r->batch.at, .room = r->batch.room}};
}

void rollback_free(struct watched *w)
{
    ranges_free(&w->rollback->failed);
    free(w->rollback->bound.at);
    free(w->rollback->batch.at);
}

void rollback_suspended(struct watched *w)
{
    w->rollback->bound.count = w->rollback->batch.count = 0;
    w->rollback->failed_any = false;
}

/* "2 allocations of kernel memory (8192 bytes), 1 pool": the parts that are none are left out. */
static void attach_left_text(const struct record_note *note, char *text, size_t bytes)
{
    static const char *const things[][2] = {{"allocation of kernel memory", "allocations of kernel memory"},
        {"pool or cache of objects", "pools or caches of objects"}, {"sysctl node", "sysctl nodes"}};
    const uint64_t counts[] = {note->c >> 40, note->c >> 20 & 0xfffff, note->c & 0xfffff};
    size_t used = 0;

    assert(bytes > 0);
    text[0] = '\0';
    for (unsigned i = 0; i < 3 && used < bytes; i++) {
        if (counts[i] == 0)
            continue;
        used += (size_t)snprintf(text + used, bytes - used, "%s%" PRIu64 " %s", used > 0 ? ", " : "",
            counts[i], things[i][counts[i] != 1]);
        if (i == 0 && used < bytes)
            used += (size_t)snprintf(text + used, bytes - used, " (%" PRIu64 " bytes)", note->b);
    }
}

void rollback_attached(struct invariants *inv, struct watched *w, const struct event *event)
{
    const struct record_note *note = event->payload;
    struct port_counters counters;
    char left[160];

    if (!domain_counters(w->domain, &counters) || counters.attach_refused == 0)
        return;
    invariant_ask(inv, INVARIANT_ROLLBACK);
    if (note->c >> 20 == 0)
        return; /* nodes alone do no harm: they go on to show what they show */
    attach_left_text(note, left, sizeof left);
    domain_place_next_record(w->domain, counters.attach_refused - 1);
    violate(inv, w, INVARIANT_ROLLBACK, 30, 0, note->b,
        "the driver of %s was refused a watch or a thread, gave up its attach, and left behind %s",
        domain_name(w->domain), left);
}

/*
 * A plug right behind pages that were refused: the driver takes them for the end of memory still, because it has not undone
 * what it did before the refused plug. When its thread sleeps, segments may end where the end of memory is once more.
 */
static void rollback_passed_over(struct invariants *inv, struct watched *w)
{
    const struct segment_call *call = &w->segments->call;
    const struct ranges *noted = &w->segments->noted, *failed = &w->rollback->failed;
    const struct kernel *kernel = domain_description(w->domain);

    if (call->unplug || noted->count == 0 || !kernel_counts(kernel, PORT_COUNTER_MEMORY_END))
        return;
    const uint64_t end = noted->at[noted->count - 1].end;
    for (size_t i = 0; i < failed->count; i++)
        if (failed->at[i].start <= end && end < call->pfn && call->pfn <= failed->at[i].end)
            violate(inv, w, INVARIANT_ROLLBACK, 24, w->rollback->event, call->pfn - end,
                "a plug by %s returned false, and %s was not taken back: the next one begins at pfn "
                "0x%" PRIx64 ", behind what was refused, and the highest plugged segment ends at 0x%" PRIx64,
                domain_name(w->domain), kernel_counter_name(kernel, PORT_COUNTER_MEMORY_END), call->pfn, end);
}

void rollback_begin(struct invariants *inv, struct watched *w)
{
    struct segment_call *call = &w->segments->call;

    assert(inv != NULL && call->open);
    rollback_passed_over(inv, w);
    call->has_counters = domain_counters(w->domain, &call->before);
}

static void rollback_counters(struct invariants *inv, struct watched *w, const struct event *event)
{
    const struct segment_call *call = &w->segments->call;
    const struct kernel *kernel = domain_description(w->domain);
    const char *verb = call->unplug ? "unplug" : "plug";
    struct port_counters after;

    if (!call->has_counters || !domain_counters(w->domain, &after))
        return;
    for (unsigned i = 0; i < sizeof compared / sizeof compared[0]; i++) {
        enum port_counter counter = compared[i].counter;
        uint64_t was = kernel_counter(&call->before, counter), is = kernel_counter(&after, counter);

        if (was == is || !kernel_counts(kernel, counter) || (compared[i].of_others && call->disturbed))
            continue;
        violate(inv, w, INVARIANT_ROLLBACK, 1 + i, event->number, was > is ? was - is : is - was,
            "%s of [0x%" PRIx64 ", 0x%" PRIx64 ") by %s returned false, but %s went from %" PRIu64
            " to %" PRIu64,
            verb, call->pfn, call->pfn + call->pages, domain_name(w->domain),
            kernel_counter_name(kernel, counter), was, is);
    }
}

/* Remembers the frames that the refused pfns name now; they are looked for when the driver sleeps. */
static void rollback_remember(struct invariants *inv, struct watched *w, const struct event *event)
{
    const struct segment_call *call = &w->segments->call;
    uint64_t entries = domain_p2m_entries(w->domain), end = call->pfn + call->pages;

    w->rollback->failed_any = true;
    w->rollback->event = event->number;
    if (end < call->pfn || call->pfn >= entries)
        return;
    if (end > entries)
        end = entries;
    if (!ranges_add(&w->rollback->failed, call->pfn, end))
        inv->without_memory = true;
    for (uint64_t pfn = call->pfn; pfn < end; pfn++) {
        uint64_t entry = p2m_entry(w, pfn);
        uint32_t mfn = (uint32_t)entry;

        if (entry != mfn || ranges_hold(&w->segments->noted, pfn))
            continue;
        if (!frame_list_add(&w->rollback->bound, &mfn, 1))
            inv->without_memory = true;
    }
}

void rollback_end(struct invariants *inv, struct watched *w, bool ok, const struct event *event)
{
    const struct segment_call *call = &w->segments->call;

    if (!call->open)
        return;
    if (ok) {
        if (!call->unplug && call->pfn + call->pages >= call->pfn &&
            !ranges_remove(&w->rollback->failed, call->pfn, call->pfn + call->pages))
            inv->without_memory = true;
        return;
    }
    invariant_ask(inv, INVARIANT_ROLLBACK);
    rollback_counters(inv, w, event);
    if (!call->unplug)
        rollback_remember(inv, w, event);
    assert(call->open);
}

void rollback_given(struct invariants *inv, struct watched *w, const struct event *event, uint64_t frames)
{
    struct frame_list *batch = &w->rollback->batch;

    assert(event->list != NULL || frames == 0);
    batch->count = 0;
    w->rollback->batch_event = event->number;
    if (!frame_list_add(batch, event->list, frames))
        inv->without_memory = true;
}

/* How many frames of the list were taken before the refusal, are still owned, and were never used. */
static uint64_t rollback_kept(
    struct invariants *inv, struct watched *w, const struct frame_list *list, uint64_t *first)
{
    uint64_t kept = 0;

    for (size_t i = 0; i < list->count; i++) {
        uint32_t *own = frame_event(inv, list->at[i]);

        if (own == NULL || (*own & FRAME_UNUSED) == 0 || (*own & FRAME_EVENT_MASK) > w->rollback->event ||
            frame_owner(inv->machine, MFN(list->at[i])) != w->domid)
            continue;
        if (kept++ == 0)
            *first = list->at[i];
    }
    return kept;
}

/* How many frames Xen has not taken back since the refusal: they stay the domain's, and their M2P entries as they are. */
static uint64_t rollback_owed(const struct watched *w)
{
    return w->leak->owed_event > w->rollback->event ? w->leak->owed_pages : 0;
}

static void rollback_frames(struct invariants *inv, struct watched *w)
{
    const struct frame_list *list = &w->rollback->batch;
    uint64_t first = 0, kept;

    /* All frames of the last reservation call count, not only those of the refused pfns, unless it came after the refusal. */
    if (w->rollback->batch_event == 0 || w->rollback->batch_event > w->rollback->event)
        list = &w->rollback->bound;
    kept = rollback_kept(inv, w, list, &first);
    if (kept > rollback_owed(w))
        violate(inv, w, INVARIANT_ROLLBACK, 20, w->rollback->event, kept,
            "a plug by %s returned false, and when its thread slept next, %" PRIu64
            " of the %zu frame%s taken for"
            " it were neither used nor given back (first mfn 0x%" PRIx64 ", reservation %" PRIu64 " pages)",
            domain_name(w->domain), kept, list->count, PLURAL(list->count), first,
            domain_reservation_pages(w->domain));
}

static void rollback_entries(struct invariants *inv, struct watched *w)
{
    uint64_t stale = 0, first = 0;

    for (size_t i = 0; i < w->rollback->failed.count; i++) {
        const struct range *range = &w->rollback->failed.at[i];

        for (uint64_t pfn = range->start; pfn < range->end; pfn++) {
            if (p2m_entry(w, pfn) == P2M_INVALID || ranges_hold(&w->segments->noted, pfn))
                continue;
            if (stale++ == 0)
                first = pfn;
        }
    }
    if (stale > 0)
        violate(inv, w, INVARIANT_ROLLBACK, 21, w->rollback->event, stale,
            "a plug by %s returned false, and when its thread slept next, %" PRIu64
            " of the refused pfns still had a"
            " valid P2M entry (first P2M[0x%" PRIx64 "] = 0x%" PRIx64 ")",
            domain_name(w->domain), stale, first, p2m_entry(w, first));
}

static void rollback_m2p(struct invariants *inv, struct watched *w)
{
    struct ranges seen = {0}; /* a frame was refused more than once where a driver tried parts of its batch */
    uint64_t stale = 0, first = 0;

    for (size_t i = 0; i < w->rollback->bound.count; i++) {
        mfn_t frame = MFN(w->rollback->bound.at[i]);
        uint64_t pfn = frame_m2p(inv->machine, frame).pfn;

        if (frame_owner(inv->machine, frame) != w->domid || !ranges_hold(&w->rollback->failed, pfn) ||
            ranges_hold(&w->segments->noted, pfn) || ranges_hold(&seen, frame.mfn))
            continue;
        if (!ranges_add(&seen, frame.mfn, frame.mfn + 1u))
            inv->without_memory = true;
        if (stale++ == 0)
            first = frame.mfn;
    }
    ranges_free(&seen);
    if (stale > rollback_owed(w))
        violate(inv, w, INVARIANT_ROLLBACK, 22, w->rollback->event, stale,
            "a plug by %s returned false, and when its thread slept next, the M2P entries of %" PRIu64
            " of its frames still named refused pfns (first M2P[0x%" PRIx64 "] = 0x%" PRIx64 ")",
            domain_name(w->domain), stale, first, frame_m2p(inv->machine, MFN(first)).pfn);
}

static void rollback_end_of_memory(struct invariants *inv, struct watched *w)
{
    const struct kernel *kernel = domain_description(w->domain);
    const struct ranges *noted = &w->segments->noted;
    struct port_counters counters;
    uint64_t end;

    if (noted->count == 0 || !kernel_counts(kernel, PORT_COUNTER_MEMORY_END) ||
        !domain_counters(w->domain, &counters) || counters.memory_end_pfn == 0)
        return;
    end = noted->at[noted->count - 1].end;
    if (counters.memory_end_pfn != end)
        violate(inv, w, INVARIANT_ROLLBACK, 23, w->rollback->event,
            counters.memory_end_pfn > end ? counters.memory_end_pfn - end : end - counters.memory_end_pfn,
            "a plug by %s returned false, and when its thread slept next, %s was pfn 0x%" PRIx64
            "; the highest plugged segment ends at 0x%" PRIx64,
            domain_name(w->domain), kernel_counter_name(kernel, PORT_COUNTER_MEMORY_END),
            counters.memory_end_pfn, end);
}

void rollback_sleep(struct invariants *inv, struct watched *w)
{
    if (!w->rollback->failed_any || w->segments->call.open)
        return;
    invariant_ask(inv, INVARIANT_ROLLBACK);
    rollback_frames(inv, w);
    rollback_entries(inv, w);
    rollback_m2p(inv, w);
    rollback_end_of_memory(inv, w);
    w->rollback->failed_any = false;
    w->rollback->failed.count = 0;
    w->rollback->bound.count = 0;
}
