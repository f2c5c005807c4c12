/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Extents of several pages. Which free frames lie side by side is not specified, and differs between Xen's heap and the
 * model's. If a call depends only on that, one of the two is made to answer as the other; and if a number names frames
 * that are neighbours on one of the two only, the call is put to neither.
 */
#ifndef HARNESS_XEN_EXTENTS_H
#define HARNESS_XEN_EXTENTS_H

#include "harness/xen/shadow.h"
#include "harness/xen/xen_run.h"

/* A call that takes extents out of the heap. */
struct extents_call {
    uint64_t order, start, nr_extents;
    unsigned highest_order; /* that its caller may ask for: above it, no heap is looked at */
    unsigned address_bits;  /* that name the frames it may get; 0: any */
    bool no_heap;           /* its flags are refused, or ask for no frame */
};

/* Reads a call's flags. only_takes: the flag for populate-on-demand is none of its own. */
void extents_read_flags(struct extents_call *, unsigned mem_flags, bool only_takes);

/*
 * Extents [from, count) of a list of Xen's frame numbers that a domain gives back: do both come to the same frames? A call
 * ends at the first frame that is not the domain's, so what follows it on both doesn't matter; nor do orders that are
 * refused before any frame is looked at.
 */
bool extents_match(const struct xen_run *, unsigned domid, const guest_entry *xen_mfns, uint64_t from,
    uint64_t count, uint64_t order);
/* May it depend on which frames are free how much such a call gives? */
bool extents_heap_decides(const struct xen_run *, const struct extents_call *);
/*
 * Before a call that takes extents: makes the model give no more than Xen's heap could, and looks whether Xen is right: where it
 * is known which frames are free on either, it is known how many blocks of that size they make up.
 * target: who gets them, and may pay for them with what is claimed for it; NULL: nobody in the model, or a claim is of no use.
 */
void extents_limit(struct xen_run *, const struct domain *target, const struct extents_call *);
/*
 * After the model answered such a call with this many extents in all: did it give fewer than the domain may have and the host
 * has pages for? Then the model's free memory is in smaller blocks than Xen's, or less of it is low, and Xen must be
 * asked for no more. If its frames lay in blocks that were large enough it has no such excuse, and the answer is false.
 */
bool extents_model_lacked(
    const struct xen_run *, const struct domain *, const struct extents_call *, int64_t given);

#endif
