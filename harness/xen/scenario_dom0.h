/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The scenario's dom0, when guests run on the real Xen. Its probe runs in this process, with the model's frame numbers.
 * Calls about other domains are issued on Xen, too, by the conductor, and compared. Calls about itself are answered by the
 * model alone, because the memory of the dom0 on Xen is used to make the host's pool as large as it has to be.
 */
#ifndef HARNESS_XEN_SCENARIO_DOM0_H
#define HARNESS_XEN_SCENARIO_DOM0_H

#include "harness/xen/xen_run.h"

struct scenario_dom0;
struct boot_block;
struct vcpu;

struct scenario_dom0 *scenario_dom0_new(struct xen_run *); /* NULL: no memory. The run stays the caller's. */
void scenario_dom0_free(struct scenario_dom0 *);
/* The model has built its dom0: takes over its vcpu, so that its calls come here. */
void scenario_dom0_begin(struct scenario_dom0 *, struct domain *, const struct boot_block *, struct vcpu *);
/* Unmaps on Xen what it has mapped, and destroys the domains that it has made. */
void scenario_dom0_end(struct scenario_dom0 *);

#endif
