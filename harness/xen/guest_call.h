/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A guest on the real Xen, and one of its calls that both Xen and the model answer. Here are only the structs:
 * guest_arguments.h translates arguments, guest_compare.h compares answers, and guest_vcpu.h runs the guest.
 */
#ifndef HARNESS_XEN_GUEST_CALL_H
#define HARNESS_XEN_GUEST_CALL_H

#include "harness/xen/new_frames.h"
#include "harness/xen/xen_domain.h"
#include "harness/xen/xen_run.h"
#include "harness/xen/xen_saved.h"

struct xen_guest {
    struct xen_run *run;
    struct domain *domain;     /* the model's */
    struct xen_domain *on_xen; /* Xen's */
    struct real_xen_memory
        memory; /* the guest's, and the shadow: where the model finds translated arguments */
    struct new_frames new_frames;
    bool owes_answer; /* the guest has asked and waits for the answer */
    bool paused;
    int64_t poll_result;     /* of a SCHEDOP_poll that Xen is asked for next: the model's answer, */
    bool poll_waits;         /* whether the guest waits in the model, */
    bool poll_waits_on_xen;  /* and there */
    struct xen_saved *saved; /* of a guest that is saved: what is kept of it, */
    struct xen_saved_page *saved_pages;
    uint64_t nr_saved_pages; /* and which pages */
    struct xen_guest *next;
};

/* Extents are counted from 0, in the call's order. Addresses are the guest's. */
struct guest_call {
    uint64_t op, arg[4]; /* as the guest made it */
    unsigned memop;      /* XENMEM_… with op memory_op */
    uint64_t nr_extents, order;
    unsigned mem_flags;           /* of what it takes */
    uint64_t start;               /* the extent at which it goes on, when it was preempted */
    uint64_t list_va;             /* of frame numbers, or of updates */
    uint64_t out_list_va, nr_out; /* of an exchange: where the new frames go */
    bool translated;              /* the model was shown a copy with its own frame numbers */
    bool refused;                 /* by a fault, or by the model's heap alone: Xen isn't asked */
    bool incomparable;            /* it depends on what differs between the two heaps: neither is asked */
    uint64_t reservation_before_pages;
    uint64_t faults_before; /* how many faults had fired when it began */
    int64_t model_result, xen_result;
};

#endif
