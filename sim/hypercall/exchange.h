/* SPDX-License-Identifier: BSD-2-Clause */
/* XENMEM_exchange. */
#ifndef SIM_HYPERCALL_EXCHANGE_H
#define SIM_HYPERCALL_EXCHANGE_H

#include "sim/hypercall/call.h"

struct domain;

long exchange(struct domain *, unsigned long argument, struct hypercall_trace *);

#endif
