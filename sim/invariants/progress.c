/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * progress: rest in bounded virtual time and port calls, and attempts without effect at growing pauses.
 * An attempt is what the driver's thread does between two sleeps of its own.
 */
#include "sim/invariants/progress.h"
#include "sim/invariants/target.h"
#include "sim/invariants/watched.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

/* How much is allowed after a push: a time, and numbers of calls, of recorded bytes and of basic blocks; and how much more
 * for each page that has to move, or that was moved, touched or handed over since. */
#define REST_NS           (120ull * NS_PER_S)
#define REST_PAGE_NS      NS_PER_MS
#define CALLS_FREE        200000u
#define CALLS_PAGE        400u
#define RECORD_FREE_BYTES (64ull << 20)
#define RECORD_PAGE_BYTES 256u
#define BLOCKS_FREE       20000000u
#define BLOCKS_PAGE       1000u
#define HOUR_NS \
    (3600ull * NS_PER_S) /* what is tried again and again is counted by the hour, or attempt by attempt */
#define RECORD_HOUR_BYTES (64u << 10)
#define BLOCKS_HOPELESS   4u /* times as many blocks as are allowed: the run ends, for it would take minutes */

#define FUTILE_CALLS    128u  /* calls refused in a row, with nothing moved and no sleep in between */
#define SINGLE_CALLS    1024u /* in a row, with one page each: a remark */
#define FUTILE_A_SECOND 16u   /* attempts without effect in one second of virtual time */
#define FUTILE_HOPELESS 2048u /* so many refusals or attempts in a row will never succeed: the run ends */
#define HASTE_NS        (NS_PER_S / 2)      /* attempts with longer pauses may go on: they cost little */
#define PAUSE_ENOUGH_NS (60ull * NS_PER_S)  /* a pause need not be longer than that */
#define PAUSE_SLACK_NS  (50ull * NS_PER_MS) /* for ticks, and for the attempt's own time */

void progress_clear(struct watched *w)
{
    *w->progress = (struct watched_progress){0};
}

static void progress_restart(struct watched *w, uint64_t now_ns)
{
    struct watched_progress *p = w->progress;
    uint64_t have = domain_reservation_pages(w->domain), want = w->target->kib / KIB_PER_PAGE;

    p->moved_pages = 0;
    p->calls_base = domain_port_calls(w->domain);
    p->blocks_base = p->looked_blocks = domain_blocks(w->domain);
    p->most_blocks = p->most_event = 0;
    p->push_ns = now_ns;
    p->stepped_ns = p->idle_ns = p->idle_sleeps = 0;
    p->wanted_pages = w->target->kib == NO_TARGET ? 0 : want > have ? want - have : have - want;
}

void progress_push(struct invariants *inv)
{
    inv->progress->push_ns = machine_now_ns(inv->machine);
    inv->progress->push_bytes = recorder_bytes(inv->recorder);
}

void progress_target(struct invariants *inv, struct watched *w)
{
    assert(w->domain != NULL);
    progress_push(inv);
    progress_restart(w, inv->progress->push_ns);
    w->progress->last_ns = w->progress->last_pause_ns = 0;
}

void progress_moved(struct watched *w, uint64_t pages)
{
    w->progress->moved_pages += pages;
}

/* A driver that moves pages, sleeps though nothing was refused, and moves some more. */
void progress_step(struct invariants *inv, struct watched *w)
{
    struct watched_progress *p = w->progress;
    const uint64_t now_ns = machine_now_ns(inv->machine);

    if (p->stepped_ns == 0)
        return;
    assert(now_ns >= p->stepped_ns);
    p->idle_ns += now_ns - p->stepped_ns;
    p->idle_sleeps++;
    p->idle_event = p->stepped_event;
    p->stepped_ns = 0;
}

void progress_plugged(struct watched *w, uint64_t pages)
{
    w->progress->attempt_plugged += pages;
    w->progress->moved_pages += pages;
}

void progress_fault(struct invariants *inv, const struct event *event)
{
    inv->progress->fault_ns = event->record->time_ns;
}

/* Finds the costliest stretch between two events, so that a report can say where the search is that takes so long. */
void progress_cost(struct watched *w, uint64_t event)
{
    struct watched_progress *p = w->progress;
    const uint64_t blocks = domain_blocks(w->domain);

    if (blocks > p->looked_blocks && blocks - p->looked_blocks > p->most_blocks) {
        p->most_blocks = blocks - p->looked_blocks;
        p->most_event = event;
    }
    p->looked_blocks = blocks;
}

/* The guest spins, so waiting for it is of no use: reports it, and ends the run. */
static void hopeless(struct invariants *inv, struct watched *w, uint64_t cause_event, const char *what)
{
    inv->progress->hopeless = true;
    violate(inv, w, INVARIANT_PROGRESS, 6, cause_event, FUTILE_HOPELESS,
        "%s %s %u times in a row without any effect; the run ends here", domain_name(w->domain), what,
        FUTILE_HOPELESS);
}

/* The driver's present attempt met a refusal, of whatever kind. */
void progress_attempt(struct invariants *inv, struct watched *w, const struct event *event)
{
    struct watched_progress *p = w->progress;

    p->stepped_ns = 0;
    if (p->attempt_refused)
        return;
    p->attempt_refused = true;
    p->attempt_event = event->number;
    p->attempt_ns = machine_now_ns(inv->machine);
}

/* Attempts at the kernel's own memory count as those at Xen do: what asks again and again, without a sleep and without
 * any effect, burns time that is not there. */
void progress_asked(struct invariants *inv, struct watched *w)
{
    struct watched_progress *p = w->progress;
    const bool effect =
        p->asked_reservation != w->reservation_pages || p->asked_plugged != p->attempt_plugged;

    p->asked_in_vain = effect ? 1 : p->asked_in_vain + 1;
    p->asked_reservation = w->reservation_pages;
    p->asked_plugged = p->attempt_plugged;
    invariant_ask(inv, INVARIANT_PROGRESS);
    if (p->asked_in_vain == FUTILE_CALLS)
        violate(inv, w, INVARIANT_PROGRESS, 10, 0, FUTILE_CALLS,
            "%s was refused memory %u times in a row at a reservation of %" PRIu64
            " pages, and asked again each time without sleeping and without any effect",
            domain_name(w->domain), FUTILE_CALLS, w->reservation_pages);
}

void progress_refused(struct invariants *inv, struct watched *w, const struct event *event)
{
    struct watched_progress *p = w->progress;

    progress_attempt(inv, w, event);
    if (p->futile_calls > 0 && p->futile_reservation == w->reservation_pages &&
        p->futile_plugged == p->attempt_plugged) {
        p->futile_calls++;
    } else {
        p->futile_calls = 1;
        p->futile_first_event = event->number;
        p->futile_reservation = w->reservation_pages;
        p->futile_plugged = p->attempt_plugged;
    }
    invariant_ask(inv, INVARIANT_PROGRESS);
    if (p->futile_calls == FUTILE_HOPELESS)
        hopeless(inv, w, p->futile_first_event, "was refused");
    if (p->futile_calls == FUTILE_CALLS)
        violate(inv, w, INVARIANT_PROGRESS, 1, p->futile_first_event, FUTILE_CALLS,
            "%s was refused %u times since event %" PRIu64 " at a reservation of %" PRIu64
            " pages, and tried again each time without sleeping",
            domain_name(w->domain), FUTILE_CALLS, p->futile_first_event, w->reservation_pages);
}

/* It works, and takes minutes where it would take a moment on a real host: a remark, and no failure. */
void progress_batch(struct invariants *inv, struct watched *w, uint64_t asked_pages, uint64_t moved_pages)
{
    struct watched_progress *p = w->progress;
    const struct record_remark remark = {.about = REMARK_COSTLY};
    char text[192];

    p->single_calls = asked_pages == 1 && moved_pages == 1 ? p->single_calls + 1 : 0;
    if (!w->attached || p->remarked || p->single_calls < SINGLE_CALLS)
        return;
    p->remarked = inv->progress->remarked = true;
    snprintf(text, sizeof text,
        "progress: %s moved %u pages with a hypercall for each; one call can name as many as fit into a list",
        domain_name(w->domain), SINGLE_CALLS);
    domain_place_here(w->domain);
    recorder_append(inv->recorder, REC_REMARK, w->domid, machine_now_ns(inv->machine), &remark, sizeof remark,
        text, 1, strlen(text) + 1);
}

static void progress_pause(struct invariants *inv, struct watched *w)
{
    struct watched_progress *p = w->progress;
    uint64_t pause_ns = p->attempt_ns - p->last_ns, wanted_ns = 2 * p->last_pause_ns;
    uint64_t slack_ns = p->last_pause_ns / 8 + PAUSE_SLACK_NS;

    assert(p->attempt_ns >= p->last_ns);
    if (wanted_ns > PAUSE_ENOUGH_NS)
        wanted_ns = PAUSE_ENOUGH_NS;
    if (p->last_pause_ns > 0 && pause_ns + slack_ns < wanted_ns)
        violate(inv, w, INVARIANT_PROGRESS, 2, p->attempt_event, 0,
            "%s tries again in vain after %" PRIu64 " ms; the pause before was %" PRIu64
            " ms, and it should at least double, up to 60 s or more",
            domain_name(w->domain), pause_ns / 1000000u, p->last_pause_ns / 1000000u);
    p->last_pause_ns = pause_ns;
}

/* The driver's thread waits: was what it did since its last sleep an attempt without effect? */
void progress_sleep(struct invariants *inv, struct watched *w, const struct event *event)
{
    struct watched_progress *p = w->progress;
    uint64_t have = domain_reservation_pages(w->domain), second;
    bool effect = have != p->attempt_reservation || p->attempt_plugged > 0;

    assert(event->number > 0);
    invariant_ask(inv, INVARIANT_PROGRESS);
    p->sleep_event = event->number;
    if (effect) {
        p->last_ns = p->last_pause_ns = p->in_a_row = 0;
    } else if (p->attempt_refused) {
        if (p->last_ns != 0)
            progress_pause(inv, w);
        second = p->attempt_ns / NS_PER_S;
        p->in_second = second == p->second ? p->in_second + 1 : 1;
        p->second = second;
        if (p->in_second == FUTILE_A_SECOND)
            violate(inv, w, INVARIANT_PROGRESS, 3, p->attempt_event, FUTILE_A_SECOND,
                "%s tried %u times in vain within one second of virtual time (reservation %" PRIu64 " pages)",
                domain_name(w->domain), FUTILE_A_SECOND, have);
        p->in_a_row = p->attempt_ns - p->last_ns < HASTE_NS ? p->in_a_row + 1 : 0;
        if (p->in_a_row == FUTILE_HOPELESS)
            hopeless(inv, w, p->attempt_event, "tried");
        p->last_ns = p->attempt_ns;
    }
    p->stepped_ns = effect && !p->attempt_refused ? machine_now_ns(inv->machine) : 0;
    p->stepped_event = event->number;
    p->attempts++;
    p->attempt_refused = false;
    p->attempt_plugged = 0;
    p->attempt_reservation = have;
    p->futile_calls = p->asked_in_vain = 0;
}

/* A search through all that was plugged before can't be seen from outside, but it costs basic blocks. */
static void progress_blocks(struct invariants *inv, struct watched *w)
{
    struct watched_progress *p = w->progress;
    uint64_t blocks = domain_blocks(w->domain), allowed = BLOCKS_FREE + BLOCKS_PAGE * p->moved_pages;
    uint64_t a_page;

    blocks -= blocks < p->blocks_base ? blocks : p->blocks_base;
    if (blocks <= allowed)
        return;
    const bool hopeless = !inv->keep_going && blocks > BLOCKS_HOPELESS * allowed;
    a_page = blocks / (p->moved_pages + 1);
    inv->progress->hopeless |= hopeless;
    violate(inv, w, INVARIANT_PROGRESS, hopeless ? 9 : 8, p->most_event, a_page,
        "%s ran %" PRIu64 " basic blocks to move or touch %" PRIu64 " page%s, %" PRIu64
        " a page, and %" PRIu64 " of them without a stop: its work grows with what is plugged%s",
        domain_name(w->domain), blocks, p->moved_pages, PLURAL(p->moved_pages), a_page, p->most_blocks,
        hopeless ? "; the run ends here" : "");
}

void progress_calls(struct invariants *inv, struct watched *w)
{
    struct watched_progress *p = w->progress;
    uint64_t calls, allowed;

    if (p->push_ns < inv->progress->push_ns)
        progress_restart(w, inv->progress->push_ns);
    calls = domain_port_calls(w->domain) - p->calls_base;
    allowed = CALLS_FREE + CALLS_PAGE * (p->moved_pages + p->wanted_pages);
    if (calls > allowed)
        violate(inv, w, INVARIANT_PROGRESS, 4, 0, calls,
            "%s made %" PRIu64 " port calls to move or touch %" PRIu64 " page%s, more than the %" PRIu64
            " allowed",
            domain_name(w->domain), calls, p->moved_pages, PLURAL(p->moved_pages), allowed);
    progress_blocks(inv, w);
}

/* Attempts may go on for years, while nothing comes from outside: after an hour the count begins anew with the next one. */
void progress_attempt_ended(struct invariants *inv, struct watched *w)
{
    const uint64_t now_ns = machine_now_ns(inv->machine);

    assert(now_ns >= w->progress->push_ns);
    if (now_ns - w->progress->push_ns >= HOUR_NS) {
        progress_restart(w, now_ns);
        inv->progress->push_bytes = recorder_bytes(inv->recorder);
    }
}

/* Ends a guest that loops before its records fill the memory: called for each record. */
void progress_recorded(struct invariants *inv, const struct event *event)
{
    const uint64_t bytes = recorder_bytes(inv->recorder) - inv->progress->push_bytes;
    struct watched *w;
    const uint64_t hours = (machine_now_ns(inv->machine) - inv->progress->push_ns) / HOUR_NS;
    uint64_t pages;

    if (bytes <= RECORD_FREE_BYTES + hours * RECORD_HOUR_BYTES || inv->progress->hopeless)
        return;
    w = watched_find(inv, event->record->domid);
    pages = w == NULL ? 0 : w->progress->moved_pages + w->progress->wanted_pages;
    if (w == NULL || bytes <= RECORD_FREE_BYTES + hours * RECORD_HOUR_BYTES + pages * RECORD_PAGE_BYTES)
        return;
    inv->progress->hopeless = true;
    violate(inv, w, INVARIANT_PROGRESS, 7, event->number, bytes,
        "%s does not come to an end: %" PRIu64 " MiB were recorded of it to move or touch %" PRIu64
        " page%s; the run ends here",
        domain_name(w->domain), bytes >> 20, pages, PLURAL(pages));
}

/* How long after the last push rest has to come, for a settle that names no time: a page counts once, whether it has moved
 * already or still has to. */
uint64_t progress_rest_bound_ns(const struct invariants *inv)
{
    uint64_t pages = 0, late_ns = 0;

    assert(inv != NULL);
    for (size_t i = 1; i < inv->nr_watched; i++) {
        const struct watched *w = inv->watched[i];
        uint64_t have, want, kib;

        if (w == NULL || w->domain == NULL)
            continue;
        have = domain_reservation_pages(w->domain);
        kib = domain_target_read(w->domain, &kib, &want) ? kib : have * KIB_PER_PAGE;
        want = kib / KIB_PER_PAGE;
        want = want > have ? want - have : have - want;
        pages += want > w->progress->wanted_pages ? want : w->progress->wanted_pages;
    }
    /* An injected fault is not the guest's mistake: its time begins anew after each one. */
    if (inv->progress->fault_ns > inv->progress->push_ns)
        late_ns = inv->progress->fault_ns - inv->progress->push_ns;
    return REST_NS + pages * REST_PAGE_NS + late_ns;
}

/* The domain that the record's text begins with. */
static struct watched *busy_domain(struct invariants *inv, const struct event *event)
{
    const char *text = event->payload;

    for (unsigned domid = 1; domid < inv->nr_watched; domid++) {
        struct watched *w = watched_find(inv, domid);
        const size_t bytes = w == NULL ? 0 : strlen(domain_name(w->domain));

        if (w != NULL && strncmp(text, domain_name(w->domain), bytes) == 0 && text[bytes] == ':')
            return w;
    }
    return NULL;
}

/* What kept it, if that was its own sleeping. */
static bool slept_between_steps(struct invariants *inv, struct watched *w, uint64_t took_ns)
{
    const struct watched_progress *p = w->progress;

    if (p->idle_ns < took_ns / 2)
        return false;
    violate(inv, w, INVARIANT_PROGRESS, 12, p->idle_event, p->idle_sleeps,
        "no rest within %" PRIu64 " s: %s slept %" PRIu64 " times between two steps, %" PRIu64
        " s in all, though each step moved pages and nothing was refused",
        (uint64_t)(took_ns / NS_PER_S), domain_name(w->domain), p->idle_sleeps,
        (uint64_t)(p->idle_ns / NS_PER_S));
    return true;
}

void progress_not_at_rest(struct invariants *inv, const struct event *event)
{
    uint64_t took_ns = machine_now_ns(inv->machine) - inv->progress->push_ns,
             bound_ns = progress_rest_bound_ns(inv);
    struct watched *w;

    invariant_ask(inv, INVARIANT_PROGRESS);
    /* A settle may ask for less time than the bound. */
    if (took_ns < bound_ns)
        return;
    w = busy_domain(inv, event);
    if (w != NULL && slept_between_steps(inv, w, took_ns))
        return;
    /* Where the driver waited last is where it was on its way: a driver that did nothing since the push is not named. */
    violate(inv, w, INVARIANT_PROGRESS, 5,
        w != NULL && w->progress->moved_pages > 0 ? w->progress->sleep_event : 0, 0,
        "no rest within %" PRIu64 " s: %s", (uint64_t)(took_ns / NS_PER_S), (const char *)event->payload);
}

/* A request that nobody reads is no rest: the thread that serves the kernel's watches is kept by the driver's function. */
static void progress_requests(struct invariants *inv, struct watched *w)
{
    struct port_counters counters;
    const char *word = machine_domain_node(inv->machine, w->domid, "control/shutdown");

    if (word == NULL || word[0] == '\0' || !domain_counters(w->domain, &counters) ||
        counters.watch_function == 0)
        return;
    domain_place_next_record(w->domain, counters.watch_function);
    violate(inv, w, INVARIANT_PROGRESS, 11, 0, 0,
        "%s is at rest, and the request \"%s\" in its control/shutdown has not been read: one thread serves "
        "all watches, and "
        "the driver's function was called on it last",
        domain_name(w->domain), word);
}

void progress_rest(struct invariants *inv)
{
    invariant_ask(inv, INVARIANT_PROGRESS);
    progress_push(inv);
    for (unsigned domid = 1; domid < inv->nr_watched; domid++) {
        struct watched *w = watched_find(inv, domid);

        if (w == NULL)
            continue;
        progress_restart(w, inv->progress->push_ns);
        if (w->attached && !w->crashed && !domain_crashed(w->domain) && !domain_paused(w->domain))
            progress_requests(inv, w);
    }
    assert(inv->progress->push_ns == machine_now_ns(inv->machine));
}
