/* SPDX-License-Identifier: BSD-2-Clause */
/* Puts a call of the scenario's dom0 to Xen, and keeps in mind what it did: domains made, frames mapped. */
#ifndef HARNESS_XEN_DOM0_ISSUE_H
#define HARNESS_XEN_DOM0_ISSUE_H

#include "harness/xen/dom0_call.h"

/* How far a domain's structures, which come out of pools of Xen's, may take more pages than the model says. */
#define DOM0_STRUCTURES_SLACK_PAGES 64u
/* For the tables of a domain that Xen translates; as much as libxl gives at least. */
#define DOM0_TABLES_MIB             4u
#define DOM0_TABLES_PAGES           (DOM0_TABLES_MIB * PAGES_PER_MIB)

/* The model has answered: Xen's answer is in the call then, and its list and structure hold what Xen wrote. */
void dom0_issue_call(struct scenario_dom0 *);

#endif
