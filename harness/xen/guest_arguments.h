/* SPDX-License-Identifier: BSD-2-Clause */
/* The arguments of a guest's calls, translated from Xen's frame numbers to the model's. */
#ifndef HARNESS_XEN_GUEST_ARGUMENTS_H
#define HARNESS_XEN_GUEST_ARGUMENTS_H

#include "harness/xen/guest_call.h"

#include "harness/xen/extents.h"

struct vcpu;

/*
 * Reads the arguments of the call that the guest's vcpu has left with, and changes the vcpu's so that the model sees
 * its own frame numbers. Arguments that the guest itself can't reach stay as they are.
 */
void guest_arguments_translate(struct xen_guest *, struct vcpu *, struct guest_call *);
/* What a translated call takes out of the heap. */
struct extents_call guest_arguments_extents(const struct guest_call *);
/* The model's number for one of Xen's. */
uint64_t guest_arguments_model_mfn(const struct xen_guest *, uint64_t xen_mfn);

#endif
