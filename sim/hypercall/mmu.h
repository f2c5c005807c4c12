/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mmu_update and update_va_mapping, and what the debug port does with pages that are mapped: their contents. Pages
 * are named by virtual addresses in the domain's window. The mmu_page functions give 0 or a result, or -errno.
 */
#ifndef SIM_HYPERCALL_MMU_H
#define SIM_HYPERCALL_MMU_H

#include "sim/hypercall/call.h"

struct domain;
struct multicall_entry;
struct vcpu;

long mmu_update(struct domain *, const struct vcpu *, struct hypercall_trace *);
/* domid: whose frames the entry may name; DOMID_SELF for its own. */
long mmu_update_va_mapping(struct domain *, const struct vcpu *, unsigned domid, struct hypercall_trace *);
/*
 * Of a multicall's entries, as many as only map pages of its own, or only unmap them, one after the other, and are
 * as they nearly always are: how many. Effect and results are those of mmu_update_va_mapping for each.
 */
size_t mmu_map_row(struct domain *, struct multicall_entry *, size_t count);

long mmu_page_write(struct domain *, unsigned long va, uint64_t stamp);
long mmu_pages_write(struct domain *, unsigned long va, uint64_t stamp, uint64_t pages);
long mmu_page_read(struct domain *, unsigned long va);
/* Frames of a list of 64-bit numbers are mapped, zeroed and unmapped in one. */
long mmu_frames_zero(struct domain *, unsigned long list_va, uint64_t count);

#endif
