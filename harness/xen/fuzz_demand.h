/* SPDX-License-Identifier: BSD-2-Clause */
/* Random calls of dom0 about a translated domain of its own, whose memory is populated on demand. */
#ifndef HARNESS_XEN_FUZZ_DEMAND_H
#define HARNESS_XEN_FUZZ_DEMAND_H

#include "harness/xen/fuzz_state.h"

void fuzz_demand_statement(struct fuzz_state *);

#endif
