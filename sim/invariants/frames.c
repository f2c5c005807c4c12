/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * frame-conservation and reservation: do Xen's own counts add up? After each reservation call the sums are compared, at
 * rest frames are counted one by one. What a guest does with its frames is not looked at here.
 */
#include "sim/invariants/frames.h"
#include "sim/invariants/sweep.h"

#include <assert.h>
#include <inttypes.h>

#include <xen/xen.h>
#include <xen/memory.h>

/* Counting frame by frame costs as much as moving many: it is done again when COUNT_FRAMES_LEAST and one in COUNT_ONE_IN of the
 * owned frames have moved since the last time. */
#define COUNT_ONE_IN       4u
#define COUNT_FRAMES_LEAST 4096u

void frames_recount(struct invariants *inv)
{
    uint64_t owned = 0;

    assert(inv != NULL && inv->machine != NULL);
    for (struct domain *d = machine_next_domain(inv->machine, NULL); d != NULL;
         d = machine_next_domain(inv->machine, d))
        owned += domain_reservation_pages(d);
    inv->frames->owned_pages = owned;
}

void frames_watch(struct invariants *inv, struct watched *w)
{
    assert(w->domain != NULL && !w->counted);
    w->reservation_pages = w->reservation_before_pages = domain_reservation_pages(w->domain);
    frames_recount(inv);
}

static uint64_t frames_sum(const struct invariants *inv)
{
    return host_free_pages(inv->machine) + host_overhead_pages(inv->machine) + inv->frames->owned_pages;
}

static bool frames_add_up(const struct invariants *inv)
{
    return frames_sum(inv) == host_total_pages(inv->machine);
}

static void frames_conserved(struct invariants *inv, struct watched *w)
{
    invariant_ask(inv, INVARIANT_FRAME_CONSERVATION);
    if (frames_add_up(inv))
        return;
    /* A frame that was released while it was mapped leaves at its unmap, without a reservation call. */
    frames_recount(inv);
    if (frames_add_up(inv))
        return;
    violate(inv, NULL, INVARIANT_FRAME_CONSERVATION, 1, 0, host_total_pages(inv->machine),
        "the host has %" PRIu64 " frames, but %" PRIu64 " free + %" PRIu64 " owned by domains + %" PRIu64
        " overhead are %" PRIu64 ", after a reservation call of %s",
        host_total_pages(inv->machine), host_free_pages(inv->machine), inv->frames->owned_pages,
        host_overhead_pages(inv->machine), frames_sum(inv), domain_name(w->domain));
}

void frames_reservation_call(struct invariants *inv, struct watched *w, const struct event *event)
{
    const struct record_hypercall *call = event->payload;
    uint64_t now_pages = call->reservation_pages;

    assert(w->domain != NULL);
    inv->frames->owned_pages += now_pages - w->reservation_pages;
    inv->frames->moved_pages += now_pages > w->reservation_pages ? now_pages - w->reservation_pages
                                                                 : w->reservation_pages - now_pages;
    invariant_ask(inv, INVARIANT_RESERVATION);
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

void frames_follow(struct invariants *inv, struct watched *w)
{
    const uint64_t before = w->reservation_pages, now = domain_reservation_pages(w->domain);

    if (now == before)
        return;
    inv->frames->owned_pages += now - before;
    w->reservation_before_pages = before;
    w->reservation_pages = now;
}

/* What dom0 did on the domain's behalf moved its reservation, too, and was no doing of its own. */
void frames_on_behalf(struct invariants *inv, struct watched *w)
{
    const uint64_t before = w->reservation_pages, now = domain_reservation_pages(w->domain);

    assert(inv->machine != NULL && w->domain != NULL);
    if (now == before)
        return;
    invariant_ask(inv, INVARIANT_RESERVATION);
    if (now > before && now > domain_maximum_pages(w->domain))
        violate(inv, w, INVARIANT_RESERVATION, 4, 0, now - domain_maximum_pages(w->domain),
            "a call on behalf of %s gave it %" PRIu64 " page%s more, to a reservation of %" PRIu64
            " pages; its maximum is %" PRIu64,
            domain_name(w->domain), now - before, PLURAL(now - before), now, domain_maximum_pages(w->domain));
    frames_follow(inv, w);
}

static bool worth_counting_again(struct invariants *inv)
{
    if (inv->frames->moved_pages < inv->frames->owned_pages / COUNT_ONE_IN + COUNT_FRAMES_LEAST)
        return false;
    inv->frames->moved_pages = 0;
    return true;
}

/* If a domain's P2M names as many frames of its own as Xen counts, the count is right, and needn't be made one by one. */
void frames_rest_domain(struct invariants *inv, struct watched *w, const struct sweep *sweep)
{
    uint64_t claimed = domain_reservation_pages(w->domain), counted;

    assert(w->domain != NULL);
    invariant_ask(inv, INVARIANT_RESERVATION);
    if (sweep->owned_pages == claimed)
        return;
    counted = domain_counted_pages(w->domain);
    if (counted != claimed)
        violate(inv, w, INVARIANT_RESERVATION, 3, 0,
            counted > claimed ? counted - claimed : claimed - counted,
            "Xen counts a reservation of %" PRIu64 " pages for %s, which owns %" PRIu64 " frames", claimed,
            domain_name(w->domain), counted);
}

void frames_rest(struct invariants *inv)
{
    uint64_t free_pages;

    assert(inv->machine != NULL);
    frames_recount(inv);
    invariant_ask(inv, INVARIANT_FRAME_CONSERVATION);
    if (!frames_add_up(inv))
        violate(inv, NULL, INVARIANT_FRAME_CONSERVATION, 3, 0, host_total_pages(inv->machine),
            "the host has %" PRIu64 " frames, but %" PRIu64 " free + %" PRIu64 " owned by domains + %" PRIu64
            " overhead are %" PRIu64 " at rest",
            host_total_pages(inv->machine), host_free_pages(inv->machine), inv->frames->owned_pages,
            host_overhead_pages(inv->machine), frames_sum(inv));
    if (!worth_counting_again(inv))
        return;
    free_pages = host_counted_free_pages(inv->machine);
    if (free_pages != host_free_pages(inv->machine))
        violate(inv, NULL, INVARIANT_FRAME_CONSERVATION, 2, 0, free_pages,
            "Xen counts %" PRIu64 " free frames, its free lists hold %" PRIu64, host_free_pages(inv->machine),
            free_pages);
}
