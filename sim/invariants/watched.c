/* SPDX-License-Identifier: BSD-2-Clause */
/* Finding what is known of a domain, and the first look at its memory. It judges nothing. */
#include "sim/invariants/watched.h"

#include <assert.h>

#include "sim/invariants/frame_events.h"
#include "sim/invariants/frames.h"
#include "sim/invariants/progress.h"
#include "sim/invariants/segments.h"

const uint64_t *watched_follow_p2m(struct watched *w)
{
    const uint64_t *table = domain_p2m_table(w->domain);

    w->p2m = domain_p2m_is_live(w->domain) ? table : NULL;
    w->p2m_entries = domain_p2m_entries(w->domain);
    w->direct_mfn = domain_direct_map(w->domain, &w->direct_pages);
    return table;
}

/* Frames that the builder gave it for something else than memory are named where it put them, in no segment. */
static void watched_keep(struct invariants *inv, struct watched *w)
{
    const struct memory_range *ranges;
    const size_t count = domain_kept_ranges(w->domain, &ranges);

    for (size_t i = 0; i < count; i++)
        if (!ranges_add(&w->segments->kept, ranges[i].first_pfn, ranges[i].end_pfn))
            inv->without_memory = true;
}

/* The frames with which a domain was built count as used, and as last bound when it was built. */
static void watched_count_boot(struct invariants *inv, struct watched *w)
{
    const uint64_t *table = watched_follow_p2m(w);
    uint64_t entries = w->p2m_entries;
    uint64_t pages = w->restored ? entries : domain_boot_end_pfn(w->domain);

    inv->arrays = machine_frame_arrays(inv->machine);
    assert(w->begin_event < FRAME_UNUSED);
    watched_keep(inv, w);
    for (uint64_t pfn = 0, end = pages < entries ? pages : entries; pfn < end; pfn++) {
        uint32_t *own = frame_event(inv, table[pfn]);

        if (own != NULL)
            *own = (uint32_t)w->begin_event;
    }
    w->counted = true;
}

struct watched *watched_find(struct invariants *inv, unsigned domid)
{
    struct watched *w;

    if (domid == HOST_SLOT || domid >= inv->nr_watched || inv->watched[domid] == NULL)
        return NULL;
    w = inv->watched[domid];
    if (w->begin_event == 0)
        return NULL;
    if (w->domain == NULL) {
        w->domain = machine_domain_by_id(inv->machine, domid);
        if (w->domain == NULL)
            return NULL;
        frames_watch(inv, w);
        w->progress->attempt_reservation = w->reservation_pages;
    }
    if (!w->counted)
        watched_count_boot(inv, w);
    return w;
}

void watched_refused(struct invariants *inv, struct watched *w, uint64_t event)
{
    const struct numbers *failures = &w->failures;

    assert(event > 0 && (failures->count == 0 || failures->at[failures->count - 1] <= event));
    if (!numbers_add(&w->failures, event))
        inv->without_memory = true;
}
