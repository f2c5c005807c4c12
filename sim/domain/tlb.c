/* SPDX-License-Identifier: BSD-2-Clause */
/* Who drops translations. */
#include "sim/domain/tlb.h"

#include <string.h>

#include "sim/domain/domain.h"
#include "sim/machine_state.h"
#include "sim/random.h"

#define DROPPED_ONE_IN \
    8u /* a processor promises to drop a translation when it is told to, and may do so earlier */

void tlb_drop_row(struct tlb *tlb, uint64_t first, uint64_t pages)
{
    assert(pages <= SPACE_WINDOW_PAGES && first <= SPACE_WINDOW_PAGES - pages);
    memset(tlb->mfn + first, 0, pages * sizeof tlb->mfn[0]);
}

void tlb_flush(struct tlb *tlb)
{
    if (tlb->holds)
        tlb_drop_row(tlb, 0, SPACE_WINDOW_PAGES);
    tlb->holds = false;
}

void tlb_switch(struct machine *m, struct domain *d)
{
    struct domain *before = m->by_id[m->tlb_domid];

    if (m->tlb_domid == d->domid)
        return;
    if (before != NULL)
        tlb_flush(&before->tlb);
    m->frames_came_back = false;
    m->tlb_domid = d->domid;
    assert(!d->tlb.holds); /* it lost all of it when another one came after it */
}

void tlb_frames_taken(struct machine *m, struct domain *d)
{
    if (m->frames_came_back)
        tlb_flush(&d->tlb);
    m->frames_came_back = false;
}

bool tlb_still_holds(struct machine *m)
{
    return random_next(&m->tlb_random) % DROPPED_ONE_IN != 0;
}
