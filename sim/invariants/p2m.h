/* SPDX-License-Identifier: BSD-2-Clause */
/* The families p2m-m2p, p2m-bounds, no-alias, backed-before-use and isolation, as far as they are judged at each event. */
#ifndef SIM_INVARIANTS_P2M_H
#define SIM_INVARIANTS_P2M_H

#include "sim/invariants/checker.h"

/* Frames that left a domain in the present call, and that its P2M still names. */
struct run_p2m {
    struct watched *named_by;                   /* NULL: none */
    uint64_t named_mfn, named_pfn, named_pages; /* mfn and pfn of the first one */
};

static inline uint64_t p2m_entry(const struct watched *w, uint64_t pfn)
{
    if (pfn >= w->p2m_entries)
        return P2M_INVALID;
    return w->p2m != NULL ? w->p2m[pfn] : domain_p2m(w->domain, PFN(pfn)).mfn;
}

/* The machine's hooks (machine_set_page_hook, machine_set_frame_hook); context is a struct invariants. */
void p2m_page_hook(void *context, struct domain *, pfn_t, uint64_t pages);
void p2m_frame_hook(void *context, struct domain *, const uint32_t *mfns, size_t count);

void p2m_named(struct invariants *); /* reports what the frame hook found, after the call was recorded */
void p2m_reservation_call(struct invariants *, struct watched *, const struct event *);
void p2m_frames_taken(struct invariants *, struct watched *, const struct event *);
void p2m_bound(struct invariants *, const struct event *); /* M2P entries were set */
void p2m_guard(struct invariants *, struct watched *);

#endif
