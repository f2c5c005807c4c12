/* SPDX-License-Identifier: BSD-2-Clause */
/* What the calls of the scenario's dom0 carry: read in the model's frame numbers, written down in Xen's. */
#ifndef HARNESS_XEN_DOM0_ARGUMENTS_H
#define HARNESS_XEN_DOM0_ARGUMENTS_H

#include "harness/xen/dom0_call.h"

/* Reads the call that the probe's vcpu has left with into dom0->call, and decides whether Xen is asked, too. */
void dom0_arguments_take(struct scenario_dom0 *, const struct vcpu *);
/* Copies the probe's memory; false, and nothing copied, when it could not read that itself. */
bool dom0_arguments_read(const struct scenario_dom0 *, uint64_t va, void *to, size_t bytes);
void dom0_arguments_drop(struct dom0_call *); /* frees what it holds; there is no call then */

#endif
