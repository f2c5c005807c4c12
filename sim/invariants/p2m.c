/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The P2M and the M2P while the guest runs: backed-before-use when a page reaches the guest's allocator; p2m-m2p and
 * isolation when a frame leaves its domain; and the guard behind the P2M. The guest's own stores into its P2M can't be
 * seen; sweep.c finds at rest what they broke.
 */
#include "sim/invariants/p2m.h"
#include "sim/invariants/frame_events.h"
#include "sim/invariants/segments.h"
#include "sim/invariants/watched.h"

#include <assert.h>
#include <inttypes.h>

#include <xen/xen.h>
#include <xen/memory.h>

#define PFN32_INVALID UINT32_MAX /* an invalid M2P entry, as records hold it */

static inline void page_used(struct invariants *inv, struct watched *w, uint64_t mfn)
{
    uint32_t *own = frame_event(inv, mfn);

    if (own == NULL || (*own & FRAME_UNUSED) == 0)
        return;
    *own &= FRAME_EVENT_MASK;
    if (w->unused_pages > 0)
        w->unused_pages--;
}

/* Where the driver called for what is done now: its plug or unplug, or 0, which is the last event before. */
static uint64_t called_at(const struct watched *w)
{
    return w->segments->call.open ? w->segments->call.event : 0;
}

static void unbacked(struct invariants *inv, struct watched *w, uint64_t pfn, uint64_t mfn)
{
    unsigned owner;

    w->unbacked_pages++;
    if (!w->segments->call.open)
        domain_place_here(w->domain);
    if (mfn == P2M_INVALID) {
        violate(inv, w, INVARIANT_BACKED_BEFORE_USE, 1, called_at(w), 1,
            "pfn 0x%" PRIx64
            " of %s was handed to the guest's allocator with no frame: its P2M entry is invalid",
            pfn, domain_name(w->domain));
        return;
    }
    owner = frame_owner(inv->machine, MFN(mfn));
    if (owner != w->domid) {
        violate(inv, w, INVARIANT_P2M_M2P, 1, called_at(w), 1,
            "P2M[0x%" PRIx64 "] of %s names mfn 0x%" PRIx64
            ", which is not its own, as the page is handed to the allocator",
            pfn, domain_name(w->domain), mfn);
        return;
    }
    page_used(inv, w, mfn);
    violate(inv, w, INVARIANT_BACKED_BEFORE_USE, 2, called_at(w), 1,
        "pfn 0x%" PRIx64 " of %s was handed to the guest's allocator before the M2P entry of its frame was"
        " flushed: M2P[0x%" PRIx64 "] is 0x%" PRIx64,
        pfn, domain_name(w->domain), mfn, frame_m2p(inv->machine, MFN(mfn)).pfn);
}

/*
 * A kernel that keeps all of its memory mapped reaches a page through that direct map. Whoever gets a page that is not
 * mapped there takes a fault in the kernel at the first touch.
 */
static bool is_mapped(const struct watched *w, uint64_t pfn, uint64_t mfn)
{
    return w->direct_mfn == NULL || pfn >= w->direct_pages || w->direct_mfn[pfn] == mfn;
}

static void unmapped(struct invariants *inv, struct watched *w, uint64_t pfn, uint64_t mfn)
{
    if (!w->segments->call.open)
        domain_place_here(w->domain);
    page_used(inv, w, mfn);
    violate(inv, w, INVARIANT_BACKED_BEFORE_USE, 3, called_at(w), 1,
        "pfn 0x%" PRIx64 " of %s was handed to the guest's allocator before its frame, mfn 0x%" PRIx64
        ", was mapped in the direct map: who gets the page can't touch it",
        pfn, domain_name(w->domain), mfn);
}

/* The first pfn that is not as it should be. direct is a constant: without a direct map the loop looks for none. */
static inline __attribute__((always_inline)) uint64_t skip_sound(
    const struct frame_arrays *arrays, struct watched *w, uint64_t pfn, uint64_t end, bool direct)
{
    const uint64_t *p2m = w->p2m;
    const unsigned domid = w->domid;
    uint64_t unused = 0;

    for (; pfn < end; pfn++) {
        const uint64_t mfn = p2m[pfn];
        uint32_t *own;

        if (!frame_is_bound(arrays, mfn, domid, pfn) || (direct && !is_mapped(w, pfn, mfn)))
            break;
        own = frame_note(arrays, mfn);
        unused += *own / FRAME_UNUSED;
        *own &= FRAME_EVENT_MASK;
    }
    w->unused_pages -= unused < w->unused_pages ? unused : w->unused_pages;
    return pfn;
}

/* Skips pages that are as they should be, and returns the first pfn that is not. */
static uint64_t freed_soundly(const struct invariants *inv, struct watched *w, uint64_t pfn, uint64_t end)
{
    const struct frame_arrays arrays = inv->arrays;

    if (w->p2m == NULL)
        return pfn;
    if (end > w->p2m_entries)
        end = w->p2m_entries;
    return w->direct_mfn == NULL ? skip_sound(&arrays, w, pfn, end, false)
                                 : skip_sound(&arrays, w, pfn, end, true);
}

static __attribute__((noinline)) void freed(
    struct invariants *inv, struct domain *d, pfn_t first, uint64_t pages)
{
    assert(inv != NULL && d != NULL);
    struct watched *w = inv->hook_last;
    if (w == NULL || w->domain != d) {
        w = watched_find(inv, domain_id(d));
        if (w == NULL)
            return;
        inv->hook_last = w;
    }
    inv->asked[INVARIANT_BACKED_BEFORE_USE] += pages;
    for (uint64_t pfn = first.pfn, end = first.pfn + pages; pfn < end; pfn++) {
        uint64_t mfn;

        pfn = freed_soundly(inv, w, pfn, end);
        if (pfn == end)
            break;
        mfn = p2m_entry(w, pfn);

        if (mfn == P2M_ON_DEMAND)
            continue;
        if (!frame_is_of(inv, mfn, w->domid) || inv->arrays.m2p[mfn] != pfn)
            unbacked(inv, w, pfn, mfn);
        else if (!is_mapped(w, pfn, mfn))
            unmapped(inv, w, pfn, mfn);
        else
            page_used(inv, w, mfn);
        if (pfn - first.pfn > w->p2m_entries)
            break; /* more pages than there are pfns: one violation is enough */
    }
}

/* The pages from `first` on are being handed to the guest's allocator. */
void p2m_page_hook(void *context, struct domain *d, pfn_t first, uint64_t pages)
{
    struct invariants *inv = context;
    struct watched *w = inv->hook_last;

    /* Nearly always it is one page with nothing wrong. All other cases are in freed(), which keeps this path short. */
    if (pages == 1 && w != NULL && w->domain == d && w->p2m != NULL && first.pfn < w->p2m_entries) {
        uint64_t mfn = w->p2m[first.pfn];

        if (frame_is_of(inv, mfn, w->domid) && inv->arrays.m2p[mfn] == first.pfn &&
            is_mapped(w, first.pfn, mfn)) {
            inv->asked[INVARIANT_BACKED_BEFORE_USE]++;
            page_used(inv, w, mfn);
            return;
        }
    }
    freed(inv, d, first, pages);
}

/* A function of its own, so that the loop of the hook stays short. */
static __attribute__((noinline)) void released(struct invariants *inv, struct domain *d, uint64_t mfn)
{
    struct watched *w = watched_find(inv, domain_id(d));
    uint64_t pfn;

    if (w == NULL)
        return;
    pfn = inv->arrays.m2p[mfn];
    inv->hook_last = w;
    if (p2m_entry(w, pfn) != mfn)
        return;
    if (inv->p2m->named_pages++ > 0)
        return;
    inv->p2m->named_by = w;
    inv->p2m->named_mfn = mfn;
    inv->p2m->named_pfn = pfn;
}

/* It is called with the next record and not by the hook, because a call that releases frames is recorded at its end. */
void p2m_named(struct invariants *inv)
{
    struct watched *w = inv->p2m->named_by;
    const uint64_t pages = inv->p2m->named_pages;

    if (w == NULL)
        return;
    assert(pages > 0);
    inv->p2m->named_by = NULL;
    inv->p2m->named_pages = 0;
    if (w->domain == NULL)
        return;
    violate(inv, w, INVARIANT_P2M_M2P, 2, 0, pages,
        "%s releases mfn 0x%" PRIx64 " while P2M[0x%" PRIx64 "] still names it%s", domain_name(w->domain),
        inv->p2m->named_mfn, inv->p2m->named_pfn, pages > 1 ? ", and others in the same call" : "");
}

/* How many frames, counted from the first one, no pfn names any more. */
static size_t released_soundly(
    const struct invariants *inv, const struct watched *w, const uint32_t *mfns, size_t count)
{
    const uint64_t *m2p = inv->arrays.m2p, *p2m = w->p2m, entries = p2m != NULL ? w->p2m_entries : 0;
    size_t i = 0;

    while (i < count && (m2p[mfns[i]] >= entries || p2m[m2p[mfns[i]]] != mfns[i]))
        i++;
    return i;
}

/* Frames are about to leave their domain, with their M2P entries still as they were. */
void p2m_frame_hook(void *context, struct domain *d, const uint32_t *mfns, size_t count)
{
    struct invariants *inv = context;

    assert(inv != NULL && d != NULL);
    for (size_t i = 0; i < count; i++) {
        const struct watched *w = inv->hook_last;

        if (w != NULL && w->domain == d && w->p2m != NULL)
            i += released_soundly(inv, w, mfns + i, count - i);
        if (i < count)
            released(inv, d, mfns[i]);
    }
}

static void frames_given(struct invariants *inv, struct watched *w, const struct event *event)
{
    const struct frame_arrays arrays = inv->arrays;
    const uint32_t mark = (uint32_t)(event->number & FRAME_EVENT_MASK) | FRAME_UNUSED, *list = event->list;
    const uint32_t count = event->record->count;

    for (uint32_t i = 0; i < count; i++) {
        if (list[i] >= arrays.end)
            inv->without_memory = true;
        else
            *frame_note(&arrays, list[i]) = mark;
    }
    w->unused_pages += count;
}

/* No frame leaves a living domain with what a workload wrote in it. */
void p2m_frames_taken(struct invariants *inv, struct watched *w, const struct event *event)
{
    const struct frame_arrays arrays = inv->arrays;
    const uint32_t mark = (uint32_t)(event->number & FRAME_EVENT_MASK), *list = event->list;
    uint32_t count = event->record->count, dirty = 0, first_dirty = 0;
    uint64_t unused = 0;

    inv->asked[INVARIANT_ISOLATION] += count;
    inv->asked[INVARIANT_P2M_M2P] += count;
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t mfn = list[i];

        if (mfn >= arrays.end)
            continue;
        uint32_t *own = frame_note(&arrays, mfn);
        unused += *own / FRAME_UNUSED;
        *own = mark;
        if ((frame_contents(&arrays, mfn) & WORKLOAD_STAMP) != 0 && dirty++ == 0)
            first_dirty = mfn;
    }
    assert(unused <= count);
    w->unused_pages -= unused < w->unused_pages ? unused : w->unused_pages;
    if (dirty > 0)
        violate(inv, w, INVARIANT_ISOLATION, 1, 0, dirty,
            "%" PRIu32 " of %" PRIu32
            " frames left %s with a workload's contents in them, not zeroed (first mfn"
            " 0x%" PRIx32 ", stamp 0x%" PRIx64 ")",
            dirty, count, domain_name(w->domain), first_dirty, frame_stamp(inv->machine, MFN(first_dirty)));
}

/* Notes for each frame when it was bound last; unbinding it is not noted. */
void p2m_bound(struct invariants *inv, const struct event *event)
{
    const struct frame_arrays arrays = inv->arrays;
    const uint32_t mark = (uint32_t)(event->number & FRAME_EVENT_MASK), *list = event->list;
    const uint32_t *end = list + (event->record->count & ~1u);

    for (const uint32_t *at = list; at < end; at += 2) {
        if (at[1] != PFN32_INVALID && at[0] < arrays.end) {
            uint32_t *own = frame_note(&arrays, at[0]);

            *own = (*own & FRAME_UNUSED) | mark;
        }
    }
}

void p2m_reservation_call(struct invariants *inv, struct watched *w, const struct event *event)
{
    const struct record_hypercall *call = event->payload;

    assert(event->list != NULL);
    if (call->subop == XENMEM_decrease_reservation)
        p2m_frames_taken(inv, w, event);
    else
        frames_given(inv, w, event);
}

void p2m_guard(struct invariants *inv, struct watched *w)
{
    invariant_ask(inv, INVARIANT_P2M_BOUNDS);
    if (!domain_p2m_guard_intact(w->domain))
        violate(inv, w, INVARIANT_P2M_BOUNDS, 1, 0, 1,
            "%s wrote past the end of its P2M, which has %" PRIu64 " entries (up to pfn 0x%" PRIx64 ")",
            domain_name(w->domain), domain_p2m_room(w->domain), domain_p2m_room(w->domain) - 1);
}
