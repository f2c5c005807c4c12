/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the real Xen says about pages: how many a domain and the host's pool have, and who owns a frame. The conductor
 * asks Xen; each question takes about 5 microseconds.
 */
#ifndef HARNESS_XEN_XEN_PAGES_H
#define HARNESS_XEN_XEN_PAGES_H

#include <stdbool.h>
#include <stdint.h>

#include "harness/xen/conductor.h"

struct xen_pages {
    bool exists; /* there is such a domain; if not, all other members are 0 */
    uint64_t reservation_pages, maximum_pages, claim_pages;
    uint64_t shared_info_mfn;
};
struct xen_pages xen_pages_of_domain(struct conductor *, unsigned domid);
uint64_t xen_pages_free(struct conductor *); /* the host's free pages; 0 when Xen can't be asked any more */
/* Sets a domain's maximum, as `xl mem-max` does. Returns Xen's answer: 0, or a negative errno. */
long xen_pages_set_maximum(struct conductor *, unsigned domid, uint64_t kib);
/* The target of populate-on-demand, which a toolstack sets. Returns Xen's answer. */
long xen_pages_set_pod_target(struct conductor *, unsigned domid, uint64_t pages);
/* What it has on demand: gfns without a frame, and frames that wait for them. */
struct xen_pod_pages {
    uint64_t entries, cache;
};
/* False: Xen does not say, for the domain is of another kind. */
bool xen_pages_pod(struct conductor *, unsigned domid, struct xen_pod_pages *);
/* Claims free pages for a domain, so that it is sure of so many in all; 0 ends its claim. Returns Xen's answer. */
long xen_pages_claim(struct conductor *, unsigned domid, uint64_t pages);

/*
 * The frame of a gfn of a domain that Xen translates for, which Xen tells nobody: the conductor maps it and looks into its own page
 * table. 0: there is none. xen_pages_gfns_end unmaps the last one.
 */
uint64_t xen_pages_of_gfn(struct conductor *, unsigned domid, uint64_t gfn);
void xen_pages_gfns_end(struct conductor *);

/* Replaces those of the frame numbers that are not the domain's by XEN_PAGES_NOT_ITS. */
#define XEN_PAGES_A_QUESTION 1024u /* as many as XEN_DOMCTL_getpageframeinfo3 takes */
#define XEN_PAGES_NOT_ITS    UINT64_MAX
void xen_pages_whose(struct conductor *, unsigned domid, uint64_t *mfns, uint64_t count);

#endif
