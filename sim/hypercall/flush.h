/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * By what a guest has old translations dropped: the flags of update_va_mapping, and HYPERVISOR_mmuext_op, of which the
 * flushes are modelled. What a TLB holds is in sim/domain/tlb.h. Results are 0 or -errno.
 */
#ifndef SIM_HYPERCALL_FLUSH_H
#define SIM_HYPERCALL_FLUSH_H

#include "sim/hypercall/call.h"

struct domain;
struct vcpu;

/* The entry of a page of the window was changed, by a call with these flags. */
long flush_by_flags(struct domain *, uint64_t slot, unsigned long flags);
long flush_mmuext_op(struct domain *, const struct vcpu *, struct hypercall_trace *);

#endif
