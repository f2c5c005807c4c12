/* SPDX-License-Identifier: BSD-2-Clause */
/* HYPERVISOR_domctl, for privileged domains. */
#ifndef SIM_HYPERCALL_DOMCTL_H
#define SIM_HYPERCALL_DOMCTL_H

#include "sim/hypercall/call.h"

struct domain;

long domctl_op(struct domain *, unsigned long argument, struct hypercall_trace *);

#endif
