/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What every checker is given: one event, what is known of the run, what is known of a domain, and how to
 * say that an invariant is broken. The struct in which a family keeps what it alone remembers is in that family's header;
 * here are only pointers to it. No file outside this folder includes this one.
 */
#ifndef SIM_INVARIANTS_CHECKER_H
#define SIM_INVARIANTS_CHECKER_H

#include "sim/invariants/invariants.h"
#include "sim/invariants/lists.h"
#include "sim/record/record.h"
#include "sim/record/recorder.h"
#include "sim/ranges.h"

#define NO_TARGET    UINT64_MAX /* in place of a number of KiB */
#define P2M_INVALID  UINT64_MAX
#define REPORTED_MAX 4u /* causes of one broken invariant that are written down, for each domain */
#define HOST_SLOT    0u /* the host's place in the table: dom0, whose it would be, is never watched */

/* One record as a checker gets it, valid during the call only. */
struct event {
    const struct record *record;
    const void *payload;
    const uint32_t *list; /* of REC_HYPERCALL: its frames */
    uint64_t number;
};

/* What is known of a domain from its building to its end. A domain that is saved and restored stays the same one. */
struct watched {
    unsigned domid;
    struct domain *domain; /* NULL: its memory was not looked at yet, or it is gone */
    const uint64_t *p2m;   /* the guest's own table; NULL: its entries have to be asked for one by one */
    uint64_t p2m_entries;
    const uint32_t *
        direct_mfn; /* the frame that each page of its direct map maps; NULL: it has none, or Xen translates */
    uint64_t direct_pages;
    uint64_t unused_pages; /* frames given to it that neither reached its allocator nor went back */
    bool crashed, attached, counted;
    bool restored;                                        /* from a domain that was saved */
    uint64_t begin_event;                                 /* 0: there is no such domain */
    uint64_t rest_event;                                  /* of the last rest */
    uint64_t reservation_pages, reservation_before_pages; /* after the last reservation call, and before it */
    uint64_t unbacked_pages; /* pages that reached its allocator without a frame, or before the M2P's flush */
    struct numbers failures; /* events at which something was refused to it */
    struct watched_segments *segments;
    struct watched_rollback *rollback;
    struct watched_target *target;
    struct watched_floor *floor;
    struct watched_accounting *accounting;
    struct watched_progress *progress;
    struct watched_leak *leak;
    struct watched_toolstack *toolstack;
    uint8_t reported[NR_INVARIANTS];
    uint64_t reported_key[NR_INVARIANTS][REPORTED_MAX];
};

/* What is known of the run. */
struct invariants {
    struct machine *machine;
    struct recorder *recorder;
    bool stop_at_first;
    bool keep_going;            /* a driver whose work grows doesn't end the run */
    bool without_memory;        /* what could not be remembered is not judged, and the recording is lost */
    struct frame_arrays arrays; /* of the machine, since its last reset */
    struct watched *hook_last;  /* a cache: the domain whose page reached its allocator last */
    struct watched **watched;   /* by domid */
    size_t nr_watched;
    struct run_frames *frames;
    struct run_p2m *p2m;
    struct run_progress *progress;
    struct run_toolstack *toolstack;
    uint64_t asked[NR_INVARIANTS], broken[NR_INVARIANTS];
    uint64_t by_intent[NR_INVARIANTS]; /* of those that were broken, by kernels that say why */
    struct breaker *breakers;
    size_t nr_breakers, breakers_room;
};

static inline void invariant_ask(struct invariants *inv, enum invariant which)
{
    inv->asked[which]++;
}

/*
 * An invariant does not hold: writes a REC_VIOLATION, and stops the machine if the run should end with the
 * first. w: the domain that broke it, NULL for the host. key tells one cause from another: a second violation
 * of the same domain with the same key is counted and not written down. cause_event: the event at which it
 * was broken, 0 for the present one. count: the frames, pages or KiB concerned.
 */
__attribute__((format(printf, 7, 8))) void violate(struct invariants *, struct watched *w, enum invariant,
    uint64_t key, uint64_t cause_event, uint64_t count, const char *format, ...);

/* "1 page", "2 pages": for the texts. */
#define PLURAL(n) ((n) == 1 ? "" : "s")

static inline uint64_t kib_to_pages_up(uint64_t kib)
{
    return kib / KIB_PER_PAGE + (kib % KIB_PER_PAGE != 0);
}

#endif
