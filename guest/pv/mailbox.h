/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The debug port on the real Xen: one page of the guest's image, its first, that the conducting dom0 maps
 * too. The guest asks by filling in the call and raising `asked`; dom0 answers by raising `answered`.
 * While it waits the guest yields, so that on one processor the order of things is always the same.
 */
#ifndef GUEST_PV_MAILBOX_H
#define GUEST_PV_MAILBOX_H

#include <stdint.h>

#define PV_MAILBOX_VA    0x100000ul
#define PV_MAILBOX_MAGIC 0x424c53544d41494cul   /* "BLSTMAIL" */

struct pv_mailbox {
    uint64_t magic;
    volatile uint64_t asked, answered;          /* ordinals of the last call, and of the last one done */
    uint64_t op, arg[4];                        /* enum port_op; addresses are the guest's own */
    int64_t result;
    uint64_t text_bytes;
    char text[3072];                            /* in and out: the text that a call's address names */
};

#endif
