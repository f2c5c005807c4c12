/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * guest-contained: how a guest died, or which interface it misused; a write past the end of the P2M that faulted breaks
 * p2m-bounds as well. And integrity: a workload's page holds something else than the workload wrote.
 */
#include "sim/invariants/contained.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

/* A key made of the text, so that the same misuse again is not reported anew. */
static uint64_t text_key(const char *text)
{
    uint64_t key = 0xcbf29ce484222325ull;

    for (; *text != '\0'; text++)
        key = (key ^ (unsigned char)*text) * 0x100000001b3ull;
    return key;
}

void contained_ended(struct invariants *inv, struct watched *w, const struct event *event)
{
    const char *text = event->payload, *verb = "died";

    assert(text != NULL && w != NULL);
    invariant_ask(inv, INVARIANT_GUEST_CONTAINED);
    /* After a panic comes the record that the domain has crashed: that one was reported with the panic. */
    if (event->record->type == REC_CRASH && w->crashed)
        return;
    if (event->record->type == REC_PANIC)
        verb = "panicked";
    else if (event->record->type == REC_MISUSE)
        verb = "misused its kernel's interface";
    violate(inv, w, INVARIANT_GUEST_CONTAINED, text_key(text), event->number, 1, "%s %s: %s",
        domain_name(w->domain), verb, text);
    if (event->record->type == REC_CRASH && strstr(text, "P2M") != NULL && strstr(text, "write") != NULL)
        violate(inv, w, INVARIANT_P2M_BOUNDS, 2, event->number, 1, "%s: %s", domain_name(w->domain), text);
}

void contained_data_lost(struct invariants *inv, struct watched *w, const struct event *event)
{
    const struct record_note *note = event->payload;

    assert(note->note == NOTE_DATA_LOST);
    invariant_ask(inv, INVARIANT_INTEGRITY);
    violate(inv, w, INVARIANT_INTEGRITY, 1, event->number, 1,
        "pfn 0x%" PRIx64 " of %s: the workload wrote 0x%016" PRIx64 " and read back 0x%016" PRIx64
        "; the page changed under it",
        note->a, domain_name(w->domain), note->b, note->c);
}
