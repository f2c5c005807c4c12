/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * guest-contained: how a guest died, or which interface it misused, Xen's or its kernel's; a write past the end of the P2M
 * that faulted breaks p2m-bounds as well. And integrity: a workload's page holds something else than the workload wrote.
 */
#include "sim/invariants/contained.h"

#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include <xen/xen.h>
#include <xen/memory.h>

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

/* What Xen's memory.h has a name for: the address bits, a node, and three flags. */
#define FLAGS_KNOWN       (0xffffu | XENMEMF_populate_on_demand | XENMEMF_exact_node_request | XENMEMF_vnode)
#define ADDRESS_BITS_MOST 64u

/*
 * Xen looks at few of the flags, and does what was asked whatever the others say. But what has no meaning today is given
 * one tomorrow, and a driver does not mean it: its structure was not cleared.
 */
void contained_reservation_call(struct invariants *inv, struct watched *w, const struct event *event)
{
    const struct record_hypercall *call = event->payload;
    const unsigned address_bits = call->flags >> 8 & 0xffu;
    const unsigned flags = (unsigned)(call->flags >> 32) << 8 | address_bits;

    assert(call->op == __HYPERVISOR_memory_op);
    if (!w->attached || ((flags & ~FLAGS_KNOWN) == 0 && address_bits <= ADDRESS_BITS_MOST))
        return;
    invariant_ask(inv, INVARIANT_GUEST_CONTAINED);
    violate(inv, w, INVARIANT_GUEST_CONTAINED, text_key("mem_flags"), event->number, 1,
        "%s misused Xen's interface: the mem_flags of a reservation are 0x%08x; Xen has a meaning for 0x%08x "
        "only, and no address has more than %u bits: was the structure cleared?",
        domain_name(w->domain), flags, FLAGS_KNOWN, ADDRESS_BITS_MOST);
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
