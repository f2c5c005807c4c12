/* SPDX-License-Identifier: BSD-2-Clause */
/* HYPERVISOR_vcpu_op: of it VCPUOP_register_vcpu_info. */
#ifndef SIM_HYPERCALL_VCPU_OP_H
#define SIM_HYPERCALL_VCPU_OP_H

#include "sim/hypercall/call.h"

struct domain;
struct vcpu;

long vcpu_op(struct domain *, const struct vcpu *, struct hypercall_trace *);

#endif
