/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A walk over the whole P2M, at rest: p2m-m2p, no-alias and isolation for each valid entry, and a count of the frames
 * that pfns name. Each entry is looked at once; only odd ones are looked at twice.
 */
#include "sim/invariants/sweep.h"
#include "sim/invariants/frame_events.h"

#include <assert.h>
#include <inttypes.h>

#define ALIASES_SEARCHED 16u /* how many odd entries are searched for a second pfn */

struct span {
    const uint64_t *table;
    uint64_t start, end, entries;
    bool allowed, count_unbacked;
};

static void sweep_foreign(
    struct invariants *inv, struct watched *w, uint64_t pfn, uint64_t mfn, unsigned owner)
{
    const char *what = "is free";

    if (owner != OWNER_FREE && owner != OWNER_XEN) {
        struct domain *other = machine_domain_by_id(inv->machine, owner);

        violate(inv, w, INVARIANT_ISOLATION, 2, 0, 1,
            "P2M[0x%" PRIx64 "] of %s names mfn 0x%" PRIx64 ", which is %s's", pfn, domain_name(w->domain),
            mfn, other == NULL ? "nobody" : domain_name(other));
        what = "belongs to another domain";
    } else if (owner == OWNER_XEN) {
        what = "is Xen's";
    }
    violate(inv, w, INVARIANT_P2M_M2P, 3, 0, 1, "P2M[0x%" PRIx64 "] of %s names mfn 0x%" PRIx64 ", which %s",
        pfn, domain_name(w->domain), mfn, what);
}

/* The other pfn that names mfn; P2M_INVALID: there is none. */
static uint64_t sweep_second_name(const struct span *span, uint64_t pfn, uint64_t mfn)
{
    for (uint64_t other = 0; other < span->entries; other++)
        if (span->table[other] == mfn && other != pfn)
            return other;
    return P2M_INVALID;
}

/* The event that is blamed: the frame was last given or bound then, and its second or wrong pfn was written at about that
 * time. */
static uint64_t sweep_cause(struct invariants *inv, uint64_t mfn)
{
    const uint32_t *own = frame_event(inv, mfn);

    return own == NULL ? 0 : *own & FRAME_EVENT_MASK;
}

/* A frame of the domain whose M2P entry does not name the pfn that names it. Is it a second name of it? */
static bool sweep_odd(struct invariants *inv, struct watched *w, struct sweep *sweep, const struct span *span,
    uint64_t pfn, uint64_t mfn, uint64_t back)
{
    uint64_t other = P2M_INVALID;

    if (back < span->entries && span->table[back] == mfn)
        other = back;
    else if (sweep->odd.count < ALIASES_SEARCHED)
        other = sweep_second_name(span, pfn, mfn);
    if (other != P2M_INVALID) {
        violate(inv, w, INVARIANT_NO_ALIAS, 1, sweep_cause(inv, mfn), 1,
            "mfn 0x%" PRIx64 " of %s is named by two pfns, 0x%" PRIx64 " and 0x%" PRIx64, mfn,
            domain_name(w->domain), pfn < other ? pfn : other, pfn < other ? other : pfn);
        /* Counted once: under the pfn that the M2P names, or else under the lower one. */
        if (other == back || other < pfn)
            return true;
    } else if (back != PFN_NONE.pfn) {
        violate(inv, w, INVARIANT_P2M_M2P, 4, sweep_cause(inv, mfn), 1,
            "M2P[0x%" PRIx64 "] is 0x%" PRIx64
            ", whose P2M entry does not name that frame of %s back; P2M[0x%" PRIx64 "] does",
            mfn, back, domain_name(w->domain), pfn);
    }
    if (!numbers_add(&sweep->odd, mfn))
        inv->without_memory = true;
    return false;
}

/* Skips sound entries, as nearly all are: each names a frame of the domain whose M2P entry names it back. */
static uint64_t sweep_sound(
    const struct invariants *inv, const struct watched *w, const struct span *span, uint64_t pfn)
{
    const struct frame_arrays arrays = inv->arrays;
    const uint64_t *table = span->table, end = span->end;
    const unsigned domid = w->domid;

    for (; pfn + 4 <= end; pfn += 4)
        if (!frame_is_bound(&arrays, table[pfn], domid, pfn) ||
            !frame_is_bound(&arrays, table[pfn + 1], domid, pfn + 1) ||
            !frame_is_bound(&arrays, table[pfn + 2], domid, pfn + 2) ||
            !frame_is_bound(&arrays, table[pfn + 3], domid, pfn + 3))
            break;
    while (pfn < end && frame_is_bound(&arrays, table[pfn], domid, pfn))
        pfn++;
    return pfn;
}

/* Skips entries without a frame. */
static uint64_t sweep_invalid(const struct span *span, uint64_t pfn)
{
    const uint64_t *table = span->table, end = span->end;

    while (pfn + 4 <= end && (table[pfn] & table[pfn + 1] & table[pfn + 2] & table[pfn + 3]) == P2M_INVALID)
        pfn += 4;
    while (pfn < end && table[pfn] == P2M_INVALID)
        pfn++;
    return pfn;
}

static void sweep_span(
    struct invariants *inv, struct watched *w, struct sweep *sweep, const struct span *span)
{
    uint64_t named = 0, unbacked = 0;

    assert(span->start <= span->end && span->end <= span->entries);
    for (uint64_t pfn = span->start; pfn < span->end; pfn++) {
        uint64_t first = pfn, mfn, back;

        pfn = sweep_sound(inv, w, span, pfn);
        named += pfn - first;
        if (pfn == span->end)
            break;
        mfn = span->table[pfn];
        if (mfn == P2M_INVALID) {
            if (unbacked == 0 && span->count_unbacked && sweep->unbacked_pages == 0)
                sweep->unbacked_first = pfn;
            first = pfn;
            pfn = sweep_invalid(span, pfn) - 1;
            unbacked += pfn + 1 - first;
            continue;
        }
        if (mfn == P2M_ON_DEMAND)
            continue;
        if (!frame_is_of(inv, mfn, w->domid)) {
            sweep_foreign(inv, w, pfn, mfn, frame_owner(inv->machine, MFN(mfn)));
            continue;
        }
        back = inv->arrays.m2p[mfn];
        if (back == pfn || !sweep_odd(inv, w, sweep, span, pfn, mfn, back))
            named++;
    }
    assert(named + unbacked <= span->end - span->start);
    sweep->owned_pages += named;
    if (span->allowed)
        sweep->named_pages += named;
    if (span->count_unbacked)
        sweep->unbacked_pages += unbacked;
}

void sweep_domain(struct invariants *inv, struct watched *w, struct sweep *sweep)
{
    uint64_t entries = domain_p2m_entries(w->domain), image = domain_image_pages(w->domain), at;
    struct span span = {.table = domain_p2m_table(w->domain), .entries = entries};

    assert(span.table != NULL || entries == 0);
    invariant_ask(inv, INVARIANT_P2M_M2P);
    invariant_ask(inv, INVARIANT_NO_ALIAS);
    invariant_ask(inv, INVARIANT_ISOLATION);
    span.end = image < entries ? image : entries;
    span.allowed = true;
    sweep_span(inv, w, sweep, &span);
    at = span.end;
    for (size_t i = 0; sweep->allowed != NULL && i < sweep->allowed->count; i++) {
        const struct range *range = &sweep->allowed->at[i];
        uint64_t start = range->start > at ? range->start : at;

        if (start > entries)
            start = entries;
        span = (struct span){.table = span.table, .start = at, .end = start, .entries = entries};
        sweep_span(inv, w, sweep, &span);
        at = range->end < entries ? range->end : entries;
        span = (struct span){span.table, start, at > start ? at : start, entries, true, true};
        sweep_span(inv, w, sweep, &span);
        at = span.end;
    }
    span = (struct span){span.table, at, entries, entries, sweep->allowed == NULL, false};
    sweep_span(inv, w, sweep, &span);
    numbers_sort(&sweep->odd);
}
