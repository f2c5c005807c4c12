/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The guests of a scenario, run on the real Xen (sim/real_xen.h). Each call that Xen answers is answered by the model,
 * too, and each difference (return value, reservation, maximum, free pages, M2P entries) is counted and recorded. The
 * guest sees Xen's answer.
 */
#ifndef HARNESS_XEN_XEN_GUESTS_H
#define HARNESS_XEN_XEN_GUESTS_H

#include "harness/language/scenario.h"
#include "harness/xen/xen_host.h"
#include "harness/xen/xen_run.h"

struct xen_guests;

/* Writes the path of a kernel's PV image, whether there is such a file or not. */
typedef void pv_image_path_t(const char *kernel, char *path, size_t path_bytes);

/* NULL: no memory. The host stays the caller's. */
struct xen_guests *xen_guests_new(struct xen_host *, pv_image_path_t *);
void xen_guests_free(struct xen_guests *); /* ends its domains */

/*
 * Before each run: makes Xen's free pages exactly the scenario's; the machine's domains are built on Xen from now on, and what
 * Xen answers goes to the answers, if they aren't NULL. False: xen_guests_sentence says why that can't be done.
 */
bool xen_guests_begin(
    struct xen_guests *, const struct scenario *, struct machine *, struct recorder *, struct xen_answers *);
/* After each run: ends the domains on Xen that the machine still has. */
void xen_guests_end(struct xen_guests *);

struct xen_counts xen_guests_counts(const struct xen_guests *); /* of the last run */
const char *xen_guests_sentence(const struct xen_guests *);

#endif
