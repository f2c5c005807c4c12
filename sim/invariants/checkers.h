/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the checkers share: what is known of each watched domain, and how a broken invariant is said.
 * Each family keeps its own part of struct watched; nobody outside invariants/ includes this.
 */
#ifndef SIM_INVARIANTS_CHECKERS_H
#define SIM_INVARIANTS_CHECKERS_H

#include <assert.h>

#include "sim/ranges.h"
#include "sim/invariants/invariants.h"
#include "sim/record/record.h"
#include "sim/record/recorder.h"

#define NO_TARGET      UINT64_MAX
#define P2M_INVALID    UINT64_MAX
#define PFN32_INVALID  UINT32_MAX   /* an invalid M2P entry, as records hold it */
#define REPORTED_MAX   4u           /* distinct causes of one broken invariant written down, per domain */
#define WORKLOAD_STAMP (1ull << 63) /* set in each stamp that a workload wrote */
#define NO_SUBOP       UINT32_MAX
#define HOST_SLOT      0u /* watched in place of a domain: dom0 is never one */

/* A growing list of event numbers or frames. */
struct numbers {
    uint64_t *at;
    size_t count, room;
};
bool numbers_add(struct numbers *, uint64_t);
bool numbers_hold(const struct numbers *, uint64_t); /* it is sorted */
void numbers_sort(struct numbers *);

/* The frames of one call. */
struct frame_list {
    uint32_t *at;
    size_t count, room;
};
bool frame_list_add(struct frame_list *, const uint32_t *frames, size_t count);

/*
 * The last event of each frame's own: when it was given, or bound to a pfn. It lies in the frame's own entry
 * (sim/inspect.h, frame_arrays.notes), and is never read of a frame that no domain of this run ever had.
 */
#define FRAME_UNUSED     (1u << 31) /* given, and never handed to the guest's allocator so far */
#define FRAME_EVENT_MASK (FRAME_UNUSED - 1u)

/* A plug or unplug that the guest's runtime announced, until it returned. */
struct segment_call {
    bool open, unplug;
    bool disturbed; /* another thread may have run inside it */
    bool fault_fired;
    uint64_t pfn, pages, event;
    bool has_counters;
    struct port_counters before;
};

struct watched_segments {
    struct ranges noted;  /* boot segments, plugs less unplugs, as they were announced */
    struct ranges walked; /* as the last audit found them */
    bool any_noted, audit_open, audit_fresh;
    uint64_t walked_end; /* of the last segment of the present walk */
    struct segment_call call;
};

struct watched_rollback {
    struct ranges failed;    /* pfns of plugs that returned false since the driver's last sleep */
    struct frame_list bound; /* frames that those pfns named when the plug returned */
    bool failed_any;
    uint64_t event;          /* of the last plug or unplug that returned false */
    struct frame_list batch; /* frames of the last reservation call that gave any */
    uint64_t batch_event;
};

struct watched_target {
    uint64_t kib, event;          /* last read by the guest; NO_TARGET: never */
    uint64_t before_kib;          /* the target before it */
    uint64_t least_kib, most_kib; /* of those current since the last reservation call */
    uint64_t time_ns;
    uint64_t written_event;  /* the last time somebody wrote the node */
    uint64_t past_toolstack; /* event of a write by other means than xl mem-set; 0: none */
    uint64_t unused_pages;   /* given, and neither handed to the allocator nor given back */
    uint64_t log_event;
    uint64_t refused_event;   /* last refusal that could end: short call, fault, failed allocation */
    uint64_t refused_attempt; /* of the driver's, in which that was */
    uint32_t refused_subop;   /* if it was a reservation call; else NO_SUBOP */
    uint64_t unread_event;    /* of a reading of memory/target that was refused, and not made up for */
    uint64_t clear_since_ns;  /* since when nothing stands in the way; NEVER_NS: something does */
};

struct watched_nodes {
    uint64_t kib[5], event[5]; /* by enum port_node, as the last audit read them; event 0: not read */
    uint64_t min_before_kib;   /* as the audit before the last one read it; NO_TARGET: not */
    uint64_t first_max_kib;
    uint64_t lowest_pages, lowest_event; /* reservation after the lowest decrease since the last rest */
    uint64_t said_target, said_current;  /* of the last message that named both */
    uint64_t said_event, said_pages, said_before_pages;
    bool said_in_pages;                          /* the message itself said its unit */
    uint64_t bound_said, bound_kib, bound_event; /* "new target … is below min …": target, limit */
    bool bound_is_min;
    uint64_t clipped_from, clipped_to; /* of the last message about clipping; pages */
    uint64_t clipped_event;
};

struct watched_accounting {
    bool has_base;
    struct port_counters base;
    uint64_t plug_event;           /* of the first plug or unplug since the counters were last seen right */
    int64_t plugged_pages;         /* plugged less unplugged since then */
    uint64_t failures, idle_pages; /* at the last look */
    uint64_t kept_event; /* since which more allocations are live than after attach and a few; 0: not now */
};

struct watched_progress {
    uint64_t moved_pages; /* since the last push from outside */
    uint64_t calls_base;  /* port calls at that push */
    uint64_t blocks_base; /* basic blocks then */
    uint64_t push_ns;
    uint64_t wanted_pages; /* how far the reservation was from its target then, at most */
    uint64_t looked_blocks, most_blocks,
        most_event;        /* the costliest stretch since then, and the event it ended with */
    uint64_t futile_calls; /* refused in a row, nothing moved, without a sleep between */
    uint64_t futile_first_event, futile_reservation, futile_plugged;
    uint64_t attempts;            /* the driver's sleeps so far */
    uint64_t attempt_reservation; /* at the driver's last sleep */
    uint64_t attempt_plugged;
    bool attempt_refused;
    uint64_t attempt_event; /* of the first refusal in the present attempt */
    uint64_t attempt_ns;
    uint64_t last_ns, last_pause_ns; /* of the last futile attempt; 0: none */
    uint64_t last_event;
    uint64_t second, in_second; /* futile attempts within one second of virtual time */
    uint64_t in_a_row;          /* and without any effect between */
};

struct watched {
    unsigned domid;
    struct domain *domain; /* NULL: there is none, or it is gone */
    const uint64_t *p2m;   /* the guest's own; NULL: elsewhere, to be asked for entry by entry */
    uint64_t p2m_entries;
    bool crashed, attached, attach_refused, counted;
    bool restored;   /* it was another domain before */
    bool max_judged; /* the node max was compared once */
    uint64_t begin_event;
    uint64_t reservation_pages; /* when it was looked at last */
    uint64_t reservation_before_pages;
    bool extra_known;
    uint64_t extra_kib;              /* what the toolstack adds to a target for the maximum */
    uint64_t unbacked_pages;         /* reached the allocator without a frame, or before the flush */
    uint64_t owed_pages, owed_event; /* asked of Xen to take back, and not taken */
    uint64_t rest_event;             /* of the last rest */
    struct numbers failures;         /* events at which something was refused to it */
    struct watched_segments segments;
    struct watched_rollback rollback;
    struct watched_target target;
    struct watched_nodes nodes;
    struct watched_accounting accounting;
    struct watched_progress progress;
    uint8_t reported[NR_INVARIANTS];
    uint64_t reported_key[NR_INVARIANTS][REPORTED_MAX];
};

struct invariants {
    struct machine *machine;
    struct recorder *recorder;
    bool stop_at_first;
    bool hopeless;       /* a guest spins: the run should end */
    bool without_memory; /* ran out: what could not be kept is no longer judged */
    uint64_t asked[NR_INVARIANTS], broken[NR_INVARIANTS];
    struct watched **watched; /* by domid */
    size_t nr_watched;
    uint64_t owned_pages;       /* sum of all reservations when they were looked at last */
    struct frame_arrays arrays; /* of the machine, since its last reset */
    struct watched *hook_last;  /* the domain whose page reached its allocator last */
    struct {
        struct watched *by;       /* NULL: none */
        uint64_t mfn, pfn, pages; /* of the first one */
    } named;              /* frames that left a domain in the present call, and that its P2M still names */
    uint64_t moved_pages; /* since the host's free frames were counted last */
    uint64_t push_ns;     /* when something came from outside the machine last */
    uint64_t push_bytes;  /* of the recording, then */
    uint64_t fault_ns;    /* when a fault fired last */
};

/* One record as a checker gets it. */
struct event {
    const struct record *record;
    const void *payload;
    const uint32_t *list; /* of REC_HYPERCALL: its frames */
    uint64_t number;
};

/* watched.c */
struct watched *watched_make(struct invariants *, unsigned domid); /* NULL: no memory */
void watched_clear(struct watched *, unsigned domid);              /* as new, its memory kept */
void watched_free(struct watched *);
void watched_begin(struct invariants *, const struct event *); /* a domain was built */
void watched_sleep(struct invariants *, unsigned domid);
void watched_end(struct invariants *, unsigned domid);             /* and destroyed */
struct watched *watched_find(struct invariants *, unsigned domid); /* NULL: not watched */

/*
 * An invariant does not hold. key tells one cause from another: the same key is written down once for a
 * domain, later ones are only counted. cause_event: where it was broken, 0: at the present event.
 * Here a waiver that a kernel declares would be looked up, and the text printed as waived.
 */
__attribute__((format(printf, 7, 8))) void violate(struct invariants *, struct watched *, enum invariant,
    uint64_t key, uint64_t cause_event, uint64_t count, const char *format, ...);

static inline void ask(struct invariants *inv, enum invariant which)
{
    inv->asked[which]++;
}

/* Does the domain own that frame? For any number that a guest wrote into its P2M. */
static inline bool frame_is_of(const struct invariants *inv, uint64_t mfn, unsigned domid)
{
    const struct frame_arrays *arrays = &inv->arrays;

    return mfn < arrays->end &&
           *(const uint16_t *)(const void *)(arrays->owners + mfn * FRAME_STRIDE_BYTES) == domid;
}

/* Is it also bound to that pfn? */
static inline bool frame_is_bound(
    const struct frame_arrays *arrays, uint64_t mfn, unsigned domid, uint64_t pfn)
{
    return mfn < arrays->end &&
           *(const uint16_t *)(const void *)(arrays->owners + mfn * FRAME_STRIDE_BYTES) == domid &&
           arrays->m2p[mfn] == pfn;
}

static inline uint64_t p2m_entry(const struct watched *w, uint64_t pfn)
{
    if (pfn >= w->p2m_entries)
        return P2M_INVALID;
    return w->p2m != NULL ? w->p2m[pfn] : domain_p2m(w->domain, PFN(pfn)).mfn;
}

/* Of a frame that there is. */
static inline uint32_t *frame_note(const struct frame_arrays *arrays, uint64_t mfn)
{
    return (uint32_t *)(void *)(arrays->notes + mfn * FRAME_STRIDE_BYTES);
}

/* NULL: there is no such frame. */
static inline uint32_t *frame_event(const struct invariants *inv, uint64_t mfn)
{
    const struct frame_arrays *arrays = &inv->arrays;

    if (mfn < arrays->first || mfn >= arrays->end)
        return NULL;
    return frame_note(arrays, mfn);
}

static inline uint64_t frame_contents(const struct invariants *inv, uint64_t mfn)
{
    return *(const uint64_t *)(const void *)(inv->arrays.stamps + mfn * FRAME_STRIDE_BYTES);
}

/* "1 page", "2 pages": for texts. */
#define PLURAL(n) ((n) == 1 ? "" : "s")

static inline uint64_t kib_to_pages_up(uint64_t kib)
{
    return kib / KIB_PER_PAGE + (kib % KIB_PER_PAGE != 0);
}

/* frames.c: frame-conservation, reservation */
void frames_reservation_call(struct invariants *, struct watched *, const struct event *);
struct sweep;
void frames_rest(struct invariants *);
void frames_rest_domain(struct invariants *, struct watched *, const struct sweep *);
void frames_watch(struct invariants *, struct watched *); /* a domain came: read its reservation */
void frames_recount(struct invariants *);

/* p2m.c: p2m-m2p, p2m-bounds, no-alias, backed-before-use, isolation */
void p2m_page_hook(void *context, struct domain *, pfn_t, uint64_t pages);
void p2m_frame_hook(void *context, struct domain *, const uint32_t *mfns, size_t count);
void p2m_named(struct invariants *); /* what the hook found is said, of the call that is shown now */
void p2m_reservation_call(struct invariants *, struct watched *, const struct event *);
void p2m_frames_taken(struct invariants *, struct watched *, const struct event *);
void p2m_guard(struct invariants *, struct watched *);

/* sweep.c: the P2M from end to end, at rest; what no pfn names goes to leak.c */
struct sweep {
    const struct ranges *allowed; /* NULL: any pfn may name a frame */
    uint64_t named_pages;         /* frames of the domain named by an allowed pfn */
    uint64_t owned_pages;         /* frames of the domain named by any pfn */
    uint64_t unbacked_pages;      /* allowed pfns above the image with no frame */
    uint64_t unbacked_first;
    struct numbers odd; /* named frames whose M2P names another pfn or none; sorted */
};
void sweep_domain(struct invariants *, struct watched *, struct sweep *);

/* leak.c: no-leak, and no-overshoot's part at rest */
void leak_rest(struct invariants *, struct watched *, const struct sweep *);
void leak_owed(struct watched *, const struct record_hypercall *, uint64_t event);
uint64_t leak_excused(const struct watched *);
uint64_t leak_cause(const struct watched *, uint64_t own_event); /* where a frame was most likely lost */

/* segments.c */
void segments_note(struct invariants *, struct watched *, const struct event *);
void segments_rest(struct invariants *, struct watched *, const struct sweep *);
const struct ranges *segments_known(struct watched *); /* NULL: none are known */

/* rollback.c */
void rollback_begin(struct invariants *, struct watched *);
void rollback_end(struct invariants *, struct watched *, bool ok, const struct event *);
void rollback_given(struct invariants *, struct watched *, const struct event *, uint64_t frames);
void rollback_sleep(struct invariants *, struct watched *);

/* accounting.c */
void accounting_base(struct invariants *, struct watched *);
void accounting_plug_begin(struct invariants *, struct watched *);
/* by_driver: its thread sleeps now, so that what happened since the last sleep was its own doing. */
void accounting_look(struct invariants *, struct watched *, bool by_driver);
void accounting_live(struct watched *, uint64_t event);
void accounting_rest(struct invariants *, struct watched *, const struct sweep *);

/* target.c: no-overshoot */
void target_look(struct watched *, uint64_t event); /* has the guest read its target anew? */
void target_xenstore(struct invariants *, const struct event *);
void target_reservation_call(
    struct invariants *, struct watched *, const struct event *, uint64_t unused_back);

/* last_target.c: last-target-wins */
void last_target_refused(struct invariants *, struct watched *, uint64_t event);
void last_target_call_refused(struct invariants *, struct watched *, uint64_t event, uint32_t subop);
void last_target_moved(struct watched *, uint32_t subop);
void last_target_plugged(struct watched *); /* all that was refused since the driver slept is plugged */
void last_target_fault(struct invariants *, struct watched *, const struct event *);
void last_target_rest(struct invariants *, struct watched *);

/* floor.c */
void floor_note(struct invariants *, struct watched *, const struct event *);
void floor_log(struct watched *, const struct event *);
void floor_reservation_call(struct watched *, const struct event *);
void floor_rest(struct invariants *, struct watched *);

/* progress.c */
void progress_push(struct invariants *);                     /* something came from outside */
void progress_target(struct invariants *, struct watched *); /* a new target was read */
void progress_pages(struct watched *, uint64_t pages);       /* touched or handed over */
void progress_attempt(struct invariants *, struct watched *, const struct event *);
void progress_refused(struct invariants *, struct watched *, const struct event *);
void progress_moved(struct watched *, uint64_t pages);
void progress_cost(struct watched *, uint64_t event);
void progress_sleep(struct invariants *, struct watched *, const struct event *);
void progress_calls(struct invariants *, struct watched *);
void progress_not_at_rest(struct invariants *, const struct event *);
void progress_rest(struct invariants *);
void progress_recorded(struct invariants *, const struct event *);

/* toolstack.c */
void toolstack_command(struct invariants *, const struct event *);

/* contained.c: guest-contained, p2m-bounds of a trapped write, integrity */
void contained_ended(struct invariants *, struct watched *, const struct event *);
void contained_data_lost(struct invariants *, struct watched *, const struct event *);

#endif
