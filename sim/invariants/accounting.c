/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * accounting: the kernel's page counters against what was plugged, what is free and what is ballooned
 * out, and memory that sits in caches of objects while more is wanted. Judged outside plug and unplug calls.
 */
#include "sim/invariants/accounting.h"
#include "sim/invariants/last_target.h"
#include "sim/invariants/leak.h"
#include "sim/invariants/segments.h"
#include "sim/invariants/sweep.h"

#include <assert.h>
#include <inttypes.h>

/* What may be kept: lists that grew once, a few entries for the next time. */
#define KEPT_ALLOWED       64u /* allocations */
#define KEPT_ALLOWED_BYTES (256u << 10)
#define NOBODYS_ALLOWED    64u /* pages */

void accounting_clear(struct watched *w)
{
    *w->accounting = (struct watched_accounting){0};
}

void accounting_base(struct invariants *inv, struct watched *w)
{
    struct watched_accounting *a = w->accounting;

    assert(inv != NULL && w->domain != NULL);
    if (a->has_base || !domain_counters(w->domain, &a->base))
        return;
    a->has_base = true;
    a->plugged_pages = 0;
    a->failures = a->base.allocation_failures;
    a->idle_failures = a->base.idle_failures;
}

void accounting_moved(struct watched *w)
{
    struct watched_accounting *a = w->accounting;

    if (w->reservation_pages < w->reservation_before_pages)
        a->gave = true;
    else
        a->taken_pages += w->reservation_pages - w->reservation_before_pages;
}

void accounting_plugged(struct watched *w, int64_t pages)
{
    w->accounting->plugged_pages += pages;
}

void accounting_plug_ended(struct watched *w, uint64_t event)
{
    if (w->accounting->plug_event == 0)
        w->accounting->plug_event = event;
    if (w->accounting->first_plug_event == 0)
        w->accounting->first_plug_event = event;
}

void accounting_plug_begin(struct invariants *inv, struct watched *w)
{
    struct port_counters counters;

    if (!domain_counters(w->domain, &counters))
        return;
    invariant_ask(inv, INVARIANT_ACCOUNTING);
    if (counters.idle_pages > 0 && counters.draining == 0)
        violate(inv, w, INVARIANT_ACCOUNTING, 1, 0, counters.idle_pages,
            "%s plugs new pages while %" PRIu64 " idle object%s of its caches hold %" PRIu64
            " page%s that could be used",
            domain_name(w->domain), counters.idle_objects, PLURAL(counters.idle_objects), counters.idle_pages,
            PLURAL(counters.idle_pages));
}

/* What a counter did since boot against what was plugged since. Right, or not kept by the kernel: true. */
static bool accounting_delta(struct invariants *inv, struct watched *w, uint64_t key,
    enum port_counter counter, const struct port_counters *counters)
{
    const struct kernel *kernel = domain_description(w->domain);
    uint64_t was = kernel_counter(&w->accounting->base, counter), is = kernel_counter(counters, counter);
    int64_t changed = (int64_t)(is - was), plugged = w->accounting->plugged_pages;

    if (changed == plugged || !kernel_counts(kernel, counter))
        return true;
    violate(inv, w, INVARIANT_ACCOUNTING, key, w->accounting->plug_event,
        (uint64_t)(changed > plugged ? changed - plugged : plugged - changed),
        "%s of %s went from %" PRIu64 " to %" PRIu64 " since boot, a change of %" PRId64
        " pages, but %" PRId64 " were plugged less unplugged",
        kernel_counter_name(kernel, counter), domain_name(w->domain), was, is, changed, plugged);
    return false;
}

/* Outside plug and unplug calls, when the driver's thread waits. */
static void accounting_totals(struct invariants *inv, struct watched *w, const struct port_counters *counters)
{
    bool right = accounting_delta(inv, w, 2, PORT_COUNTER_PRESENT, counters);

    assert(w->accounting->has_base && !w->segments->call.open);
    right = accounting_delta(inv, w, 3, PORT_COUNTER_TOTAL, counters) && right;
    right = accounting_delta(inv, w, 4, PORT_COUNTER_MANAGED, counters) && right;
    if (right)
        w->accounting->plug_event = 0;
    if (counters->free_pages > counters->managed_pages)
        violate(inv, w, INVARIANT_ACCOUNTING, 5, 0, counters->free_pages - counters->managed_pages,
            "%s has %" PRIu64 " pages on its free lists, more than the %" PRIu64 " of all its segments",
            domain_name(w->domain), counters->free_pages, counters->managed_pages);
}

static void accounting_failures(
    struct invariants *inv, struct watched *w, const struct port_counters *counters)
{
    struct watched_accounting *a = w->accounting;
    uint64_t failures = counters->idle_failures - a->idle_failures;

    if (counters->idle_failures > a->idle_failures)
        violate(inv, w, INVARIANT_ACCOUNTING, 6, 0, failures,
            "%" PRIu64 " allocation%s failed in %s, with no fault injected, while idle objects of its caches"
            " held pages and memory was not so short that the kernel takes them back (%" PRIu64
            " page%s now)",
            failures, PLURAL(failures), domain_name(w->domain), counters->idle_pages,
            PLURAL(counters->idle_pages));
    a->failures = counters->allocation_failures;
    a->idle_failures = counters->idle_failures;
}

void accounting_look(struct invariants *inv, struct watched *w, bool by_driver)
{
    struct port_counters counters;

    if (w->segments->call.open || !w->accounting->has_base || !domain_counters(w->domain, &counters))
        return;
    invariant_ask(inv, INVARIANT_ACCOUNTING);
    if (by_driver)
        accounting_totals(inv, w, &counters);
    if (by_driver && counters.allocation_failures > w->accounting->failures)
        last_target_refused(inv, w, recorder_events(inv->recorder));
    accounting_failures(inv, w, &counters);
}

static bool keeps_more(
    const struct watched *w, const struct port_counters *counters, const struct port_counters *base)
{
    /* A driver may have moved to a longer P2M of its own, and keep the one before. */
    const uint64_t p2m_bytes = 2 * domain_p2m_entries(w->domain) * sizeof(uint64_t);

    return counters->heap_live > base->heap_live + KEPT_ALLOWED ||
           counters->heap_live_bytes > base->heap_live_bytes + KEPT_ALLOWED_BYTES + p2m_bytes;
}

/* Where the number of allocations went up for good: asked at each hypercall, which has a place. */
void accounting_live(struct watched *w, uint64_t event)
{
    struct watched_accounting *a = w->accounting;
    struct port_counters counters;

    assert(event > 0);
    if (!a->has_base || !domain_counters(w->domain, &counters))
        return;
    if (!keeps_more(w, &counters, &a->base))
        a->kept_event = 0;
    else if (a->kept_event == 0)
        a->kept_event = event;
}

/* What is allocated when as much is managed and ballooned as after attach. A cache may keep a few things. */
static void accounting_kept(struct invariants *inv, struct watched *w, const struct port_counters *counters)
{
    const struct port_counters *base = &w->accounting->base;

    if (counters->managed_pages != base->managed_pages ||
        counters->ballooned_pages != base->ballooned_pages || !keeps_more(w, counters, base))
        return;
    if (counters->kept_at != 0)
        domain_place_next_record(w->domain, counters->kept_at - 1);
    violate(inv, w, INVARIANT_ACCOUNTING, 9, w->accounting->kept_event, counters->heap_live - base->heap_live,
        "%s has %" PRIu64 " allocation%s of kernel memory (%" PRIu64
        " bytes) that it did not have when as many pages were"
        " managed and ballooned before",
        domain_name(w->domain), counters->heap_live - base->heap_live,
        PLURAL(counters->heap_live - base->heap_live), counters->heap_live_bytes - base->heap_live_bytes);
}

/*
 * Pages that are neither free nor ballooned out are the kernel's own, a workload's, or in a cache of the driver's. Others
 * were allocated, and nobody has them any more.
 */
static void accounting_nobodys(
    struct invariants *inv, struct watched *w, const struct port_counters *counters)
{
    const uint64_t known =
        counters->free_pages + counters->ballooned_pages + counters->known_pages + counters->idle_pages;
    const uint64_t unknown = counters->managed_pages > known ? counters->managed_pages - known : 0;

    if (!w->attached || counters->says_whose == 0)
        return;
    if (unknown <= NOBODYS_ALLOWED)
        return;
    violate(inv, w, INVARIANT_ACCOUNTING, 10, w->leak->refused_event, unknown,
        "%" PRIu64 " pages of %s are in use and have frames, and are neither the kernel's own, a workload's "
        "nor in a cache: "
        "they were allocated and forgotten",
        unknown, domain_name(w->domain));
}

/* Of the pages that were plugged since the last walk, those without a frame. */
static uint64_t fresh_unbacked(const struct watched *w)
{
    const struct ranges *fresh = &w->segments->fresh;
    const uint64_t *table = domain_p2m_table(w->domain), entries = domain_p2m_entries(w->domain);
    uint64_t pages = 0;

    for (size_t i = 0; i < fresh->count; i++)
        for (uint64_t pfn = fresh->at[i].start; pfn < fresh->at[i].end && pfn < entries; pfn++)
            pages += table[pfn] == P2M_INVALID;
    return pages;
}

/*
 * balloon(4) plugs new pages when no ballooned one is left. One that takes frames and plugs them while its ballooned pages
 * stay without any, from one rest to the next, no longer knows these. Pages that lent their frames are none of its.
 */
static void accounting_forgotten(
    struct invariants *inv, struct watched *w, const struct sweep *sweep, uint64_t lent_pages)
{
    struct watched_accounting *a = w->accounting;
    const uint64_t plugged = ranges_pages(&w->segments->fresh);

    if (w->attached && !a->gave && a->taken_pages > 0 && plugged > 0 && a->waiting_pages > 0) {
        const uint64_t fresh = fresh_unbacked(w), rest = sweep->unbacked_pages - fresh;
        const uint64_t waited = rest < a->waiting_pages ? rest : a->waiting_pages;

        assert(fresh <= sweep->unbacked_pages);
        if (waited > NOBODYS_ALLOWED + lent_pages)
            violate(inv, w, INVARIANT_ACCOUNTING, 11, a->first_plug_event, waited - lent_pages,
                "%s plugged %" PRIu64 " new page%s while %" PRIu64
                " pages that were ballooned out before got no frame: it has forgotten them%s",
                domain_name(w->domain), plugged, PLURAL(plugged), waited - lent_pages,
                w->restored ? "; it was saved and restored since it attached" : "");
    }
    a->waiting_pages = sweep->unbacked_pages;
    a->taken_pages = 0;
    a->first_plug_event = 0;
    a->gave = false;
    w->segments->fresh.count = 0;
}

void accounting_rest(struct invariants *inv, struct watched *w, const struct sweep *sweep)
{
    struct port_counters counters;
    uint64_t walked;

    accounting_base(inv, w);
    accounting_look(inv, w, true);
    if (sweep->allowed != &w->segments->walked || !domain_counters(w->domain, &counters))
        return;
    invariant_ask(inv, INVARIANT_ACCOUNTING);
    accounting_kept(inv, w, &counters);
    accounting_nobodys(inv, w, &counters);
    accounting_forgotten(inv, w, sweep, counters.lent_pages);
    walked = ranges_pages(&w->segments->walked);
    if (walked != counters.managed_pages)
        violate(inv, w, INVARIANT_ACCOUNTING, 7, 0,
            walked > counters.managed_pages ? walked - counters.managed_pages
                                            : counters.managed_pages - walked,
            "the segments of %s hold %" PRIu64 " pages, its kernel counts %" PRIu64 " managed",
            domain_name(w->domain), walked, counters.managed_pages);
    if (counters.free_pages + counters.ballooned_pages > counters.managed_pages)
        violate(inv, w, INVARIANT_ACCOUNTING, 8, 0,
            counters.free_pages + counters.ballooned_pages - counters.managed_pages,
            "%s manages %" PRIu64 " pages, but %" PRIu64 " free + %" PRIu64 " ballooned out are more",
            domain_name(w->domain), counters.managed_pages, counters.free_pages, counters.ballooned_pages);
    assert(sweep->allowed != NULL);
}
