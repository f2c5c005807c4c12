/* SPDX-License-Identifier: BSD-2-Clause */
/* The calls of the debug port (guest/abi/port.h), which is Ballast's own and not Xen's. */
#ifndef SIM_HYPERCALL_DEBUG_PORT_H
#define SIM_HYPERCALL_DEBUG_PORT_H

#include "sim/hypercall/call.h"

struct domain;
struct vcpu;

/* Answers the call that the vcpu left with, in vcpu->result. */
enum exit_outcome debug_port_serve(struct domain *, struct vcpu *);

#endif
