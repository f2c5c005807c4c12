/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Extents of several pages. Xen promises nothing about which free frames lie side by side, and it differs between Xen's heap
 * and the model's. So where only that decides a call, one of them follows the other; and where a number names
 * neighbours on one of them only, the call is put to neither.
 */
#ifndef HARNESS_XEN_EXTENTS_H
#define HARNESS_XEN_EXTENTS_H

#include "harness/xen/xen_run.h"

/*
 * Extents [from, count) of a list of Xen's frame numbers: are the frames of each neighbours in the model, too? Numbers
 * that the model does not know, and orders that are refused before a frame is looked at, are no obstacle.
 */
bool extents_match(
    const struct frame_pairs *, const uint64_t *xen_mfns, uint64_t from, uint64_t count, uint64_t order);
/* Before a call that takes extents [start, nr_extents): the model gives no more than Xen's heap could. */
void extents_limit(const struct xen_run *, uint64_t order, uint64_t start, uint64_t nr_extents);
/*
 * After the model answered such a call with this many extents in all: did it give fewer than the domain may have and the host
 * has pages for? Then its own heap lay in smaller pieces than Xen's, and Xen is to be asked for no more.
 */
bool extents_model_lacked(const struct xen_run *, const struct domain *, uint64_t order, uint64_t start,
    uint64_t nr_extents, int64_t given);
/*
 * Do the flags of a reservation call keep no frame of either machine from it? An address limit may lie above both. Else
 * the flags may be why fewer extents were given.
 */
bool extents_flags_exclude_nothing(const struct xen_run *, unsigned mem_flags);

#endif
