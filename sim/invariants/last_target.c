/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * last-target-wins, at rest: the reservation is the last target, or the driver has said why not; and if the driver was
 * refused something for a reason that can end, it tries again by itself.
 */
#include "sim/invariants/last_target.h"
#include "sim/invariants/floor.h"
#include "sim/invariants/hearing.h"
#include "sim/invariants/progress.h"
#include "sim/invariants/rollback.h"
#include "sim/invariants/target.h"

#include <assert.h>
#include <inttypes.h>
#include <stdlib.h>

#define PATIENCE_NS (2ull * 3600u * NS_PER_S) /* the time to reach the target once nothing is in the way */
#define SILENCE_NS  (600ull * NS_PER_S)       /* so long a driver that still tries may say nothing */
#define SPARE_PAGES 1024u                     /* free pages that a kernel may keep for itself */

void last_target_said(struct watched *w, uint64_t event)
{
    assert(event >= w->target->log_event);
    w->target->log_event = event;
}

void last_target_refused(struct invariants *inv, struct watched *w, uint64_t event)
{
    assert(inv != NULL && event > 0);
    w->target->refused_event = event;
    w->target->refused_attempt = w->progress->attempts;
    w->target->refused_subop = NO_SUBOP;
    w->target->clear_since_ns = NEVER_NS;
}

void last_target_call_refused(struct invariants *inv, struct watched *w, uint64_t event, uint32_t subop)
{
    assert(subop != NO_SUBOP);
    last_target_refused(inv, w, event);
    w->target->refused_subop = subop;
}

/*
 * A reservation call that got all it asked for makes up for an earlier call of the same kind that did not. It makes up
 * for a refused plug or allocation, too, but only in a later attempt of the driver's.
 */
void last_target_moved(struct watched *w, uint32_t subop)
{
    struct watched_target *t = w->target;

    assert(subop != NO_SUBOP);
    if (t->refused_subop == subop ||
        (t->refused_subop == NO_SUBOP && w->progress->attempts > t->refused_attempt))
        t->refused_event = 0;
}

void last_target_plugged(struct watched *w)
{
    assert(w->rollback->failed.count == 0);
    if (w->target->refused_subop == NO_SUBOP)
        w->target->refused_event = 0;
}

/* A refusal by xenstore keeps the driver from reading its target; a reading that works makes up for it. */
void last_target_fault(struct invariants *inv, struct watched *w, const struct event *event)
{
    const struct record_fault *fault = event->payload;
    const struct fault_site_info *site;

    site = kernel_site(domain_description(w->domain), (enum fault_site)fault->site);
    switch (site != NULL ? site->bars : FAULT_BARS_MOVING) {
    case FAULT_BARS_READING:
        w->target->unread_event = event->number;
        break;
    case FAULT_BARS_HEARING:
        hearing_fault(inv, w, event);
        break;
    case FAULT_BARS_NOTHING:
        break;
    case FAULT_BARS_MOVING:
        last_target_refused(inv, w, event->number);
        break;
    }
    assert(w->target->refused_event <= event->number);
}

static bool reached(const struct watched *w, uint64_t kib)
{
    uint64_t pages = domain_reservation_pages(w->domain);

    return pages >= kib / KIB_PER_PAGE && pages <= kib_to_pages_up(kib);
}

/* Could the target be reached now: does nothing in Xen, in the scenario's faults or in the guest's memory prevent it? */
static bool nothing_in_the_way(const struct invariants *inv, const struct watched *w)
{
    uint64_t want = w->target->kib / KIB_PER_PAGE, have = domain_reservation_pages(w->domain), claimed = 0;
    struct port_counters counters;

    if (fault_armed(domain_faults(w->domain)))
        return false;
    if (want > have) {
        for (struct domain *d = machine_next_domain(inv->machine, NULL); d != NULL;
             d = machine_next_domain(inv->machine, d))
            if (d != w->domain)
                claimed += domain_claim_pages(d);
        return domain_maximum_pages(w->domain) >= want && domain_p2m_entries(w->domain) >= want &&
               host_free_pages(inv->machine) >= claimed + (want - have);
    }
    return domain_counters(w->domain, &counters) && counters.free_pages >= have - want + SPARE_PAGES &&
           (w->floor->event[NODE_MIN] == 0 || w->floor->kib[NODE_MIN] <= w->target->kib);
}

static void unread(struct invariants *inv, struct watched *w)
{
    const char *value = machine_domain_node(inv->machine, w->domid, "memory/target");
    struct port_counters counters;

    if (value == NULL || w->target->written_event == 0 || w->target->written_event <= w->target->event ||
        reached(w, target_of_node(w, strtoull(value, NULL, 10))) || w->target->watches_lost ||
        hearing_is_barred(inv, w, w->target->written_event))
        return;
    if (w->target->unread_event > w->target->written_event && domain_next_timer_ns(w->domain) == NEVER_NS)
        violate(inv, w, INVARIANT_LAST_TARGET_WINS, 5, w->target->unread_event, 0,
            "memory/target of %s was written (%s KiB), the reading of it failed, and no timer is armed to "
            "try again; its"
            " reservation is %" PRIu64 " pages",
            domain_name(w->domain), value, domain_reservation_pages(w->domain));
    if (w->target->log_event > w->target->written_event)
        return;
    if (domain_counters(w->domain, &counters))
        domain_place_next_record(w->domain, counters.watch_function);
    violate(inv, w, INVARIANT_LAST_TARGET_WINS, 1, w->target->written_event, 0,
        "memory/target of %s was written (%s KiB) and has not been read since; its reservation is %" PRIu64
        " pages, and it logged nothing",
        domain_name(w->domain), value, domain_reservation_pages(w->domain));
}

/* A driver that tries again at pauses says why when it has given up, or after a while. */
static bool too_long_silent(const struct invariants *inv, struct watched *w)
{
    struct watched_target *t = w->target;
    const uint64_t now_ns = machine_now_ns(inv->machine);

    if (t->log_event > t->event)
        return false;
    if (t->silent_since_ns == NEVER_NS)
        t->silent_since_ns = now_ns;
    assert(t->silent_since_ns <= now_ns);
    return domain_next_timer_ns(w->domain) == NEVER_NS || now_ns - t->silent_since_ns >= SILENCE_NS;
}

static void unreached(struct invariants *inv, struct watched *w)
{
    const struct watched_target *t = w->target;
    uint64_t refused = t->refused_event > t->unread_event ? t->refused_event : t->unread_event;
    uint64_t now_ns = machine_now_ns(inv->machine), have = domain_reservation_pages(w->domain);
    uint64_t want = t->kib / KIB_PER_PAGE, apart = want > have ? want - have : have - want;

    if (too_long_silent(inv, w))
        violate(inv, w, INVARIANT_LAST_TARGET_WINS, 2, t->event, apart,
            "the reservation of %s is %" PRIu64 " pages, %" PRIu64 " from its target of %" PRIu64 " (%" PRIu64
            " KiB), and since it read that target it logged no reason",
            domain_name(w->domain), have, apart, want, t->kib);
    if (refused <= t->event)
        return;
    if (domain_next_timer_ns(w->domain) == NEVER_NS)
        violate(inv, w, INVARIANT_LAST_TARGET_WINS, 3, refused, apart,
            "the reservation of %s is %" PRIu64 " pages, %" PRIu64 " from its target of %" PRIu64
            "; it was refused, and no timer is armed to try again",
            domain_name(w->domain), have, apart, want);
    if (t->clear_since_ns != NEVER_NS && now_ns - t->clear_since_ns >= PATIENCE_NS)
        violate(inv, w, INVARIANT_LAST_TARGET_WINS, 4, refused, apart,
            "nothing has stood in %s's way for %" PRIu64 " s, and its reservation is still %" PRIu64
            " pages, %" PRIu64 " from its target of %" PRIu64,
            domain_name(w->domain), (uint64_t)((now_ns - t->clear_since_ns) / NS_PER_S), have, apart, want);
}

void last_target_rest(struct invariants *inv, struct watched *w)
{
    struct watched_target *t = w->target;

    if (!w->attached)
        return;
    invariant_ask(inv, INVARIANT_LAST_TARGET_WINS);
    unread(inv, w);
    if (t->kib == NO_TARGET || reached(w, t->kib) ||
        target_is_rival(w, domain_reservation_pages(w->domain)) || hearing_is_barred(inv, w, t->event))
        return;
    if (!nothing_in_the_way(inv, w))
        t->clear_since_ns = NEVER_NS;
    else if (t->clear_since_ns == NEVER_NS)
        t->clear_since_ns = machine_now_ns(inv->machine);
    unreached(inv, w);
    assert(t->clear_since_ns == NEVER_NS || t->clear_since_ns <= machine_now_ns(inv->machine));
}
