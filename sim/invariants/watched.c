/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The domains that checkers watch, and how a broken invariant is written down. It judges nothing.
 */
#include "sim/invariants/checkers.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEXT_BYTES 512

/* ---- watched domains -------------------------------------------------------------------------- */

/* As new, with the memory of its lists kept for the next run. */
void watched_clear(struct watched *w, unsigned domid)
{
    struct watched kept = *w;

    memset(w, 0, sizeof *w);
    w->failures = kept.failures;
    w->segments.noted = kept.segments.noted;
    w->segments.walked = kept.segments.walked;
    w->rollback.failed = kept.rollback.failed;
    w->rollback.bound = kept.rollback.bound;
    w->rollback.batch = kept.rollback.batch;
    w->failures.count = 0;
    w->segments.noted.count = w->segments.walked.count = 0;
    w->rollback.bound.count = w->rollback.batch.count = 0;
    w->domid = domid;
    w->target.kib = w->target.least_kib = w->target.most_kib = NO_TARGET;
    w->target.clear_since_ns = NEVER_NS;
    w->nodes.min_before_kib = NO_TARGET;
    w->nodes.first_max_kib = NO_TARGET;
    w->nodes.lowest_pages = UINT64_MAX;
}

void watched_free(struct watched *w)
{
    if (w == NULL)
        return;
    free(w->failures.at);
    ranges_free(&w->segments.noted);
    ranges_free(&w->segments.walked);
    ranges_free(&w->rollback.failed);
    free(w->rollback.bound.at);
    free(w->rollback.batch.at);
    free(w);
}

struct watched *watched_make(struct invariants *inv, unsigned domid)
{
    assert(domid < DOMID_HOST);
    if (domid >= inv->nr_watched) {
        size_t room = inv->nr_watched == 0 ? 16 : inv->nr_watched;
        struct watched **watched;

        while (room <= domid)
            room *= 2;
        watched = realloc(inv->watched, room * sizeof *watched);
        if (watched == NULL)
            return NULL;
        memset(watched + inv->nr_watched, 0, (room - inv->nr_watched) * sizeof *watched);
        inv->watched = watched;
        inv->nr_watched = room;
    }
    if (inv->watched[domid] == NULL)
        inv->watched[domid] = calloc(1, sizeof **inv->watched);
    if (inv->watched[domid] != NULL)
        watched_clear(inv->watched[domid], domid);
    assert(inv->watched[domid] == NULL || inv->watched[domid]->domid == domid);
    return inv->watched[domid];
}

/* The frames it was built with were used from the start, and got their last event of their own then. */
static void watched_count_boot(struct invariants *inv, struct watched *w)
{
    const uint64_t *table = domain_p2m_table(w->domain);
    uint64_t entries = domain_p2m_entries(w->domain);
    uint64_t pages = w->restored ? entries : domain_boot_pages(w->domain);

    w->p2m = domain_p2m_is_live(w->domain) ? table : NULL;
    w->p2m_entries = entries;
    inv->arrays = machine_frame_arrays(inv->machine);
    assert(w->begin_event < FRAME_UNUSED);
    for (uint64_t pfn = 0, end = pages < entries ? pages : entries; pfn < end; pfn++) {
        uint32_t *own = frame_event(inv, table[pfn]);

        if (own != NULL)
            *own = (uint32_t)w->begin_event;
    }
    w->counted = true;
}

struct watched *watched_find(struct invariants *inv, unsigned domid)
{
    struct watched *w;

    if (domid == HOST_SLOT || domid >= inv->nr_watched || inv->watched[domid] == NULL)
        return NULL;
    w = inv->watched[domid];
    if (w->begin_event == 0)
        return NULL;
    if (w->domain == NULL) {
        w->domain = machine_domain_by_id(inv->machine, domid);
        if (w->domain == NULL)
            return NULL;
        frames_watch(inv, w);
    }
    if (!w->counted)
        watched_count_boot(inv, w);
    return w;
}

/* A guest that was saved goes on under another number: what is known of it does, too. */
static void watched_take_over(struct invariants *inv, struct watched *w)
{
    const struct domain *domain = machine_domain_by_id(inv->machine, w->domid);
    unsigned from = domain != NULL ? domain_restored_from(domain) : 0;

    if (from == 0 || from >= inv->nr_watched || inv->watched[from] == NULL)
        return;
    struct watched blank = *w;
    const unsigned domid = w->domid;
    *w = *inv->watched[from];
    *inv->watched[from] = blank;
    inv->watched[from]->domid = from;
    w->domid = domid;
    w->restored = true;
}

/* Saved: its frames are gone, and what is known of it waits. */
void watched_sleep(struct invariants *inv, unsigned domid)
{
    struct watched *w = domid < inv->nr_watched ? inv->watched[domid] : NULL;

    if (w == NULL)
        return;
    w->domain = NULL;
    w->p2m = NULL;
    w->counted = false;
    w->owed_pages = 0;
    w->rollback.bound.count = w->rollback.batch.count = 0;
    w->rollback.failed_any = false;
    w->target.unused_pages = 0;
    inv->hook_last = NULL;
    frames_recount(inv);
}

void watched_begin(struct invariants *inv, const struct event *event)
{
    struct watched *w = watched_make(inv, event->record->domid);

    if (w == NULL) {
        inv->without_memory = true;
        return;
    }
    watched_take_over(inv, w);
    w->begin_event = event->number;
    /* Its memory and its nodes may not be complete yet: looked at with its next event. */
}

void watched_end(struct invariants *inv, unsigned domid)
{
    if (domid >= inv->nr_watched || inv->watched[domid] == NULL)
        return;
    watched_clear(inv->watched[domid], domid);
    inv->hook_last = NULL;
    frames_recount(inv);
}

/* ---- violations ------------------------------------------------------------------------------- */

static bool violation_is_new(struct watched *w, enum invariant which, uint64_t key)
{
    unsigned known = w->reported[which];

    for (unsigned i = 0; i < known; i++)
        if (w->reported_key[which][i] == key)
            return false;
    if (known == REPORTED_MAX)
        return false;
    w->reported_key[which][known] = key;
    w->reported[which] = (uint8_t)(known + 1);
    return true;
}

void violate(struct invariants *inv, struct watched *w, enum invariant which, uint64_t key,
    uint64_t cause_event, uint64_t count, const char *format, ...)
{
    struct record_violation violation = {.invariant = which, .cause_event = cause_event, .count = count};
    char text[TEXT_BYTES];
    va_list arguments;
    unsigned domid;
    int bytes;

    assert((unsigned)which < NR_INVARIANTS && format != NULL);
    inv->broken[which]++;
    if (w == NULL)
        w = inv->watched[HOST_SLOT];
    if (!violation_is_new(w, which, key))
        return;
    va_start(arguments, format);
    bytes = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    assert(bytes > 0);
    if ((size_t)bytes >= sizeof text)
        bytes = (int)sizeof text - 1;
    domid = w->domid == HOST_SLOT ? DOMID_HOST : w->domid;
    recorder_append(inv->recorder, REC_VIOLATION, domid, machine_now_ns(inv->machine), &violation,
        sizeof violation, text, 1, (size_t)bytes + 1);
    if (inv->stop_at_first)
        machine_stop(inv->machine);
}
