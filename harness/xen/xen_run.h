/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One scenario's run on the real Xen and on the model at once: what is needed to put a call to both, and recording what
 * differed.
 */
#ifndef HARNESS_XEN_XEN_RUN_H
#define HARNESS_XEN_XEN_RUN_H

#include "harness/xen/frame_pairs.h"
#include "harness/xen/xen_answers.h"
#include "harness/xen/xen_host.h"
#include "harness/xen/xen_pool.h"
#include "sim/machine.h"

struct late_maximum;
struct xen_guest;

struct xen_counts {
    uint64_t hypercalls, differences;
};

/* All but the counts belongs to the caller that begins the run. */
struct xen_run {
    struct conductor *conductor; /* asks Xen */
    struct machine *machine;     /* the model */
    struct frame_pairs *pairs;   /* which of Xen's frames is which of the model's */
    struct xen_pool *pool;       /* keeps Xen's free pages what the model's are */
    struct recorder *recorder;
    struct xen_guest *const *guests; /* the first of a list of all */
    struct xen_answers *answers;     /* NULL: nobody wants to know what Xen answered */
    struct xen_counts counts;
    bool
        model_is_ahead; /* it has done a guest's call that Xen has not: the maxima that are set meanwhile wait */
    struct late_maximum *late;
    uint64_t built_overhead_pages; /* of the host when its last domain had been built */
    bool has_made;                 /* dom0 has made a domain: which frames it got is not known on both */
    uint64_t
        blocks_in_model; /* of the order that a call takes: how many its free frames made up before (extents.c) */
};

/* Both have answered a call; what is compared from now on was looked at behind it. */
void xen_run_answered(
    struct xen_run *, uint64_t op, uint64_t subop, int64_t xen_result, int64_t model_result);
/* Counts a difference between the two that is about a domain, and records it (REC_DIFFERENCE) unless there are too many. */
__attribute__((format(printf, 3, 4))) void xen_run_differs(
    struct xen_run *, const struct domain *, const char *format, ...);

/* Compares how many free pages the two hosts have. */
void xen_run_compare_free(struct xen_run *, const struct domain *, const char *after_what);
/*
 * xen_run_compare_free after a domain began or ended. Xen's structures for it come out of pools that domains share, so it
 * may take or give back a few pages more or less than the model says. Up to slack_pages of them are no difference; the
 * conductor makes up for them.
 */
void xen_run_even_out(struct xen_run *, const struct domain *, const char *after_what, uint64_t slack_pages);
/* How many frames Xen's domain has besides those that are the guest's memory (pv_layout.h). */
uint64_t xen_run_apart_pages(const struct xen_run *, const struct domain *);
/* Compares the domain's reservation, maximum and claim with those on Xen, where it has the number xen_domid. */
void xen_run_compare_domain(
    struct xen_run *, const struct domain *, unsigned xen_domid, const char *after_what);

#endif
