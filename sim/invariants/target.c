/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * no-overshoot: which targets were current, and did each reservation call move toward one of them and
 * not past it? A target is current from when the guest read it, whoever wrote it.
 */
#include "sim/invariants/target.h"
#include "sim/invariants/hearing.h"
#include "sim/invariants/progress.h"
#include "sim/invariants/toolstack_agrees.h"
#include "sim/invariants/watched.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <xen/io/xs_wire.h>
#include <xen/xen.h>
#include <xen/memory.h>

#define STEP_PAGES 512u /* frames that a page can name: a driver's step */

void target_clear(struct watched *w)
{
    *w->target = (struct watched_target){.kib = NO_TARGET,
        .rival_kib = NO_TARGET,
        .least_kib = NO_TARGET,
        .most_kib = NO_TARGET,
        .silent_since_ns = NEVER_NS,
        .clear_since_ns = NEVER_NS};
}

/* False: it is the target that was known already. */
static bool target_new(struct watched *w, uint64_t kib, uint64_t event)
{
    struct watched_target *t = w->target;

    assert(event > 0);
    if (kib == NO_TARGET)
        kib--; /* dom0 may write 2^64-1 KiB, which is NO_TARGET; one less is the same number of pages */
    if (t->least_kib == NO_TARGET || kib < t->least_kib)
        t->least_kib = kib;
    if (t->most_kib == NO_TARGET || kib > t->most_kib)
        t->most_kib = kib;
    /* If it is read again and was not written again, it is still the same target. */
    if (kib == t->kib && t->written_event < t->event)
        return false;
    assert(t->least_kib <= kib && kib <= t->most_kib);
    if (kib != t->kib)
        t->before_kib = t->kib;
    t->step_pages = 0; /* what was moved until now was for the target before */
    t->read_attempt = w->progress->attempts;
    t->kib = kib;
    t->rival_kib = NO_TARGET;
    t->event = event;
    t->silent_since_ns = t->clear_since_ns = NEVER_NS;
    return true;
}

uint64_t target_of_node(const struct watched *w, uint64_t kib)
{
    const uint64_t left_out_kib = domain_left_out_pages(w->domain) * KIB_PER_PAGE;

    return kib == NO_TARGET || kib < left_out_kib ? kib : kib - left_out_kib;
}

void target_look(struct watched *w, uint64_t event)
{
    uint64_t kib, read_event;

    if (!domain_target_read(w->domain, &kib, &read_event))
        return;
    kib = target_of_node(w, kib);
    if (kib == w->target->kib || read_event < w->target->told_event)
        return;
    (void)target_new(w, kib, read_event != 0 ? read_event : event);
}

/* When a seed switches threads, the one that reads targets may lose the processor between reading one and setting it. */
static bool reader_is_interrupted(const struct invariants *inv, const struct watched *w)
{
    struct port_counters counters;

    return machine_schedule_is_seeded(inv->machine) && domain_counters(w->domain, &counters) &&
           counters.watch_interrupted != 0;
}

bool target_is_rival(const struct watched *w, uint64_t pages)
{
    const uint64_t kib = w->target->rival_kib;

    return kib != NO_TARGET && pages >= kib / KIB_PER_PAGE && pages <= kib_to_pages_up(kib);
}

/* A target that was read and not set yet is its rival: which of the two comes last can't be seen. */
void target_told(struct invariants *inv, struct watched *w, const struct event *event)
{
    const struct record_note *note = event->payload;
    struct watched_target *t = w->target;
    uint64_t rival_kib = NO_TARGET, read_kib, read_event;

    assert(note->note == NOTE_TARGET && event->number > t->told_event);
    if (reader_is_interrupted(inv, w) && domain_target_read(w->domain, &read_kib, &read_event))
        rival_kib = read_event > t->told_event ? target_of_node(w, read_kib) : t->rival_kib;
    t->told_event = event->number;
    if (target_new(w, note->a, event->number))
        progress_target(inv, w);
    t->rival_kib = rival_kib;
}

/* The domain whose memory/target this is; NULL: another node, or the domain is not watched. */
static struct watched *target_owner(struct invariants *inv, const char *path, unsigned by)
{
    static const char home[] = "/local/domain/";
    unsigned long domid;
    char *end;

    if (strcmp(path, "memory/target") == 0)
        return watched_find(inv, by);
    if (strncmp(path, home, sizeof home - 1) != 0)
        return NULL;
    domid = strtoul(path + sizeof home - 1, &end, 10);
    if (strcmp(end, "/memory/target") != 0 || domid >= DOMID_HOST)
        return NULL;
    return watched_find(inv, (unsigned)domid);
}

void target_xenstore(struct invariants *inv, const struct event *event)
{
    const struct record_xenstore *store = event->payload;
    const char *path = (const char *)(store + 1), *value = path + strlen(path) + 1;
    struct watched *owner;
    char *end;

    assert(value <= (const char *)event->record + event->record->bytes);
    if (store->error != 0 || (store->op != XS_READ && store->op != XS_WRITE))
        return;
    owner = target_owner(inv, path, store->by);
    if (owner == NULL)
        return;
    if (store->op == XS_WRITE) {
        toolstack_target_written(owner, store->by, value, event->number);
        owner->target->written_event = event->number;
        progress_target(inv, owner); /* the watch fires: it may try, even if it can't read the node */
        return;
    }
    if (store->by == owner->domid) {
        const uint64_t kib = target_of_node(owner, strtoull(value, &end, 10));

        owner->target->unread_event = 0;
        owner->target->rival_kib = NO_TARGET; /* its reader is done with the one before */
        if (end != value && *end == '\0' && kib != NO_TARGET && target_new(owner, kib, event->number))
            progress_target(inv, owner);
    }
}

static void target_up(struct invariants *inv, struct watched *w, uint64_t before, uint64_t after)
{
    uint64_t most = kib_to_pages_up(w->target->most_kib);

    if (after <= most)
        return;
    if (before >= most)
        violate(inv, w, INVARIANT_NO_OVERSHOOT, 1, 0, after - before,
            "%s grew from %" PRIu64 " to %" PRIu64 " pages, away from its target of %" PRIu64 " (%" PRIu64
            " KiB)",
            domain_name(w->domain), before, after, most, w->target->most_kib);
    else
        violate(inv, w, INVARIANT_NO_OVERSHOOT, 1, 0, after - most,
            "%s grew from %" PRIu64 " to %" PRIu64 " pages, %" PRIu64 " past its target of %" PRIu64
            " (%" PRIu64 " KiB)",
            domain_name(w->domain), before, after, after - most, most, w->target->most_kib);
}

static void target_down(struct invariants *inv, struct watched *w, uint64_t before, uint64_t after)
{
    uint64_t least = w->target->least_kib / KIB_PER_PAGE;

    if (after >= least)
        return;
    if (before <= least)
        violate(inv, w, INVARIANT_NO_OVERSHOOT, 2, 0, before - after,
            "%s shrank from %" PRIu64 " to %" PRIu64 " pages, away from its target of %" PRIu64 " (%" PRIu64
            " KiB)",
            domain_name(w->domain), before, after, least, w->target->least_kib);
    else
        violate(inv, w, INVARIANT_NO_OVERSHOOT, 2, 0, least - after,
            "%s shrank from %" PRIu64 " to %" PRIu64 " pages, %" PRIu64 " past its target of %" PRIu64
            " (%" PRIu64 " KiB)",
            domain_name(w->domain), before, after, least - after, least, w->target->least_kib);
}

/*
 * Can the driver not know yet what the guest has read? When a seed switches threads, the one that read it may have lost
 * the processor. In the usual order threads run until they wait, and a driver's that never does keeps it from the other.
 */
static bool not_told(const struct invariants *inv, const struct watched *w)
{
    if (hearing_is_barred(inv, w, w->target->event))
        return true; /* the answer is in its ring, and a fault holds back the notification */
    return reader_is_interrupted(inv, w);
}

/* From now on the target that was read or told last is the only one, but for its rival. */
static void step_ends(struct watched_target *t)
{
    t->least_kib = t->most_kib = t->kib;
    if (t->rival_kib != NO_TARGET && t->rival_kib < t->least_kib)
        t->least_kib = t->rival_kib;
    if (t->rival_kib != NO_TARGET && t->rival_kib > t->most_kib)
        t->most_kib = t->rival_kib;
    t->step_pages = 0;
}

/* The step that was planned for an older target: one call, or more of them that together move no more than a step does. */
static void step_begins(const struct invariants *inv, struct watched *w, uint64_t moved)
{
    struct watched_target *t = w->target;

    if (t->step_pages > 0 && t->step_pages + t->call_pages + moved > STEP_PAGES && !not_told(inv, w))
        step_ends(t);
}

static void step_goes_on(const struct invariants *inv, struct watched *w, uint64_t moved)
{
    struct watched_target *t = w->target;

    assert(moved <= w->reservation_pages + w->reservation_before_pages);
    t->call_pages += moved;
    if (domain_call_unfinished(w->domain))
        return;
    t->step_pages = t->least_kib == t->most_kib ? 0 : t->step_pages + t->call_pages;
    t->call_pages = 0;
    if (not_told(inv, w))
        t->step_pages = 0;
    else if (moved == 0 || t->step_pages >= STEP_PAGES)
        step_ends(t);
}

void target_reservation_call(
    struct invariants *inv, struct watched *w, const struct event *event, uint64_t unused_back)
{
    struct watched_target *t = w->target;
    uint64_t before = w->reservation_before_pages, after = w->reservation_pages;
    const uint64_t moved = after > before ? after - before : before - after;

    target_look(w, event->number);
    if (!w->attached || t->kib == NO_TARGET)
        return;
    invariant_ask(inv, INVARIANT_NO_OVERSHOOT);
    assert(t->least_kib <= t->most_kib);
    step_begins(inv, w, moved);
    if (after > before)
        target_up(inv, w, before, after);
    else if (after < before && moved > unused_back)
        target_down(inv, w, before, after);
    step_goes_on(inv, w, moved);
}
