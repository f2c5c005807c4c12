/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How a guest on the real Xen calls the harness, where a guest in the simulator calls its gate: through a few pages of its
 * image that the harness maps. The guest writes its question there and yields until it is answered. Only a guest that was
 * answered runs, so the harness chooses the order of events, and it is the same in each run.
 */
#ifndef GUEST_PV_MAILBOX_H
#define GUEST_PV_MAILBOX_H

#include <stdint.h>

#define PV_MAILBOX_VA    0x2000ul             /* the image's first page: pv_base of guest.mk */
#define PV_MAILBOX_MAGIC 0x424c53544d41494cul /* "BLSTMAIL" */

enum pv_leave {
    PV_LEAVE_PORT = 1, /* a call of the debug port, in op and arg */
    PV_LEAVE_SERVED,   /* a hypercall that the harness answers and Xen never sees: event channels, waiting */
    PV_LEAVE_BEFORE,   /* a hypercall to Xen comes next; the answer is an enum pv_before */
    PV_LEAVE_AFTER,    /* Xen has answered, in result; the answer is what the guest will see */
    PV_LEAVE_TRAPPED,  /* an exception. arg[0]: vector, arg[1]: error code, arg[2]: rip, arg[3]: cr2 */
};

/* What the harness answers to PV_LEAVE_BEFORE. */
enum pv_before { PV_GO_ON = 0, PV_REFUSED = 1, PV_SHORTENED = 2 };

/*
 * A call that needs no answer is posted here, and the harness reads it with the next question. Moving one page takes five
 * such calls, and each question costs two context switches.
 */
struct pv_posted {
    uint64_t leave, op, arg[4];
    int64_t result;
};
#define PV_POSTED_MAX 290u /* so that the mailbox has five pages */

/*
 * How long the harness has Xen wait in SCHEDOP_poll. Where the model waits, Xen does until an event comes, or the harness ends it.
 * Where the model does not, the guest tries for a time; when Xen seems to wait all the same, ten times as long, and so on up to
 * what is sure. On a busy computer time passes without a wait, too.
 */
#define PV_POLL_EVENT_NS UINT64_MAX
#define PV_POLL_TRY_NS   20000000ull
#define PV_POLL_SURE_NS  2000000000ull

struct pv_mailbox {
    uint64_t magic;
    volatile uint64_t asked, answered; /* ordinals of the last question, and of the last answer */
    uint64_t leave;                    /* enum pv_leave */
    uint64_t op, arg[4];
    int64_t result;         /* in PV_LEAVE_AFTER the hypercall's; then the harness's answer */
    uint64_t extents;       /* with PV_SHORTENED: how many extents to ask Xen for */
    uint64_t frame_pointer; /* of the function that asked, for places in reports */
    uint64_t tells_at_once; /* what the guest tells may change what it sees next: nothing of it is posted */
    uint64_t nr_posted;
    struct pv_posted posted[PV_POSTED_MAX];
};

#endif
