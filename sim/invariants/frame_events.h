/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machine's frame table as checkers read it: whose a frame is, what it holds, and the event at which it
 * was given or bound to a pfn last. That event stands in the frame's own entry (struct frame_arrays, notes);
 * it means something only for a frame that a watched domain of this run ever had.
 */
#ifndef SIM_INVARIANTS_FRAME_EVENTS_H
#define SIM_INVARIANTS_FRAME_EVENTS_H

#include "sim/invariants/checker.h"

#define FRAME_UNUSED     (1u << 31) /* in a frame's note: given, and not handed to the guest's allocator since */
#define FRAME_EVENT_MASK (FRAME_UNUSED - 1u)
#define WORKLOAD_STAMP   (1ull << 63) /* this bit is set in all that a workload writes into a page */

static inline unsigned frame_owner_in(const struct frame_arrays *arrays, uint64_t mfn)
{
    return *(const uint16_t *)(const void *)(arrays->owners + mfn * FRAME_STRIDE_BYTES);
}

/* Does the domain own that frame? mfn may be any number that a guest wrote into its P2M. */
static inline bool frame_is_of(const struct invariants *inv, uint64_t mfn, unsigned domid)
{
    return mfn < inv->arrays.end && frame_owner_in(&inv->arrays, mfn) == domid;
}

/* Is it also bound to that pfn? */
static inline bool frame_is_bound(
    const struct frame_arrays *arrays, uint64_t mfn, unsigned domid, uint64_t pfn)
{
    return mfn < arrays->end && frame_owner_in(arrays, mfn) == domid && arrays->m2p[mfn] == pfn;
}

/* The note of a frame, which must exist. */
static inline uint32_t *frame_note(const struct frame_arrays *arrays, uint64_t mfn)
{
    return (uint32_t *)(void *)(arrays->notes + mfn * FRAME_STRIDE_BYTES);
}

/* The note of the frame of any number; NULL: there is no such frame. */
static inline uint32_t *frame_event(const struct invariants *inv, uint64_t mfn)
{
    const struct frame_arrays *arrays = &inv->arrays;

    if (mfn < arrays->first || mfn >= arrays->end)
        return NULL;
    return frame_note(arrays, mfn);
}

/* What is in a frame, which must exist. */
static inline uint64_t frame_contents(const struct frame_arrays *arrays, uint64_t mfn)
{
    return *(const uint64_t *)(const void *)(arrays->stamps + mfn * FRAME_STRIDE_BYTES);
}

#endif
