/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reasons: a driver that is not at its target says why. What it says counts when it speaks of the present target, and
 * when the limit that it names is one at that moment; else it is a message like any other, and a limit that is none is
 * reported. Sentences that no kernel's description has are not looked at here.
 */
#include "sim/invariants/reason.h"
#include "sim/invariants/floor.h"
#include "sim/invariants/segments.h"
#include "sim/invariants/target.h"
#include "sim/invariants/toolstack_agrees.h"

#include <assert.h>
#include <inttypes.h>

uint64_t said_pages(const struct kernel_said *said, enum kernel_number number)
{
    return said->unit[number] == KERNEL_UNIT_KIB ? said->value[number] / KIB_PER_PAGE : said->value[number];
}

uint64_t said_kib(const struct kernel_said *said, enum kernel_number number)
{
    return said->unit[number] == KERNEL_UNIT_PAGES ? said->value[number] * KIB_PER_PAGE : said->value[number];
}

bool reason_clips_to(const struct watched *w, uint64_t want_pages, uint64_t pages)
{
    const uint64_t maximum = domain_maximum_pages(w->domain), extra = w->toolstack->extra_kib / KIB_PER_PAGE;

    return want_pages > pages &&
           (pages == domain_static_max_kib(w->domain) / KIB_PER_PAGE || pages == maximum ||
               pages + extra == maximum || pages == domain_p2m_entries(w->domain));
}

/* Is it a number of pages or of KiB that is the present target, or what a driver clips that to? */
static bool is_of_present_target(const struct watched *w, uint64_t said)
{
    const struct watched_floor *nodes = w->floor;
    const uint64_t want = w->target->kib / KIB_PER_PAGE;

    if (w->target->kib == NO_TARGET)
        return true;
    for (unsigned unit = 0; unit < 2; unit++) {
        const uint64_t pages = unit == 0 ? said : said / KIB_PER_PAGE;

        if (pages == want || pages == kib_to_pages_up(w->target->kib) || reason_clips_to(w, want, pages) ||
            (nodes->clipped_from == want && nodes->clipped_to == pages))
            return true;
    }
    return false;
}

/* How many pages the domain can have at most, as far as one can tell; UINT64_MAX: one can't. */
static uint64_t within_reach(const struct watched *w)
{
    const struct kernel *kernel = domain_description(w->domain);
    const uint64_t static_max = domain_static_max_kib(w->domain) / KIB_PER_PAGE;
    uint64_t most = domain_maximum_pages(w->domain);

    /* With holes in its memory, the P2M has entries for pages that there can't be. */
    if (kernel == NULL || w->segments->noted.count != 1)
        return UINT64_MAX;
    if (static_max < most)
        most = static_max;
    if (!kernel_has_feature(kernel, "hotplug"))
        return most < domain_boot_pages(w->domain) ? most : domain_boot_pages(w->domain);
    return most < domain_p2m_entries(w->domain) ? most : domain_p2m_entries(w->domain);
}

/* With threads switched by a seed, what the driver asked may be out of date when it speaks. */
static bool clipping_is_true(
    struct invariants *inv, struct watched *w, const struct kernel_said *said, uint64_t event)
{
    const uint64_t from = said_pages(said, KERNEL_NUMBER_FROM), to = said_pages(said, KERNEL_NUMBER_TO);
    const uint64_t reach = within_reach(w);

    assert(event > 0);
    if (!w->attached || reach == UINT64_MAX || from > reach || machine_schedule_is_seeded(inv->machine))
        return true;
    invariant_ask(inv, INVARIANT_FLOOR);
    violate(inv, w, INVARIANT_FLOOR, 14, event, from - (to < from ? to : from),
        "a message of %s clips a target of %" PRIu64 " pages to %" PRIu64
        ", and nothing forbids it: static-max is %" PRIu64 " pages, Xen's maximum %" PRIu64
        ", and its P2M has %" PRIu64 " entries",
        domain_name(w->domain), from, to, (uint64_t)(domain_static_max_kib(w->domain) / KIB_PER_PAGE),
        domain_maximum_pages(w->domain), domain_p2m_entries(w->domain));
    return false;
}

static bool maximum_is_true(
    struct invariants *inv, struct watched *w, const struct kernel_said *said, uint64_t event)
{
    const uint64_t limit_kib = said_kib(said, KERNEL_NUMBER_LIMIT);
    const uint64_t maximum_kib = domain_maximum_pages(w->domain) * KIB_PER_PAGE;
    const uint64_t static_kib = domain_static_max_kib(w->domain), p2m = domain_p2m_entries(w->domain);
    const uint64_t may_be[] = {
        maximum_kib, maximum_kib - w->toolstack->extra_kib, static_kib, p2m * KIB_PER_PAGE};

    assert(event > 0);
    if (!w->attached || machine_schedule_is_seeded(inv->machine) || limit_kib > UINT32_MAX)
        return true;
    for (unsigned i = 0; i < sizeof may_be / sizeof may_be[0]; i++)
        if (limit_kib / KIB_PER_PAGE == may_be[i] / KIB_PER_PAGE)
            return true;
    invariant_ask(inv, INVARIANT_FLOOR);
    violate(inv, w, INVARIANT_FLOOR, 15, event, limit_kib,
        "a message of %s names a maximum of %" PRIu64 " KiB, which is none: static-max is %" PRIu64
        " KiB, Xen's maximum %" PRIu64 " KiB, and its P2M ends at %" PRIu64 " KiB",
        domain_name(w->domain), limit_kib, static_kib, maximum_kib, (uint64_t)(p2m * KIB_PER_PAGE));
    return false;
}

/*
 * Both numbers may be those of several calls that were made for one thing, but as many extents have to be missing as the last
 * call left out.
 */
static bool shortness_is_true(
    struct invariants *inv, struct watched *w, const struct kernel_said *said, uint64_t event)
{
    const uint64_t asked = said->value[KERNEL_NUMBER_ASKED], got = said->value[KERNEL_NUMBER_GOT];
    const struct watched_floor *call = w->floor;

    assert(event > 0);
    if (!w->attached || call->answered >= call->asked || machine_schedule_is_seeded(inv->machine))
        return true;
    invariant_ask(inv, INVARIANT_FLOOR);
    if (asked >= call->asked && asked - call->asked == got - call->answered)
        return true;
    violate(inv, w, INVARIANT_FLOOR, 17, event, asked,
        "a message of %s says that a reservation call for %" PRIu64 " extents did %" PRIu64
        "; the last one was for %" PRIu64 ", and %" PRIu64 " were done",
        domain_name(w->domain), asked, got, call->asked, call->answered);
    return false;
}

/*
 * Who has what was asked for, and says that it could not be reached, has not looked; unless Xen did not take what it wanted to
 * give back: those frames are the domain's and are no memory of its.
 */
static bool distance_is_true(
    struct invariants *inv, struct watched *w, const struct kernel_said *said, uint64_t event)
{
    const uint64_t target = said_pages(said, KERNEL_NUMBER_TARGET),
                   current = said_pages(said, KERNEL_NUMBER_CURRENT);

    assert(event > 0);
    if (!w->attached || w->floor->answered < w->floor->asked || machine_schedule_is_seeded(inv->machine))
        return true;
    invariant_ask(inv, INVARIANT_FLOOR);
    if (target != current)
        return true;
    violate(inv, w, INVARIANT_FLOOR, 18, event, 0,
        "a message of %s says that the target of %" PRIu64 " could not be reached, and that it is there",
        domain_name(w->domain), said->value[KERNEL_NUMBER_TARGET]);
    return false;
}

/* The frames that a message calls plugged are in segments, and those of the last plug are among them. */
static void frames_are_plugged(
    struct invariants *inv, struct watched *w, const struct kernel_said *said, uint64_t event)
{
    const uint64_t first = said->value[KERNEL_NUMBER_FIRST], last = said->value[KERNEL_NUMBER_LAST];
    const struct watched_segments *segments = w->segments;

    assert(event > 0);
    if (!w->attached || !segments->any_noted || machine_schedule_is_seeded(inv->machine))
        return;
    invariant_ask(inv, INVARIANT_FLOOR);
    if (first <= last && ranges_hold(&segments->noted, first) && ranges_hold(&segments->noted, last) &&
        (segments->call.unplug || !ranges_hold(&segments->noted, segments->call.pfn) ||
            (segments->call.pfn >= first && segments->call.pfn + segments->call.pages - 1 <= last)))
        return;
    violate(inv, w, INVARIANT_FLOOR, 19, event, first,
        "a message of %s says that the frames 0x%" PRIx64 " to 0x%" PRIx64
        " were plugged; the last plug was of 0x%" PRIx64 " to 0x%" PRIx64,
        domain_name(w->domain), first, last, segments->call.pfn,
        segments->call.pfn + segments->call.pages - 1);
}

bool reason_is_true(struct invariants *inv, struct watched *w, enum kernel_saying saying,
    const struct kernel_said *said, uint64_t event)
{
    switch (saying) {
    case KERNEL_SAYS_SHORT:
        return distance_is_true(inv, w, said, event) &&
               is_of_present_target(w, said->value[KERNEL_NUMBER_TARGET]);
    case KERNEL_SAYS_CLIPPED:
        return clipping_is_true(inv, w, said, event);
    case KERNEL_SAYS_ABOVE_MAX:
        return maximum_is_true(inv, w, said, event);
    case KERNEL_SAYS_INCOMPLETE:
        return shortness_is_true(inv, w, said, event);
    case KERNEL_SAYS_PLUGGED:
        if (said->value[KERNEL_NUMBER_LAST] != 0)
            frames_are_plugged(inv, w, said, event);
        return true;
    default:
        return true;
    }
}
