/* SPDX-License-Identifier: BSD-2-Clause */
/* HYPERVISOR_sched_op and HYPERVISOR_set_timer_op: how a guest waits, yields, or ends. */
#ifndef SIM_HYPERCALL_SCHED_OP_H
#define SIM_HYPERCALL_SCHED_OP_H

#include "sim/hypercall/call.h"

struct domain;

long sched_op(struct domain *, unsigned long command, unsigned long argument, struct hypercall_trace *,
    enum exit_outcome *);
long sched_set_timer(struct domain *, uint64_t timeout_ns); /* 0: no timer */

#endif
