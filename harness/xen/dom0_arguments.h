/* SPDX-License-Identifier: BSD-2-Clause */
/* The arguments of the scenario's dom0's calls: read with the model's frame numbers, and translated to Xen's. */
#ifndef HARNESS_XEN_DOM0_ARGUMENTS_H
#define HARNESS_XEN_DOM0_ARGUMENTS_H

#include "harness/xen/dom0_call.h"

/* Reads the call that the probe's vcpu has left with into dom0->call, and decides whether Xen is asked, too. */
void dom0_arguments_take(struct scenario_dom0 *, const struct vcpu *);
/* Copies from the probe's memory. False, and nothing is copied: the probe itself could not read it. */
bool dom0_arguments_read(const struct scenario_dom0 *, uint64_t va, void *to, size_t bytes);
void dom0_arguments_drop(struct dom0_call *); /* frees what it holds; there is no call then */

#endif
