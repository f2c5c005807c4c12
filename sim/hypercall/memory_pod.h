/* SPDX-License-Identifier: BSD-2-Clause */
/* XENMEM_set_pod_target and XENMEM_get_pod_target. */
#ifndef SIM_HYPERCALL_MEMORY_POD_H
#define SIM_HYPERCALL_MEMORY_POD_H

#include "sim/hypercall/call.h"

struct domain;

long memory_pod_target(struct domain *caller, bool set, unsigned long argument, struct hypercall_trace *);

#endif
