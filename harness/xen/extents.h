/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Extents of several pages. Which free frames lie side by side is not specified, and differs between Xen's heap and the
 * model's. If a call depends only on that, one of the two is made to answer as the other; and if a number names frames
 * that are neighbours on one of the two only, the call is put to neither.
 */
#ifndef HARNESS_XEN_EXTENTS_H
#define HARNESS_XEN_EXTENTS_H

#include "harness/xen/xen_run.h"

/*
 * Extents [from, count) of a list of Xen's frame numbers: are the frames of each extent neighbours in the model, too?
 * Numbers that the model does not know, and orders that are refused before any frame is looked at, don't matter.
 */
bool extents_match(
    const struct frame_pairs *, const uint64_t *xen_mfns, uint64_t from, uint64_t count, uint64_t order);
/* Before a call that takes extents [start, nr_extents): makes the model give no more than Xen's heap could. */
void extents_limit(const struct xen_run *, uint64_t order, uint64_t start, uint64_t nr_extents);
/*
 * After the model answered such a call with this many extents in all: did it give fewer than the domain may have and the host
 * has pages for? Then the model's free memory is in smaller blocks than Xen's, and Xen must be asked for no more.
 */
bool extents_model_lacked(const struct xen_run *, const struct domain *, uint64_t order, uint64_t start,
    uint64_t nr_extents, int64_t given);
/*
 * Do the flags of a reservation call allow all frames of both machines? An address limit may be above both. If not, the
 * flags may be the reason why fewer extents were given.
 */
bool extents_flags_exclude_nothing(const struct xen_run *, unsigned mem_flags);

#endif
