/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guests of a scenario, run on the real Xen while the model answers beside it (sim/real_xen.h). Each call that
 * Xen answers is answered by the model too, and whatever differs (return value, reservation, maximum, free pages, M2P
 * entries) is counted and recorded. What a guest sees is Xen's answer.
 */
#ifndef HARNESS_XEN_XEN_GUESTS_H
#define HARNESS_XEN_XEN_GUESTS_H

#include "harness/xen/xen_host.h"
#include "harness/xen/xen_run.h"

struct xen_guests;

/* Writes the path of a kernel's PV image, whether there is such a file or not. */
typedef void pv_image_path_t(const char *kernel, char *path, size_t path_bytes);

/* NULL: no memory. The host stays the caller's. */
struct xen_guests *xen_guests_new(struct xen_host *, pv_image_path_t *);
void xen_guests_free(struct xen_guests *); /* ends its domains */

/*
 * Before each run: Xen's free pages become exactly host_pages, and the machine's domains will be built on Xen. False:
 * xen_guests_sentence says why not.
 */
bool xen_guests_begin(struct xen_guests *, struct machine *, struct recorder *, uint64_t host_pages);
/* After it: domains that the machine still has are ended on Xen. */
void xen_guests_end(struct xen_guests *);

struct xen_counts xen_guests_counts(const struct xen_guests *); /* of the last run */
const char *xen_guests_sentence(const struct xen_guests *);

#endif
