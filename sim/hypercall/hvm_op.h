/* SPDX-License-Identifier: BSD-2-Clause */
/* HYPERVISOR_hvm_op, of which a translated guest asks where its XenStore ring is: it has no start_info that would say so. */
#ifndef SIM_HYPERCALL_HVM_OP_H
#define SIM_HYPERCALL_HVM_OP_H

#include "sim/hypercall/call.h"

struct domain;

long hvm_op(struct domain *, unsigned long command, unsigned long argument, struct hypercall_trace *);

#endif
