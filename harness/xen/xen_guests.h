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
#include "sim/real_xen.h"

struct remote;

struct remote_counts {
    uint64_t hypercalls, differences;
};

/* The host stays the caller's. image_path(kernel) names the PV image for a kernel, NULL when there is none. */
struct remote *remote_new(struct xen_host *, const char *(*image_path)(const char *kernel));
void remote_free(struct remote *); /* ends its domains */

/*
 * Before each run: Xen's free pages become exactly `host_pages` (dom0 soaks up the rest) and the machine's
 * domains will be built there. False with a sentence in remote_sentence.
 */
bool remote_begin(struct remote *, struct machine *, struct recorder *, uint64_t host_pages);
struct remote_counts remote_counts(const struct remote *);
const char *remote_sentence(const struct remote *);
/* A domain the machine still has is ended on Xen too. */
void remote_end(struct remote *);

#endif
