/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Compares both answers to a guest's call: frames that the answers name are joined, and all else must be the same, or a
 * difference is recorded.
 */
#ifndef HARNESS_XEN_GUEST_COMPARE_H
#define HARNESS_XEN_GUEST_COMPARE_H

#include "harness/xen/guest_call.h"

/*
 * Compares the answers, what was written into the guest's memory, the M2P entries of up to a thousand frames of the
 * call, and after a memory_op also reservation, maximum and free pages.
 */
void guest_compare_call(struct xen_guest *, const struct guest_call *);

#endif
