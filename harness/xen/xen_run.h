/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One scenario's run on the real Xen and on the model at once: what everybody needs who puts a call to both, and
 * the notes on what differed.
 */
#ifndef HARNESS_XEN_XEN_RUN_H
#define HARNESS_XEN_XEN_RUN_H

#include "harness/xen/frame_pairs.h"
#include "harness/xen/xen_host.h"
#include "harness/xen/xen_pool.h"
#include "sim/machine.h"

struct xen_counts {
    uint64_t hypercalls, differences;
};

/* All but the counts belongs to whoever begins the run. */
struct xen_run {
    struct conductor *conductor; /* asks Xen */
    struct machine *machine;     /* the model */
    struct frame_pairs *pairs;   /* which of Xen's frames is which of the model's */
    struct xen_pool *pool;       /* keeps Xen's free pages what the model's are */
    struct recorder *recorder;
    struct xen_counts counts;
};

/* A difference between the two, about a domain: counted, and recorded as REC_DIFFERENCE unless there are many. */
__attribute__((format(printf, 3, 4))) void xen_run_differs(
    struct xen_run *, const struct domain *, const char *format, ...);

/* How many pages Xen has free. A difference when the model has another number. */
void xen_run_compare_free(struct xen_run *, const struct domain *, const char *after_what);
/*
 * The same after a domain began or ended. Its structures come out of pools of Xen's that other domains share, so
 * it may take or give back a few pages more or less than the model says: up to slack_pages of that are made up for
 * by the conductor, and are no difference.
 */
void xen_run_even_out(struct xen_run *, const struct domain *, const char *after_what, uint64_t slack_pages);
/* Differences when the domain's reservation or maximum is another on Xen, where it has this number. */
void xen_run_compare_domain(
    struct xen_run *, const struct domain *, unsigned xen_domid, const char *after_what);

#endif
