/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * floor: is the driver's own minimum kept, and do its nodes and messages agree with what Xen counts? All of it is judged
 * at rest: in the middle of a step a driver's numbers may be a moment old.
 */
#include "sim/invariants/floor.h"
#include "sim/invariants/last_target.h"
#include "sim/invariants/progress.h"
#include "sim/invariants/reason.h"
#include "sim/invariants/target.h"
#include "sim/invariants/toolstack_agrees.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char *const node_names[] = {"?", "min", "current", "target", "max"};

void floor_clear(struct watched *w)
{
    *w->floor = (struct watched_floor){
        .min_before_kib = NO_TARGET, .first_max_kib = NO_TARGET, .lowest_pages = UINT64_MAX};
}

void floor_note(struct watched *w, const struct event *event)
{
    const struct record_note *note = event->payload;
    struct watched_floor *nodes = w->floor;

    if (note->a < NODE_MIN || note->a > NODE_MAX)
        return;
    if (note->a == NODE_MIN)
        nodes->min_before_kib = nodes->event[NODE_MIN] != 0 ? nodes->kib[NODE_MIN] : NO_TARGET;
    nodes->kib[note->a] = note->b;
    nodes->event[note->a] = note->c == 0 ? event->number : 0;
    if (note->a == NODE_MAX && note->c == 0 && nodes->first_max_kib == NO_TARGET)
        nodes->first_max_kib = note->b;
}

static void widen(struct watched *w, uint64_t pages)
{
    struct watched_floor *nodes = w->floor;
    const bool anew = nodes->since_event != w->target->written_event;

    nodes->since_event = w->target->written_event;
    if (anew || nodes->most_pages == 0 || pages < nodes->least_pages)
        nodes->least_pages = pages;
    if (anew || pages > nodes->most_pages)
        nodes->most_pages = pages;
    assert(nodes->least_pages <= nodes->most_pages);
}

void floor_reservation_call(struct watched *w, const struct event *event)
{
    const struct record_hypercall *call = event->payload;

    widen(w, w->reservation_before_pages);
    widen(w, w->reservation_pages);
    w->floor->asked = call->asked;
    w->floor->answered = call->ret > 0 ? (uint64_t)call->ret : 0;
    if (w->reservation_pages >= w->reservation_before_pages || w->reservation_pages >= w->floor->lowest_pages)
        return;
    w->floor->lowest_pages = w->reservation_pages;
    w->floor->lowest_event = event->number;
}

/* Takes the two numbers of a sentence that says where the driver is and where it wants to be. */
static void take_position(
    struct watched *w, enum kernel_saying saying, const struct kernel_said *said, uint64_t event)
{
    struct watched_floor *nodes = w->floor;

    nodes->said_target = said_pages(said, KERNEL_NUMBER_TARGET);
    nodes->said_current = said_pages(said, KERNEL_NUMBER_CURRENT);
    nodes->said_in_pages = said->unit[KERNEL_NUMBER_TARGET] != KERNEL_UNIT_UNSAID;
    nodes->said_short = saying == KERNEL_SAYS_SHORT;
    nodes->said_attempt = w->progress->attempts;
    nodes->said_event = event;
    nodes->said_pages = w->reservation_pages;
    nodes->said_before_pages = w->reservation_before_pages;
    widen(w, w->reservation_pages);
    nodes->said_least_pages = nodes->least_pages;
    nodes->said_most_pages = nodes->most_pages;
}

static void take_bound(struct watched *w, const struct kernel_said *said, uint64_t event, bool is_min)
{
    w->floor->bound_said = said_kib(said, KERNEL_NUMBER_TARGET);
    w->floor->bound_kib = said_kib(said, KERNEL_NUMBER_LIMIT);
    w->floor->bound_is_min = is_min;
    w->floor->bound_event = event;
}

static void take_clipping(struct watched *w, const struct kernel_said *said, uint64_t event)
{
    w->floor->clipped_from = said_pages(said, KERNEL_NUMBER_FROM);
    w->floor->clipped_to = said_pages(said, KERNEL_NUMBER_TO);
    w->floor->clipped_event = event;
}

/* Takes what a sentence says. Does it give a reason why the driver isn't at its target? */
static bool take_sentence(
    struct watched *w, enum kernel_saying saying, const struct kernel_said *said, uint64_t event)
{
    switch (saying) {
    case KERNEL_SAYS_MOVING:
        take_position(w, saying, said, event);
        return false;
    case KERNEL_SAYS_SHORT:
        take_position(w, saying, said, event);
        return true;
    case KERNEL_SAYS_CLIPPED:
        take_clipping(w, said, event);
        return true;
    case KERNEL_SAYS_INCOMPLETE:
        return true;
    case KERNEL_SAYS_BELOW_MIN:
    case KERNEL_SAYS_ABOVE_MAX:
        take_bound(w, said, event, saying == KERNEL_SAYS_BELOW_MIN);
        return true;
    case KERNEL_SAYS_REACHED:
    case KERNEL_SAYS_PLUGGED:
    case NR_KERNEL_SAYINGS:
        break;
    }
    return false; /* a sentence about how far it got gives no reason */
}

/* A console line may be the driver's reason for not being at its target. If the kernel's description has the sentence, the
 * sentence decides that; any other line may be one. */
void floor_log(struct invariants *inv, struct watched *w, const struct event *event)
{
    const struct kernel *kernel = w->domain != NULL ? domain_description(w->domain) : NULL;
    const size_t nr_says = kernel != NULL ? kernel->nr_says : 0;
    struct kernel_said said;
    bool reason = true;

    assert(event->number > 0);
    for (size_t i = 0; i < nr_says; i++)
        if (kernel_sentence_matches(&kernel->says[i], event->payload, &said)) {
            const enum kernel_saying saying = kernel->says[i].saying;

            reason = take_sentence(w, saying, &said, event->number) && reason;
            reason = reason_is_true(inv, w, saying, &said, event->number) && reason;
        }
    if (reason)
        last_target_said(w, event->number);
    assert(w->floor->said_event <= event->number && w->floor->bound_event <= event->number);
}

static bool said_bound(const struct watched_floor *nodes, enum port_node node, uint64_t pages)
{
    return nodes->event[node] != 0 && pages == nodes->kib[node] / KIB_PER_PAGE;
}

/*
 * May the driver speak of the target before the present one? Its present attempt may have begun with it, and a target out of
 * bounds may leave it the one before, which its node shows then. A warning that comes later is about what is over, unless a
 * seed has kept the thread that read the present one from telling.
 */
static bool may_speak_of_before(const struct invariants *inv, const struct watched *w)
{
    const struct watched_floor *nodes = w->floor;
    const uint64_t want_kib = w->target->kib;

    return machine_schedule_is_seeded(inv->machine) || !nodes->said_short ||
           nodes->said_attempt <= w->target->read_attempt || nodes->bound_event != 0 ||
           nodes->event[NODE_TARGET] == 0 || nodes->kib[NODE_TARGET] == w->target->before_kib ||
           (nodes->event[NODE_MIN] != 0 && want_kib < nodes->kib[NODE_MIN]) ||
           (nodes->event[NODE_MAX] != 0 && want_kib > nodes->kib[NODE_MAX]);
}

/* Is it the target, or the one that the driver clips it to, or an earlier one that the driver kept to? */
static bool said_target_right(const struct invariants *inv, const struct watched *w, uint64_t pages)
{
    const struct watched_floor *nodes = w->floor;

    if (w->target->kib == NO_TARGET || w->target->event > nodes->said_event)
        return true;
    return pages == w->target->kib / KIB_PER_PAGE || pages == kib_to_pages_up(w->target->kib) ||
           target_is_rival(w, pages) ||
           (nodes->clipped_from == w->target->kib / KIB_PER_PAGE && pages == nodes->clipped_to) ||
           reason_clips_to(w, w->target->kib / KIB_PER_PAGE, pages) ||
           (pages == w->target->before_kib / KIB_PER_PAGE && may_speak_of_before(inv, w)) ||
           said_bound(nodes, NODE_MIN, pages) || said_bound(nodes, NODE_MAX, pages);
}

/*
 * Could the driver have seen that reservation? When a seed switches threads, the one that looked may lose the processor
 * before it speaks; what it saw was right at some time since the target was written.
 */
static bool said_current_right(const struct invariants *inv, const struct watched *w, uint64_t pages)
{
    const struct watched_floor *nodes = w->floor;

    if (machine_schedule_is_seeded(inv->machine) && pages >= nodes->said_least_pages &&
        pages <= nodes->said_most_pages)
        return true;
    return pages == nodes->said_pages || pages == nodes->said_before_pages ||
           pages == domain_reservation_pages(w->domain);
}

/* Are the numbers of the message right in this unit? It may be in pages or KiB, unless it says which, but not in both. */
static bool message_right(const struct invariants *inv, const struct watched *w, uint64_t unit_kib)
{
    uint64_t per_page = KIB_PER_PAGE / unit_kib;

    return w->floor->said_current % per_page == 0 &&
           said_current_right(inv, w, w->floor->said_current / per_page) &&
           said_target_right(inv, w, w->floor->said_target / per_page);
}

static void floor_message(struct invariants *inv, struct watched *w)
{
    struct watched_floor *nodes = w->floor;

    if (nodes->said_event == 0)
        return;
    if (!message_right(inv, w, KIB_PER_PAGE) && (nodes->said_in_pages || !message_right(inv, w, 1)))
        violate(inv, w, INVARIANT_FLOOR, 1, nodes->said_event, 0,
            "a message of %s named target %" PRIu64 " and current %" PRIu64 "; its reservation was %" PRIu64
            " pages then, its target %" PRIu64 " pages (%" PRIu64 " KiB)",
            domain_name(w->domain), nodes->said_target, nodes->said_current, nodes->said_pages,
            (uint64_t)(w->target->kib / KIB_PER_PAGE), w->target->kib);
    nodes->said_event = 0;
}

static void floor_bound_message(struct invariants *inv, struct watched *w)
{
    struct watched_floor *nodes = w->floor;
    const char *way = nodes->bound_is_min ? "below" : "above", *limit = nodes->bound_is_min ? "min" : "max";

    if (nodes->bound_event == 0)
        return;
    if (nodes->bound_is_min ? nodes->bound_said >= nodes->bound_kib : nodes->bound_said <= nodes->bound_kib)
        violate(inv, w, INVARIANT_FLOOR, 11, nodes->bound_event, nodes->bound_said,
            "a message of %s calls the target of %" PRIu64 " KiB %s its %s of %" PRIu64
            " KiB, which it is not",
            domain_name(w->domain), nodes->bound_said, way, limit, nodes->bound_kib);
    else if (nodes->bound_is_min && nodes->event[NODE_MIN] != 0 && nodes->min_before_kib != NO_TARGET &&
             nodes->bound_kib / KIB_PER_PAGE != nodes->kib[NODE_MIN] / KIB_PER_PAGE &&
             nodes->bound_kib / KIB_PER_PAGE != nodes->min_before_kib / KIB_PER_PAGE)
        violate(inv, w, INVARIANT_FLOOR, 16, nodes->bound_event, nodes->bound_kib,
            "a message of %s names a minimum of %" PRIu64 " KiB; its node min says %" PRIu64 " KiB",
            domain_name(w->domain), nodes->bound_kib, nodes->kib[NODE_MIN]);
    nodes->bound_event = 0;
}

/* If the last thing that the driver said is that it clips the target, the node has to show the clipped one, or the one that
 * was asked for. */
static void floor_clipping_message(struct invariants *inv, struct watched *w)
{
    const struct watched_floor *nodes = w->floor;
    uint64_t shown = nodes->kib[NODE_TARGET] / KIB_PER_PAGE;

    if (nodes->clipped_event == 0 || nodes->event[NODE_TARGET] == 0 ||
        nodes->clipped_event != w->target->log_event || w->target->event > nodes->clipped_event)
        return;
    if (shown != nodes->clipped_to && shown != nodes->clipped_from)
        violate(inv, w, INVARIANT_FLOOR, 12, nodes->clipped_event, nodes->clipped_to,
            "a message of %s clips %" PRIu64 " pages to %" PRIu64 ", but its node target says %" PRIu64
            " (%" PRIu64 " KiB)",
            domain_name(w->domain), nodes->clipped_from, nodes->clipped_to, shown, nodes->kib[NODE_TARGET]);
}

static void floor_minimum(struct invariants *inv, struct watched *w)
{
    const struct watched_floor *nodes = w->floor;
    uint64_t min_pages = nodes->kib[NODE_MIN] / KIB_PER_PAGE, cause = nodes->lowest_event;

    /* A minimum that was changed since the last rest may be younger than the call. */
    if (nodes->event[NODE_MIN] == 0 || nodes->lowest_pages == UINT64_MAX ||
        (nodes->min_before_kib != NO_TARGET && nodes->min_before_kib != nodes->kib[NODE_MIN]))
        return;
    /* The driver said that it moves to a target below its minimum, so it has accepted it. */
    if (nodes->said_event != 0 && nodes->said_in_pages && nodes->said_target < min_pages)
        cause = nodes->said_event;
    else if (nodes->bound_event != 0 && nodes->bound_is_min && nodes->bound_event < nodes->lowest_event)
        cause = nodes->bound_event;
    if (nodes->lowest_pages < min_pages)
        violate(inv, w, INVARIANT_FLOOR, 2, cause, min_pages - nodes->lowest_pages,
            "%s went down to %" PRIu64 " pages, %" PRIu64 " under its own minimum of %" PRIu64 " (%" PRIu64
            " KiB)",
            domain_name(w->domain), nodes->lowest_pages, min_pages - nodes->lowest_pages, min_pages,
            nodes->kib[NODE_MIN]);
}

/* A minimum that was set since the last rest, and accepted, has to leave the kernel what its manual says that it needs. */
static void floor_of_minimum(struct invariants *inv, struct watched *w)
{
    const struct watched_floor *nodes = w->floor;
    const uint64_t min_pages = kib_to_pages_up(nodes->kib[NODE_MIN]);
    struct port_counters counters;

    if (nodes->event[NODE_MIN] == 0 || nodes->min_before_kib == NO_TARGET ||
        nodes->min_before_kib == nodes->kib[NODE_MIN] || !domain_counters(w->domain, &counters) ||
        min_pages >= counters.least_min_pages)
        return;
    domain_place_next_record(w->domain, counters.node_functions[NODE_MIN]);
    violate(inv, w, INVARIANT_FLOOR, 13, nodes->event[NODE_MIN], counters.least_min_pages - min_pages,
        "the driver's node min of %s was set to %" PRIu64 " KiB (%" PRIu64 " pages); nothing below %" PRIu64
        " KiB (%" PRIu64 " pages) is to be accepted",
        domain_name(w->domain), nodes->kib[NODE_MIN], min_pages,
        (uint64_t)(counters.least_min_pages * KIB_PER_PAGE), counters.least_min_pages);
}

static void node_is(struct invariants *inv, struct watched *w, enum port_node node, const uint64_t *allowed,
    unsigned nr_allowed, const char *what)
{
    uint64_t kib = w->floor->kib[node], wanted = NO_TARGET;
    struct port_counters counters;

    if (w->floor->event[node] == 0)
        return;
    for (unsigned i = 0; i < nr_allowed; i++) {
        if (allowed[i] == NO_TARGET)
            continue;
        if (kib / KIB_PER_PAGE == allowed[i] / KIB_PER_PAGE)
            return;
        if (wanted == NO_TARGET)
            wanted = allowed[i];
    }
    if (wanted == NO_TARGET)
        return;
    if (domain_counters(w->domain, &counters))
        domain_place_next_record(w->domain, counters.node_functions[node]);
    violate(inv, w, INVARIANT_FLOOR, 2u + (unsigned)node, w->floor->event[node],
        kib > wanted ? kib - wanted : wanted - kib,
        "the driver's node %s of %s says %" PRIu64 " KiB; %s is %" PRIu64 " KiB (%" PRIu64 " pages)",
        node_names[node], domain_name(w->domain), kib, what, wanted, (uint64_t)(wanted / KIB_PER_PAGE));
}

static void floor_nodes(struct invariants *inv, struct watched *w)
{
    const struct watched_floor *nodes = w->floor;
    uint64_t reservation_kib = domain_reservation_pages(w->domain) * KIB_PER_PAGE;
    uint64_t maximum_kib = domain_maximum_pages(w->domain) * KIB_PER_PAGE;
    uint64_t current[] = {reservation_kib};
    uint64_t clipped_kib =
        nodes->clipped_from == w->target->kib / KIB_PER_PAGE ? nodes->clipped_to * KIB_PER_PAGE : NO_TARGET;
    uint64_t target[] = {clipped_kib, w->target->kib, reservation_kib, nodes->kib[NODE_MIN],
        w->target->before_kib, w->target->rival_kib, nodes->kib[NODE_MAX]};
    /* A driver may read its limit only once, and xl moves the maximum with each target, so earlier values are right, too. */
    uint64_t max[] = {maximum_kib,
        maximum_kib > w->toolstack->extra_kib ? maximum_kib - w->toolstack->extra_kib : maximum_kib,
        domain_static_max_kib(w->domain), nodes->first_max_kib, domain_p2m_entries(w->domain) * KIB_PER_PAGE};

    node_is(inv, w, NODE_CURRENT, current, 1, "what Xen counts");
    if (!reason_clips_to(w, w->target->kib / KIB_PER_PAGE, nodes->kib[NODE_TARGET] / KIB_PER_PAGE))
        node_is(inv, w, NODE_TARGET, target, sizeof target / sizeof target[0], "the target it read last");
    /* If the node shows Xen's maximum, a toolstack may have lowered that below the minimum. */
    if (nodes->event[NODE_MAX] != 0 && nodes->event[NODE_MIN] != 0 && nodes->kib[NODE_MAX] != maximum_kib &&
        nodes->kib[NODE_MIN] > nodes->kib[NODE_MAX])
        violate(inv, w, INVARIANT_FLOOR, 10, nodes->event[NODE_MIN],
            nodes->kib[NODE_MIN] - nodes->kib[NODE_MAX],
            "the driver's minimum in %s, %" PRIu64 " KiB, is above its maximum, %" PRIu64 " KiB",
            domain_name(w->domain), nodes->kib[NODE_MIN], nodes->kib[NODE_MAX]);
    /* The first reading has to be a value that Xen or the toolstack has, too. */
    if (nodes->kib[NODE_MAX] == nodes->first_max_kib && !w->floor->max_judged)
        max[3] = NO_TARGET;
    node_is(inv, w, NODE_MAX, max, 5, "its maximum for Xen");
    w->floor->max_judged = w->floor->max_judged || nodes->event[NODE_MAX] != 0;
}

void floor_rest(struct invariants *inv, struct watched *w)
{
    if (!w->attached)
        return;
    invariant_ask(inv, INVARIANT_FLOOR);
    floor_minimum(inv, w);
    floor_message(inv, w);
    floor_bound_message(inv, w);
    floor_clipping_message(inv, w);
    floor_nodes(inv, w);
    floor_of_minimum(inv, w);
    w->floor->lowest_pages = UINT64_MAX;
    /* What the nodes say is as old as the audit that read them. */
    for (unsigned node = NODE_CURRENT; node <= NODE_MAX; node++)
        w->floor->event[node] = 0;
    assert(w->floor->said_event == 0);
}
