/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * frame-conservation and reservation: does Xen's own bookkeeping add up? Sums after each reservation
 * call, counted frame by frame at rest. What a guest does with its frames is not looked at here.
 */
#include "invariants/internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include <xen/xen.h>
#include <xen/memory.h>

void frames_recount(struct invariants *inv)
{
    uint64_t owned = 0;

    assert(inv != NULL && inv->machine != NULL);
    for (struct domain *d = machine_next_domain(inv->machine, NULL); d != NULL;
         d = machine_next_domain(inv->machine, d))
        owned += domain_reservation_pages(d);
    inv->owned_pages = owned;
}

void frames_watch(struct invariants *inv, struct watched *w)
{
    const char *target;
    char path[64];

    assert(w->domain != NULL && !w->counted);
    w->reservation_pages = w->reservation_before_pages = domain_reservation_pages(w->domain);
    w->progress.attempt_reservation = w->reservation_pages;
    frames_recount(inv);
    /* What its toolstack adds to a target is what it added when it built the domain. */
    snprintf(path, sizeof path, "/local/domain/%u/memory/target", w->domid);
    target = machine_xenstore(inv->machine, path);
    if (target != NULL) {
        uint64_t kib = strtoull(target, NULL, 10);
        uint64_t maximum_kib = domain_maximum_pages(w->domain) * KIB_PER_PAGE;

        w->extra_kib = maximum_kib > kib ? maximum_kib - kib : 0;
    }
}

static bool frames_add_up(const struct invariants *inv)
{
    return host_free_pages(inv->machine) + host_overhead_pages(inv->machine) + inv->owned_pages ==
           host_total_pages(inv->machine);
}

static void frames_conserved(struct invariants *inv, struct watched *w)
{
    ask(inv, INVARIANT_FRAME_CONSERVATION);
    if (frames_add_up(inv))
        return;
    /* A frame that was released while it was mapped goes at its unmap, with no call to say so. */
    frames_recount(inv);
    if (frames_add_up(inv))
        return;
    violate(inv, NULL, INVARIANT_FRAME_CONSERVATION, 1, 0, host_total_pages(inv->machine),
        "the host has %" PRIu64 " frames, but %" PRIu64 " free + %" PRIu64 " owned by domains + %" PRIu64
        " overhead make %" PRIu64 ", after a reservation call of %s",
        host_total_pages(inv->machine), host_free_pages(inv->machine), inv->owned_pages,
        host_overhead_pages(inv->machine),
        host_free_pages(inv->machine) + inv->owned_pages + host_overhead_pages(inv->machine),
        domain_name(w->domain));
}

void frames_reservation_call(struct invariants *inv, struct watched *w, const struct event *event)
{
    const struct record_hypercall *call = event->payload;
    uint64_t now_pages = call->reservation_pages;

    assert(w->domain != NULL);
    inv->owned_pages += now_pages - w->reservation_pages;
    ask(inv, INVARIANT_RESERVATION);
    if (now_pages > w->reservation_pages && now_pages > call->maximum_pages)
        violate(inv, w, INVARIANT_RESERVATION, 1, 0, now_pages - call->maximum_pages,
            "a call gave %s %" PRIu64 " page%s more, to a reservation of %" PRIu64
            " pages; its maximum is %" PRIu64,
            domain_name(w->domain), now_pages - w->reservation_pages,
            PLURAL(now_pages - w->reservation_pages), now_pages, call->maximum_pages);
    if (call->subop == XENMEM_decrease_reservation && now_pages > w->reservation_pages)
        violate(inv, w, INVARIANT_RESERVATION, 2, 0, now_pages - w->reservation_pages,
            "decrease_reservation of %s made its reservation grow from %" PRIu64 " to %" PRIu64 " pages",
            domain_name(w->domain), w->reservation_pages, now_pages);
    w->reservation_pages = now_pages;
    frames_conserved(inv, w);
}

/* What a domain's counter says against the frames in its name. */
static uint64_t frames_rest_domain(struct invariants *inv, struct domain *d)
{
    uint64_t counted = domain_counted_pages(d), claimed = domain_reservation_pages(d);

    ask(inv, INVARIANT_RESERVATION);
    if (counted != claimed)
        violate(inv, watched_find(inv, domain_id(d)), INVARIANT_RESERVATION, 3, 0,
            counted > claimed ? counted - claimed : claimed - counted,
            "Xen counts a reservation of %" PRIu64 " pages for %s, which owns %" PRIu64 " frames", claimed,
            domain_name(d), counted);
    return counted;
}

void frames_rest(struct invariants *inv)
{
    uint64_t owned = 0, free_pages = host_counted_free_pages(inv->machine), sum;

    assert(inv->machine != NULL);
    for (struct domain *d = machine_next_domain(inv->machine, NULL); d != NULL;
         d = machine_next_domain(inv->machine, d))
        owned += frames_rest_domain(inv, d);
    ask(inv, INVARIANT_FRAME_CONSERVATION);
    if (free_pages != host_free_pages(inv->machine))
        violate(inv, NULL, INVARIANT_FRAME_CONSERVATION, 2, 0, free_pages,
            "Xen counts %" PRIu64 " free frames, its free lists hold %" PRIu64, host_free_pages(inv->machine),
            free_pages);
    sum = free_pages + owned + host_overhead_pages(inv->machine);
    if (sum != host_total_pages(inv->machine))
        violate(inv, NULL, INVARIANT_FRAME_CONSERVATION, 3, 0, sum,
            "the host has %" PRIu64 " frames, but %" PRIu64 " free + %" PRIu64 " owned by domains + %" PRIu64
            " overhead make %" PRIu64 " at rest",
            host_total_pages(inv->machine), free_pages, owned, host_overhead_pages(inv->machine), sum);
    frames_recount(inv);
}
