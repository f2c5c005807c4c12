/* SPDX-License-Identifier: BSD-2-Clause */
/* HYPERVISOR_event_channel_op. */
#ifndef SIM_HYPERCALL_EVTCHN_OP_H
#define SIM_HYPERCALL_EVTCHN_OP_H

#include <stddef.h>

#include "sim/hypercall/call.h"

struct domain;

/* How many bytes an operation's argument has; 0: the operation is not modelled. */
size_t evtchn_op_argument_bytes(unsigned long command);
long evtchn_op(struct domain *, unsigned long command, unsigned long argument, struct hypercall_trace *);

#endif
