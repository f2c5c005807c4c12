/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * mmu_update and update_va_mapping, and the debug port's calls that write and read the contents of mapped pages. Pages
 * are named by virtual addresses in the domain's window. The mmu_page functions return 0 or a result, or -errno.
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
 * A faster way through the usual multicall: does the entries from the first one on that map pages of the domain's own
 * (or unmap them), one after the other in the window, up to an entry that is unusual in any way. Returns how many.
 * Effect and results are those of mmu_update_va_mapping for each.
 */
size_t mmu_map_row(struct domain *, struct multicall_entry *, size_t count);

long mmu_page_write(struct domain *, unsigned long va, uint64_t stamp);
long mmu_pages_write(struct domain *, unsigned long va, uint64_t stamp, uint64_t pages);
long mmu_page_read(struct domain *, unsigned long va);
/* Maps, zeroes and unmaps the frames of a list of 64-bit numbers in one call; flags are those of the mappings. */
long mmu_frames_zero(struct domain *, unsigned long list_va, uint64_t count, unsigned long flags);

#endif
