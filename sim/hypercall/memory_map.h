/* SPDX-License-Identifier: BSD-2-Clause */
/* XENMEM_memory_map and XENMEM_machine_memory_map: an E820 of the domain's or of the host's. */
#ifndef SIM_HYPERCALL_MEMORY_MAP_H
#define SIM_HYPERCALL_MEMORY_MAP_H

#include "sim/hypercall/call.h"

struct domain;

long memory_map(struct domain *, bool of_the_host, unsigned long argument, struct hypercall_trace *);

#endif
