/* SPDX-License-Identifier: BSD-2-Clause */
/* The debug port (guest/abi/port.h): a call that no Xen has. */
#ifndef SIM_HYPERCALL_DEBUG_PORT_H
#define SIM_HYPERCALL_DEBUG_PORT_H

#include "sim/hypercall/call.h"

struct domain;
struct vcpu;

/* The call that the vcpu left with is answered in vcpu->result. */
enum exit_outcome debug_port_serve(struct domain *, struct vcpu *);

#endif
