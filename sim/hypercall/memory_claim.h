/* SPDX-License-Identifier: BSD-2-Clause */
/* XENMEM_claim_pages: what a toolstack says before it builds a large domain. */
#ifndef SIM_HYPERCALL_MEMORY_CLAIM_H
#define SIM_HYPERCALL_MEMORY_CLAIM_H

#include "sim/hypercall/call.h"

struct domain;

long memory_claim(struct domain *caller, unsigned long argument, struct hypercall_trace *);

#endif
