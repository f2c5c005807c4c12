/* SPDX-License-Identifier: BSD-2-Clause */
/* HYPERVISOR_event_channel_op. */
#ifndef SIM_HYPERCALL_EVTCHN_OP_H
#define SIM_HYPERCALL_EVTCHN_OP_H

#include "sim/hypercall/call.h"

struct domain;

long evtchn_op(struct domain *, unsigned long command, unsigned long argument, struct hypercall_trace *);

#endif
