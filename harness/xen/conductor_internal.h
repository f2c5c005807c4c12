/* SPDX-License-Identifier: BSD-2-Clause */
/* What conductor.c and conductor_calls.c share, and nobody else needs. */
#ifndef HARNESS_XEN_CONDUCTOR_INTERNAL_H
#define HARNESS_XEN_CONDUCTOR_INTERNAL_H

#include "harness/xen/xen_domctl.h"
#include "harness/xen/conductor.h"
#include "harness/xen/xen_guests_internal.h"

enum empty_domain { EMPTY_NONE, EMPTY_PV, EMPTY_TRANSLATED };

/* One of dom0's calls: as its probe made it, and as it is put to Xen. */
struct conductor_call {
    uint64_t op, arg[4];
    unsigned memop;        /* XENMEM_… with op memory_op */
    uint32_t control;      /* XEN_DOMCTL_… with op domctl */
    bool asked;            /* Xen is asked, too */
    bool neither;          /* an extent that only one side has: not even the model is asked */
    struct domain *target; /* the model's; NULL: none of that number */
    unsigned domid;        /* as the call says it */
    uint64_t xen_arg[4];
    char structure[4096]; /* what xen_arg[1], or [0] of a domctl, is to point to … */
    size_t structure_bytes;
    uint64_t *list; /* … and its list, when there is one; freed by the holder */
    uint64_t nr_list, nr_extents, start, order, guest_list;
    unsigned slot; /* of the window, with a mapping … */
    bool maps;     /* … which it makes, or takes away */
    int64_t model_result, xen_result;
};

struct conductor {
    struct xen_guest self;            /* no on_xen: for what the others' code says and asks of a domain */
    const struct vcpu_backend *local; /* runs its probe */
    uint64_t window_va, m2p_va, m2p_bytes;
    bool mapped[XEN_WINDOW_PAGES]; /* on Xen, by slot */
    unsigned char empty_domains[DOMID_FIRST_RESERVED];
    vcpu_serve_t *serve; /* the machine's, while the probe runs */
    void *context;
    struct conductor_call call;
};

/* Reads the call out of the probe's memory, in the model's numbers, and writes it down in Xen's. */
void conductor_take(struct conductor *, const struct vcpu *);
/* The model has answered: puts the call to Xen. */
void conductor_put(struct conductor *);
/* Both have answered: joins new frames, and compares. */
void conductor_compare(struct conductor *);
void conductor_drop(struct conductor_call *); /* frees what it holds */

bool conductor_translated(const struct conductor *, unsigned domid);

#endif
