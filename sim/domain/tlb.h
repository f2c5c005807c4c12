/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a processor's TLB holds of the pages of a domain's window. A translation is loaded when a page is used, and then
 * leads to the same frame, whatever becomes of the entry, until something drops it: UVMF_INVLPG, a flush of the TLB,
 * another vcpu on the processor, or Xen itself when it gives away a frame that somebody gave back. What drops it was
 * measured (docs/xen-semantics.md). The entries themselves, and the effect of an access, are in sim/hypercall/mmu.c.
 */
#ifndef SIM_DOMAIN_TLB_H
#define SIM_DOMAIN_TLB_H

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>

#include "sim/domain/space.h"

struct domain;
struct machine;

struct tlb {
    uint64_t mfn[SPACE_WINDOW_PAGES]; /* of each page, the frame that it leads to; 0: it is not held */
    bool holds;                       /* any of them may be */
};

static inline void tlb_load(struct tlb *tlb, uint64_t slot, uint64_t mfn)
{
    assert(slot < SPACE_WINDOW_PAGES);
    assert(tlb->mfn[slot] == 0 || tlb->mfn[slot] == mfn); /* else it has to be dropped first */
    tlb->mfn[slot] = mfn;
    tlb->holds = true;
}

static inline void tlb_drop(struct tlb *tlb, uint64_t slot)
{
    assert(slot < SPACE_WINDOW_PAGES);
    tlb->mfn[slot] = 0;
}

/* Does it lead elsewhere than to the frame that the entry names, 0 for none? */
static inline bool tlb_is_stale(const struct tlb *tlb, uint64_t slot, uint64_t mfn)
{
    assert(slot < SPACE_WINDOW_PAGES);
    return tlb->mfn[slot] != 0 && tlb->mfn[slot] != mfn;
}

void tlb_drop_row(struct tlb *, uint64_t first, uint64_t pages);
void tlb_flush(struct tlb *);

/* A domain's vcpu is about to run: what the processor held of another's is gone. */
void tlb_switch(struct machine *, struct domain *);
/* Frames from the pool go to a domain while this one runs: if any came back to it since the last flush, Xen flushes. */
void tlb_frames_taken(struct machine *, struct domain *);

/* Does the processor still hold a translation, or did it happen to drop it? The seed decides. */
bool tlb_still_holds(struct machine *);

#endif
