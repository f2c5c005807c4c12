/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a guest on the real Xen leaves to the harness, as its twin in the simulator leaves by its gate: one
 * page of its image, which the harness sees. The guest asks and yields until it is answered; only a guest
 * that was answered runs, so the harness chooses the order of things, and it is always the same.
 */
#ifndef GUEST_PV_MAILBOX_H
#define GUEST_PV_MAILBOX_H

#include <stdint.h>

#define PV_MAILBOX_VA    0x2000ul             /* the image's first page: pv_base of guest.mk */
#define PV_MAILBOX_MAGIC 0x424c53544d41494cul /* "BLSTMAIL" */

enum pv_leave {
    PV_LEAVE_PORT = 1, /* a call of the debug port: op, arg */
    PV_LEAVE_SERVED,   /* a hypercall that the harness answers, Xen never sees it: event channels, waiting */
    PV_LEAVE_BEFORE, /* about to issue a hypercall to Xen; the answer is PV_GO_ON or says what to do instead */
    PV_LEAVE_AFTER,  /* it was issued; result holds Xen's answer, the answer is what the guest will see */
    PV_LEAVE_TRAPPED, /* an exception: arg[0] vector, arg[1] error code, arg[2] rip, arg[3] cr2 */
};

/* What the harness says to PV_LEAVE_BEFORE. */
enum pv_before { PV_GO_ON = 0, PV_REFUSED = 1, PV_SHORTENED = 2 };

/*
 * What the guest only tells, and needs no answer to, is posted and read with its next question: a page's
 * way in or out is five such tellings, and each question costs a change of hands.
 */
struct pv_posted {
    uint64_t leave, op, arg[4];
    int64_t result;
};
#define PV_POSTED_MAX 290u /* with the page before them, five pages */

struct pv_mailbox {
    uint64_t magic;
    volatile uint64_t asked, answered; /* ordinals of the last question, and of the last answer */
    uint64_t leave;                    /* enum pv_leave */
    uint64_t op, arg[4];
    int64_t result;         /* of the hypercall in PV_LEAVE_AFTER; else the harness's answer */
    uint64_t extents;       /* with PV_SHORTENED: how many extents to ask Xen for */
    uint64_t frame_pointer; /* where it left from, for places in reports */
    uint64_t nr_posted;
    struct pv_posted posted[PV_POSTED_MAX];
};

#endif
