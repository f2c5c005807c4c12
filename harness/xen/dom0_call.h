/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The scenario's dom0 and a call of its probe, in the form for the model and in the form for Xen. Here are only the
 * structs: dom0_arguments.h reads the call, dom0_issue.h issues it on Xen, dom0_compare.h compares the answers.
 */
#ifndef HARNESS_XEN_DOM0_CALL_H
#define HARNESS_XEN_DOM0_CALL_H

#include "harness/xen/extents.h"
#include "harness/xen/new_frames.h"
#include "harness/xen/xen_run.h"
#include "sim/domain/vcpu.h"
#include "sim/inspect.h"

#define DOM0_STRUCTURE_BYTES_MAX 4096u

struct dom0_call {
    /* As its probe made it, and as the model gets it. Addresses are the probe's, which are this process's, too. */
    uint64_t op, arg[4];
    unsigned memop;        /* XENMEM_… with op memory_op */
    uint32_t control;      /* XEN_DOMCTL_… with op domctl */
    unsigned channel;      /* EVTCHNOP_… with op event_channel_op */
    unsigned domid;        /* the domain that it is about, as it names it */
    struct domain *target; /* the model's domain of that number; NULL: there is none */
    uint64_t nr_extents, order;
    uint64_t start; /* the extent at which it goes on, when it was preempted */
    uint64_t list_va;
    uint64_t free_before_pages;  /* on the model's host */
    struct extents_call extents; /* what it takes out of the heap; nr_extents 0: nothing */

    /* As Xen gets it. */
    bool asked;        /* else the model answers alone */
    bool vcpu_there;   /* the call makes a vcpu that Xen made with its domain: the model answers alone */
    bool incomparable; /* an extent's frames are neighbours on one of the two only: neither is asked */
    uint64_t xen_arg[4];
    char structure[DOM0_STRUCTURE_BYTES_MAX]; /* for the first page of the conductor's area */
    size_t structure_bytes;
    uint64_t *list; /* for the end of the area; freed by dom0_arguments_drop */
    uint64_t nr_list;
    unsigned slot; /* for a mapping: which page of the window */
    bool maps;     /* it maps a frame at that page; else it unmaps it */

    int64_t model_result, xen_result;
};

/* What kind of domain dom0 made on Xen under a domid. Domains that the machine built are none of them. */
enum dom0_made { DOM0_MADE_NONE, DOM0_MADE_PV, DOM0_MADE_TRANSLATED };

struct scenario_dom0 {
    struct xen_run *run;
    struct domain *domain;            /* the model's dom0 */
    const struct vcpu_backend *local; /* runs its probe in this process */
    uint64_t window_va, m2p_va, m2p_bytes;
    bool mapped[PV_WINDOW_PAGES];             /* on Xen, by slot */
    unsigned char made[DOMID_FIRST_RESERVED]; /* enum dom0_made, by domid */
    bool has_made;                            /* any domain, in this run */
    vcpu_serve_t *serve;                      /* the machine's, while the probe runs */
    void *context;
    struct dom0_call call; /* op is 0 while there is none */
    struct new_frames
        new_frames; /* that the call gives to somebody and whose numbers its list does not take */
};

static inline bool dom0_call_made_translated(const struct scenario_dom0 *dom0, unsigned domid)
{
    return domid < DOMID_FIRST_RESERVED && dom0->made[domid] == DOM0_MADE_TRANSLATED;
}

/* Is it such a domain, or a guest of the machine's for which Xen translates? Its pages are gfns then, which are the same on both. */
static inline bool dom0_call_by_gfn(const struct scenario_dom0 *dom0, unsigned domid)
{
    const struct domain *guest =
        domid < DOMID_FIRST_RESERVED ? machine_domain_by_id(dom0->run->machine, domid) : NULL;

    return dom0_call_made_translated(dom0, domid) || (guest != NULL && domain_is_translated(guest));
}

#endif
