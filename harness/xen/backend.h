/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a runner needs to run scenarios on the real Xen: a hypervisor that is large enough, booted when the
 * first scenario wants one and kept for those that follow. Which scenarios can't be asked of it is said here.
 */
#ifndef HARNESS_XEN_BACKEND_H
#define HARNESS_XEN_BACKEND_H

#include "harness/language/scenario.h"
#include "harness/xen/xen_guests.h"

struct xen_backend;

struct xen_backend *xen_backend_new(void); /* NULL: no memory. Boots nothing yet. */
void xen_backend_free(struct xen_backend *);

/* Why a scenario can't run on the real Xen at all, or NULL. The sentence is constant. */
const char *xen_backend_refuses(const struct scenario *);
/* The machine's domains will be built on the real Xen from here on. Else the trouble, and a sentence for it. */
enum xen_trouble xen_backend_begin(
    struct xen_backend *, const struct scenario *, struct machine *, struct recorder *);
/* The run is over: its domains go. Was there trouble? */
enum xen_trouble xen_backend_end(struct xen_backend *);
const char *xen_backend_sentence(const struct xen_backend *);
struct xen_counts xen_backend_counts(const struct xen_backend *);

#endif
