/* SPDX-License-Identifier: BSD-2-Clause */
/* Issues a call of the scenario's dom0 on Xen, and remembers what it did: which domains it made, which frames it mapped. */
#ifndef HARNESS_XEN_DOM0_ISSUE_H
#define HARNESS_XEN_DOM0_ISSUE_H

#include "harness/xen/dom0_call.h"

/* How many pages more than the model says a domain's structures may take, since they come out of pools of Xen's. */
#define DOM0_STRUCTURES_SLACK_PAGES 64u
/* Memory for the tables of a domain that Xen translates: the least that libxl gives. */
#define DOM0_TABLES_MIB             4u
#define DOM0_TABLES_PAGES           (DOM0_TABLES_MIB * PAGES_PER_MIB)

void dom0_issue_fewer(
    struct dom0_call *, uint64_t extents); /* of a reservation call: Xen is to do no more than so many */
/* To be called when the model has answered. Afterwards Xen's answer is in the call, and its list and structure hold what
 * Xen wrote. */
void dom0_issue_call(struct scenario_dom0 *);

#endif
