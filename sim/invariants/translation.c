/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * stale-translation. The machine knows what a processor may still hold (sim/domain/tlb.h) and says with each access
 * through an old translation where it led; whether the processor had dropped it by luck does not excuse it.
 */
#include "sim/invariants/translation.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>

#define NAMES_NONE 0u /* the entry's frame, when there is no entry */

void translation_touched(struct invariants *inv, struct watched *w, const struct event *event)
{
    const struct record_touch *touches = event->payload;
    char now[48] = "names no frame now";

    inv->asked[INVARIANT_STALE_TRANSLATION] += event->record->count;
    if (event->record->count != 2 || (touches[0].what & TOUCH_STALE) == 0)
        return;
    assert((touches[1].what & TOUCH_STALE) == 0);
    const bool held = touches[0].what != TOUCH_STALE;
    const uint32_t what = (touches[0].what | touches[1].what) & ~(uint32_t)TOUCH_STALE;
    if (touches[1].mfn != NAMES_NONE)
        snprintf(now, sizeof now, "names mfn 0x%" PRIx32 " now", touches[1].mfn);
    violate(inv, w, INVARIANT_STALE_TRANSLATION, 1, event->number, 1,
        "%s %s a page of its window that %s, and named 0x%" PRIx32
        " before, without a flush between; %s %s mfn 0x%" PRIx32 "%s",
        domain_name(w->domain), what == TOUCH_READ ? "read" : "wrote to", now, touches[0].mfn,
        what == TOUCH_READ ? "the read came" : "the write went", what == TOUCH_READ ? "from" : "to",
        touches[held ? 0 : 1].mfn, held ? "" : " by luck: the processor had dropped the old translation");
}
