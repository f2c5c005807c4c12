/* SPDX-License-Identifier: BSD-2-Clause */
/* HYPERVISOR_memory_op: the reservation calls, and the way to the files that have the other operations. */
#ifndef SIM_HYPERCALL_MEMORY_OP_H
#define SIM_HYPERCALL_MEMORY_OP_H

#include "sim/hypercall/call.h"

struct domain;

/* The guest's two arguments; the result is that of the call. */
long memory_op(struct domain *, unsigned long command, unsigned long argument, struct hypercall_trace *);

#endif
