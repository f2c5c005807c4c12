/* SPDX-License-Identifier: BSD-2-Clause */
/* The family segments: compares what the guest announces of its segments with what a walk over them finds. */
#ifndef SIM_INVARIANTS_SEGMENTS_H
#define SIM_INVARIANTS_SEGMENTS_H

#include "sim/invariants/checker.h"

struct sweep;

/* A plug or unplug that the guest's runtime announced, until it returned. */
struct segment_call {
    bool open, unplug;
    bool disturbed;             /* another thread may have run inside it */
    uint64_t pfn, pages, event; /* event: at which it began */
    bool has_counters;
    struct port_counters before;
};

struct watched_segments {
    struct ranges noted;  /* as announced: boot segments and what was plugged, without what was unplugged */
    struct ranges walked; /* the segments that the last audit found */
    struct ranges kept;   /* boot memory of the kernel's own, in no segment */
    struct ranges fresh;  /* plugged since the last rest with a walk, and not unplugged since */
    bool any_noted, audit_open, audit_fresh;
    uint64_t walked_end; /* of the last segment of the present walk */
    struct segment_call call;
};

void segments_clear(struct watched *);
void segments_free(struct watched *);
void segments_note(struct invariants *, struct watched *, const struct event *);
void segments_rest(struct invariants *, struct watched *, const struct sweep *);
const struct ranges *segments_known(struct watched *); /* NULL: none are known */

#endif
