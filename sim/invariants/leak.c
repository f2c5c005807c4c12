/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * no-leak: frames that a domain owns and that no pfn of its memory names, each with the event at which it was most likely
 * lost; and the part of no-overshoot that is judged at rest: frames that were taken and never used.
 */
#include "sim/invariants/leak.h"
#include "sim/invariants/frame_events.h"
#include "sim/invariants/rollback.h"
#include "sim/invariants/sweep.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#define CAUSES_MAX REPORTED_MAX /* the last one has all frames that are left */

struct cause {
    uint64_t event, pages, first_mfn, first_own_event, first_pfn;
};

struct leak_walk {
    struct invariants *inv;
    struct watched *w;
    const struct sweep *sweep;
    const uint64_t *table;
    uint64_t entries, image;
    struct cause causes[CAUSES_MAX];
    unsigned nr_causes;
    uint64_t unused, unnamed;
    uint64_t stray_mfn,
        stray_cause; /* the first whose M2P entry names a pfn that doesn't name it back; 0: none */
};

void leak_clear(struct watched *w)
{
    *w->leak = (struct watched_leak){0};
}

void leak_suspended(struct watched *w)
{
    w->leak->owed_pages = 0;
}

/* Frames that a domain wanted to give back and that Xen didn't take stay the domain's for now: it owes them. */
void leak_owed(struct watched *w, const struct record_hypercall *call, uint64_t event)
{
    uint64_t done = call->ret < 0 ? 0 : (uint64_t)call->ret;

    w->leak->owed_pages = done < call->asked ? call->asked - done : 0;
    w->leak->owed_event = event;
    if (done < call->asked)
        w->leak->refused_event = event;
}

/* How many frames are not lost although no pfn names them: the owed ones, while the refusal lasts and the driver tries
 * again. */
static uint64_t leak_excused(const struct watched *w)
{
    if (w->leak->owed_pages == 0 || domain_next_timer_ns(w->domain) == NEVER_NS)
        return 0;
    return w->leak->owed_event > w->rest_event || fault_armed(domain_faults(w->domain)) ? w->leak->owed_pages
                                                                                        : 0;
}

/*
 * The event that is blamed for a lost frame: the first refusal after the frame was last given or bound to a pfn, for code
 * that handles a refusal is where frames get lost. Without a refusal it is the giving or binding itself.
 */
static uint64_t leak_cause(const struct watched *w, uint64_t own_event)
{
    size_t low = 0, high = w->failures.count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (w->failures.at[middle] > own_event)
            high = middle;
        else
            low = middle + 1;
    }
    return low < w->failures.count ? w->failures.at[low] : own_event;
}

/* Does an allowed pfn name the frame: the one that its M2P entry names, or one of the odd P2M entries? */
static bool leak_named(const struct leak_walk *walk, uint64_t mfn, uint64_t back)
{
    const struct ranges *allowed = walk->sweep->allowed;

    if (back < walk->entries && walk->table[back] == mfn)
        return back < walk->image || allowed == NULL || ranges_hold(allowed, back) ||
               ranges_hold(walk->sweep->kept, back);
    return numbers_hold(&walk->sweep->odd, mfn);
}

static bool leak_visit(void *context, mfn_t frame)
{
    struct leak_walk *walk = context;
    uint64_t back = frame_m2p(walk->inv->machine, frame).pfn, own_event;
    uint32_t *own;
    struct cause *cause = NULL;

    if (leak_named(walk, frame.mfn, back))
        return true;
    walk->unnamed++;
    own = frame_event(walk->inv, frame.mfn);
    own_event = own == NULL ? walk->w->begin_event : *own & FRAME_EVENT_MASK;
    if (own != NULL)
        walk->unused += *own / FRAME_UNUSED;
    if (walk->stray_mfn == 0 && back != PFN_NONE.pfn &&
        (back >= walk->entries || walk->table[back] != frame.mfn)) {
        walk->stray_mfn = frame.mfn;
        walk->stray_cause = leak_cause(walk->w, own_event);
    }
    for (unsigned i = 0; i < walk->nr_causes && cause == NULL; i++)
        if (walk->causes[i].event == leak_cause(walk->w, own_event) || i == CAUSES_MAX - 1)
            cause = &walk->causes[i];
    if (cause == NULL) {
        cause = &walk->causes[walk->nr_causes++];
        *cause = (struct cause){.event = leak_cause(walk->w, own_event),
            .first_mfn = frame.mfn,
            .first_own_event = own_event,
            .first_pfn = back < walk->entries && walk->table[back] == frame.mfn ? back : PFN_NONE.pfn};
    }
    cause->pages++;
    return true;
}

static void leak_say(struct leak_walk *walk, const struct cause *cause)
{
    struct watched *w = walk->w;
    char how[96];

    assert(cause->pages > 0);
    if (cause->first_pfn != PFN_NONE.pfn)
        snprintf(how, sizeof how, "named by pfn 0x%" PRIx64 ", outside every segment", cause->first_pfn);
    else if (cause->event > cause->first_own_event)
        snprintf(how, sizeof how, "given or bound last at event %" PRIu64, cause->first_own_event);
    else
        snprintf(how, sizeof how, "given or bound last at event %" PRIu64 ", nothing was refused since",
            cause->first_own_event);
    violate(walk->inv, w, INVARIANT_NO_LEAK, cause->event, cause->event, cause->pages,
        "%" PRIu64 " frame%s of %s named by no plugged pfn (first mfn 0x%" PRIx64 ", %s)", cause->pages,
        PLURAL(cause->pages), domain_name(w->domain), cause->first_mfn, how);
}

static void leak_say_stray(struct leak_walk *walk)
{
    struct watched *w = walk->w;

    if (walk->stray_mfn == 0)
        return;
    violate(walk->inv, w, INVARIANT_P2M_M2P, 5, walk->stray_cause, 1,
        "mfn 0x%" PRIx64 " of %s: M2P names pfn 0x%" PRIx64 ", whose P2M entry does not name it back",
        walk->stray_mfn, domain_name(w->domain), frame_m2p(walk->inv->machine, MFN(walk->stray_mfn)).pfn);
}

void leak_rest(struct invariants *inv, struct watched *w, const struct sweep *sweep)
{
    struct leak_walk walk = {.inv = inv, .w = w, .sweep = sweep};
    uint64_t unused;

    /* A guest that tells nothing of its memory, such as a probe, may keep frames as it likes. */
    if (sweep->allowed == NULL && !w->attached)
        return;
    invariant_ask(inv, INVARIANT_NO_LEAK);
    invariant_ask(inv, INVARIANT_NO_OVERSHOOT);
    assert(sweep->kept != NULL);
    walk.table = domain_p2m_table(w->domain);
    walk.entries = domain_p2m_entries(w->domain);
    walk.image = domain_image_pages(w->domain);
    if (sweep->named_pages + domain_on_demand_pages(w->domain) != domain_reservation_pages(w->domain))
        domain_each_frame(w->domain, leak_visit, &walk);
    assert(walk.nr_causes <= CAUSES_MAX && walk.unused <= walk.unnamed);
    if (walk.unnamed > leak_excused(w) + domain_on_demand_pages(w->domain)) {
        leak_say_stray(&walk);
        for (unsigned i = 0; i < walk.nr_causes; i++)
            leak_say(&walk, &walk.causes[i]);
    }
    /* Frames that no pfn names were just reported. */
    unused = w->unused_pages > walk.unused ? w->unused_pages - walk.unused : 0;
    /* Not when pages reached the allocator before their frames were bound: these were used without being seen. */
    if (unused > 0 && w->attached && w->unbacked_pages == 0)
        violate(inv, w, INVARIANT_NO_OVERSHOOT, 3, w->rollback->batch_event, unused,
            "%" PRIu64
            " frame%s that %s took from Xen neither reached its allocator nor went back by the next"
            " rest (the last were taken at event %" PRIu64 ")",
            unused, PLURAL(unused), domain_name(w->domain), w->rollback->batch_event);
}
