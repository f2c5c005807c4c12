/* SPDX-License-Identifier: BSD-2-Clause */
/* One hypercall of a guest, answered and recorded. */
#ifndef SIM_HYPERCALL_HYPERCALL_H
#define SIM_HYPERCALL_HYPERCALL_H

#include "sim/hypercall/call.h"

struct domain;
struct vcpu;

/* Answers the call that the vcpu left with, in vcpu->result; a preempted call stays unfinished (domain.h). */
enum exit_outcome hypercall_serve(struct domain *, struct vcpu *);

#endif
