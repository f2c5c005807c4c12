/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The scenario's dom0 beside the real Xen. Its probe runs in this process, on the model's frame numbers. What it asks
 * about other domains is asked of Xen too, by the conductor, and compared. What it asks about itself is answered by
 * the model alone: the memory of the dom0 on Xen is the conductor's, to make the host's pool as large as it has to be.
 */
#ifndef HARNESS_XEN_SCENARIO_DOM0_H
#define HARNESS_XEN_SCENARIO_DOM0_H

#include "harness/xen/xen_run.h"

struct scenario_dom0;
struct boot_block;
struct vcpu;

struct scenario_dom0 *scenario_dom0_new(struct xen_run *); /* NULL: no memory. The run stays the caller's. */
void scenario_dom0_free(struct scenario_dom0 *);
/* The model has built its dom0: from here on its vcpu's calls pass by here. */
void scenario_dom0_begin(struct scenario_dom0 *, struct domain *, const struct boot_block *, struct vcpu *);
/* Unmaps on Xen what it has mapped, and destroys the domains that it has made. */
void scenario_dom0_end(struct scenario_dom0 *);

#endif
