/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The other side of sim/real_xen.h: guests that run on the real Xen while the model answers beside it. Each
 * call that Xen answers is answered by the model too, on translated arguments, and whatever differs (return
 * value, reservation, maximum, free pages, M2P entries) is kept as a difference and recorded. What the guest
 * sees is Xen's answer.
 */
#ifndef HARNESS_XEN_XEN_GUESTS_H
#define HARNESS_XEN_XEN_GUESTS_H

#include "harness/xen/xen_host.h"
#include "sim/machine.h"
#include "sim/real_xen.h"

struct xen_guests;

struct xen_counts {
    uint64_t hypercalls, differences;
};

/* The host stays the caller's. image_path(kernel) names the PV image for a kernel, NULL when there is none. */
struct xen_guests *xen_guests_new(struct xen_host *, const char *(*image_path)(const char *kernel));
void xen_guests_free(struct xen_guests *); /* ends its domains */

/*
 * Before each run: Xen's free pages become exactly `host_pages` (dom0 soaks up the rest) and the machine's
 * domains will be built there. False with a sentence in xen_guests_sentence.
 */
bool xen_guests_begin(struct xen_guests *, struct machine *, struct recorder *, uint64_t host_pages);
struct xen_counts xen_counts(const struct xen_guests *);
const char *xen_guests_sentence(const struct xen_guests *);
/* A domain the machine still has is ended on Xen too. */
void xen_guests_end(struct xen_guests *);

#endif
