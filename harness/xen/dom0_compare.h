/* SPDX-License-Identifier: BSD-2-Clause */
/* Compares both answers to a call of the scenario's dom0: new frames are joined, and all else must be the same. */
#ifndef HARNESS_XEN_DOM0_COMPARE_H
#define HARNESS_XEN_DOM0_COMPARE_H

#include "harness/xen/dom0_call.h"

void dom0_compare_call(struct scenario_dom0 *);
/* After a call that only the model answered: compares how many pages the host and the domain have. */
void dom0_compare_pages(struct scenario_dom0 *, const struct dom0_call *);

#endif
