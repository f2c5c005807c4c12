/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Runs a guest on the real Xen by the model's schedule: a way to run a vcpu (sim/domain/vcpu.h) in which the guest
 * leaves through its mailbox (guest/pv/mailbox.h), where the coroutine of the simulator leaves by its gate.
 */
#ifndef HARNESS_XEN_GUEST_VCPU_H
#define HARNESS_XEN_GUEST_VCPU_H

#include "harness/xen/guest_call.h"
#include "sim/domain/vcpu.h"

/* The vcpu becomes the guest's. It begins where the guest waits at its first question. */
void guest_vcpu_begin(struct vcpu *, struct xen_guest *);

#endif
