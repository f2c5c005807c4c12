/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The direct map of a kernel that keeps its memory mapped (guest/abi/boot.h): update_va_mapping of an address in it. Each
 * page of it counts as a mapping of its frame, so that a frame which is still mapped there stays the domain's when it is given
 * up. What these calls map and unmap is not recorded, only a frame that leaves the domain with its last mapping. Old
 * translations (sim/domain/tlb.h) are not modelled for it.
 */
#ifndef SIM_HYPERCALL_DIRECT_MAP_H
#define SIM_HYPERCALL_DIRECT_MAP_H

#include "sim/hypercall/call.h"

struct domain;

/* Does the address lie in the domain's direct map? Then *page is the page of it. */
bool direct_map_page(const struct domain *, unsigned long va, uint64_t *page);
/* Makes the page's entry pte. 0, or -errno. */
long direct_map_update(struct domain *, uint64_t page, uint64_t pte, struct hypercall_trace *);

#endif
