/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a guest on the real Xen, whenever the model's schedule says: a backend for a vcpu (sim/domain/vcpu.h) in which the
 * guest leaves through its mailbox (guest/pv/mailbox.h) and not by the gate of the simulator's coroutine.
 */
#ifndef HARNESS_XEN_GUEST_VCPU_H
#define HARNESS_XEN_GUEST_VCPU_H

#include "harness/xen/guest_call.h"
#include "sim/domain/vcpu.h"

/* Makes this vcpu run the guest, which is paused. */
void guest_vcpu_begin(struct vcpu *, struct xen_guest *);

#endif
