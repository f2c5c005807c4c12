/* SPDX-License-Identifier: BSD-2-Clause */
/* What is known of each domain, from its building to its end. It judges nothing. */
#include "sim/invariants/watched_lifecycle.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "sim/array.h"
#include "sim/invariants/accounting.h"
#include "sim/invariants/floor.h"
#include "sim/invariants/frames.h"
#include "sim/invariants/leak.h"
#include "sim/invariants/progress.h"
#include "sim/invariants/rollback.h"
#include "sim/invariants/segments.h"
#include "sim/invariants/target.h"
#include "sim/invariants/toolstack_agrees.h"

/* A struct watched, and what its pointers point to, in one allocation. */
struct whole {
    struct watched w; /* the first, so that a struct watched is also a pointer to the whole */
    struct watched_segments segments;
    struct watched_rollback rollback;
    struct watched_target target;
    struct watched_floor floor;
    struct watched_accounting accounting;
    struct watched_progress progress;
    struct watched_leak leak;
    struct watched_toolstack toolstack;
};

void watched_clear(struct watched *w, unsigned domid)
{
    struct whole *whole = (struct whole *)(void *)w;

    assert(domid < DOMID_HOST);
    *w = (struct watched){
        .domid = domid,
        .failures = {.at = w->failures.at, .room = w->failures.room},
        .segments = &whole->segments,
        .rollback = &whole->rollback,
        .target = &whole->target,
        .floor = &whole->floor,
        .accounting = &whole->accounting,
        .progress = &whole->progress,
        .leak = &whole->leak,
        .toolstack = &whole->toolstack,
    };
    segments_clear(w);
    rollback_clear(w);
    target_clear(w);
    floor_clear(w);
    accounting_clear(w);
    progress_clear(w);
    leak_clear(w);
    toolstack_clear(w);
}

void watched_free(struct watched *w)
{
    if (w == NULL)
        return;
    free(w->failures.at);
    segments_free(w);
    rollback_free(w);
    free(w);
}

static bool watched_room(struct invariants *inv, unsigned domid)
{
    const size_t before = inv->nr_watched;
    const size_t more = domid < before ? 0 : domid + 1 - before;

    if (!ARRAY_ROOM(inv->watched, inv->nr_watched, before, more))
        return false;
    if (inv->nr_watched > before)
        memset(inv->watched + before, 0, (inv->nr_watched - before) * sizeof *inv->watched);
    return true;
}

struct watched *watched_make(struct invariants *inv, unsigned domid)
{
    assert(domid < DOMID_HOST);
    if (!watched_room(inv, domid))
        return NULL;
    if (inv->watched[domid] == NULL) {
        struct whole *whole = calloc(1, sizeof *whole);

        if (whole == NULL)
            return NULL;
        inv->watched[domid] = &whole->w;
    }
    watched_clear(inv->watched[domid], domid);
    return inv->watched[domid];
}

/* A guest that was saved goes on under another number; what is known of it moves there. */
static struct watched *watched_take_over(struct invariants *inv, struct watched *blank)
{
    const unsigned domid = blank->domid;
    const struct domain *domain = machine_domain_by_id(inv->machine, domid);
    const unsigned from = domain != NULL ? domain_restored_from(domain) : 0;
    struct watched *known;

    if (from == 0 || from >= inv->nr_watched || inv->watched[from] == NULL)
        return blank;
    known = inv->watched[from];
    assert(known->domid == from);
    inv->watched[from] = blank;
    blank->domid = from;
    inv->watched[domid] = known;
    known->domid = domid;
    known->restored = true;
    return known;
}

void watched_begin(struct invariants *inv, const struct event *event)
{
    struct watched *w = watched_make(inv, event->record->domid);

    if (w == NULL) {
        inv->without_memory = true;
        return;
    }
    w = watched_take_over(inv, w);
    w->begin_event = event->number;
    /* Its memory and its nodes may not be complete yet: they are looked at with its next event. */
}

void watched_suspended(struct invariants *inv, unsigned domid)
{
    struct watched *w = domid < inv->nr_watched ? inv->watched[domid] : NULL;

    if (w == NULL)
        return;
    w->domain = NULL;
    w->p2m = NULL;
    w->counted = false;
    w->unused_pages = 0;
    leak_suspended(w);
    rollback_suspended(w);
    inv->hook_last = NULL;
    frames_recount(inv);
}

void watched_end(struct invariants *inv, unsigned domid)
{
    if (domid >= inv->nr_watched || inv->watched[domid] == NULL)
        return;
    watched_clear(inv->watched[domid], domid);
    inv->hook_last = NULL;
    frames_recount(inv);
}
