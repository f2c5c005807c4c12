/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The scenario's dom0 on the real Xen. Its probe runs in this process, on the model's frame numbers; what it
 * asks about other domains is asked of Xen too, by the dom0 that is our conductor there, and compared. What it
 * asks about itself is the model's alone: the real dom0's memory is ours to pool up with.
 */
#ifndef HARNESS_XEN_CONDUCTOR_H
#define HARNESS_XEN_CONDUCTOR_H

#include "sim/machine.h"
#include "sim/real_xen.h"

struct conductor;
struct xen_guests;

struct conductor *conductor_new(struct xen_guests *); /* NULL: no memory */
void conductor_free(struct conductor *);
/* The model has built its dom0: from here on its vcpu's calls pass by here. */
void conductor_begin(struct conductor *, struct domain *dom0, const struct boot_block *, struct vcpu *);
/* Unmaps what it maps on Xen and destroys the domains it made there. */
void conductor_end(struct conductor *);

#endif
